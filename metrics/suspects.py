"""Explains an open difference: reads what both sides handed in, by part and day, and tries the usual suspects on it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from metrics import gap_causes, sources
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.gap_causes import Cause, Explanation
from metrics.paired_figures import PairedFigures
from metrics.periods import DAY, Period
from metrics.reasons import CannotRead
from metrics.reconciliation import Difference
from metrics.units import plain

SALES = ("SAL_GROSS", "SAL_DISC", "SAL_REF", "SAL_SHIPREV", "SAL_UNITS")
STORE = ("platform", "country", "category")
SPEND = ("MKT_SPEND_AD", "MKT_SPEND_SOC", "MKT_SPEND_KOL", "MKT_SPEND_OTH")
# Months before this one that tell what is usual.
BEFORE, LINES_BEFORE = 3, 6
LEAST_LINES = 3
# Paid but not shipped at the end of a month: of net sales, at most.
MOST_UNSHIPPED = Decimal("0.05")
# Whole amounts of the sales waterfall that one side has in and the other has not: (code, metric, sign in the residual).
WATERFALL = (
    ("SHIPPING_NOT_BOOKED", "SAL_SHIPREV", 1),
    ("TAX_IN_SALES_ALL", "SAL_TAX", 1),
    ("TAX_IN_REVENUE", "SAL_TAX", -1),
    ("REFUNDS_NOT_DEDUCTED", "SAL_REF", -1),
    ("DISCOUNTS_NOT_DEDUCTED", "SAL_DISC", -1),
    ("FEES_DEDUCTED", "SAL_PLATFEE", 1),
)


def explain(found: Difference) -> Explanation | None:
    """What explains the residual of a conflict; None where no suspect does. About ten queries."""
    if not found.is_conflict:
        return None
    return gap_causes.explanation(found.residual, found.allowed, suspects(found))


def suspects(found: Difference) -> list[Cause]:
    """Every suspect that could have a part in it."""
    ask = {
        "ID69": _of_sales,
        "ID73": _of_spend,
        "ID70": _of_stock,
        "ID51": _of_storage,
        "ID65": _of_cash,
    }.get(found.pair.rule)
    return [*(ask(found) if ask else ()), *_of_the_month_before(found)]


class _Cells:
    """What was handed in for some spans of time, by part; nothing for what nobody handed in."""

    def __init__(self, codes: Iterable[str], spans: Iterable[Period], columns: tuple[str, ...] = ()):
        spans, codes = list(spans), list(codes)
        start, end = min(one.start for one in spans), max(one.end for one in spans)
        known = sources.standing(start, end, status="handed_in")
        self.desk = Desk(codes, spans, known=known)
        self.evaluation: Evaluation = self.desk.evaluation(codes, spans, columns=columns)
        self.codes = [code for code in codes if code in self.desk.definitions]

    def of(self, span: Period) -> dict[tuple, dict[str, Decimal]]:
        found: dict[tuple, dict[str, Decimal]] = {}
        for code in self.codes:
            definition = self.desk.definitions[code]
            for fact in self.evaluation.sums.of(code, span):
                own = found.setdefault(tuple(fact.members), {})
                own[code] = own.get(code, Decimal(0)) + plain(fact.value, definition.value_type)
        return found

    def figure(self, code: str, span: Period) -> Decimal | None:
        try:
            return self.evaluation.figure(code, span).value
        except CannotRead:
            return None


def _months(period: Period, first: int, last: int) -> dict[int, Period]:
    """Months around `period` by their place: −1 the one before, 0 its own, 1 the next."""
    found, month = {0: period}, period
    for place in range(-1, first - 1, -1):
        month = month.before()
        found[place] = month
    for place in range(1, last + 1):
        found[place] = Period.containing(found[place - 1].end, "month")
    return dict(sorted(found.items()))


def _day(day: dt.date) -> Period:
    return Period.containing(day, "day")


# --- Sales and revenue ------------------------------------------------------------------------------------------


def _of_sales(found: Difference) -> list[Cause]:
    months = _months(found.period, -BEFORE, 1)
    start, end = found.period.start, found.period.end
    edges = {"last": end - DAY, "following": end, "opening": start, "preceding": start - DAY}
    days = {name: _day(day) for name, day in edges.items()}
    cells = _Cells(SALES, [*months.values(), *days.values()], STORE)
    by_month = {place: one for place, month in months.items() if (one := cells.of(month))}
    mine = by_month.get(0)
    if not mine:
        return []
    others = [one for place, one in by_month.items() if place]
    prices = gap_causes.reference_prices(mine)
    return [
        *gap_causes.price_suspects(gap_causes.stores(mine, others)),
        *gap_causes.midnight_suspects(prices, **{name: cells.of(day) for name, day in days.items()}),
        *gap_causes.refund_suspects(by_month),
        *_of_lines(found),
    ]


def _of_lines(found: Difference) -> list[Cause]:
    """A line of the bridge that Finance left empty, and whole amounts that one side has in."""
    months = _months(found.period, -LINES_BEFORE, 0)
    cells = _Cells(["REC_CUTOFF", *(metric for _code, metric, _sign in WATERFALL)], months.values())
    before = [cells.figure("REC_CUTOFF", month) for place, month in months.items() if place]
    causes = []
    if cells.figure("REC_CUTOFF", found.period) == 0 and sum(bool(one) for one in before) >= LEAST_LINES:
        most = abs(found.left.value) * MOST_UNSHIPPED
        causes.append(Cause("PAID_NOT_SHIPPED", params={"metric": "REC_CUTOFF"}, is_open=True, most=most))
    for code, metric, sign in WATERFALL:
        if amount := cells.figure(metric, found.period):
            causes.append(Cause(code, sign * amount, {"metric": metric}, has_trace=False))
    return causes


# --- Spend, stock, storage, cash --------------------------------------------------------------------------------


def _of_spend(found: Difference) -> list[Cause]:
    months = _months(found.period, -BEFORE, 0)
    cells = _Cells(SPEND, months.values(), ("channel", "country"))
    by_month = {
        place: {
            (code, *members): value for members, own in cells.of(month).items() for code, value in own.items()
        }
        for place, month in months.items()
    }
    others = [one for place, one in by_month.items() if place and one]
    return gap_causes.spend_suspects(by_month[0], others)


def _of_stock(found: Difference) -> list[Cause]:
    last = _day(found.period.last)
    cells = _Cells(("SC_INV_UNITS", "SC_INV_VAL"), [last], ("warehouse", "category")).of(last)
    held = {
        key: (own.get("SC_INV_UNITS", Decimal(0)), own.get("SC_INV_VAL", Decimal(0)))
        for key, own in cells.items()
    }
    return gap_causes.stock_suspects(held)


def _of_storage(found: Difference) -> list[Cause]:
    """Storage that is reported at a higher price than before: accrued, and not invoiced yet."""
    months = _months(found.period, -1, 0)
    cells = _Cells(("SC_WH_STOR_CBM", "SC_WH_STOR"), months.values())
    now, then = (cells.figure("SC_WH_STOR_CBM", months[place]) for place in (0, -1))
    reported = cells.figure("SC_WH_STOR", found.period)
    if not now or not then or reported is None or now <= then:
        return []
    told = {"share": str((now / then - 1).quantize(Decimal("0.0001")))}
    return [Cause("STORAGE_NOT_INVOICED", reported * (1 - then / now), told)]


def _of_cash(found: Difference) -> list[Cause]:
    figure = PairedFigures([found.period], pairs=[found.pair])
    amount, _pks = figure.input("RESTRICTED_CASH", found.period)
    return [Cause("RESTRICTED_CASH_IN", amount), Cause("RESTRICTED_CASH_OUT", -amount)]


def _of_the_month_before(found: Difference) -> list[Cause]:
    """The second side shows what the first one said a month earlier: booked or settled a month late."""
    before = found.period.before()
    figures = PairedFigures([before], pairs=[found.pair])
    then = figures.worth(found.pair.left.formula, before)
    if then.value is None or then.value == found.left.value:
        return []
    return [Cause("A_MONTH_LATE", found.left.value - then.value, {"period": before.text}, has_trace=False)]
