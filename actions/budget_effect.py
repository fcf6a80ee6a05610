"""What an adjustment does to the year of each department: its budget before and after, and how much of it is spent."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from actions.budget_lines import Line, department_of, departments_by_name
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.models import Review
from metrics.parts import EVERYTHING, Part
from metrics.periods import Period
from metrics.reasons import CannotRead
from metrics.units import plain
from reviewhub.people.models import Department, User

BUDGET, ACTUAL, BY = "FIN_BUD", "FIN_ACT", ("dept", "account")


@dataclass(frozen=True)
class Moved:
    """What an account, or a department with all of its accounts, has for the year and what the lines add to it.

    Amounts in the currency of the budget; `budget` and `spent` are None where no figure is known.
    """

    name: str
    change: Decimal
    budget: Decimal | None = None
    spent: Decimal | None = None
    accounts: list["Moved"] = field(default_factory=list)

    @property
    def after(self) -> Decimal | None:
        return None if self.budget is None else self.budget + self.change

    @property
    def share(self) -> Decimal | None:
        """Spent of the budget as it was."""
        return self.spent / self.budget if self.budget and self.spent is not None else None

    @property
    def share_after(self) -> Decimal | None:
        return self.spent / self.after if self.after and self.after > 0 and self.spent is not None else None


@dataclass(frozen=True)
class Effect:
    """Departments in the order of the house, then the accounts that are nobody's; the months that were read."""

    rows: list[Moved]
    year: str
    until: dt.date | None


def of(review: Review, lines: list[Line], currency: str, *, user: User) -> Effect:
    """Of the year of the review, spent up to the end of its period. Figures as `user` may read them."""
    changes: dict[str, Decimal] = {}
    for line in lines:
        for account, sign in ((line.typed.from_account, -1), (line.typed.to_account, 1)):
            if account and line.units is not None:
                changes[account] = changes.get(account, Decimal(0)) + sign * plain(line.units, "money")
    names = departments_by_name()
    owned: dict[Department | None, dict[str, Decimal]] = {}
    for account, change in changes.items():
        owned.setdefault(department_of(account, names), {})[account] = change
    year = Period.containing(review.period_start, "year")
    books = _Books(review, year, currency, user)
    rows = [
        books.department(one, owned[one])
        for one in sorted((one for one in owned if one), key=lambda one: (one.position, one.pk))
    ]
    rows += [Moved(account, change) for account, change in sorted(owned.get(None, {}).items())]
    return Effect(rows, year.text, books.until)


class _Books:
    """Budget and spending of the months of a year; six queries however many departments."""

    def __init__(self, review: Review, year: Period, currency: str, user: User):
        self.currency, self.known = currency, []
        months = list(year.split("month"))
        self.desk = Desk((BUDGET, ACTUAL), months, user=user)
        self.evaluation: Evaluation | None = None
        self.until: dt.date | None = None
        if not self.desk.sources:
            return
        self.evaluation = self.desk.evaluation((BUDGET, ACTUAL), months, columns=BY)
        self.planned = [one for one in months if self._value(BUDGET, one, EVERYTHING) is not None]
        self.over = [one for one in self.planned if one.end <= review.period_end]
        if self.over:
            self.until = self.over[-1].last
            self.known = self.desk.keys(self.evaluation, BUDGET, self.planned, BY, EVERYTHING)

    def _value(self, code: str, month: Period, part: Part) -> Decimal | None:
        try:
            figure = self.evaluation.figure(code, month, part)
        except CannotRead:
            return None
        return figure.value if figure.currency in ("", self.currency) else None

    def _sum(self, code: str, months: list[Period], parts: list[Part]) -> Decimal | None:
        values = [self._value(code, one, part) for one in months for part in parts]
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known else None

    def department(self, department: Department, changes: dict[str, Decimal]) -> Moved:
        own = [(key["account"], part) for key, part in self.known if key["dept"] == department.code]
        accounts = []
        for account, change in sorted(changes.items()):
            typed = account.partition("/")[2].strip().casefold()
            parts = [part for name, part in own if typed and name.strip().casefold() == typed]
            accounts.append(Moved(account, change, *self._both(parts)))
        whole = self._both([part for _name, part in own])
        return Moved(department.name, sum(changes.values(), Decimal(0)), *whole, accounts=accounts)

    def _both(self, parts: list[Part]) -> tuple[Decimal | None, Decimal | None]:
        if not parts:
            return None, None
        return self._sum(BUDGET, self.planned, parts), self._sum(ACTUAL, self.over, parts)
