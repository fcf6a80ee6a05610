"""Reading ahead: receipts of sections, and questions that become topics of the agenda until somebody answers them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from meetings import topics
from meetings.models import Question, Receipt, Topic
from meetings.preread import department_of
from meetings.preread_sections import BY_CODE
from metrics.models import Review
from metrics.snapshots import latest
from reviewhub.people import activity
from reviewhub.people.permissions import may

LONGEST, LONGEST_ANSWER = 300, 500
MOST_OPEN = 6  # of a section: what a screen of the meeting can put up


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
    if section not in BY_CODE or latest(review) is None:
        return [_("There is no such section.")]
    meeting = topics.meeting_of(review)
    if meeting is not None and meeting.state not in topics.OPEN:
        return [_("The meeting has begun: ask in the room.")]
    if Question.objects.unanswered().filter(review=review, section=section).count() >= MOST_OPEN:
        return [_("%(most)s questions wait here already.") % {"most": MOST_OPEN}]
    return []


@transaction.atomic
def ask(review: Review, section: str, text: str, *, metric: str = "", by, at: dt.datetime) -> Question:
    """Put a question under a section, or under its figure `metric`; it lands on the agenda. Raises CannotAsk."""
    review = Review.objects.select_for_update().get(pk=review.pk)
    text, problems = " ".join(text.split()), ask_problems(review, section, by=by)
    if not problems and not 0 < len(text) <= LONGEST:
        problems = [_("A question has at most %(most)s characters.") % {"most": LONGEST}]
    if not problems and metric and metric not in BY_CODE[section].metrics:
        problems = [_("This figure does not stand in this section.")]
    if problems:
        raise CannotAsk(problems)
    row = Question.objects.create(
        review=review,
        section=section,
        department=department_of(BY_CODE[section]),
        metric=metric,
        text=text,
        asked_at=at,
        asked_by=by,
    )
    Topic.objects.create(
        review=review, department=row.department, text=text, question=row, raised_at=at, raised_by=by
    )
    _record("review.asked", row, by=by, at=at)
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
    return row


def _record(code: str, row: Question, *, by, at) -> None:
    said = {"review": row.review.code, "department": row.department.code, "text": row.text}
    activity.record(code, row.review, by=by, at=at, params=said, department=row.department)
