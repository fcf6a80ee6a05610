"""One figure, what it was made from or why it has no value, and figures joined by a calculation. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from metrics import comparison, formula
from metrics.comparison import Span
from metrics.periods import Period
from metrics.reasons import CannotRead, Why


@dataclass(frozen=True)
class Figure:
    """A value (exact, in its own unit) or the reason why there is none, and what it was made from."""

    value: Decimal | None
    why: Why | None = None
    sources: frozenset = frozenset()
    covered: tuple[Span, ...] = ()
    currency: str = ""


def partly(covered: Iterable[Span], period: Period) -> Why:
    days = {"days": comparison.days_in(covered), "of": period.days, "period": period.text}
    return Why("PARTLY_COVERED", days)


def joined(about: dict, make: Callable, *parts: Figure) -> Figure:
    """The tree `make` of the parts' values, if every part has one and all cover the same days."""
    sources = frozenset().union(*(part.sources for part in parts))
    covers = {part.covered for part in parts if part.covered}
    covered = next(iter(covers), ())
    missing = next((part.why for part in parts if part.value is None), None)
    if missing is None and len(covers) > 1:
        missing = Why("UNEVEN", about)
    currencies = {part.currency for part in parts} - {""}
    if len(currencies) > 1:
        raise CannotRead(mixed(about["metric"], currencies))
    if missing:
        return Figure(None, missing, sources, covered)
    answer = formula.calculate(make(*(("number", part.value) for part in parts)), {})
    if answer.value is None:
        return Figure(None, Why(answer.reason, about), sources, covered)
    return Figure(answer.value, None, sources, covered, next(iter(currencies), ""))


def mixed(code: str, currencies: set[str]) -> Why:
    return Why("CURRENCY_MIX", {"metric": code, "currencies": ", ".join(sorted(currencies))})
