"""Receipts of sections, and questions under figures, which are topics of the agenda until somebody answers them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from meetings import topics
from meetings.models import Question, Receipt, Topic
from meetings.preread import department_of
from meetings.preread_sections import BY_CODE, SPEAKS_IN
from metrics import readings
from metrics.models import MetricVersion, Review
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Department
from reviewhub.people.permissions import may

State = Review.State
LONGEST, LONGEST_ANSWER = 300, 500
MOST_OPEN = 6  # of a section: what a screen of the meeting can put up
LONGEST_LABEL = 120
# Kinds of notices (question_notices).
ASKED, ANSWERED = "question.asked", "question.answered"


class CannotAsk(Exception):
    """Nothing was kept; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def receive(review: Review, section: str, *, by, at: dt.datetime, is_read: bool) -> Receipt:
    """Note that `by` has read the section, or stayed on it. The first moment of each stands."""
    row, _new = Receipt.objects.get_or_create(review=review, user=by, section=section)
    name = "read_at" if is_read else "seen_at"
    if getattr(row, name) is None:
        setattr(row, name, at)
        row.save(update_fields=[name])
    return row


def ask_problems(review: Review, section: str, *, by) -> list[str]:
    """Why `by` cannot ask about this section now."""
    if section not in BY_CODE:
        return [_("There is no such section.")]
    meeting = topics.meeting_of(review)
    if meeting is not None and meeting.state not in topics.OPEN:
        return [_("The meeting has begun: ask in the room.")]
    if Question.objects.unanswered().filter(review=review, section=section).count() >= MOST_OPEN:
        return [_("%(most)s questions wait here already.") % {"most": MOST_OPEN}]
    return []


def heard_in(start: dt.date, *, by, at: dt.datetime) -> Review | None:
    """The review whose meeting can still hear a question about the month from `start`: its own, else the next one."""
    found = [
        (row.period_start != start, row.meeting_at, row)
        for row in Review.objects.visible_to(by).filter(state__in=(State.OPEN, State.FROZEN))
        if _hears(row, at)
    ]
    return min(found, key=lambda one: one[:2])[2] if found else None


def _hears(review: Review, at: dt.datetime) -> bool:
    meeting = topics.meeting_of(review)
    return review.meeting_at >= at if meeting is None else meeting.state in topics.OPEN


def owner_of(metric: str) -> Department | None:
    """The department that owns the definition of `metric` in force."""
    rows = MetricVersion.objects.filter(metric__code=metric, effective_to=None)
    row = rows.select_related("owner_dept").first()
    return row.owner_dept if row else None


def names_of(metrics: set[str]) -> dict[str, str]:
    """What metrics are called in the reader's language."""
    rows = MetricVersion.objects.filter(metric__code__in=metrics, effective_to=None).select_related("metric")
    return {row.metric.code: row.name for row in rows}


def section_of(metric: str, department: Department) -> str:
    """The section of the pre-read in which a question about `metric` stands; "" where nobody speaks of it."""
    own = [one.code for one in BY_CODE.values() if metric in one.metrics]
    return own[0] if own else SPEAKS_IN.get(department.code, "")


def ask_about(
    review: Review, text: str, *, metric: str, department: Department, place: dict, by, at: dt.datetime
) -> Question:
    """Put a question under a figure where it stands (`place`), to who owns it. Raises CannotAsk."""
    section = section_of(metric, owner_of(metric) or department)
    return ask(review, section, text, metric=metric, place=place, department=department, by=by, at=at)


@transaction.atomic
def ask(
    review: Review,
    section: str,
    text: str,
    *,
    metric: str = "",
    place: dict | None = None,
    department: Department | None = None,
    by,
    at: dt.datetime,
) -> Question:
    """Put a question under a section, or under the figure `metric`; it lands on the agenda. Raises CannotAsk.

    It goes to who owns the metric; else to `department`, else to who speaks in the section.
    """
    review = Review.objects.select_for_update().get(pk=review.pk)
    text, problems = " ".join(text.split()), ask_problems(review, section, by=by)
    if not problems and not 0 < len(text) <= LONGEST:
        problems = [_("A question has at most %(most)s characters.") % {"most": LONGEST}]
    if not problems and metric and not (place or metric in BY_CODE[section].metrics):
        problems = [_("This figure does not stand in this section.")]
    if not problems and metric and not readings.open_to(by, metric):
        problems = [_("You may not read the figures of this metric.")]
    if problems:
        raise CannotAsk(problems)
    row = Question.objects.create(
        review=review,
        section=section,
        department=owner_of(metric) or department or department_of(BY_CODE[section]),
        metric=metric,
        place=place or {},
        text=text,
        asked_at=at,
        asked_by=by,
    )
    Topic.objects.create(
        review=review, department=row.department, text=text, question=row, raised_at=at, raised_by=by
    )
    _record("review.asked", row, by=by, at=at)
    planning.raise_occurrence(ASKED, row, at=at)
    return row


def answer_problems(row: Question, *, by) -> list[str]:
    if not may(by, "submission.edit", row.department) and not may(by, "figure.certify", row.department):
        return [_("The department answers, or a data owner.")]
    if row.answered_at:
        return [_("This question is answered already.")]
    return []


@transaction.atomic
def answer(row: Question, text: str, *, by, at: dt.datetime) -> Question:
    """Answer before the meeting: the topic leaves the agenda while that is still open. Raises CannotAsk."""
    row = (
        Question.objects.select_for_update(of=("self",)).select_related("department", "review").get(pk=row.pk)
    )
    text, problems = " ".join(text.split()), answer_problems(row, by=by)
    if not problems and not 0 < len(text) <= LONGEST_ANSWER:
        problems = [_("An answer has at most %(most)s characters.") % {"most": LONGEST_ANSWER}]
    if problems:
        raise CannotAsk(problems)
    row.answer, row.answered_at, row.answered_by = text, at, by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    meeting = topics.meeting_of(row.review)
    if meeting is None or meeting.state in topics.OPEN:
        Topic.objects.filter(question=row).delete()
    _record("review.answered", row, by=by, at=at)
    planning.raise_occurrence(ANSWERED, row, at=at)
    return row


def _record(code: str, row: Question, *, by, at) -> None:
    said = {"review": row.review.code, "department": row.department.code, "text": row.text}
    activity.record(code, row.review, by=by, at=at, params=said, department=row.department)
