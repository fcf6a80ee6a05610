"""A reading as it is answered: the value, its rows, its comparisons and where they come from."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from metrics.compared import Compared
from metrics.definitions import Definition
from metrics.periods import Period
from metrics.reasons import Why
from metrics.sources import Source
from metrics.units import shown


@dataclass(frozen=True)
class Row:
    """One row of a split reading: `key` is {"period": …} and / or a member code for each dimension."""

    key: dict
    value: Decimal | None
    why: Why | None
    status: str
    compare: dict[str, Compared] = field(default_factory=dict)
    ripens_on: dt.date | None = None


@dataclass(frozen=True)
class Reading:
    """A metric's value for a period, exact; `rounded` gives it as it is shown.

    `ripens_on`: the day from which its cohorts are complete, None where they are. `exchanged`: the rates that were
    used, (table, currency, first day of the month, rate) in units of `currency`.
    """

    definition: Definition
    period: Period
    unit: str
    status: str
    value: Decimal | None
    why: Why | None
    covered: tuple
    rows: list[Row]
    compare: dict[str, Compared]
    sources: list[Source]
    ripens_on: dt.date | None = None
    rates: str = "actual"
    currency: str = ""
    exchanged: tuple = ()
    snapshot: str = ""  # the fingerprint of frozen figures

    @property
    def source_rows(self) -> int:
        """How many rows of the files count."""
        return sum(one.rows for one in self.sources)

    def rounded(self, value: Decimal | None) -> Decimal | None:
        return None if value is None else shown(value, self.definition.places)
