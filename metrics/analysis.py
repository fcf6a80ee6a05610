"""The analysis that a department submits beside its figures (P2): saved while it is written, nobody's text lost."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import deadlines
from metrics.models import Analysis, Review
from metrics.models.analysis import FIELDS
from reviewhub.people import activity
from reviewhub.people.models import Department
from reviewhub.people.permissions import may

LONGEST = 4000
QUIET = dt.timedelta(minutes=30)


class CannotSave(Exception):
    """Nothing was kept; `problems` says why, in the reader's language. `is_stale`: somebody else saved meanwhile."""

    def __init__(self, problems: list[str], *, is_stale: bool = False):
        super().__init__(" ".join(problems))
        self.problems, self.is_stale = problems, is_stale


def of(review: Review, department: Department) -> Analysis:
    """The analysis; an empty one, not stored, where nobody has written yet."""
    row = Analysis.objects.filter(review=review, department=department).select_related("saved_by").first()
    return row or Analysis(review=review, department=department)


def save_problems(review: Review, department: Department, *, by) -> list[str]:
    """Why `by` cannot write this analysis; empty when nothing stands against it."""
    problems = []
    if not may(by, "submission.edit", department):
        problems.append(_("You may not write for this department."))
    if review.state != Review.State.OPEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    return problems


@transaction.atomic
def save(
    review: Review, department: Department, fields: Mapping[str, str], *, number: int, by, at: dt.datetime
) -> Analysis:
    """Keep the four fields; `number` is what the writer had before. The same again changes nothing.

    Raises CannotSave. The activity log gets a line when a person begins or comes back after half an hour.
    """
    review = deadlines.held(review)
    department = Department.objects.select_for_update().get(pk=department.pk)
    row = of(review, department)
    texts = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    problems = save_problems(review, department, by=by)
    if any(len(text) > LONGEST for text in texts.values()):
        problems.append(_("Each field takes at most %(most)s characters.") % {"most": LONGEST})
    if problems:
        raise CannotSave(problems)
    if all(getattr(row, name) == text for name, text in texts.items()):
        return row
    if number != row.number:
        raise CannotSave(
            [_("Somebody else saved meanwhile; your text is below, theirs beside it.")], is_stale=True
        )
    is_news = row.saved_by_id != by.pk or at - row.saved_at > QUIET
    for name, text in texts.items():
        setattr(row, name, text)
    row.number, row.saved_at, row.saved_by = row.number + 1, at, by
    row.save()
    if is_news:
        params = {"review": review.code, "department": department.code}
        activity.record("review.analysed", review, by=by, at=at, params=params, department=department)
    return row
