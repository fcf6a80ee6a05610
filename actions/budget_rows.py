"""What every step on an adjustment does: hold it, refuse with reasons, and write the log."""

import datetime as dt

from actions.models import FINANCE, BudgetAdjustment
from reviewhub.people import activity
from reviewhub.people.models import Department, User

LONGEST_REASON = 300


class Refused(Exception):
    """Nothing was written; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def locked(adjustment: BudgetAdjustment) -> BudgetAdjustment:
    """The row as it is now, held until the transaction ends."""
    rows = BudgetAdjustment.objects.select_for_update(of=("self",))
    return rows.select_related("review", "published_by", "saved_by").get(pk=adjustment.pk)


def record(code: str, row, *, by: User | None, at: dt.datetime, **params) -> None:
    """A line of the log for Finance. No amounts: the log is read more widely than the budget."""
    finance = Department.objects.filter(code=FINANCE).first()
    activity.record(code, row, by=by, at=at, params=params, department=finance)
