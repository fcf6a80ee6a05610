"""When a department's data is due in a review: the gate of T−7, or what was agreed or moved; what came late."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.checklist_lines import BY_CODE
from metrics.models import Extension, Review, Submission
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Department
from reviewhub.people.permissions import may

EXTENDED = "data.extended"
LONGEST_REASON = 300


class CannotExtend(Exception):
    """The deadline stays; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Due:
    """The moment (UTC) that counts, and the extension that made it so."""

    at: dt.datetime
    extension: Extension | None = None


def of(review: Review, department: Department) -> Due:
    return dues([review])(review, department.pk)


def dues(reviews: Iterable[Review]):
    """`ask(review, department pk, line code)` → Due, for these reviews, with one query.

    Without a code: of the department as a whole; lines that wait for a source may be due later.
    """
    rows = Extension.objects.filter(review__in=[one.pk for one in reviews]).select_related("given_by")
    agreed: dict[tuple, Extension] = {}
    for row in rows.order_by("given_at", "pk"):
        for item in row.items or [""]:
            agreed[row.review_id, row.department_id, item] = row

    def ask(review: Review, department: int, item: str = "") -> Due:
        given = agreed.get((review.pk, department, ""))
        due = Due(given.due_at, given) if given else Due(review.due_at)
        moved = agreed.get((review.pk, department, item))
        at = moved and min(moved.due_at, review.freeze_at)
        return Due(at, moved) if moved and moved.items and at > due.at else due

    return ask


def extend_problems(review: Review, department: Department, *, by) -> list[str]:
    """Why `by` may not give this department more time; whoever hands its data in asks somebody else."""
    problems = []
    if not may(by, "submission.extend", department):
        problems.append(_("Data owners and executives give more time."))
    elif may(by, "submission.edit", department):
        problems.append(_("You hand in this department's data yourself; somebody else gives more time."))
    if review.state != Review.State.OPEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    return problems


@transaction.atomic
def extend(
    review: Review, department: Department, due_at: dt.datetime | None, reason: str, *, by, at: dt.datetime
) -> Extension:
    """Give `department` until `due_at` (aware), at most until the freeze. Raises CannotExtend."""
    review = Review.objects.select_for_update().get(pk=review.pk)
    reason, former = " ".join(reason.split()), of(review, department).at
    problems = extend_problems(review, department, by=by)
    if due_at is None:
        problems.append(_("Say until when."))
    elif not max(at, former) < due_at <= review.freeze_at:
        problems.append(_("It must be later than the present deadline and not later than the freeze."))
    if not reason or len(reason) > LONGEST_REASON:
        problems.append(_("Say why in a sentence of at most %(most)s characters.") % {"most": LONGEST_REASON})
    if problems:
        raise CannotExtend(problems)
    row = Extension.objects.create(
        review=review, department=department, due_at=due_at, reason=reason, given_at=at, given_by=by
    )
    activity.record(
        "review.extended",
        review,
        by=by,
        at=at,
        params={"review": review.code, "department": department.code, "reason": reason},
        before={"due_at": former.isoformat()},
        after={"due_at": due_at.isoformat()},
        department=department,
    )
    planning.raise_occurrence(EXTENDED, row, at=at)
    return row


def review_of(submission: Submission) -> Review | None:
    """The latest review whose period this submission touches."""
    touched = Review.objects.filter(
        period_start__lt=submission.period_end, period_end__gt=submission.period_start
    )
    return latest_touched(submission, touched.order_by("-meeting_at")[:1])


def held_review_of(submission: Submission) -> Review | None:
    """The review of `submission`, held until the end of the transaction (docs/robustness.md, order of locks)."""
    review = review_of(submission)
    return held(review) if review else None


def held(review: Review) -> Review:
    """`review` as it is now; nobody freezes or opens it before the end of the transaction."""
    return Review.objects.select_for_update(no_key=True).get(pk=review.pk)


def latest_touched(submission: Submission, reviews: Iterable[Review]) -> Review | None:
    """The latest of `reviews` whose period this submission touches."""
    touched = [one for one in reviews if touches(submission, one)]
    return max(touched, key=lambda one: one.meeting_at, default=None)


def is_late(submission: Submission, review: Review | None) -> bool:
    """Handed in after its data was due in `review`: the figures are provisional.

    One query where it came after the gate, none where the review's `extensions` are prefetched.
    """
    if not review or not submission.handed_in_at or submission.handed_in_at <= review.due_at:
        return False
    return submission.handed_in_at > due_at(submission, review)


def due_at(submission: Submission, review: Review) -> dt.datetime:
    """When `submission` is due: as its department, or as the latest of the lines that it holds figures of."""
    own = [one for one in review.extensions.all() if one.department_id == submission.department_id]
    given = [one.due_at for one in own if not one.items]
    moved = [min(one.due_at, review.freeze_at) for one in own if _holds(submission, one.items)]
    return max([given[-1] if given else review.due_at, *moved])


def _holds(submission: Submission, items: list[str]) -> bool:
    lines = [BY_CODE[item] for item in items if item in BY_CODE]
    return any(code in submission.totals for line in lines for code in line.needs)


def mark_late(rows: list[Submission]) -> list[Submission]:
    """Each of `rows` with `is_late`, against the latest review that it touches. Two queries."""
    if not rows:
        return rows
    start, end = min(row.period_start for row in rows), max(row.period_end for row in rows)
    reviews = Review.objects.filter(period_start__lt=end, period_end__gt=start)
    reviews = list(reviews.prefetch_related("extensions"))
    for row in rows:
        row.is_late = is_late(row, latest_touched(row, reviews))
    return rows


def touches(submission: Submission, review: Review) -> bool:
    return submission.period_start < review.period_end and submission.period_end > review.period_start
