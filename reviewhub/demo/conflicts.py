"""Pure. Conflicts between the tables of the made-up company, planted by a seed: every kind breaks the rules it names.

What is planted is what departments quarrel about: shipping or tax counted as sales, refunds on another date, another
exchange rate, another midnight, paid against shipped, and figures of which one side has less than the other.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewhub.demo.amounts import months_of, part
from reviewhub.demo.tables import Handed

ENOUGH = 0.006  # of revenue: twice what the bridge may leave unexplained
VAT = {"Germany": 0.19, "France": 0.2, "Italy": 0.22, "Spain": 0.21, "Netherlands": 0.21, "Poland": 0.23}
VAT["United Kingdom"] = 0.2


CHANGED = ("sales_daily", "pnl", "spend", "stock_snapshot", "logistics_cost", "cashflow")


@dataclass(frozen=True)
class Conflict:
    """What was planted: in whose table, in which months, which metric, by how much (CNY), and the rules it breaks."""

    kind: str
    department: str
    table: str
    months: tuple[str, ...]
    metric: str
    where: dict
    amounts: dict[str, str]
    rules: tuple[str, ...]

    def document(self) -> dict:
        return dataclasses.asdict(self)


def plant(handed: Handed, seed: int) -> list[Conflict]:
    """Change the tables of `handed` in the last three months; none, one or two conflicts, as `seed` says."""
    rng = np.random.default_rng(seed)
    number = int(rng.choice([0, 1, 1, 1, 2, 2]))
    kinds = list(KINDS)
    rng.shuffle(kinds)
    planted: list[Conflict] = []
    for kind in kinds:
        if len(planted) == number:
            break
        before = {name: frame.copy() for name, frame in handed.tables.items() if name in CHANGED}
        found = KINDS[kind](handed, rng)
        if found is not None and _shows(handed, [*planted, found]):
            planted.append(found)
        else:
            handed.tables.update(before)
    return planted


def _shows(handed: Handed, planted: list[Conflict]) -> bool:
    """Whether the bridge from sales to revenue is open in every month in which it should be: two may cancel out."""
    sales, pnl, books = handed.tables["sales_daily"], handed.tables["pnl"], handed.books
    paid = sales["gross"] - sales["discount"] - sales["refund"] + sales["shipping"].fillna(0).astype("int64")
    lines = pnl[pnl["pnl_line"].str.startswith("bridge_")].groupby("month")["amount"].sum()
    gap = (books["revenue"] - paid.groupby(months_of(sales["date"])).sum() - lines).abs() / books["revenue"]
    months = {month for one in planted if "ID69" in one.rules for month in one.months}
    return all(gap[pd.Timestamp(f"{month}-01")] > ENOUGH for month in months)


def _month(handed: Handed, rng) -> pd.Timestamp:
    return handed.books.index[-int(rng.integers(1, 4))]


def _told(kind, department, table, metric, rule, amounts: dict, where=None) -> Conflict:
    months = {f"{month:%Y-%m}": f"{int(amount) / 10_000:.2f}" for month, amount in sorted(amounts.items())}
    return Conflict(kind, department, table, tuple(months), metric, where or {}, months, (rule,))


def _sales_of(handed: Handed, month: pd.Timestamp) -> pd.Series:
    return handed.tables["sales_daily"]["date"].to_numpy().astype("datetime64[M]") == np.datetime64(
        month, "M"
    )


def _inflated(handed: Handed, kind: str, rows, added, month, where) -> Conflict | None:
    """Gross sales of `rows` with `added` on top; None where the bridge would not notice."""
    sales = handed.tables["sales_daily"]
    if abs(added.sum()) < ENOUGH * handed.books.loc[month, "revenue"]:
        return None
    sales.loc[rows, "gross"] = sales.loc[rows, "gross"] + added
    return _told(kind, "SAL", "sales_daily", "SAL_GROSS", "ID69", {month: added.sum()}, where)


def shipping_included(handed: Handed, rng) -> Conflict | None:
    """A platform's sales are reported with the shipping that buyers paid."""
    month, sales = _month(handed, rng), handed.tables["sales_daily"]
    for platform in ("web", "aliexpress", "tiktok", "ebay"):
        rows = _sales_of(handed, month) & (sales["store"] == platform).to_numpy()
        added = sales.loc[rows, "shipping"].fillna(0).astype("int64")
        if found := _inflated(handed, "shipping_included", rows, added, month, {"platform": platform}):
            return found
    return None


def tax_included(handed: Handed, rng) -> Conflict | None:
    """List prices of one country with its value-added tax."""
    month, sales = _month(handed, rng), handed.tables["sales_daily"]
    country = str(rng.choice(["Germany", "United Kingdom", "France"]))
    rows = _sales_of(handed, month) & (sales["country"] == country).to_numpy()
    added = part(sales.loc[rows, "gross"], VAT[country])
    return _inflated(handed, "tax_included", rows, added, month, {"country": country})


def fx_rate(handed: Handed, rng) -> Conflict | None:
    """Sales of one country converted at a rate that is off by some per cent."""
    month, sales = _month(handed, rng), handed.tables["sales_daily"]
    rows = _sales_of(handed, month) & (sales["country"] == "United States").to_numpy()
    off = float(rng.choice([-1, 1]) * rng.uniform(0.035, 0.06))
    changed = {name: part(sales.loc[rows, name], 1 + off) for name in ("gross", "discount", "refund")}
    added = {name: changed[name].sum() - sales.loc[rows, name].sum() for name in changed}
    net = added["gross"] - added["discount"] - added["refund"]
    if abs(net) < ENOUGH * handed.books.loc[month, "revenue"]:
        return None
    for name, values in changed.items():
        sales.loc[rows, name] = values
    return _told(
        "fx_rate", "SAL", "sales_daily", "SAL_NET", "ID69", {month: net}, {"country": "United States"}
    )


def refunds_timing(handed: Handed, rng) -> Conflict | None:
    """A part of one month's refunds is booked in the month before, when the orders were placed."""
    place, sales = -int(rng.integers(1, 3)), handed.tables["sales_daily"]
    month, before = handed.books.index[place], handed.books.index[place - 1]
    rows = _sales_of(handed, month)
    moved = part(sales.loc[rows, "refund"], rng.uniform(0.35, 0.6))
    amount = int(moved.sum())
    if amount < ENOUGH * handed.books.loc[[month, before], "revenue"].max():
        return None
    sales.loc[rows, "refund"] = sales.loc[rows, "refund"] - moved
    largest = sales.loc[_sales_of(handed, before), "gross"].idxmax()
    sales.loc[largest, "refund"] += amount
    return _told("refunds_timing", "SAL", "sales_daily", "SAL_REF", "ID69", {month: -amount, before: amount})


def time_zone(handed: Handed, rng) -> Conflict | None:
    """The last day of a month is cut off at another midnight: a part of it counts in the next month."""
    place, sales = -int(rng.integers(2, 4)), handed.tables["sales_daily"]
    month, after = handed.books.index[place], handed.books.index[place + 1]
    days = sales["date"]
    rows = (days == days[_sales_of(handed, month)].max()).to_numpy()
    moved = part(sales.loc[rows, "gross"], rng.uniform(0.5, 0.66))
    if moved.sum() < ENOUGH * handed.books.loc[[month, after], "revenue"].max():
        return None
    sales.loc[rows, "gross"] = sales.loc[rows, "gross"] - moved
    first = sales["date"] == days[_sales_of(handed, after)].min()
    target = sales.index[first][0]
    sales.loc[target, "gross"] += int(moved.sum())
    return _told(
        "time_zone", "SAL", "sales_daily", "SAL_GROSS", "ID69", {month: -moved.sum(), after: moved.sum()}
    )


def paid_not_shipped(handed: Handed, rng) -> Conflict | None:
    """Finance leaves out of the bridge what was paid but not shipped yet."""
    pnl, revenue = handed.tables["pnl"], handed.books["revenue"]
    line = pnl[pnl["pnl_line"] == "bridge_cutoff"].set_index("month")["amount"].iloc[-3:]
    large = line[line.abs() > ENOUGH * revenue.reindex(line.index)]
    if large.empty:
        return None
    month = large.abs().idxmax()
    rows = (pnl["pnl_line"] == "bridge_cutoff") & (pnl["month"] == month)
    pnl.loc[rows, "amount"] = 0
    return _told("paid_not_shipped", "FIN", "pnl", "REC_CUTOFF", "ID69", {month: -int(large[month])})


def spend_not_booked(handed: Handed, rng) -> Conflict | None:
    """Marketing reports influencer cost that the ledger does not have yet."""
    month, spend = _month(handed, rng), handed.tables["spend"]
    whole = handed.books.loc[month, "marketing"]
    amount = int(part(whole, rng.uniform(0.03, 0.09)))
    row = {"week": month, "channel": "kol", "country": "Germany", "spend_type": "kol", "purpose": "acq"}
    same = (spend[list(row)] == pd.Series(row)).all(axis=1)
    index = spend.index[same][0] if same.any() else None
    if index is None:
        return None
    spend.loc[index, "amount"] += amount
    return _told(
        "spend_not_booked", "MKT", "spend", "MKT_SPEND_KOL", "ID73", {month: amount}, {"channel": "kol"}
    )


def stock_without_freight(handed: Handed, rng) -> Conflict | None:
    """Supply chain values one warehouse at purchase price, without freight and duty."""
    month, stock = _month(handed, rng), handed.tables["stock_snapshot"]
    name = str(rng.choice(["hamburg", "los-angeles"]))
    last = month + pd.offsets.MonthEnd(0)
    rows = (stock["date"] == last) & (stock["warehouse"] == name)
    changed = part(stock.loc[rows, "value"], 0.78)
    amount = int(changed.sum() - stock.loc[rows, "value"].sum())
    stock.loc[rows, "value"] = changed
    where = {"warehouse": name}
    return _told(
        "stock_without_freight", "SCM", "stock_snapshot", "SC_INV_VAL", "ID70", {month: amount}, where
    )


def storage_not_billed(handed: Handed, rng) -> Conflict | None:
    """Logistics reports storage fees that are not invoiced yet."""
    month, costs = _month(handed, rng), handed.tables["logistics_cost"]
    rows = costs["month"] == month
    added = part(costs.loc[rows, "storage"], rng.uniform(0.04, 0.07))
    costs.loc[rows, "storage"] = costs.loc[rows, "storage"] + added
    return _told("storage_not_billed", "LOG", "logistics_cost", "SC_WH_STOR", "ID51", {month: added.sum()})


def restricted_cash(handed: Handed, rng) -> Conflict | None:
    """The cash flow statement counts restricted cash, at the beginning and at the end."""
    month, flows = _month(handed, rng), handed.tables["cashflow"]
    rows = (flows["month"] == month) & flows["cashflow_line"].isin(["opening", "closing"])
    amount = int(handed.books.loc[month, "restricted_cash"])
    flows.loc[rows, "amount"] += amount
    return _told("restricted_cash", "FIN", "cashflow", "FIN_CASH_END", "ID65", {month: amount})


KINDS: dict[str, Callable] = {
    one.__name__: one
    for one in (
        shipping_included,
        tax_included,
        fx_rate,
        refunds_timing,
        time_zone,
        paid_not_shipped,
        spend_not_booked,
        stock_without_freight,
        storage_not_billed,
        restricted_cash,
    )
}
