"""Pure. What the figure behind a task did after the task was closed: worked, no effect, or unclear (decision 112).

`before` is the last whole week (month, where a metric knows no weeks) ahead of the closing, `after` the weeks or months
into which the days two and four weeks later fall. Worked: the last look is better than before, and against its own
process limits (metrics.control_limits) it is a signal to the wanted side. No effect: no look is better than before.
Unclear: everything else, above all what lies inside the noise or was never certified.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics.control_limits import Judged

WORKED, NO_EFFECT, UNCLEAR = "worked", "none", "unclear"
CLOSING, LOOKS = 0, (2, 4)  # weeks after the closing
WAITS = dt.timedelta(days=60)  # for somebody to certify the reading


@dataclass(frozen=True)
class Look:
    """A certified reading, None where there is none; `judged` against the limits of its history, None with too little
    of it."""

    value: Decimal | None
    judged: Judged | None = None


def day_of(closed: dt.date, weeks: int) -> dt.date:
    return closed + dt.timedelta(weeks=weeks)


def gives_up(closed: dt.date, weeks: int, *, on: dt.date) -> bool:
    """Whether a look that was never certified is written down as it is."""
    return on > day_of(closed, weeks) + WAITS


def verdict(wanted: int, before: Decimal | None, after: Sequence[Look]) -> tuple[str, str]:
    """The verdict and why, as codes. `wanted`: +1 up, -1 down, 0 unknown; `after`: the looks so far, in their order."""
    last = after[-1]
    if missing := _missing(wanted, before, last):
        return UNCLEAR, missing
    better = [one.value is not None and wanted * (one.value - before) > 0 for one in after]
    if not any(better):
        return NO_EFFECT, "not_better"
    if not better[-1]:
        return UNCLEAR, "went_back"
    if last.judged is None:
        return UNCLEAR, "too_few"
    if last.judged.rule and last.judged.is_up == (wanted > 0):
        return WORKED, "signal"
    return UNCLEAR, "noise"


def _missing(wanted: int, before: Decimal | None, last: Look) -> str:
    if not wanted:
        return "no_way"
    if before is None:
        return "no_before"
    return "no_reading" if last.value is None else ""
