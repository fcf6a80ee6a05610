"""What came of checking a file. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics.intake.findings import HTTP_STATUS, UNREADABLE, Finding

if TYPE_CHECKING:
    import pandas as pd

FIXED = ("metric", "day", "currency", "value", "rows")


@dataclass
class Outcome:
    """Findings, counts and facts of one file. Facts are empty unless the file was accepted.

    `facts`: metric, day, one column per dimension, currency, value (scaled: money 10^-4, counts 1), rows.
    `totals` are the sums of the facts as exact decimals; `excluded_value` what left-out rows would have added.
    """

    status: str = "accepted"
    findings: list[Finding] = field(default_factory=list)
    findings_total: int = 0
    finding_counts: dict[str, int] = field(default_factory=dict)
    rows_read: int = 0
    rows_used: int = 0
    rows_excluded: dict[str, int] = field(default_factory=dict)
    excluded_value: dict[str, Decimal] = field(default_factory=dict)
    counts: dict[str, int | Decimal] = field(default_factory=dict)
    totals: dict[str, Decimal] = field(default_factory=dict)
    facts: "pd.DataFrame" = field(default_factory=lambda: empty_facts([]))
    http_status: int = 200
    display_name: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    dropped_columns: int = 0
    first_rows: list[dict[str, str]] = field(default_factory=list)
    size: int = 0

    @property
    def is_usable(self) -> bool:
        return self.status in ("accepted", "warnings")


def status_of(counts: dict[str, int], has_errors: bool) -> tuple[str, int]:
    """(status, HTTP status) that the counted codes amount to."""
    if not has_errors:
        return ("warnings" if counts else "accepted"), 200
    http = next((HTTP_STATUS[code] for code in counts if code in HTTP_STATUS), 422)
    return ("unreadable" if any(code in UNREADABLE for code in counts) else "rejected"), http


def empty_facts(dimensions: list[str]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - pages that only word findings start without it

    return pd.DataFrame(columns=["metric", "day", *dimensions, "currency", "value", "rows"])


def together(frames: "list[pd.DataFrame]") -> "pd.DataFrame":
    """The facts of several tables; one that is not split by a dimension has no member there."""
    import pandas as pd  # noqa: PLC0415

    found = pd.concat([one for one in frames if len(one)] or frames[:1], ignore_index=True)
    dimensions = [name for name in found.columns if name not in FIXED]
    found[dimensions] = found[dimensions].fillna("")
    return found[["metric", "day", *dimensions, "currency", "value", "rows"]]
