"""Requirements D1–D4 line by line: on which page, in which block each figure stands, and what it has to be.

A line names a row of the block's table by its first cell, and a column, as they stand in its CSV (English);
`expected` computes it from the tables that the demo company hands in, in pandas and the long way round.
Money there is in 10⁻⁴ CNY. To add lines: append a tuple below and name it in LINES.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from reviewhub.demo.amounts import months_of

MONTH, YEAR_BEFORE = pd.Timestamp("2026-10-01"), pd.Timestamp("2025-10-01")
YUAN = 10_000


@dataclass(frozen=True)
class Line:
    """One figure. `board`: its code, or an address for a page that is no board. `column` "QTD" reads the 6-12 box."""

    requirement: str
    says: str
    board: str
    block: str
    row: str
    column: int | str
    expected: Callable
    query: str = ""


def at(frame: pd.DataFrame, day: str, month=MONTH) -> pd.DataFrame:
    """The rows of one month."""
    return frame[months_of(frame[day]) == month]


def sales(tables, month=MONTH, **where) -> pd.DataFrame:
    return _where(at(tables["sales_daily"], "date", month), where)


def net(rows: pd.DataFrame) -> float:
    return int((rows["gross"] - rows["discount"] - rows["refund"]).sum()) / YUAN


def gmv(rows: pd.DataFrame) -> float:
    return int((rows["gross"] - rows["discount"]).sum()) / YUAN


def orders(tables, first, last) -> pd.DataFrame:
    rows = tables["orders_daily"]
    return rows[(rows["date"] >= first) & (rows["date"] <= last)]


def between(tables, first, last) -> pd.DataFrame:
    rows = tables["sales_daily"]
    return rows[(rows["date"] >= first) & (rows["date"] <= last)]


def line(tables, table: str, *lines: str, month=MONTH) -> float:
    """Lines of a statement in a month."""
    rows = at(tables[table], "month", month)
    return int(rows.loc[rows[f"{table}_line"].isin(lines), "amount"].sum()) / YUAN


def _where(rows: pd.DataFrame, where: dict) -> pd.DataFrame:
    for name, value in where.items():
        rows = rows[rows[name].isin([value] if isinstance(value, str) else value)]
    return rows


EUROPE = ["Germany", "United Kingdom", "France", "Italy", "Spain", "Netherlands", "Poland"]
WEEK = ("2026-10-12", "2026-10-18")
WEEK_BEFORE = ("2025-10-13", "2025-10-19")
QUARTER, YEAR = ("2026-10-01", "2026-10-31"), ("2026-01-01", "2026-10-31")


def grown(now: float, then: float) -> float:
    return now / then - 1


def aov(tables, span) -> float:
    return gmv(between(tables, *span)) / int(orders(tables, *span)["orders"].sum())


def best_sku(tables) -> pd.Series:
    rows = at(tables["sku_month"], "month")
    return rows.loc[rows["net"].idxmax()]


def returned(tables, category: str, *reasons: str) -> float:
    """Units of a category that came back for a reason, of all units sold of it."""
    rows = _where(at(tables["returns_cohort"], "order_week"), {"category": category})
    rows = rows[rows["reason"].isin(reasons)] if reasons else rows
    return int(rows["units_returned"].sum()) / int(sales(tables, category=category)["units"].sum())


def new_share(tables) -> float:
    rows = at(tables["sku_month"], "month")
    young = rows[(rows["month"] - rows["first_sellable"]).dt.days < 90]
    return int(young["net"].sum()) / YUAN / net(sales(tables))


def new_conversion(tables) -> float:
    rows = at(tables["sku_month"], "month")
    young = rows[(rows["month"] - rows["first_sellable"]).dt.days < 90]
    return int(young["orders"].sum()) / int(young["sessions"].sum())


D1 = (
    Line("D1", "sales by day", "/sales/", "trend", "2026-10-15", 1,
         lambda t: net(between(t, "2026-10-15", "2026-10-15")), "grain=day&metric=SAL_NET"),
    Line("D1", "growth by day", "/sales/", "trend", "2026-10-15", 4,
         lambda t: grown(net(between(t, "2026-10-15", "2026-10-15")), net(between(t, "2025-10-15", "2025-10-15"))),
         "grain=day&metric=SAL_NET"),
    Line("D1", "sales by week", "sales", "sal-net", "2026-W42", 1, lambda t: net(between(t, *WEEK))),
    Line("D1", "growth by week", "sales", "sal-net", "2026-W42", 4,
         lambda t: grown(net(between(t, *WEEK)), net(between(t, *WEEK_BEFORE)))),
    Line("D1", "sales by month", "sales", "sal-net", "2026-10", 1, lambda t: net(sales(t))),
    Line("D1", "growth by month", "sales", "sal-net", "2026-10", 4,
         lambda t: grown(net(sales(t)), net(sales(t, YEAR_BEFORE)))),
    Line("D1", "sales by quarter", "sales", "sal-net", "", "QTD", lambda t: net(between(t, *QUARTER))),
    Line("D1", "sales by year", "sales", "sal-net", "", "YTD", lambda t: net(between(t, *YEAR))),
    Line("D1", "orders by day", "/sales/", "trend", "2026-10-15", 1,
         lambda t: int(orders(t, "2026-10-15", "2026-10-15")["orders"].sum()), "grain=day&metric=SAL_ORD"),
    Line("D1", "orders by week", "sales", "sal-ord", "2026-W42", 1, lambda t: int(orders(t, *WEEK)["orders"].sum())),
    Line("D1", "orders by month", "sales", "sal-ord", "2026-10", 1, lambda t: int(orders(t, *QUARTER)["orders"].sum())),
    Line("D1", "orders by quarter", "sales", "sal-ord", "", "QTD", lambda t: int(orders(t, *QUARTER)["orders"].sum())),
    Line("D1", "orders by year", "sales", "sal-ord", "", "YTD", lambda t: int(orders(t, *YEAR)["orders"].sum())),
    Line("D1", "average order value by day", "/sales/", "trend", "2026-10-15", 1,
         lambda t: aov(t, ("2026-10-15", "2026-10-15")), "grain=day&metric=SAL_AOV"),
    Line("D1", "average order value by week", "sales", "sal-aov", "2026-W42", 1, lambda t: aov(t, WEEK)),
    Line("D1", "average order value by month", "sales", "sal-aov", "2026-10", 1, lambda t: aov(t, QUARTER)),
    Line("D1", "average order value by quarter", "sales", "sal-aov", "", "QTD", lambda t: aov(t, QUARTER)),
    Line("D1", "average order value by year", "sales", "sal-aov", "", "YTD", lambda t: aov(t, YEAR)),
    Line("D1", "share of a platform", "sales", "platform-share", "Amazon", 2,
         lambda t: net(sales(t, store="amazon")) / net(sales(t))),
    Line("D1", "growth of a platform", "sales", "platform-share", "AliExpress", 5,
         lambda t: grown(net(sales(t, store="aliexpress")), net(sales(t, YEAR_BEFORE, store="aliexpress")))),
    Line("D1", "sales of the own store by month", "sales", "platform-trends", "2026-07", 2,
         lambda t: net(sales(t, pd.Timestamp("2026-07-01"), store="web"))),
    Line("D1", "sales of a region", "sales", "regions", "Europe", 1, lambda t: net(sales(t, country=EUROPE))),
    Line("D1", "growth of a region", "sales", "regions", "North America", 5,
         lambda t: grown(net(sales(t, country=["United States", "Canada"])),
                         net(sales(t, YEAR_BEFORE, country=["United States", "Canada"])))),
    Line("D1", "sales of a country", "sales", "regions", "Germany", 1, lambda t: net(sales(t, country="Germany"))),
    Line("D1", "category ranking", "sales", "pareto", "Lighting", 1, lambda t: net(sales(t, category="lighting"))),
    Line("D1", "best seller", "sales", "stages", "LI-0075", 3, lambda t: int(best_sku(t)["net"]) / YUAN),
    Line("D1", "slow stock", "sales", "stages", "Kitchen", 3,
         lambda t: int(_where(at(t["sku_month"], "month"), {"slow": "yes", "category": "kitchen"})["stock_value"].sum())
         / YUAN),
    Line("D1", "growth against margin: margin of a category", "sales", "lifecycle", "Pet supplies", 3,
         lambda t: product_margin(t, "pet")),
    Line("D1", "return rate", "sales", "sal-ret-rate", "2026-08", 1,
         lambda t: return_rate(t, pd.Timestamp("2026-08-01"))),
    Line("D1", "reasons of returns", "sales", "return-reasons", "Logistics", 1,
         lambda t: int(_where(at(t["returns_cohort"], "order_week"), {"reason": "logistics"})["units_returned"].sum())),
    Line("D1", "return rate of a category", "sales", "return-heat", "Fitness", "All reasons",
         lambda t: returned(t, "fitness")),
    Line("D1", "return reason of a category", "sales", "return-heat", "Personal care", "Quality",
         lambda t: returned(t, "beauty", "quality")),
    Line("D1", "contribution of new products", "sales", "sal-new-share", "2026-10", 1, new_share),
    Line("D1", "conversion of new products", "sales", "launches", "Conversion of new products", 1, new_conversion),
)  # fmt: skip


def return_rate(tables, month) -> float:
    rows = at(tables["returns_cohort"], "order_week", month)
    return int(rows["units_returned"].sum()) / int(sales(tables, month)["units"].sum())


def product_margin(tables, category: str) -> float:
    rows = at(tables["pnl"], "month")
    cost = _where(rows, {"pnl_line": "cogs_product", "category": category})["amount"].sum()
    sold = net(sales(tables, category=category))
    return (sold - int(cost) / YUAN) / sold


def revenue(tables, month=MONTH) -> float:
    return line(tables, "pnl", "revenue", month=month)


def gross_profit(tables) -> float:
    return revenue(tables) - line(tables, "pnl", "cogs_product", "cogs_fulfilment", "cogs_other")


SPENT = (
    "surtax selling_marketing selling_platform selling_staff selling_other admin research finance tax".split()
)


def profit(tables) -> float:
    return gross_profit(tables) - line(tables, "pnl", *SPENT) + line(tables, "pnl", "other_net")


def balance(tables, *lines: str) -> float:
    return line(tables, "balance", *lines)


ASSETS = "cash receivables platform_balances inventory prepayments fixed_assets".split()


def assets(tables) -> float:
    return balance(tables, *ASSETS) - balance(tables, "bad_debt", "inventory_provision")


def budgeted(tables, dept: str, kind: str) -> float:
    rows = tables["budget"]
    rows = rows[(rows["month"] >= "2026-01-01") & (rows["month"] <= MONTH)]
    return int(_where(rows, {"dept": dept, "budget_kind": kind})["amount"].sum()) / YUAN


D4 = (
    Line("D4", "revenue", "finance", "income", "Revenue", 1, revenue),
    Line("D4", "revenue last year", "finance", "income", "Revenue", 2, lambda t: revenue(t, YEAR_BEFORE)),
    Line("D4", "gross profit", "finance", "income", "Gross profit", 1, gross_profit),
    Line("D4", "selling expenses", "finance", "income", "Selling expenses", 1,
         lambda t: line(t, "pnl", "selling_marketing", "selling_platform", "selling_staff", "selling_other")),
    Line("D4", "budget of a line", "finance", "income", "R&D", 5,
         lambda t: int(_where(at(t["budget"], "month"), {"budget_account": "research", "budget_kind": "budget"})
                       ["amount"].sum()) / YUAN),
    Line("D4", "net profit", "finance", "income", "Net profit", 1, profit),
    Line("D4", "what revenue did to net profit", "finance", "profit", "Revenue", 1,
         lambda t: revenue(t) - revenue(t, YEAR_BEFORE)),
    Line("D4", "operating cash flow", "finance", "cash", "Operating cash flow", 1,
         lambda t: line(t, "cashflow", "customers", "suppliers", "staff", "taxes")),
    Line("D4", "investing cash flow", "finance", "cash", "Investing cash flow", 1,
         lambda t: line(t, "cashflow", "capex")),
    Line("D4", "financing cash flow", "finance", "cash", "Financing cash flow", 1,
         lambda t: line(t, "cashflow", "loans", "dividends")),
    Line("D4", "closing cash", "finance", "cash", "Closing cash", 1, lambda t: line(t, "cashflow", "closing")),
    Line("D4", "assets", "finance", "balance", "Total assets", 1, assets),
    Line("D4", "liabilities", "finance", "balance", "Total liabilities", 1,
         lambda t: balance(t, "payables", "tax_payable", "accruals", "loans")),
    Line("D4", "equity", "finance", "balance", "Equity", 1,
         lambda t: balance(t, "capital", "other_income", "retained")),
    Line("D4", "an account", "finance", "balance", "Loans", 1, lambda t: balance(t, "loans")),
    Line("D4", "budget of a department", "finance", "budgets", "Marketing", 1, lambda t: budgeted(t, "MKT", "budget")),
    Line("D4", "spending of a department", "finance", "budgets", "Supply chain", 2,
         lambda t: budgeted(t, "SCM", "actual")),
    Line("D4", "gross margin", "finance", "fin-gm", "2026-10", 1, lambda t: gross_profit(t) / revenue(t)),
    Line("D4", "net margin", "finance", "fin-nm", "2026-10", 1, lambda t: profit(t) / revenue(t)),
    Line("D4", "margin of a category", "finance", "margins", "Kitchen", 2, lambda t: product_margin(t, "kitchen")),
    Line("D4", "from sales to revenue", "finance", "to-revenue", "Shipping income", 1,
         lambda t: int(sales(t)["shipping"].fillna(0).sum()) / YUAN),
)  # fmt: skip

LINES = (*D1, *D4)
