"""Requirements D2, D3, C3 and the duties of Technology line by line: where each figure stands and what it has to be.

A line names the block's table by the first cell of a row and a column (number or English heading) of its CSV;
`expected` computes the value from the tables that the demo company hands in, in pandas and the long way round.
`reading`: the metric and the part that `metrics.readings` is asked for as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from reviewhub.demo.amounts import months_of

MONTH, BEFORE = pd.Timestamp("2026-10-01"), pd.Timestamp("2026-09-01")
YUAN = 10_000


@dataclass(frozen=True)
class Line:
    requirement: str
    says: str
    board: str
    block: str
    row: str
    column: int | str
    expected: Callable
    reading: str = ""
    where: dict = field(default_factory=dict)


def at(rows: pd.DataFrame, day: str, month=MONTH, **where) -> pd.DataFrame:
    """The rows of one month, and of some members."""
    rows = rows[months_of(rows[day]) == month]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return rows


def rate(rows: pd.DataFrame, top: str, bottom: str) -> float:
    return int(rows[top].sum()) / int(rows[bottom].sum())


def spent(tables, **where) -> float:
    return int(at(tables["spend"], "week", **where)["amount"].sum()) / YUAN


def ads(tables, **where) -> pd.DataFrame:
    return at(tables["ads_daily"], "date", **where)


def sold_by(tables, channel: str) -> float:
    return int(ads(tables, channel=channel)["sales_dedup"].sum()) / YUAN


def won(tables, **where) -> int:
    return int(at(tables["customers"], "month", **where)["new"].sum())


def paid_cost(tables, channel: str) -> float:
    return spent(tables, channel=channel, purpose="acq") / won(tables, channel=channel)


def margin_of(tables, channel: str) -> float:
    cost = spent(tables, channel=channel)
    return (int(ads(tables, channel=channel)["cm_dedup"].sum()) / YUAN - cost) / cost


def slope(tables, channel: str) -> float:
    """Least squares of attributed sales over spend of thirteen months."""
    months = pd.date_range("2025-10-01", "2026-10-01", freq="MS")
    rows = [
        (
            int(at(tables["spend"], "week", month, channel=channel)["amount"].sum()) / YUAN,
            int(at(tables["ads_daily"], "date", month, channel=channel)["sales_dedup"].sum()) / YUAN,
        )
        for month in months
    ]
    frame = pd.DataFrame(rows, columns=["spend", "sales"])
    return frame["spend"].cov(frame["sales"]) / frame["spend"].var()


def visits(tables, **where) -> pd.DataFrame:
    return at(tables["web_daily"], "date", **where)


def followers(tables, month=MONTH) -> int:
    rows = at(tables["social_week"], "week_end", month)
    return int(rows[rows["week_end"] == rows["week_end"].max()]["followers_end"].sum())


def noted(tables, kind: str, **where) -> float:
    rows = at(tables["market_notes"], "date", note_type=kind, **where)
    weight = rows["weight"].fillna(10_000)
    return float((rows["value"] * weight).sum() / weight.sum()) / YUAN


D2 = (
    Line("D2", "advertising", "marketing", "spend", "2026-10", 3, lambda t: spent(t, spend_type="ad"), "MKT_SPEND_AD"),
    Line("D2", "social media", "marketing", "spend", "2026-10", 4, lambda t: spent(t, spend_type="soc"),
         "MKT_SPEND_SOC"),
    Line("D2", "influencers", "marketing", "spend", "2026-10", 5, lambda t: spent(t, spend_type="kol"),
         "MKT_SPEND_KOL"),
    Line("D2", "spend of a channel", "marketing", "channels", "meta_ads", 1, lambda t: spent(t, channel="meta_ads"),
         "MKT_SPEND", {"channel": "meta_ads"}),
    Line("D2", "output of a channel", "marketing", "channels", "meta_ads", 2, lambda t: sold_by(t, "meta_ads"),
         "MKT_ATTR_SALES", {"channel": "meta_ads"}),
    Line("D2", "return of a channel", "marketing", "channels", "google_ads", 3,
         lambda t: sold_by(t, "google_ads") / spent(t, channel="google_ads"), "MKT_ROAS", {"channel": "google_ads"}),
    Line("D2", "what the last money brought", "marketing", "channels", "amazon_ads", 4,
         lambda t: slope(t, "amazon_ads")),
    Line("D2", "gain of a channel", "marketing", "channels", "tiktok_ads", 5, lambda t: margin_of(t, "tiktok_ads"),
         "MKT_ROI", {"channel": "tiktok_ads"}),
    Line("D2", "a channel without sales has no return", "marketing", "channels", "events", 3, lambda t: None),
    Line("D2", "acquisition cost of a channel", "marketing", "cac", "google_ads", 1,
         lambda t: paid_cost(t, "google_ads"), "MKT_CAC_PAID", {"channel": "google_ads"}),
    Line("D2", "conversion of a campaign", "marketing", "campaigns", "tiktok-always-on", 1,
         lambda t: rate(ads(t, campaign="tiktok-always-on"), "orders_dedup", "clicks"), "MKT_CVR",
         {"campaign": "tiktok-always-on"}),
    Line("D2", "click-through of a campaign", "marketing", "campaigns", "google-always-on", 3,
         lambda t: rate(ads(t, campaign="google-always-on"), "clicks", "impressions"), "MKT_CTR",
         {"campaign": "google-always-on"}),
    Line("D2", "carts that are paid", "marketing", "funnel", "paid", 1, lambda t: int(visits(t)["paid"].sum())),
    Line("D2", "followers", "marketing", "brand", "2026-10", 1, followers, "MKT_FOLLOW"),
    Line("D2", "growth of followers", "marketing", "brand", "2026-10", 2,
         lambda t: followers(t) / followers(t, BEFORE) - 1, "MKT_FOLLOW_GR"),
    Line("D2", "engagement", "marketing", "brand", "2026-10", 3,
         lambda t: int(at(t["social_week"], "week_end")["engagements"].sum()), "MKT_ENG"),
    Line("D2", "visits", "marketing", "brand", "2026-10", 4, lambda t: int(visits(t)["sessions"].sum()), "MKT_SESS"),
    Line("D2", "bounce rate", "marketing", "brand", "2026-10", 5, lambda t: 1 - rate(visits(t), "engaged", "sessions"),
         "MKT_BOUNCE"),
    Line("D2", "awareness", "marketing", "awareness", "Germany", 1, lambda t: noted(t, "awareness", country="Germany"),
         "MKT_AWARE", {"country": "Germany"}),
    Line("D2", "people asked", "marketing", "awareness", "Germany", "n", lambda t: 420),
    Line("D2", "market share", "marketing", "share", "Japan", 1, lambda t: noted(t, "market_share", country="Japan"),
         "MKT_SHARE", {"country": "Japan"}),
    Line("D2", "rivals' prices", "marketing", "price", "2026-10", "Germany",
         lambda t: noted(t, "price_index", country="Germany"), "MKT_PRICE_IDX", {"country": "Germany"}),
    Line("D2", "market events", "marketing", "events", "2026-10", 1,
         lambda t: int(at(t["market_notes"], "date")["note_type"].isin(["competitor", "consumer", "policy"]).sum()),
         "MKT_COMP_EVT"),
    Line("D2", "repeat purchases", "marketing", "repeat", "2026-10", 1,
         lambda t: rate(at(t["customers"], "month"), "repeat_num", "repeat_den"), "MKT_REPEAT"),
    Line("D2", "retention of a cohort", "marketing", "retention", "2026-07", "Direct",
         lambda t: rate(at(t["customers"], "month", pd.Timestamp("2026-07-01"), channel="direct"), "retained90",
                        "cohort90")),
)  # fmt: skip


def stocked(tables, month=MONTH, **where) -> float:
    return int(at(tables["stock_snapshot"], "date", month, **where)["value"].sum()) / YUAN


def product_cost(tables, **where) -> float:
    rows = at(tables["pnl"], "month", pnl_line="cogs_product", **where)
    return int(rows["amount"].sum()) / YUAN


def inventory_days(tables, **where) -> float:
    mean = (stocked(tables, **where) + stocked(tables, BEFORE, **where)) / 2
    return mean / product_cost(tables, **where) * 31


def turns(tables) -> float:
    return product_cost(tables) * 365 / 31 / ((stocked(tables) + stocked(tables, BEFORE)) / 2)


def cover(tables, warehouse: str) -> float:
    rows = at(tables["stock_snapshot"], "date", warehouse=warehouse)
    return int(rows[rows["status"] == "sellable"]["units"].sum()) * 30 / int(rows["forecast30"].sum())


def out_of_stock(tables) -> float:
    rows = at(tables["sku_month"], "month")
    return 1 - rate(rows, "in_stock_days", "active_days")


def waited(tables, category: str) -> pd.DataFrame:
    """Lots of a category that arrived in the month, with their days from order to shelf."""
    rows = at(tables["lots"], "t_sellable", category=category)
    return rows.assign(days=(rows["t_sellable"] - rows["t_po"]).dt.days)


def lead_time(tables, category: str) -> float:
    rows = waited(tables, category)
    return float((rows["days"] * rows["units"]).sum() / rows["units"].sum())


def slow_tenth(tables, category: str) -> int:
    rows = waited(tables, category).sort_values("days")
    reached = rows["units"].cumsum() >= rows["units"].sum() * 0.9
    return int(rows[reached]["days"].iloc[0])


def overpaid(tables, supplier: str) -> float:
    rows = at(tables["lots"], "t_sellable", supplier=supplier)
    more = (rows["price"] - rows["std_price"]) * rows["units"]
    return float(more.sum() / (rows["std_price"] * rows["units"]).sum())


def score(tables, supplier: str) -> float:
    return float(at(tables["quality"], "month", supplier=supplier)["score"].mean()) / YUAN


def cost(tables, *columns: str, **where) -> float:
    return int(at(tables["logistics_cost"], "month", **where)[list(columns)].sum().sum()) / YUAN


def parcels(tables, **where) -> pd.DataFrame:
    return at(tables["shipments_cohort"], "ship_week", **where)


def dispatched(tables, warehouse: str) -> float:
    rows = parcels(tables, warehouse=warehouse)
    return float((rows["dispatch_hours"] * rows["shipped"]).sum() / rows["shipped"].sum()) / YUAN


def units_in(tables, warehouse: str) -> int:
    return int(at(tables["stock_snapshot"], "date", warehouse=warehouse)["units"].sum())


def answered(tables) -> float:
    rows = at(tables["service_week"], "week")
    return float((rows["frt_median"] * rows["contacts"]).sum() / rows["contacts"].sum()) / YUAN


D3 = (
    Line("D3", "inventory days of a category", "supply", "dio", "2026-10", "Lighting",
         lambda t: inventory_days(t, category="lighting"), "SC_DIO", {"category": "lighting"}),
    Line("D3", "inventory days", "supply", "dio", "2026-10", -2, inventory_days, "SC_DIO"),
    Line("D3", "turnover rate", "supply", "dio", "2026-10", -1, turns, "SC_TURN"),
    Line("D3", "stock of a warehouse", "supply", "stock", "hamburg", -2, lambda t: stocked(t, warehouse="hamburg"),
         "SC_INV_VAL", {"warehouse": "hamburg"}),
    Line("D3", "overstock warning", "supply", "cover", "2026-10", "Hamburg", lambda t: cover(t, "hamburg"), "SC_DOC",
         {"warehouse": "hamburg"}),
    Line("D3", "stock-out warning", "supply", "short", "2026-10", 1, out_of_stock, "SC_OOS"),
    Line("D3", "stocking lead time", "supply", "lead", "lighting", 5, lambda t: lead_time(t, "lighting")),
    Line("D3", "the slow tenth of lots", "supply", "lead", "lighting", "P90", lambda t: slow_tenth(t, "lighting")),
    Line("D3", "purchasing cost", "supply", "price", "佛山启明", 1, lambda t: overpaid(t, "佛山启明"), "SC_PPV",
         {"supplier": "佛山启明"}),
    Line("D3", "supplier score", "supply", "suppliers", "宁波海星", 1, lambda t: score(t, "宁波海星"), "SC_SUP_SCORE",
         {"supplier": "宁波海星"}),
    Line("D3", "logistics cost", "supply", "cost", "2026-10", -1,
         lambda t: cost(t, "first_leg", "duty", "last_mile", "storage", "handling"), "SC_LOG_COST"),
    Line("D3", "first-leg share", "supply", "legs", "Germany", 1,
         lambda t: cost(t, "first_leg", country="Germany") / cost(t, "first_leg", "last_mile", country="Germany"),
         "SC_FL_SHARE", {"country": "Germany"}),
    Line("D3", "last-mile share", "supply", "legs", "Germany", 3,
         lambda t: cost(t, "last_mile", country="Germany") / cost(t, "first_leg", "last_mile", country="Germany"),
         "SC_LM_SHARE", {"country": "Germany"}),
    Line("D3", "delivery time", "supply", "days", "Japan", 1,
         lambda t: rate(parcels(t, country="Japan"), "days_sum", "delivered30") / YUAN, "SC_DLV_DAYS",
         {"country": "Japan"}),
    Line("D3", "delivered rate", "supply", "days", "Japan", 3,
         lambda t: rate(parcels(t, country="Japan"), "delivered30", "shipped"), "SC_DLV_RATE", {"country": "Japan"}),
    Line("D3", "on time by the promise", "supply", "promise", "2026-10", 1,
         lambda t: rate(parcels(t), "promise_met", "promise_due"), "SC_OTD"),
    Line("D3", "on time by the agreement", "supply", "promise", "2026-10", 2,
         lambda t: rate(parcels(t), "sla_met", "sla_due"), "SC_OTD_SLA"),
    Line("D3", "dispatch speed", "supply", "dispatch", "hamburg", 1, lambda t: dispatched(t, "hamburg"), "SC_WH_DISP",
         {"warehouse": "hamburg"}),
    Line("D3", "stock abroad", "supply", "dispatch", "hamburg", 5, lambda t: units_in(t, "hamburg"), "SC_WH_UNITS",
         {"warehouse": "hamburg"}),
    Line("D3", "storage fee", "supply", "storage", "Germany", 3, lambda t: cost(t, "storage", country="Germany"),
         "SC_WH_STOR", {"country": "Germany"}),
    Line("D3", "yield of a supplier", "supply", "yield", "2026-10", "佛山启明",
         lambda t: rate(at(t["quality"], "month", supplier="佛山启明"), "passed_first", "inspected"), "SC_YIELD",
         {"supplier": "佛山启明"}),
    Line("D3", "defect rate", "supply", "yield", "2026-10", -1,
         lambda t: 1 - rate(at(t["quality"], "month"), "passed_first", "inspected"), "SC_DEFECT"),
    Line("D3", "perfect orders", "supply", "perfect", "Perfect order rate", 1,
         lambda t: rate(parcels(t), "perfect_orders", "orders_shipped"), "SC_PERFECT"),
    Line("D3", "contacts", "supply", "service", "2026-10", 4,
         lambda t: int(at(t["service_week"], "week")["contacts"].sum()), "CS_CONTACT"),
    Line("D3", "response time", "supply", "service", "2026-10", 1, answered, "CS_FRT"),
    Line("D3", "satisfaction", "supply", "service", "2026-10", 3,
         lambda t: rate(at(t["service_week"], "week"), "csat_pos", "csat_n"), "CS_CSAT"),
    Line("D3", "how many were satisfied of", "supply", "service", "2026-10", 5,
         lambda t: int(at(t["service_week"], "week")["csat_n"].sum())),
)  # fmt: skip


def up(tables, system: str) -> float:
    """Of the last whole ISO week of the month."""
    rows = tables["tech_week"]
    rows = rows[(rows["system"] == system) & (rows["week"] == "2026-10-19")]
    return 1 - rate(rows, "down_min", "total_min")


def loaded(tables, **where) -> float:
    rows = visits(tables, **where)
    return float((rows["lcp_p75"] * rows["sessions"]).sum() / rows["sessions"].sum()) / YUAN


T = (
    Line("P2", "availability of a system", "technology", "uptime", "2026-W43", "payments", lambda t: up(t, "payments")),
    Line("P2", "page load", "technology", "lcp", "2026-10", "Germany · Mobile",
         lambda t: loaded(t, country="Germany", device="mobile")),
    Line("P2", "cart conversion", "technology", "conversion", "2026-10", 2,
         lambda t: rate(visits(t), "paid", "carts"), "TEC_CART_CVR"),
    Line("P2", "features due", "technology", "delivery", "2026-10", 1,
         lambda t: int(at(t["tech_week"], "week")["features_due"].sum())),
    Line("P2", "features in time", "technology", "delivery", "2026-10", -1,
         lambda t: rate(at(t["tech_week"], "week"), "features_ok", "features_due"), "TEC_FEAT_OT"),
    Line("P2", "adoption", "technology", "adoption", "2026-10", "erp",
         lambda t: rate(at(t["tech_week"], "week", system="erp"), "users_used", "users_target")),
)  # fmt: skip


def late_returns(tables) -> float:
    rows = at(tables["returns_cohort"], "order_week", reason="logistics")
    return int(rows["units_returned"].sum()) / int(at(tables["sales_daily"], "date")["units"].sum())


def lost_sales(tables) -> float:
    """Net sales × r ÷ (1 − r)."""
    sold = at(tables["sales_daily"], "date")
    net = int((sold["gross"] - sold["discount"] - sold["refund"]).sum()) / YUAN
    rate_out = out_of_stock(tables)
    return net * rate_out / (1 - rate_out)


C3 = (
    Line("C3", "returns caused by logistics", "logistics", "fate", "2026-10", 1, late_returns, "SAL_RET_LOG"),
    Line("C3", "contacts per 1,000 parcels", "logistics", "fate", "2026-10", -1,
         lambda t: 1000 * int(at(t["service_week"], "week", contact_reason="delivery")["contacts"].sum())
         / int(parcels(t)["shipped"].sum())),
    Line("C3", "parcels sent", "logistics", "parcels", "shipped", 1, lambda t: int(parcels(t)["shipped"].sum())),
    Line("C3", "exceptions", "logistics", "parcels", "exceptions", 1,
         lambda t: int(parcels(t)[["lost", "damaged", "held", "sent_back", "bad_address"]].sum().sum())),
    Line("C3", "sales lost while out of stock", "logistics", "lost", "2026-10", 2, lost_sales),
    Line("C3", "cost of logistics", "logistics", "cost", "2026-10", 1,
         lambda t: cost(t, "first_leg", "duty", "last_mile", "storage", "handling"), "SC_LOG_COST"),
)  # fmt: skip

LINES = (*D2, *D3, *T, *C3)
