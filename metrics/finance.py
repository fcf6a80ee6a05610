"""What the finance board asks: the three statements with their references, margins, cash, working capital, budgets."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from metrics import margins, statements
from metrics.board_figures import BoardFigures
from metrics.boards.finance import BALANCE, BRIDGE, SPLIT, thirteen, year_of
from metrics.definitions import Definition
from metrics.desk import moved
from metrics.figure import Figure
from metrics.margins import Earned, RateMix
from metrics.parts import EVERYTHING, Part
from metrics.periods import Period
from metrics.sources import lowest
from metrics.statements import Foot

# Budget accounts that are lines of the income statement: as the template, the chart of accounts and people write them.
BUDGETED = {
    "FIN_EXP_MKT": ("marketing", "selling_marketing", "营销", "销售费用：营销"),
    "FIN_EXP_PLAT": ("platform fees", "selling_platform", "平台费", "销售费用：平台"),
    "FIN_COGS_FRT": ("fulfilment", "cogs_fulfilment", "履约", "履约成本"),
    "FIN_EXP_RD": ("research", "研发", "研发费用"),
    "FIN_EXP_GA": ("administration", "admin", "管理", "管理费用"),
}


@dataclass(frozen=True)
class Compared:
    """A line of a statement now, in the year before and in the budget; None where it is not known."""

    key: str
    kind: str
    now: Decimal | None
    then: Decimal | None
    budget: Decimal | None

    @property
    def on_year(self) -> Decimal | None:
        return None if self.now is None or self.then is None else self.now - self.then

    @property
    def on_budget(self) -> Decimal | None:
        return None if self.now is None or self.budget is None else self.now - self.budget


@dataclass(frozen=True)
class Bullet:
    """What a department may spend and spent so far; `gone`: the part of the budget's time that is over."""

    department: str
    budget: Decimal
    actual: Decimal
    gone: Decimal

    @property
    def over(self) -> Decimal:
        return max(self.actual - self.budget, Decimal(0))


class Books:
    """What the blocks of the finance board ask of its figures, for one month. Raises CannotRead from any part."""

    def __init__(self, figures: BoardFigures):
        self.figures, self.month = figures, figures.month
        self.year_before = moved(figures.month, "py")

    @cached_property
    def year(self) -> list[Period]:
        return year_of(self.month)

    def definition(self, code: str) -> Definition:
        return self.figures.definition(code)

    def figure(self, code: str, period: Period | None = None, part: Part = EVERYTHING) -> Figure:
        return self.figures.figure(code, period or self.month, part, by=SPLIT)

    def value(self, code: str, period: Period | None = None, part: Part = EVERYTHING) -> Decimal | None:
        return self.figure(code, period, part).value

    @cached_property
    def currency(self) -> str:
        codes = ("FIN_REV", "FIN_CASH_END", "FIN_ASSET", "SAL_NET")
        return next(filter(None, (self.figure(code).currency for code in codes)), "")

    def status(self, codes: Iterable[str]) -> str:
        """The least of what the figures of `codes` in this month are worth."""
        evaluation = self.figures.evaluation(SPLIT)
        found = [evaluation.status(self.figure(code), code, self.month) for code in codes]
        return lowest(one for one in found if one != "none")

    def name(self, dimension: str, code: str) -> str:
        return self.figures.desk.members.name(dimension, code)

    # --- Income statement ---------------------------------------------------------------------------------------

    def amounts(self, codes: Iterable[str], period: Period) -> dict[str, Decimal | None]:
        return {code: self.value(code, period) for code in codes}

    @cached_property
    def income(self) -> list[Compared]:
        codes = [line.code for line in statements.INCOME]
        now, then = self.amounts(codes, self.month), self.amounts(codes, self.year_before)
        return [
            Compared(line.code, line.kind, now[line.code], then[line.code], self.budget_of(line.code))
            for line in statements.INCOME
        ]

    def budget_of(self, code: str) -> Decimal | None:
        """The budget of a line of the income statement; None where no budget account stands for it."""
        named = {name.casefold() for name in BUDGETED.get(code, ())}
        found = [
            self.value("FIN_BUD", self.month, part)
            for key, part in self._split("FIN_BUD", [self.month], ("account",))
            if key["account"].strip().casefold() in named
        ]
        return sum(found, Decimal(0)) if found and None not in found else None

    @cached_property
    def income_feet(self) -> list[Foot]:
        return statements.running(statements.INCOME, {one.key: one.now for one in self.income})

    @cached_property
    def profit_steps(self) -> list[tuple[str, Decimal]] | None:
        """What each line did to net profit against the year before."""
        now, then = ({one.key: getattr(one, name) for one in self.income} for name in ("now", "then"))
        return statements.contributions(statements.INCOME, now, then)

    # --- Cash ---------------------------------------------------------------------------------------------------

    @cached_property
    def cash(self) -> dict[str, Decimal | None]:
        return self.amounts([line.code for line in statements.CASH], self.month)

    @cached_property
    def cash_feet(self) -> list[Foot]:
        before = self.value("FIN_CASH_END", self.month.before())
        return [
            *statements.carried_over(self.cash["FIN_CASH_BEG"], before),
            *statements.running(statements.CASH, self.cash),
        ]

    # --- Balance ------------------------------------------------------------------------------------------------

    def accounts(self, code: str, period: Period) -> dict[str, Decimal]:
        """The accounts of one side of the balance sheet, in their usual order."""
        order = {
            "FIN_ASSET": statements.ASSETS,
            "FIN_LIAB": statements.LIABILITIES,
            "FIN_EQ": statements.EQUITY,
        }[code]
        found = {
            key["account"]: value
            for key, part in self._split(code, [period], ("account",))
            if key["account"] and (value := self.value(code, period, part)) is not None
        }
        places = {name: place for place, name in enumerate(order)}
        return dict(sorted(found.items(), key=lambda row: (places.get(row[0], len(order)), row[0])))

    @cached_property
    def balance_feet(self) -> list[Foot]:
        parts = {code: self.accounts(code, self.month) for code in BALANCE}
        return statements.balance(self.amounts(BALANCE, self.month), parts)

    # --- Margins ------------------------------------------------------------------------------------------------

    def earned(self, period: Period) -> dict[str, Earned]:
        """Net sales and product profit of each category that has both."""
        found = {}
        for key, part in self._split("FIN_GM_PROD", [period], ("category",)):
            sales, cost = (self.value(code, period, part) for code in ("SAL_NET", "FIN_COGS_PROD"))
            if key["category"] and sales is not None and cost is not None:
                found[key["category"]] = Earned(sales, sales - cost)
        return found

    @cached_property
    def rate_mix(self) -> RateMix | None:
        return margins.rate_mix(self.earned(self.month), self.earned(self.year_before))

    # --- Working capital, budget, sales to revenue -----------------------------------------------------------------

    def over_time(self, code: str) -> list[tuple[Period, Decimal | None]]:
        return [(period, self.value(code, period)) for period in thirteen(self.month)]

    @cached_property
    def bullets(self) -> list[Bullet]:
        """What each department may spend in the months of the year that have a budget, and spent up to now."""
        planned = [one for one in self.year if self.value("FIN_BUD", one) is not None]
        over = [one for one in planned if one.end <= self.month.end]
        if not over:
            return []
        gone = Decimal(sum(one.days for one in over)) / sum(one.days for one in planned)
        found = []
        for key, part in self._split("FIN_BUD", planned, ("dept",)):
            budget, actual = self._over("FIN_BUD", planned, part), self._over("FIN_ACT", over, part)
            if key["dept"] and budget:
                found.append(Bullet(key["dept"], budget, actual, gone))
        return sorted(found, key=lambda one: (-one.budget, one.department))

    def _over(self, code: str, spans: list[Period], part: Part) -> Decimal:
        values = [self.value(code, one, part) for one in spans]
        return sum((value for value in values if value is not None), Decimal(0))

    @cached_property
    def sales_to_revenue(self) -> list[tuple[str, Decimal]] | None:
        """Net sales, what lies between, the unexplained rest, and revenue: the steps add up to the last one."""
        values = [(code, self.value(code)) for code in BRIDGE]
        revenue = self.value("FIN_REV")
        if revenue is None or values[0][1] is None:
            return None
        known = [(code, value) for code, value in values if value is not None]
        rest = revenue - sum(value for _code, value in known)
        return [*known, ("REST", rest), ("FIN_REV", revenue)]

    def _split(self, code: str, periods: list[Period], by: tuple[str, ...]) -> list[tuple[dict, Part]]:
        """The members of `by` among the figures of `code`."""
        evaluation = self.figures.evaluation(SPLIT)
        return self.figures.desk.keys(evaluation, code, periods, by, EVERYTHING)
