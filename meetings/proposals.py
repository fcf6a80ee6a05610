"""What is proposed to an agenda: exceptions of the frozen figures, and what earlier meetings parked, never came to, or
wanted to do better."""

import zoneinfo
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from actions.checkin_rhythm import company_zone
from meetings import logbook, preread
from meetings.agenda_draft import Draft
from meetings.models import Capture, DecisionReview, Improvement, Meeting, Part
from meetings.topics import SHARED
from metrics import feed_lights
from reviewhub.people.models import Department, User
from reviewhub.ui import days

LANGUAGES = {"zh": "zh-hans", "en": "en"}
OPENING, TECHNOLOGY = "OPEN", "TEC"
LOOKED_BACK, MOST_PARKED, MOST_DECIDED, LONGEST = 3, 12, 12, 200


@dataclass(frozen=True)
class Proposal:
    """One question for an item. `key` is what a form sends; `is_taken`: the item asks it already; `meeting`: the id of
    the earlier meeting it comes from, `is_unheard`: which never came to it; `is_improvement`: which wanted
    to do it better; `is_source`: it is about a source of data that gives nothing; `decision`: the id of a decision that
    is to be looked at again."""

    key: str
    item: str
    question: dict[str, str]
    is_parked: bool = False
    is_taken: bool = False
    meeting: int | None = None
    is_unheard: bool = False
    is_improvement: bool = False
    is_source: bool = False
    decision: int | None = None

    @property
    def text(self) -> str:
        return self.question["zh" if (translation.get_language() or "").startswith("zh") else "en"]


def of(meeting: Meeting, draft: Draft, by: User) -> list[Proposal]:
    """What `by` may propose to this agenda: the improvement that was agreed last, decisions to be looked at again,
    sources that give nothing, exceptions once the figures are frozen, what the last meeting never came to, then parked
    topics."""
    makers = (_improvement, _decided, _silent, _exceptions, _unheard, _parked)
    return [one for make in makers for one in make(meeting, draft, by)]


def carried(meeting: Meeting, draft: Draft, by: User) -> list[Proposal]:
    """What earlier meetings leave to this one. It need not be saved yet: its date says which meetings are earlier."""
    return [one for make in (_improvement, _decided, _unheard, _parked) for one in make(meeting, draft, by)]


def _improvement(meeting, draft, by):
    """What the last meeting wanted to do better, for the opening, else for the first item."""
    earlier = Meeting.objects.none() if by.is_partner else _earlier(meeting)
    found = Improvement.objects.filter(meeting__in=earlier).order_by("-meeting__scheduled_at").first()
    item = draft.item(OPENING) or next(iter(draft.items), None)
    if found is None or item is None:
        return
    question = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            question[short] = _("To do better this time: %(text)s") % {"text": found.text}
    yield Proposal(
        f"improve-{found.pk}",
        item.code,
        question,
        is_taken=item.asks(question),
        meeting=found.meeting_id,
        is_improvement=True,
    )


def _decided(meeting, draft, by):
    """Decisions whose day of review has come by the day of this meeting, for the item that they were taken in, else for
    the one that all share; internal stays internal."""
    day = meeting.scheduled_at.astimezone(company_zone()).date()
    rows = DecisionReview.objects.none() if by.is_partner else DecisionReview.objects.visible_to(by).due(day)
    earlier = rows.filter(capture__captured_at__lt=meeting.scheduled_at)
    for row in earlier.select_related("capture__part__segment")[:MOST_DECIDED]:
        segment = row.capture.part.segment if row.capture.part else None
        item = draft.item(segment.code) if segment else None
        item = item or (None if segment and segment.is_private else draft.item(SHARED))
        if item is None or (segment and segment.is_private and not item.is_private):
            continue
        text, question = row.capture.text, {}
        text = text if len(text) <= LONGEST - 60 else text[: LONGEST - 61] + "…"
        for short, language in LANGUAGES.items():
            with translation.override(language):
                question[short] = _("What came of the decision “%(text)s”?") % {"text": text}
        yield Proposal(
            f"decision-{row.capture_id}",
            item.code,
            question,
            is_taken=item.asks(question),
            meeting=row.capture.meeting_id,
            decision=row.capture_id,
        )


def _silent(meeting, draft, by):
    """Sources of data that give nothing, for the section of Technology."""
    item = "" if by.is_partner else _item_of(draft, TECHNOLOGY)
    for feed in feed_lights.silent(by) if item else ():
        day = feed.silent_since.astimezone(zoneinfo.ZoneInfo(meeting.review.time_zone)).date()
        question = {}
        for short, language in LANGUAGES.items():
            with translation.override(language):
                told = {"source": feed.name, "day": days.short_day(day, language)}
                question[short] = (
                    _("The source “%(source)s” gives nothing since %(day)s: what is done about it?") % told
                )
        key = f"source-{feed.pk}-{day:%Y%m%d}"
        yield Proposal(key, item, question, is_taken=draft.item(item).asks(question), is_source=True)


def _exceptions(meeting, draft, by):
    found = preread.of(meeting.review, by, language=translation.get_language() or "en")
    codes = {one.code: one for one in Department.objects.active()}
    said = set()
    for part in found.parts if found else ():
        for one in part.exceptions:
            item = _item_of(draft, one.department) if one.department in codes else ""
            if one.metric is None or not item or one.metric.code in said:
                continue
            said.add(one.metric.code)
            question = _asked(one.metric)
            yield Proposal(
                f"figure-{one.metric.code}", item, question, False, draft.item(item).asks(question)
            )


def _asked(metric):
    found = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            found[short] = _("%(metric)s stands out: why, and what follows?") % {"metric": metric.name}
    return found


def _item_of(draft, department):
    own = [item.code for item in draft.items if item.department == department]
    shared = [item.code for item in draft.items if item.code == SHARED]
    return next(iter([*own, *shared]), "")


def _earlier(meeting):
    """Meetings of reviews that were held before this one, the latest first."""
    held = (Meeting.State.ENDED, Meeting.State.PUBLISHED)
    found = Meeting.objects.filter(state__in=held, scheduled_at__lt=meeting.scheduled_at)
    return found.of_reviews().order_by("-scheduled_at")


def unheard(meeting: Meeting) -> list:
    """The items of a meeting that was held of which no second was talked about; no breaks, nothing parked."""
    _plan, state = logbook.standing(meeting)
    parts: dict[int, list[Part]] = {}
    for part in logbook.parts_of(meeting):
        parts.setdefault(part.segment_id, []).append(part)
    return [
        rows[0].segment
        for rows in parts.values()
        if rows[0].kind != Part.Kind.BREAK
        and all(state.status[row.code] == "skipped" and not state.closed_s[row.code] for row in rows)
    ]


def _unheard(meeting, draft, by):
    """What the last meeting skipped, for the same item, else for the one that all share; internal stays internal."""
    last = None if by.is_partner else _earlier(meeting).first()
    for segment in unheard(last) if last else ():
        item = draft.item(segment.code) or (None if segment.is_private else draft.item(SHARED))
        if item is None or (segment.is_private and not item.is_private):
            continue
        question = {}
        for short, language in LANGUAGES.items():
            with translation.override(language):
                title = segment.title_zh if short == "zh" else segment.title_en
                question[short] = _("Not reached last time: %(item)s") % {"item": title}
        key = f"unheard-{last.pk}-{segment.code}"
        yield Proposal(key, item.code, question, False, item.asks(question), last.pk, True)


def _parked(meeting, draft, by):
    """What was parked in an internal item stays with that item."""
    earlier = _earlier(meeting)[:LOOKED_BACK]
    rows = Capture.objects.visible_to(by).filter(
        meeting__in=[one.pk for one in earlier], kind=Capture.Kind.PARK
    )
    for row in rows.select_related("part__segment").order_by("-captured_at")[:MOST_PARKED]:
        segment = row.part.segment if row.part else None
        item = draft.item(segment.code if segment and segment.is_private else SHARED)
        if item is None or (segment and segment.is_private and not item.is_private):
            continue
        text = row.text if len(row.text) <= LONGEST else row.text[: LONGEST - 1] + "…"
        question = {"zh": text, "en": text}
        yield Proposal(f"parked-{row.pk}", item.code, question, True, item.asks(question), row.meeting_id)
