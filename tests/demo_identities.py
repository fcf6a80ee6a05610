# ruff: noqa: E501 - one rule, one line
"""The 53 rules of the dictionary, each said once more in pandas over the tables that the demo company hands in.

Derived figures are computed here the long way round (a rate from its rows, a total from its parts), so that a rule
compares two roads to the same figure. Amounts are whole numbers of 10⁻⁴ CNY.
"""

import numpy as np
import pandas as pd

from reviewhub.demo.amounts import months_of
from reviewhub.demo.supplying import landed_cost


class Company:
    """Monthly figures of the tables, by metric code."""

    def __init__(self, tables: dict[str, pd.DataFrame]):
        self.tables = tables
        sales = tables["sales_daily"].assign(month=months_of(tables["sales_daily"]["date"]))
        sales["gmv"] = sales["gross"] - sales["discount"]
        sales["net"] = sales["gmv"] - sales["refund"]
        sales["shipping"] = sales["shipping"].fillna(0).astype("int64")
        self.sales, self.by_platform = sales, self._platforms(sales)
        self.month = sales.groupby("month")[
            ["gross", "discount", "refund", "gmv", "net", "shipping", "units"]
        ].sum()
        self.days = pd.Series(self.month.index.days_in_month, index=self.month.index)

    def _platforms(self, sales) -> pd.DataFrame:
        orders = self.tables["orders_daily"].assign(month=months_of(self.tables["orders_daily"]["date"]))
        sold = sales.groupby(["month", "store"])[["gmv", "refund", "units"]].sum()
        return sold.join(orders.groupby(["month", "store"])["orders"].sum())

    def sum(self, table: str, day: str, column: str, **where) -> pd.Series:
        """A column by month, of the rows that have these values."""
        frame = self.tables[table]
        for name, value in where.items():
            frame = frame[frame[name].isin([value] if isinstance(value, str) else value)]
        return frame.groupby(months_of(frame[day]))[column].sum().reindex(self.month.index, fill_value=0)

    def line(self, table: str, *lines: str) -> pd.Series:
        column = {"pnl": "pnl_line", "balance": "balance_line", "cashflow": "cashflow_line"}[table]
        return self.sum(table, "month", "amount", **{column: list(lines)})

    @property
    def stock_value(self) -> pd.Series:
        frame = self.tables["stock_snapshot"]
        last = frame[frame["date"].dt.is_month_end]
        return last.groupby(months_of(last["date"]))["value"].sum()


def broken(tables: dict[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Rule → the months (2026-10) in which it does not hold."""
    company = Company(tables)
    found = {}
    for rule, holds in RULES.items():
        held = holds(company)
        months = held.index.get_level_values(0)[~held.to_numpy(dtype=bool)]
        if len(months):
            found[rule] = sorted({f"{month:%Y-%m}" for month in months})
    return found


def same(left, right, part=0.0, by=0.0) -> pd.Series:
    """Equal within a part of the left side, or by so much."""
    return (left - right).abs() <= np.maximum(left.abs() * part, by) + 1e-6


# --- Sales ------------------------------------------------------------------------------------------------------


def by_sku(c: Company, column: str) -> pd.Series:
    return c.sum("sku_month", "month", column)


def splits(c: Company, by: str, column="net") -> pd.Series:
    """The sum over the parts; nothing without a name."""
    named = c.sales[c.sales[by].astype(str).str.len() > 0]
    return named.groupby(["month", by])[column].sum().groupby("month").sum()


def new_net(c: Company) -> pd.Series:
    frame = c.tables["sku_month"]
    fresh = frame[(frame["month"] - frame["first_sellable"]).dt.days < 90]
    return fresh.groupby("month")["net"].sum().reindex(c.month.index, fill_value=0)


def orders(c: Company) -> pd.Series:
    return c.sum("orders_daily", "date", "orders")


def units_not_below_orders(c: Company) -> pd.Series:
    keys = ["date", "store"]
    sold = c.tables["sales_daily"].groupby(keys)["units"].sum()
    taken = c.tables["orders_daily"].groupby(keys)["orders"].sum()
    return (sold.reindex(taken.index) >= taken).groupby(months_of(taken.index.to_frame()["date"])).all()


def platform_rate(c: Company, column: str, per: str) -> pd.Series:
    """Units or orders times the rounded rate per unit or order: gives the sum again."""
    rate = (c.by_platform[column] / c.by_platform[per]).round(6)
    return same(rate * c.by_platform[per], c.by_platform[column], 0.001)


def platform_shares(c: Company) -> pd.Series:
    shares = c.sales.groupby(["month", "store"])["net"].sum() / c.month["net"]
    return same(shares.groupby("month").sum(), 1, by=0.0005)


def reason_shares(c: Company) -> pd.Series:
    frame = c.tables["returns_cohort"]
    month = months_of(frame["order_week"])
    share = (
        frame.groupby([month, "reason"])["units_returned"].sum()
        / frame.groupby(month)["units_returned"].sum()
    )
    return same(share.groupby(level=0).sum(), 1, by=0.001)


# --- Marketing --------------------------------------------------------------------------------------------------


def spend(c: Company, *kinds: str) -> pd.Series:
    return c.sum("spend", "week", "amount", **({"spend_type": list(kinds)} if kinds else {}))


def ads(c: Company, column: str) -> pd.Series:
    return c.sum("ads_daily", "date", column)


def ads_rows(c: Company, low: str, high: str) -> pd.Series:
    frame = c.tables["ads_daily"]
    return (frame[low] <= frame[high]).groupby(months_of(frame["date"])).all()


def click_rate(c: Company) -> pd.Series:
    frame = c.tables["ads_daily"]
    sums = frame.groupby([months_of(frame["date"]), "channel"])[["clicks", "impressions"]].sum()
    return same((sums["clicks"] / sums["impressions"]).round(6) * sums["impressions"], sums["clicks"], 0.005)


def newcomers(c: Company) -> pd.Series:
    return c.sum("customers", "month", "new")


def site_orders(c: Company) -> pd.Series:
    return c.sum("orders_daily", "date", "orders", store="web")


def followers(c: Company) -> pd.Series:
    frame = c.tables["social_week"]
    ends = frame[frame["week_end"].dt.is_month_end]
    keys = [months_of(ends["week_end"]), "social_account"]
    closing = ends.groupby(keys)["followers_end"].sum().unstack()
    growth = closing / closing.shift(1) - 1
    return (
        same(closing.shift(1) * (1 + growth.round(6)), closing, 0.005)
        .where(closing.shift(1).notna(), True)
        .all(axis=1)
    )


# --- Supply chain and Logistics ---------------------------------------------------------------------------------


def roll_forward(c: Company) -> pd.Series:
    frame = c.tables["stock_moves"].set_index(["month", "warehouse"]).sort_index()
    before = frame["closing"].groupby("warehouse").shift(1).fillna(frame["opening"])
    counted = c.tables["stock_snapshot"]
    last = counted[counted["date"].dt.is_month_end]
    held = last.groupby([months_of(last["date"]), "warehouse"])["units"].sum()
    moved = before + frame["moved_in"] - frame["moved_out"] + frame["adjusted"]
    return (moved == frame["closing"]) & (held.reindex(frame.index) == frame["closing"])


def warehouses(c: Company) -> pd.Series:
    frame = c.tables["stock_snapshot"]
    total = frame.groupby("date")["units"].sum()
    split = frame.groupby(["date", "warehouse"])["units"].sum().groupby("date").sum()
    return (total == split).groupby(months_of(total.index.to_series())).all()


def days_of_stock(c: Company) -> pd.Series:
    opening = c.stock_value.shift(1).fillna(c.stock_value)
    return (opening + c.stock_value) / 2 / c.line("pnl", "cogs_product") * c.days


def turnover(c: Company) -> pd.Series:
    opening = c.stock_value.shift(1).fillna(c.stock_value)
    return c.line("pnl", "cogs_product") * 365 / c.days / ((opening + c.stock_value) / 2)


LEGS = ("first_leg", "duty", "last_mile", "storage", "handling")


def cost(c: Company, *columns: str) -> pd.Series:
    return sum(c.sum("logistics_cost", "month", column) for column in columns)


def parcels(c: Company, *columns: str) -> pd.Series:
    return sum(c.sum("shipments_cohort", "ship_week", column) for column in columns)


def perfect(c: Company) -> pd.Series:
    share = parcels(c, "perfect_orders") / parcels(c, "orders_shipped")
    return share <= parcels(c, "promise_met") / parcels(c, "promise_due") + 0.005


def yields(c: Company) -> pd.Series:
    frame = c.tables["quality"].groupby(["month", "supplier"])[["inspected", "passed_first"]].sum()
    good = frame["passed_first"] / frame["inspected"]
    bad = (frame["inspected"] - frame["passed_first"]) / frame["inspected"]
    return same(good + bad, 1, by=0.0005)


def lead_times(c: Company) -> pd.Series:
    frame = c.tables["lots"]
    month, weight = months_of(frame["t_sellable"]), frame["units"]
    steps = [
        ("t_ready", "t_po"),
        ("t_qc", "t_ready"),
        ("t_arrive", "t_qc"),
        ("t_sellable", "t_arrive"),
        ("t_sellable", "t_po"),
    ]
    units = weight.groupby(month).sum()
    *stages, whole = [((frame[b] - frame[a]).dt.days * weight).groupby(month).sum() / units for b, a in steps]
    return same(sum(stages), whole, by=0.5)


# --- Finance ----------------------------------------------------------------------------------------------------


def profit(c: Company) -> pd.Series:
    selling = ("selling_marketing", "selling_platform", "selling_staff", "selling_other")
    return (
        gross_profit(c)
        - c.line("pnl", "surtax", *selling, "admin", "research", "finance", "tax")
        + c.line("pnl", "other_net")
    )


def gross_profit(c: Company) -> pd.Series:
    return c.line("pnl", "revenue") - c.line("pnl", "cogs_product", "cogs_fulfilment", "cogs_other")


def assets(c: Company) -> pd.Series:
    own = c.line(
        "balance", "cash", "receivables", "platform_balances", "inventory", "prepayments", "fixed_assets"
    )
    return own - c.line("balance", "bad_debt", "inventory_provision")


def equity(c: Company) -> pd.Series:
    return c.line("balance", "capital", "other_income", "retained")


FLOWS = ("customers", "suppliers", "staff", "taxes", "capex", "loans", "dividends", "exchange")


def equity_moves(c: Company) -> pd.Series:
    """The change of equity is profit, other comprehensive income and what owners took out."""
    moved = profit(c) + c.line("balance", "other_income").diff() + c.line("cashflow", "dividends", "capital")
    return same(equity(c).diff(), moved, by=100).where(equity(c).diff().notna(), True)


def departments(c: Company, kind: str) -> pd.Series:
    frame = c.tables["budget"][c.tables["budget"]["budget_kind"] == kind]
    by_dept = frame.groupby(["month", "dept"])["amount"].sum().groupby("month").sum()
    return same(by_dept, frame.groupby("month")["amount"].sum(), by=100)


def execution(c: Company) -> pd.Series:
    frame = c.tables["budget"].groupby(["month", "dept", "budget_kind"])["amount"].sum().unstack()
    return same((frame["actual"] / frame["budget"]).round(6) * frame["budget"], frame["actual"], 0.001)


def bridge(c: Company) -> pd.Series:
    lines = c.line("pnl", "bridge_cutoff", "bridge_fx", "bridge_returns", "bridge_other")
    revenue = c.line("pnl", "revenue")
    return same(revenue, c.month["net"] + c.month["shipping"] + lines, 0.003)


def product_cost(c: Company) -> pd.Series:
    units = c.sales["units"] * c.sales["category"].map(landed_cost)
    return same(c.line("pnl", "cogs_product"), units.groupby(c.sales["month"]).sum(), 0.01)


def profit_by_category(c: Company) -> pd.Series:
    frame = c.tables["pnl"]
    split = frame[frame["pnl_line"].isin(["revenue", "cogs_product"])].dropna(subset=["category"])
    signed = split["amount"].where(split["pnl_line"] == "revenue", -split["amount"])
    by_category = signed.groupby(split["month"]).sum() - c.line("pnl", "cogs_fulfilment", "cogs_other")
    return same(gross_profit(c), by_category, 0.005)


def logistics(c: Company) -> pd.Series:
    """Logistics as reported, less what stock took up of freight and duty, is what the ledger shows."""
    value = (c.line("balance", "inventory") * 0.18 / 100).round() * 100
    taken = (value - value.shift(1)).fillna(0)
    return same(cost(c, *LEGS) - taken, c.line("pnl", "ledger_logistics"), 0.02)


def cash_cycle(c: Company) -> pd.Series:
    owed = c.line("balance", "receivables", "platform_balances") - c.line("balance", "bad_debt")
    collected = (owed.shift(1).fillna(owed) + owed) / 2 / c.line("pnl", "revenue") * c.days
    payables = c.line("balance", "payables")
    paid = (payables.shift(1).fillna(payables) + payables) / 2 / c.line("pnl", "cogs_product") * c.days
    cycle = days_of_stock(c) + collected - paid
    return same(days_of_stock(c).round(2) + collected.round(2) - paid.round(2), cycle, by=0.1)


RULES = {
    "ID01": lambda c: same(c.month["gross"] - c.month["discount"], c.month["gmv"], by=100),
    "ID02": lambda c: same(c.month["gmv"] - c.month["refund"], c.month["net"], by=100),
    "ID03": lambda c: platform_rate(c, "gmv", "orders"),
    "ID04": lambda c: platform_rate(c, "gmv", "units"),
    "ID05": lambda c: platform_rate(c, "units", "orders"),
    "ID06": lambda c: same(splits(c, "store"), c.month["net"], 0.001),
    "ID07": lambda c: same(splits(c, "country"), c.month["net"], 0.005),
    "ID08": lambda c: same(splits(c, "category"), c.month["net"], 0.005),
    "ID09": platform_shares,
    "ID10": units_not_below_orders,
    "ID11": lambda c: c.by_platform["refund"] <= c.by_platform["gmv"] // 2,
    "ID12": reason_shares,
    "ID13": lambda c: new_net(c) <= c.month["net"],
    "ID14": lambda c: same((new_net(c) / c.month["net"]).round(6) * c.month["net"], new_net(c), 0.001, 10**6),
    "ID20": lambda c: same(sum(spend(c, kind) for kind in ("ad", "soc", "kol", "oth")), spend(c), by=100),
    "ID21": lambda c: ads(c, "sales_dedup") <= c.month["gmv"],
    "ID22": lambda c: ads_rows(c, "clicks", "impressions"),
    "ID23": lambda c: ads_rows(c, "orders_dedup", "clicks"),
    "ID24": lambda c: same(c.tables["customers"].groupby(["month", "channel"])["new"].sum().groupby("month").sum(), newcomers(c)),
    "ID25": lambda c: newcomers(c) <= orders(c),
    "ID26": click_rate,
    "ID27": lambda c: same((spend(c) / newcomers(c)).round(2) * newcomers(c), spend(c), 0.001),
    "ID29": lambda c: same(spend(c, "ad"), c.line("pnl", "ledger_ads"), 0.02),
    "ID30": lambda c: same(c.sum("web_daily", "date", "paid"), site_orders(c), 0.005),
    "ID31": followers,
    "ID40": roll_forward,
    "ID41": warehouses,
    "ID42": lambda c: same(days_of_stock(c) * turnover(c), 365, 0.001),
    "ID43": lambda c: same(sum(cost(c, leg) for leg in LEGS), cost(c, *LEGS), by=100),
    "ID44": lambda c: same((cost(c, "first_leg") + cost(c, "last_mile")) / cost(c, "first_leg", "last_mile"), 1, by=0.0005),
    "ID45": lambda c: parcels(c, "delivered30", "in_transit", "failed") == parcels(c, "shipped"),
    "ID46": lambda c: (parcels(c, "promise_met") <= parcels(c, "delivered30")) & (parcels(c, "promise_met") <= parcels(c, "promise_due")),
    "ID47": perfect,
    "ID48": yields,
    "ID49": lead_times,
    "ID51": lambda c: same(cost(c, "storage"), c.line("pnl", "ledger_storage"), 0.02),
    "ID60": lambda c: same(c.line("pnl", "revenue") - c.line("pnl", "cogs_product", "cogs_fulfilment", "cogs_other"), gross_profit(c)),
    "ID61": lambda c: same(profit(c), (c.line("balance", "retained").diff() - c.line("cashflow", "dividends")).fillna(profit(c)), by=100),
    "ID62": lambda c: same(assets(c), c.line("balance", "payables", "tax_payable", "accruals", "loans") + equity(c), by=100),
    "ID63": lambda c: same(c.line("cashflow", *FLOWS), c.line("cashflow", "closing") - c.line("cashflow", "opening"), by=100),
    "ID64": lambda c: same(c.line("cashflow", "opening") + c.line("cashflow", *FLOWS), c.line("cashflow", "closing"), by=100),
    "ID65": lambda c: same(c.line("cashflow", "closing"), c.line("balance", "cash") - c.line("balance", "restricted_cash"), by=100),
    "ID66": equity_moves,
    "ID67": lambda c: departments(c, "budget") & departments(c, "actual"),
    "ID68": execution,
    "ID69": bridge,
    "ID70": lambda c: same(c.stock_value - c.line("balance", "inventory_provision"), c.line("balance", "inventory") - c.line("balance", "inventory_provision"), 0.005),
    "ID71": product_cost,
    "ID72": profit_by_category,
    "ID73": lambda c: same(spend(c), c.line("pnl", "selling_marketing"), 0.02),
    "ID74": logistics,
    "ID75": cash_cycle,
    "ID76": lambda c: c.line("pnl", "selling_marketing", "selling_platform") <= c.line("pnl", "selling_marketing", "selling_platform", "selling_staff", "selling_other"),
}  # fmt: skip
