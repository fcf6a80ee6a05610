"""Agenda topics: what departments propose to talk about, each in its own item, until the meeting begins."""

import datetime as dt

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import parked
from meetings.models import FigurePin, Meeting, Segment, Topic
from meetings.parked import LANGUAGES, Parked
from metrics import suggestions
from metrics.models import Analysis, Suggestion

KIND = "topic"
OPEN = (Meeting.State.DRAFT, Meeting.State.READY, Meeting.State.LOBBY)
# Where a department without an item of its own is heard.
SHARED = "XDEP"
# What an item can hear, and what a screen can show of one topic; the lobby has all its words.
MOST, SHOWN_TEXT = 8, 140


def register() -> None:
    suggestions.register(
        suggestions.Maker(
            KIND,
            label=gettext_lazy("To the agenda"),
            made=gettext_lazy("Agenda topic"),
            problems=problems,
            make=make,
            undo_problems=undo_problems,
            unmake=unmake,
            outcome=outcome,
        )
    )


def meeting_of(review) -> Meeting | None:
    """The meeting of the review that takes place; the latest, where there are several."""
    return review.meetings.exclude(state=Meeting.State.CANCELLED).order_by("-scheduled_at").first()


def segment_code(department, segments: list[Segment]) -> str:
    """The item of the agenda in which a department is heard; "" where the agenda has none."""
    own = [one.code for one in segments if one.department_id == department.pk]
    shared = [one.code for one in segments if one.code == SHARED]
    return next(iter([*own, *shared]), "")


def problems(row: Analysis, by, at: dt.datetime) -> list[str]:
    """Why nothing more comes onto the agenda of this review."""
    if found := closed_problems(row.review, row.department):
        return found
    own = Topic.objects.filter(review=row.review, department=row.department, suggestion__isnull=False)
    if own.count() >= MOST:
        return [_("A department brings at most %(most)s topics.") % {"most": MOST}]
    return []


def closed_problems(review, department) -> list[str]:
    """Why the agenda of this review takes nothing of this department now."""
    found = meeting_of(review)
    if found is None:
        return [_("This review has no meeting yet.")]
    if found.state not in OPEN:
        return [_("The agenda is closed: the meeting has begun.")]
    if not segment_code(department, list(found.segments.all())):
        return [_("The agenda has no item for this department.")]
    return []


def make(made: Suggestion, by, at: dt.datetime, given: dict) -> Topic:
    row = made.analysis
    return Topic.objects.create(
        review=row.review,
        department=row.department,
        text=made.text,
        suggestion=made,
        raised_at=at,
        raised_by=by,
    )


def undo_problems(made: Suggestion, by, at: dt.datetime) -> list[str]:
    found = meeting_of(made.analysis.review)
    if found is not None and found.state not in OPEN:
        return [_("The agenda is closed: the meeting has begun.")]
    return []


def unmake(made: Suggestion, by, at: dt.datetime) -> None:
    made.topic.delete()


def outcome(made: Suggestion, reader) -> suggestions.Outcome:
    """On the agenda of which meeting, and that meeting's page."""
    found = meeting_of(made.analysis.review)
    seen = found and Meeting.objects.visible_to(reader).filter(pk=found.pk).exists()
    return suggestions.Outcome(
        found.title if seen else _("Agenda topic"), reverse("meeting", args=[found.pk]) if seen else ""
    )


def by_segment(meeting: Meeting, segments: list[Segment]) -> dict[str, list[Topic | Parked]]:
    """Code of an item → its topics, in the order in which they were raised, then parked differences. A few
    queries, however many there are."""
    found: dict[str, list[Topic | Parked]] = {}
    rows = Topic.objects.filter(review=meeting.review_id)
    rows = rows.select_related("department", "suggestion", "question", "pin")
    for topic in rows.prefetch_related("pin__askers__person"):
        found.setdefault(segment_code(topic.department, segments), []).append(topic)
    for one in parked.of(meeting.review):
        found.setdefault(parked_code(one, segments), []).append(one)
    return found


def parked_code(one: Parked, segments: list[Segment]) -> str:
    """The item in which two departments are heard together, else that of the first side; "" for neither."""
    codes = {row.code for row in segments}
    own = {row.department.code: row.code for row in segments if row.department}
    return SHARED if SHARED in codes else own.get(one.pair.left.department, "")


def asked(segment: Segment, topics: list[Topic | Parked], reader=None) -> list[dict]:
    """What the screens can put up for an item: its topics, then the guiding questions.

    A partner's screen keeps the places of other departments' topics, without their words.
    """
    shown = [one if may_read(one, reader) else None for one in topics]
    return [put_up(one) for one in shown] + segment.questions


def put_up(topic: Topic | Parked | None) -> dict:
    """A topic as the screens show it; None keeps its place without its words."""
    if topic is None:
        return {"zh": "", "en": ""}
    if isinstance(topic, Parked):
        return topic.put_up | {"topic": True}
    if topic.pin:
        return pin_words(topic.pin) | {"topic": True}
    text = topic.text if len(topic.text) <= SHOWN_TEXT else topic.text[: SHOWN_TEXT - 1] + "…"
    return {"zh": text, "en": text, "topic": True}


def pin_words(pin: FigurePin) -> dict[str, str]:
    """A pinned figure as the screens of a meeting show it."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language[:2]] = pin.text[:SHOWN_TEXT]
    return found


def count(meeting: Meeting, segment: Segment) -> int:
    """How many topics and questions the screens can put up for `segment`."""
    return len(asked(segment, by_segment(meeting, list(meeting.segments.all())).get(segment.code, [])))


def may_read(topic: Topic | Parked, reader) -> bool:
    """Whether a reader (None: everybody of the house) may know its words; the database says the same by visible_to."""
    return reader is None or not reader.is_partner or topic.department_id == reader.department_id
