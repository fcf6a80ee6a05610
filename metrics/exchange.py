"""Amounts of several currencies in one: the rates handed in by month, and which of them a figure takes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models.fields.json import KeyTextTransform

from metrics import formula
from metrics.models import RollUp
from metrics.periods import BadPeriod, Period, month_after
from metrics.sources import Source
from metrics.units import weight_code
from reviewhub.people.preferences import company

AVERAGE, CLOSING, BUDGET = TABLES = ("FX_AVERAGE", "FX_CLOSING", "FX_BUDGET")
# Which rate the rule of a definition means. Flows take the mean of their month, so that days add up to it.
TABLE_OF = {"FX-M": AVERAGE, "FX-T": AVERAGE, "FX-E": CLOSING, "FX-B": BUDGET, "NA": AVERAGE, "": AVERAGE}
RATES = ("actual", "py", "budget")


@dataclass(frozen=True)
class Rating:
    """At which rates amounts are converted: those of their own month, or constant ones, `shift` months away.

    A constant rating stays with the rates of the period that was asked, wherever a formula looks from there.
    """

    table: str = ""  # instead of the definition's own
    shift: int = 0
    is_constant: bool = False

    def moved(self, here: Period, there: Period) -> "Rating":
        """The same rates for the amounts of another period."""
        return (
            replace(self, shift=self.shift + _months(here.start) - _months(there.start))
            if self.is_constant
            else self
        )


ACTUAL = Rating()
AT_BUDGET = Rating(BUDGET, 0, True)
RATINGS = {"actual": ACTUAL, "py": Rating("", -12, True), "budget": AT_BUDGET}


def _months(day: dt.date) -> int:
    return day.year * 12 + day.month


class NoRate(Exception):
    """Nobody handed in this rate."""

    def __init__(self, currency: str, month: str):
        super().__init__(f"{currency} {month}")
        self.currency, self.month = currency, month


@dataclass
class Exchange:
    """Rates by (table, currency, first day of the month), in units of the company's currency `to`."""

    to: str
    rates: dict[tuple[str, str, dt.date], Decimal]
    used: set = field(default_factory=set)

    @classmethod
    def of(cls, sources: Iterable[Source]) -> "Exchange":
        """What the sources hold of the exchange rate table. Two queries."""
        codes = [code for table in TABLES for code in (table, weight_code(table))]
        pks = [one.pk for one in sources if one.metrics & set(TABLES)]
        rows = RollUp.objects.filter(metric__in=codes, grain="M", submission__in=pks)
        named = rows.values_list(
            "metric", "period_key", "value", KeyTextTransform("rate_currency", "slice__other")
        )
        parts = {(metric, key, currency or ""): value for metric, key, value, currency in named}
        rates = {
            (table, currency, dt.date(key // 100, key % 100, 1)): formula.CONTEXT.divide(
                Decimal(value), Decimal(weight)
            )
            for (table, key, currency), value in parts.items()
            if table in TABLES and (weight := parts.get((weight_code(table), key, currency)))
        }
        found = company()
        return cls(found.currency if found else "", rates)

    def converted(self, amount: Decimal, currency: str, day: dt.date, rule: str, rating: Rating) -> Decimal:
        """`amount` of `day` in the company's currency, exact to 28 digits. Raises NoRate."""
        if currency in ("", self.to):
            return amount
        table = rating.table or TABLE_OF.get(rule, AVERAGE)
        try:
            month = month_after(day, rating.shift)
        except BadPeriod:
            raise NoRate(currency, day.isoformat()[:7]) from None
        rate = self.rates.get((table, currency, month))
        if rate is None:
            raise NoRate(currency, month.isoformat()[:7])
        self.used.add((table, currency, month, rate))
        return formula.CONTEXT.multiply(amount, rate)
