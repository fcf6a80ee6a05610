"""Pure. The books of the made-up seller, month by month, so that every statement foots and ties to the others."""

import numpy as np
import pandas as pd

from reviewhub.demo import supplying
from reviewhub.demo.amounts import YUAN, count, fen, months_of, part, shared

MILLION = 1_000_000 * YUAN
RATES = {
    "USD": 7.12,
    "EUR": 7.74,
    "GBP": 9.05,
    "JPY": 0.0481,
    "CAD": 5.22,
    "AUD": 4.71,
    "PLN": 1.81,
    "BRL": 1.29,
}
RESTRICTED, CAPITAL = MILLION * 2, MILLION * 30
CAPITALISED = 0.18  # freight and duty in the value of stock


def monthly(tables: dict[str, pd.DataFrame], held: supplying.Stock, rng) -> pd.DataFrame:
    """One row for each month with every amount of the books (10⁻⁴ CNY): what others report, and what follows."""
    sales, spend = tables["sales_daily"], tables["spend"]
    by_month = sales.assign(month=months_of(sales["date"])).groupby("month")
    frame = by_month[["gross", "discount", "refund", "shipping"]].sum().astype("int64")
    frame["net"] = frame["gross"] - frame["discount"] - frame["refund"]
    frame["fees"] = _sum(tables["platform_fees"], "week", "amount")
    frame["marketing"] = _sum(spend, "week", "amount")
    frame["ads"] = _sum(spend[spend["spend_type"] == "ad"], "week", "amount")
    cost = (
        tables["logistics_cost"]
        .groupby("month")[["first_leg", "duty", "last_mile", "storage", "handling"]]
        .sum()
    )
    frame = frame.join(cost)
    sold = held.moves[held.moves["warehouse"] != "ningbo"]
    frame["cogs_product"] = (
        (sold["moved_out"] * sold["category"].map(supplying.landed_cost)).groupby(sold["month"]).sum()
    )
    frame["stock"] = held.total
    return _balanced(_profit(_bridged(frame, rng), rng), rng)


def _sum(frame: pd.DataFrame, day: str, column: str) -> pd.Series:
    return frame.groupby(months_of(frame[day]))[column].sum()


def _before(values: pd.Series, first) -> pd.Series:
    """The values of the month before; `first` before the first month."""
    return values.shift(1, fill_value=int(first)).astype("int64")


def _bridged(frame: pd.DataFrame, rng) -> pd.DataFrame:
    """From net sales to revenue: paid but not shipped, exchange rates, expected returns."""
    unshipped = pd.Series(part(frame["net"], rng.uniform(0.008, 0.03, len(frame))), index=frame.index)
    frame["bridge_cutoff"] = _before(unshipped, unshipped.iloc[0]) - unshipped
    frame["bridge_fx"] = part(frame["net"], rng.normal(0, 0.0012, len(frame)))
    frame["bridge_returns"] = part(frame["net"], rng.normal(-0.002, 0.0008, len(frame)))
    frame["bridge_other"] = 0
    bridge = ["bridge_cutoff", "bridge_fx", "bridge_returns", "bridge_other"]
    frame["revenue"] = frame["net"] + frame["shipping"] + frame[bridge].sum(axis=1)
    return frame


def _profit(frame: pd.DataFrame, rng) -> pd.DataFrame:
    frame["cogs_fulfilment"] = frame["last_mile"] + frame["storage"] + frame["handling"]
    frame["cogs_other"] = part(frame["revenue"], 0.008)
    frame["surtax"] = part(frame["revenue"], 0.0012)
    frame["selling_marketing"], frame["selling_platform"] = frame["marketing"], frame["fees"]
    fixed = {"selling_staff": 0.034, "selling_other": 0.008, "admin": 0.041, "research": 0.026}
    base = frame["revenue"].mean()
    for name, share in fixed.items():
        frame[name] = part(
            base * np.linspace(0.9, 1.1, len(frame)), share * rng.uniform(0.97, 1.03, len(frame))
        )
    frame["finance"] = part(frame["revenue"], rng.normal(0.003, 0.001, len(frame)))
    frame["other_net"] = part(frame["revenue"], rng.normal(0.001, 0.001, len(frame)))
    frame["gross_profit"] = frame["revenue"] - frame[["cogs_product", "cogs_fulfilment", "cogs_other"]].sum(
        axis=1
    )
    selling = ["selling_marketing", "selling_platform", "selling_staff", "selling_other"]
    spent = frame[["surtax", *selling, "admin", "research", "finance"]].sum(axis=1)
    before_tax = frame["gross_profit"] - spent + frame["other_net"]
    frame["tax"] = part(before_tax.clip(lower=0), 0.15)
    frame["profit"] = before_tax - frame["tax"]
    return frame


def _balanced(frame: pd.DataFrame, rng) -> pd.DataFrame:
    """Balance sheet and cash flow: cash is what is left, so both statements close."""
    size, months = len(frame), np.arange(len(frame))
    frame["inventory"], frame["inventory_provision"] = frame["stock"], part(frame["stock"], 0.022)
    frame["receivables"] = part(frame["revenue"], rng.uniform(0.05, 0.07, size))
    frame["platform_balances"] = part(frame["revenue"], rng.uniform(0.36, 0.44, size))
    frame["bad_debt"], frame["prepayments"] = part(frame["receivables"], 0.03), part(frame["revenue"], 0.06)
    frame["fixed_assets"] = MILLION * 6 + count(months * 40_000) * YUAN
    frame["payables"] = part(frame["cogs_product"], rng.uniform(1.05, 1.25, size))
    frame["tax_payable"], frame["accruals"] = frame["tax"], part(frame["revenue"], 0.035)
    frame["loans"] = MILLION * 8 - count(months // 6) * MILLION // 2
    frame["dividends"] = np.where(frame.index.month == 6, MILLION * 2, 0)
    frame["oci"] = part(frame["net"], rng.normal(0, 0.0005, size))
    frame["capital"] = CAPITAL
    frame["other_income"] = frame["oci"].cumsum()
    frame["retained"] = MILLION * 9 + (frame["profit"] - frame["dividends"]).cumsum()
    owed = frame[["payables", "tax_payable", "accruals", "loans", "capital", "other_income", "retained"]].sum(
        axis=1
    )
    held = frame[["receivables", "platform_balances", "inventory", "prepayments", "fixed_assets"]].sum(axis=1)
    frame["cash"] = owed - held + frame["bad_debt"] + frame["inventory_provision"]
    frame["restricted_cash"] = RESTRICTED
    frame["closing"] = frame["cash"] - frame["restricted_cash"]
    frame["opening"] = _before(frame["closing"], frame["closing"].iloc[0] - fen(400_000))
    return _flows(frame, rng)


def _flows(frame: pd.DataFrame, rng) -> pd.DataFrame:
    bought = (
        frame["fixed_assets"] - _before(frame["fixed_assets"], frame["fixed_assets"].iloc[0]) + 60_000 * YUAN
    )
    frame["flow_capex"], frame["flow_loans"] = (
        -bought,
        frame["loans"] - _before(frame["loans"], frame["loans"].iloc[0]),
    )
    frame["flow_dividends"], frame["flow_exchange"] = (
        -frame["dividends"],
        part(frame["net"], rng.normal(0, 0.0006, len(frame))),
    )
    outside = frame[["flow_capex", "flow_loans", "flow_dividends", "flow_exchange"]].sum(axis=1)
    frame["flow_suppliers"] = -(frame["cogs_product"] + frame["cogs_fulfilment"] + frame["marketing"])
    frame["flow_staff"] = -(frame["selling_staff"] + part(frame["admin"], 0.7) + part(frame["research"], 0.8))
    frame["flow_taxes"] = -(frame["tax"] + frame["surtax"])
    paid = frame[["flow_suppliers", "flow_staff", "flow_taxes"]].sum(axis=1)
    frame["flow_customers"] = frame["closing"] - frame["opening"] - outside - paid
    capitalised = part(frame["stock"], CAPITALISED)
    logistics = frame[["first_leg", "duty", "last_mile", "storage", "handling"]].sum(axis=1)
    frame["logistics"] = logistics
    frame["capitalised"] = capitalised - _before(pd.Series(capitalised, index=frame.index), capitalised[0])
    frame["ledger_logistics"] = logistics - frame["capitalised"]
    frame["ledger_capitalised"] = frame["capitalised"]
    frame["ledger_ads"], frame["ledger_storage"] = frame["ads"], frame["storage"]
    return frame


PNL = "cogs_fulfilment cogs_other surtax selling_marketing selling_platform selling_staff selling_other admin research"
PNL_LINES = [
    *PNL.split(),
    "finance",
    "other_net",
    "tax",
    "bridge_cutoff",
    "bridge_fx",
    "bridge_returns",
    "bridge_other",
]
PNL_LINES += ["ledger_ads", "ledger_storage", "ledger_logistics", "ledger_capitalised"]
BALANCE = (
    "cash restricted_cash receivables platform_balances bad_debt inventory inventory_provision prepayments"
)
BALANCE_LINES = [*BALANCE.split(), "fixed_assets", "payables", "tax_payable", "accruals", "loans", "capital"]
BALANCE_LINES += ["other_income", "retained"]
FLOWS = ["customers", "suppliers", "staff", "taxes", "capex", "loans", "dividends", "exchange"]


def statements(books: pd.DataFrame, sales: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """pnl, balance and cashflow; revenue and product cost by category."""
    flows = {f"flow_{name}": name for name in FLOWS} | {"opening": "opening", "closing": "closing"}
    return {
        "pnl": pd.concat(
            [_long(books, PNL_LINES, "pnl_line"), _by_category(books, sales)], ignore_index=True
        ),
        "balance": _long(books, BALANCE_LINES, "balance_line"),
        "cashflow": _long(books[list(flows)].rename(columns=flows), list(flows.values()), "cashflow_line"),
    }


def _long(books: pd.DataFrame, lines: list[str], name: str) -> pd.DataFrame:
    frame = books[lines].rename_axis(index="month", columns=name).stack().rename("amount").reset_index()
    return frame.assign(amount=frame["amount"].astype("int64"), currency="CNY")


def _by_category(books: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    net = sales.assign(
        month=months_of(sales["date"]), net=sales["gross"] - sales["discount"] - sales["refund"]
    )
    net["cost"] = net["units"] * net["category"].map(supplying.landed_cost)
    weights, rows = net.groupby(["month", "category"])[["net", "cost"]].sum(), []
    for month, own in weights.groupby(level="month"):
        for line, column, weight in (("revenue", "revenue", "net"), ("cogs_product", "cogs_product", "cost")):
            amounts = shared(int(books.loc[month, column]), own[weight], 100)
            categories = own.index.get_level_values("category")
            rows.append(
                pd.DataFrame({"month": month, "pnl_line": line, "category": categories, "amount": amounts})
            )
    return pd.concat(rows, ignore_index=True).assign(currency="CNY")


BUDGETED = [
    ("MKT", "marketing", "selling_marketing"),
    ("SAL", "platform fees", "selling_platform"),
    ("SAL", "staff", "selling_staff"),
    ("SCM", "fulfilment", "cogs_fulfilment"),
    ("TEC", "research", "research"),
    ("FIN", "administration", "admin"),
]


def budget(books: pd.DataFrame, sales: pd.DataFrame, rng) -> pd.DataFrame:
    """budget: what was planned and spent, and the sales target of each platform."""
    rows = []
    for dept, account, column in BUDGETED:
        actual = books[column].to_numpy()
        planned = count(actual * rng.uniform(0.94, 1.09, len(actual)) / MILLION * 100) * MILLION // 100
        for kind, amounts in (("budget", planned), ("actual", actual)):
            own = {
                "month": books.index,
                "dept": dept,
                "budget_account": account,
                "budget_kind": kind,
                "amount": amounts,
            }
            rows.append(pd.DataFrame(own))
    sold = sales.assign(
        month=months_of(sales["date"]), net=sales["gross"] - sales["discount"] - sales["refund"]
    )
    target = sold.groupby(["month", "store"])["net"].sum().reset_index()
    target["amount"] = (
        count(target["net"] * rng.uniform(0.93, 1.08, len(target)) / MILLION * 100) * MILLION // 100
    )
    target = target.assign(dept="SAL", budget_account="net sales", budget_kind="sales_target")
    return pd.concat([*rows, target.drop(columns="net")], ignore_index=True).assign(currency="CNY")


def rates(months: pd.DatetimeIndex, rng) -> pd.DataFrame:
    """fx: exchange rates that wander."""
    parts = []
    for currency, base in RATES.items():
        path = base * np.exp(np.cumsum(rng.normal(0, 0.008, len(months))))
        closing = path * np.exp(rng.normal(0, 0.006, len(months)))
        frame = pd.DataFrame({"month": months, "rate_currency": currency, "rate_average": count(path * YUAN)})
        parts.append(frame.assign(rate_closing=count(closing * YUAN), rate_budget=round(base * YUAN)))
    return pd.concat(parts, ignore_index=True)
