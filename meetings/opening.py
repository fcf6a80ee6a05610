"""Opening a review and planning its meeting in one step, from a date and a time as the wall clock shows them."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meetings import agenda_templates, fitting, proposals, scheduling
from meetings.agenda_draft import Draft
from meetings.models import Meeting
from metrics import cycles
from metrics.models import Review
from metrics.periods import BadPeriod, Period
from reviewhub.people import activity, zones
from reviewhub.people.models import User
from reviewhub.ui import days

YEARS_AHEAD = 5


class CannotOpen(Exception):
    """Nothing was opened; `problems` says why: field of Wish → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wish:
    """What the facilitator asks for. Date and time are the wall clock's in `zone`.

    `fold` says which of two equal hours is meant ("0" the first, "1" the second, "" not said);
    `late` accepts that the data is due at once, its regular date being over. `budget` in minutes, None: that of
    the agenda. `people`: item code → what is not as in the template (presenter, second_presenter, guests);
    `carried`: keys of what earlier meetings left to this one.
    """

    period: str
    meeting_on: dt.date
    starts: dt.time
    facilitator: User
    zone: zoneinfo.ZoneInfo
    template: str = fitting.DEFAULT.name
    fold: str = ""
    late: bool = False
    budget: int | None = None
    scribe: User | None = None
    people: Mapping[str, dict] = field(default_factory=dict)
    carried: tuple[str, ...] = ()

    @property
    def moments(self) -> list[dt.datetime]:
        """The moments that are meant: none, one, or two that nobody has told apart yet."""
        local = dt.datetime.combine(self.meeting_on, self.starts.replace(second=0, microsecond=0))
        found = zones.instants(local, self.zone.key)
        return [found[int(self.fold)]] if len(found) == 2 and self.fold in ("0", "1") else found


def problems_with(wish: Wish, *, by: User, at: dt.datetime) -> dict[str, str]:
    """Field → what stands against it; empty when the review can be opened."""
    found = _period_problems(wish)
    if not -1 <= wish.meeting_on.year - at.year <= YEARS_AHEAD:
        return found | {"meeting_on": _("Choose a date of the coming years.")}
    if len(wish.moments) != 1:
        return found | _clock_problems(wish)
    planned = _planning_problems(wish, by=by, at=at)
    found |= planned
    if "template" not in planned and (draft := _draft(wish)).buffer > draft.budget:
        found["budget"] = _("The buffer is longer than the meeting.")
    if "period" not in found and "meeting_on" not in planned:
        found |= _gate_problems(wish, at)
    return found


def _period_problems(wish: Wish) -> dict[str, str]:
    try:
        period = Period.parse(wish.period)
    except BadPeriod:
        return {
            "period": _("This is not a period. Write 2026-10, 2026-Q4, 2026-W41 or 2026-10-01..2026-10-15.")
        }
    review = _review_of(period)
    if review is None:
        return {}
    if review.state != Review.State.OPEN:
        return {"period": _("The review of this period has moved on; its date stays.")}
    if _has_meeting(review):
        return {"period": _("This period already has a review with a meeting.")}
    return {}


def _clock_problems(wish: Wish) -> dict[str, str]:
    names = {"zone": wish.zone.key}
    if not wish.moments:
        return {
            "starts": _("Clocks are put forward in %(zone)s then: this time does not exist that day.") % names
        }
    return {
        "fold": _("Clocks are put back in %(zone)s then: this time comes twice that day. Which one?") % names
    }


def _planning_problems(wish: Wish, *, by: User, at: dt.datetime) -> dict[str, str]:
    fields = {"cannot_facilitate": "facilitator", "unknown_template": "template", "in_the_past": "meeting_on"}
    standing = scheduling.problems_with_plan(
        None, scheduled_at=wish.moments[0], facilitator=wish.facilitator, by=by, at=at, template=wish.template
    )
    return {fields.get(problem.code, ""): str(problem) for problem in standing}


def _gate_problems(wish: Wish, at: dt.datetime) -> dict[str, str]:
    """The data is due seven days before the meeting: after the period, and not yet."""
    due_at, _freeze_at = cycles.gates(wish.moments[0], wish.zone)
    day = days.day(due_at.date(), get_language() or "en")
    if due_at.date() < Period.parse(wish.period).end:
        return {
            "meeting_on": _("The data would be due on %(day)s, before the period is over.") % {"day": day}
        }
    if due_at < at and not wish.late:
        return {
            "late": _("The data would have been due on %(day)s. Open the review all the same?") % {"day": day}
        }
    return {}


def open_and_plan(wish: Wish, *, by: User, at: dt.datetime) -> Meeting:
    """The review of the period with its gates and definitions, and its meeting, ready. Raises CannotOpen.

    A review that has no meeting (its meeting was cancelled, or it was opened without one) gets this date.
    """
    if problems := problems_with(wish, by=by, at=at):
        raise CannotOpen(problems)
    try:
        with transaction.atomic():
            return _opened(wish, by, at)
    except (IntegrityError, scheduling.CannotPlan) as refusal:  # somebody else was faster
        raise CannotOpen({"period": _("This period already has a review with a meeting.")}) from refusal


def _opened(wish: Wish, by: User, at: dt.datetime) -> Meeting:
    period, moment = Period.parse(wish.period), wish.moments[0].astimezone(dt.UTC)
    after = {"meeting_on": wish.meeting_on.isoformat()}
    review = _review_of(period, Review.objects.select_for_update())
    if review is None:
        review = cycles.open_review(period, meeting_at=moment, zone=wish.zone)
        _record("review.opened", review, by, at, after=after)
    elif review.meeting_at != moment:
        before = {"meeting_on": review.meeting_at.astimezone(wish.zone).date().isoformat()}
        cycles.move(review, meeting_at=moment, zone=wish.zone)
        _record("review.moved", review, by, at, before=before, after=after)
    return scheduling.plan_meeting(
        review,
        scheduled_at=moment,
        facilitator=wish.facilitator,
        by=by,
        at=at,
        template=wish.template,
        draft=_with_what_was_left(_draft(wish), wish, moment, by),
        scribe=wish.scribe,
    )


def _draft(wish: Wish) -> Draft:
    draft = agenda_templates.find(wish.template)
    items = tuple(replace(item, **wish.people.get(item.code, {})) for item in draft.items)
    return replace(draft, items=items, budget=draft.budget if wish.budget is None else wish.budget)


def _with_what_was_left(draft: Draft, wish: Wish, moment: dt.datetime, by: User) -> Draft:
    """The agenda with what is carried over as questions of its items."""
    for one in proposals.carried(Meeting(scheduled_at=moment), draft, by):
        item = draft.item(one.item)
        if one.key in wish.carried and not item.asks(one.question):
            draft = draft.with_item(replace(item, questions=(*item.questions, one.question)))
    return draft


def _review_of(period: Period, among=None) -> Review | None:
    among = Review.objects.all() if among is None else among
    return among.filter(period_start=period.start, period_end=period.end).first()


def _has_meeting(review: Review) -> bool:
    return Meeting.objects.filter(review=review).exclude(state=Meeting.State.CANCELLED).exists()


def _record(code: str, review: Review, by: User, at: dt.datetime, **sides) -> None:
    activity.record(code, review, by=by, at=at, params={"review": review.code}, **sides)
