"""Where a metric will land: the forecast of the month to come, and of sums where its quarter and its year end."""

from dataclasses import dataclass
from decimal import Decimal

from metrics.board_figures import BoardFigures
from metrics.compared import Compared, changed
from metrics.figure import Figure
from metrics.periods import Period

FORECAST = "forecast"


@dataclass(frozen=True)
class Outlook:
    """What is forecast for `period`, in the metric's own unit. `so_far`: the part of it that is a figure already."""

    period: Period
    value: Decimal
    currency: str
    so_far: Decimal | None
    target: Compared


def outlook(figures: BoardFigures, code: str) -> list[Outlook]:
    """The month after the one that is shown, then the quarter and the year in which it lies, as far as everything that
    is missing there was forecast. Only sums have a quarter and a year: their months so far and the forecast of the
    others. No query. Raises CannotRead where currencies would be mixed.
    """
    following = Period.containing(figures.month.end, "month")
    found = [_landing(figures, code, following)]
    definition = figures.definition(code)
    if definition.adds_up and definition.time_agg == "sum":
        found += [
            _landing(figures, code, Period.containing(following.start, one)) for one in ("quarter", "year")
        ]
    return [one for one in found if one]


def _landing(figures: BoardFigures, code: str, period: Period) -> Outlook | None:
    shown_until = figures.month.end
    parts, so_far = [], None
    if period.start < shown_until:
        known = figures.figure(code, Period.between(period.start, shown_until))
        if known.value is None or (known.covered and known.covered[-1][1] < shown_until):
            return None
        parts, so_far = [known], known.value
    for month in period.split("month"):
        if month.start >= shown_until:
            parts.append(figures.goal(code, FORECAST, month))
    currencies = {one.currency for one in parts} - {""}
    if any(one.value is None for one in parts) or len(currencies) > 1:
        return None
    value, currency = sum(one.value for one in parts), next(iter(currencies), "")
    aimed = figures.goal(code, "target", period)
    return Outlook(period, value, currency, so_far, _against(figures, code, value, aimed, currencies))


def _against(
    figures: BoardFigures, code: str, value: Decimal, aimed: Figure, currencies: set[str]
) -> Compared:
    if aimed.value is None or (aimed.currency and currencies - {aimed.currency}):
        return Compared(None, why=aimed.why)
    return changed(figures.definition(code), value, aimed.value)
