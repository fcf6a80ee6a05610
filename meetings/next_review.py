"""The next review of a series as it is proposed: date, agenda, budget, people, what is carried over; each with why."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass, replace

from meetings import agenda, agenda_templates, pacing, proposals, series
from meetings.agenda_draft import Item
from meetings.models import AgendaTemplate, Meeting
from meetings.pacing import Pace
from meetings.series import Reason
from metrics.models import Review
from metrics.periods import Period
from reviewhub.people import company_days, roster
from reviewhub.people.models import User

NINE = dt.time(9)
LOOKED_AT = 60
UNPRESENTED = ("break", "reading")


@dataclass(frozen=True)
class Sitting:
    """One item of the proposed agenda with its people, why they are proposed, and how long it took lately."""

    item: Item
    reason: Reason
    paces: tuple[Pace, ...] = ()


@dataclass(frozen=True)
class NextReview:
    """What is proposed; `reasons` by the name of the field. `last` is the newest meeting of the series."""

    series: str
    period: Period
    meeting_on: dt.date
    starts: dt.time
    facilitator: User
    scribe: User | None
    template: str
    budget: int
    sittings: tuple[Sitting, ...]
    carried: tuple[proposals.Proposal, ...]
    reasons: dict[str, Reason]
    last: Meeting | None


def meetings_by_series() -> dict[str, list[Meeting]]:
    """Series → its latest meetings, that of the newest period first; called off ones do not count."""
    rows = (
        Meeting.objects.of_reviews()
        .exclude(state=Meeting.State.CANCELLED)
        .select_related("review", "facilitator", "scribe")
    )
    found: dict[str, list[Meeting]] = {grain: [] for grain in series.GRAINS}
    for row in rows.order_by("-review__period_end", "-scheduled_at")[:LOOKED_AT]:
        grain = _period(row).grain
        if grain in found:
            found[grain].append(row)
    return found


def usual(known: dict[str, list[Meeting]]) -> str:
    """The series that met last; monthly where none ever did."""
    newest = [(rows[0].scheduled_at, grain) for grain, rows in known.items() if rows]
    return max(newest)[1] if newest else series.GRAINS[0]


@dataclass(frozen=True)
class When:
    """Period and day of the next review, each with its reason; `starts` where the review was opened with a time."""

    period: Period
    why_period: Reason
    day: dt.date
    why_day: Reason
    starts: dt.time | None = None


def when(rows: list[Meeting], grain: str, *, today: dt.date, zone: zoneinfo.ZoneInfo) -> When:
    """When the series whose meetings so far are `rows` meets next. A review that is open already keeps its day."""
    last = rows[0] if rows else None
    period, why_period = series.next_period(_period(last) if last else None, today, grain)
    opened = Review.objects.filter(
        period_start=period.start, period_end=period.end, state=Review.State.OPEN
    ).first()
    if opened and (local := opened.meeting_at.astimezone(zone)).date() > today:
        return When(period, why_period, local.date(), Reason("open_already"), local.time())
    before = (_period(last), last.scheduled_at.astimezone(zone).date()) if last else None
    day, why_day = series.meeting_day(period, before, today, company_days.working_days())
    return When(period, why_period, day, why_day)


def propose(
    rows: list[Meeting], grain: str, *, by: User, at: dt.datetime, zone: zoneinfo.ZoneInfo
) -> NextReview:
    """The next review of the series whose meetings so far are `rows`, as `by` would open it at `at`."""
    last = rows[0] if rows else None
    found = when(rows, grain, today=at.astimezone(zone).date(), zone=zone)
    starts, why_starts = _starts(found, last, zone)
    template, why_template = _template(found.period, last)
    draft = agenda_templates.find(template)
    budget, why_budget = _budget(draft, last, why_template)
    facilitator, why_facilitator = _facilitator(last, by)
    scribe, why_scribe = _scribe(last, by)
    coming = Meeting(scheduled_at=dt.datetime.combine(found.day, starts, zone))
    return NextReview(
        series=grain,
        period=found.period,
        meeting_on=found.day,
        starts=starts,
        facilitator=facilitator,
        scribe=scribe,
        template=template,
        budget=budget,
        sittings=_sittings(draft, last, facilitator, pacing.lately(coming)),
        carried=tuple(proposals.carried(coming, draft, by)),
        reasons={
            "period": found.why_period,
            "meeting_on": found.why_day,
            "starts": why_starts,
            "template": why_template,
            "budget": why_budget,
            "facilitator": why_facilitator,
            "scribe": why_scribe,
        },
        last=last,
    )


def _period(meeting):
    return Period.between(meeting.review.period_start, meeting.review.period_end)


def _starts(found, last, zone):
    if found.starts:
        return found.starts, found.why_day
    if last:
        return last.scheduled_at.astimezone(zone).time().replace(second=0), Reason("as_last")
    return NINE, Reason("usual_start")


def _template(period, last):
    if AgendaTemplate.objects.filter(series=period.grain).exists():
        return agenda_templates.of_series(period), Reason("of_series")
    if last and agenda_templates.find(last.template):
        return last.template, Reason("as_last")
    return agenda_templates.of_series(period), Reason("usual_template")


def _budget(draft, last, why_template):
    if last is None or why_template.code == "of_series":
        return draft.budget, Reason("of_template")
    return last.budget_s // 60, Reason("as_last")


def _facilitator(last, by):
    if last and roster.holding("meeting.run", reader=by).filter(pk=last.facilitator_id).exists():
        return last.facilitator, Reason("as_last")
    return by, Reason("yourself")


def _scribe(last, by):
    able = roster.holding("meeting.capture", reader=by).with_role("scribe")
    if last and last.scribe_id and able.filter(pk=last.scribe_id).exists():
        return last.scribe, Reason("as_last")
    found = able.first()
    return found, Reason("holds_role" if found else "nobody")


def _sittings(draft, last, facilitator, paces):
    before = agenda.read(last) if last else None
    there = set(User.objects.active().values_list("pk", flat=True))
    leads = _leads()
    return tuple(
        Sitting(*_peopled(item, before, there, leads, facilitator), tuple(paces.get(item.code, ())))
        for item in draft.items
        if any(box.kind not in UNPRESENTED for box in item.boxes)
    )


def _peopled(item, before, there, leads, facilitator):
    """The item with presenters and guests: as last time, else of the template, else who leads the department."""
    earlier = before.item(item.code) if before else None
    if earlier and (earlier.presenter in there or earlier.second_presenter in there or earlier.guests):
        presenter, second = (
            one if one in there else None for one in (earlier.presenter, earlier.second_presenter)
        )
        changed = replace(item, presenter=presenter, second_presenter=second, guests=earlier.guests)
        return changed, Reason("as_last")
    if item.presenter in there:
        return item, Reason("of_template")
    if item.code == proposals.OPENING:
        return replace(item, presenter=facilitator.pk), Reason("facilitates")
    if item.department in leads:
        return replace(item, presenter=leads[item.department]), Reason("leads")
    return item, Reason("nobody")


def _leads():
    """Department code → who leads it now; the one who has done so longest."""
    rows = User.objects.active().filter(assignments__role__code="lead", assignments__ended_at=None)
    pairs = rows.order_by("-assignments__granted_at").values_list("assignments__department__code", "pk")
    return dict(pairs)
