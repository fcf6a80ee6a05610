"""Pure. The tables of Supply chain and Logistics of the made-up seller: stock, lots, quality, parcels, costs."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from reviewhub.demo import market
from reviewhub.demo.amounts import count, fen, last_day, months_of, part, shared, split_weeks

# warehouse: (kind, countries that it serves)
WAREHOUSES = {
    "ningbo": ("domestic", ()),
    "los-angeles": ("overseas", ("United States", "Canada", "Brazil")),
    "hamburg": ("overseas", ("Germany", "France", "Italy", "Spain", "Netherlands", "Poland")),
    "coventry": ("overseas", ("United Kingdom",)),
    "tokyo": ("overseas", ("Japan", "Australia")),
}
NAMES = {
    "ningbo": ("宁波仓", "Ningbo"),
    "los-angeles": ("洛杉矶仓", "Los Angeles"),
    "hamburg": ("汉堡仓", "Hamburg"),
    "coventry": ("考文垂仓", "Coventry"),
    "tokyo": ("东京仓", "Tokyo"),
}
SERVES = {country: name for name, (_kind, countries) in WAREHOUSES.items() for country in countries}
ABROAD = [name for name, (kind, _) in WAREHOUSES.items() if kind == "overseas"]
COVER = {"ningbo": 0.9, "los-angeles": 1.7, "hamburg": 1.8, "coventry": 1.6, "tokyo": 1.5}  # months of demand
LANDED = 0.34  # of the base price: purchase, first leg and duty
STATUSES = {"in_transit": 0.14, "reserved": 0.04, "unsellable": 0.02}
AGES = {"91-180": 0.24, "181-365": 0.09, "365+": 0.025}
SUPPLIERS = {"宁波海星": 0.983, "义乌新晖": 0.972, "深圳锐石": 0.991, "佛山启明": 0.965, "东莞方圆": 0.978}
CARRIERS = {
    "United States": ("ups", "usps"),
    "Germany": ("dhl", "hermes"),
    "United Kingdom": ("royal-mail", "evri"),
}


@cache
def landed_cost(category: str) -> int:
    """What one unit costs on the shelf, in 10⁻⁴ CNY."""
    return int(fen(market.CATEGORIES[category][2] * LANDED))


@dataclass
class Stock:
    """Units by month, warehouse and category: opening, in, out, adjustment, closing."""

    moves: pd.DataFrame

    @property
    def value(self) -> dict:
        """Value at month end by (month, category), 10⁻⁴ CNY."""
        rows = self.moves.assign(value=self.moves["closing"] * self.moves["category"].map(landed_cost))
        return rows.groupby(["month", "category"])["value"].sum().to_dict()

    @property
    def total(self) -> pd.Series:
        """Value at each month end."""
        rows = self.moves.assign(value=self.moves["closing"] * self.moves["category"].map(landed_cost))
        return rows.groupby("month")["value"].sum()


def stock(sales: pd.DataFrame, rng) -> Stock:
    """What every warehouse sent out follows from the sales of its countries; what it took in, from its cover."""
    keys = ["month", "warehouse", "category"]
    sold = sales.assign(month=months_of(sales["date"]), warehouse=sales["country"].map(SERVES))
    demand = (
        sold.groupby(keys)["units"].sum().unstack(["warehouse", "category"], fill_value=0).sort_index(axis=1)
    )
    rows, standing = [], {}
    for month, units in demand.iterrows():
        for category in market.CATEGORIES:
            sent = 0
            for name in ABROAD:
                out = int(units.get((name, category), 0))
                row = _moved(standing, (name, category), out, round(out * COVER[name]), rng)
                sent += row["moved_in"]
                rows.append(row | {"month": month, "warehouse": name, "category": category})
            home = _moved(standing, ("ningbo", category), sent, round(sent * COVER["ningbo"]), rng)
            rows.append(home | {"month": month, "warehouse": "ningbo", "category": category})
    return Stock(pd.DataFrame(rows))


def _moved(standing: dict, key: tuple, out: int, target: int, rng) -> dict:
    opening = standing.get(key, target + 40)
    adjusted = int(rng.integers(-4, 4))
    moved_in = max(0, target - opening + out - adjusted, out - opening - adjusted)
    standing[key] = opening + moved_in - out + adjusted
    return {
        "opening": opening,
        "moved_in": moved_in,
        "moved_out": out,
        "adjusted": adjusted,
        "closing": standing[key],
    }


def moves(held: Stock, rng) -> pd.DataFrame:
    """stock_moves: by month and warehouse."""
    columns = ["opening", "moved_in", "moved_out", "adjusted", "closing"]
    frame = held.moves.groupby(["month", "warehouse"])[columns].sum().reset_index()
    frame["cbm_used"] = part(frame["closing"] * 10_000, 0.021)
    frame["cbm_capacity"] = frame["warehouse"].map(frame.groupby("warehouse")["cbm_used"].max()) * 5 // 4
    frame["counted"] = 420
    frame["matched"] = 420 - rng.integers(2, 9, len(frame))
    return frame


def snapshots(held: Stock) -> pd.DataFrame:
    """stock_snapshot: at the end of each month."""
    rows = held.moves.assign(date=held.moves["month"].map(last_day), units=held.moves["closing"])
    rows["location"] = rows["warehouse"].map({name: kind for name, (kind, _) in WAREHOUSES.items()})
    left, parts = rows["units"].copy(), []
    for status, share in STATUSES.items():
        units = count(rows["units"] * (0 if status == "in_transit" else share))
        if status == "in_transit":
            units = np.where(rows["location"] == "domestic", 0, count(rows["units"] * share))
        parts.append(rows.assign(status=status, age_band="0-90", units=units))
        left -= units
    fresh = left.copy()
    for band, share in AGES.items():
        parts.append(rows.assign(status="sellable", age_band=band, units=count(left * share)))
        fresh -= parts[-1]["units"]
    forecast = pd.array(np.maximum(rows["moved_out"], 1), dtype="Int64")
    parts.append(rows.assign(status="sellable", age_band="0-90", units=fresh, forecast30=forecast))
    whole = pd.concat(parts, ignore_index=True)
    whole["value"] = whole["units"] * whole["category"].map(landed_cost)
    columns = [
        "date",
        "warehouse",
        "location",
        "status",
        "category",
        "age_band",
        "units",
        "value",
        "forecast30",
    ]
    return whole.loc[whole["units"] > 0, columns].assign(currency="CNY")


def lots(held: Stock, rng) -> pd.DataFrame:
    """lots: what the home warehouse took in came in two lots for each category."""
    taken = held.moves[(held.moves["warehouse"] == "ningbo") & (held.moves["moved_in"] > 1)]
    frame = taken.loc[np.repeat(taken.index, 2)].reset_index(drop=True)
    number, size = np.arange(len(frame)), len(frame)
    frame["units"] = np.where(number % 2, frame["moved_in"] // 2, frame["moved_in"] - frame["moved_in"] // 2)
    frame["lot"] = [f"PO-{month:%Y%m}-{row:04}" for row, month in enumerate(frame["month"])]
    frame["supplier"] = np.array(list(SUPPLIERS))[rng.integers(0, len(SUPPLIERS), size)]
    frame["lane"] = np.where(number % 3, "CN-EU sea", "CN-US sea")
    frame["t_sellable"] = frame["month"] + pd.to_timedelta(4 + rng.integers(0, 20, size), unit="D")
    steps = {"t_arrive": (2, 6), "t_qc": (24, 46), "t_ready": (2, 6), "t_po": (22, 41)}
    later = frame["t_sellable"]
    for name, (least, most) in steps.items():
        frame[name] = later = later - pd.to_timedelta(rng.integers(least, most, size), unit="D")
    frame["promised"] = frame["t_ready"] - pd.to_timedelta(rng.choice([0, 0, 0, 1, 2, 4, 7], size), unit="D")
    frame["std_price"] = part(frame["category"].map(landed_cost), 0.78)
    frame["price"] = part(frame["std_price"], rng.uniform(0.98, 1.05, size))
    frame["ordered"] = frame["units"] + rng.choice([0, 0, 0, 3], size)
    frame["received"] = frame["units"]
    kept = [
        "lot",
        "supplier",
        "category",
        "lane",
        "warehouse",
        "t_po",
        "t_ready",
        "t_qc",
        "t_arrive",
        "t_sellable",
    ]
    return frame[[*kept, "units", "price", "std_price", "ordered", "received", "promised"]].assign(
        currency="CNY"
    )


def quality(arrived: pd.DataFrame, rng) -> pd.DataFrame:
    """quality: one row for each supplier and category with lots in the month."""
    frame = arrived.assign(month=months_of(arrived["t_sellable"]))
    frame = frame.groupby(["month", "supplier", "category"]).agg(
        inspected=("units", "sum"), lots=("lot", "size")
    )
    frame = frame.reset_index()
    frame["passed_first"] = rng.binomial(frame["inspected"], frame["supplier"].map(SUPPLIERS))
    frame["lots_ok"] = rng.binomial(frame["lots"], 0.96)
    frame["score"] = count(rng.uniform(78, 96, len(frame)) * 10) * 1_000
    frame["sold"], frame["complaints"] = frame["inspected"], rng.binomial(frame["inspected"], 0.004)
    return frame


def parcels(orders: pd.DataFrame, rng) -> pd.DataFrame:
    """shipments_cohort: what became of the parcels of each week."""
    keys = ["ship_week", "country"]
    sold = orders.assign(ship_week=split_weeks(orders["date"])).groupby(keys)["orders"].sum().reset_index()
    parts = []
    for place, share in ((0, 0.62), (1, 0.38)):
        frame = sold.assign(carrier=[CARRIERS.get(one, ("dhl", "gls"))[place] for one in sold["country"]])
        first = count(frame["orders"] * 0.62)
        frame["orders_shipped"] = first if share > 0.5 else frame["orders"] - first
        parts.append(frame)
    frame = pd.concat(parts, ignore_index=True).drop(columns="orders")
    return _arrived(frame[frame["orders_shipped"] > 0].reset_index(drop=True), rng)


def _arrived(frame: pd.DataFrame, rng) -> pd.DataFrame:
    size = len(frame)
    frame["warehouse"] = frame["country"].map(SERVES)
    frame["shipped"] = frame["orders_shipped"] + count(frame["orders_shipped"] * 0.05)
    frame["failed"] = rng.binomial(frame["shipped"], 0.008)
    frame["in_transit"] = rng.binomial(frame["shipped"] - frame["failed"], 0.011)
    frame["delivered30"] = frame["shipped"] - frame["failed"] - frame["in_transit"]
    frame["promise_due"] = frame["sla_due"] = frame["delivered30"] + frame["in_transit"]
    frame["promise_met"] = rng.binomial(frame["delivered30"], 0.935)
    frame["sla_met"] = rng.binomial(frame["delivered30"], 0.951)
    for name, rate in (
        ("lost", 0.003),
        ("damaged", 0.003),
        ("held", 0.002),
        ("sent_back", 0.003),
        ("bad_address", 0.002),
    ):
        frame[name] = rng.binomial(frame["failed"], rate * 100)
    frame["days_sum"] = count(frame["delivered30"] * rng.uniform(3.4, 5.2, size)) * 10_000
    frame["door_days_sum"] = frame["days_sum"] + frame["delivered30"] * 12_000
    frame["days_p90"] = count(rng.uniform(6, 9, size)) * 10_000
    frame["dispatch_hours"] = count(rng.uniform(11, 22, size) * 10) * 1_000
    frame["dispatch_due"] = frame["orders_shipped"]
    frame["dispatched24"] = rng.binomial(frame["dispatch_due"], 0.94)
    # Judged order by order, so it lies below every one of its parts.
    frame["perfect_orders"] = count(
        np.floor(frame["orders_shipped"] * frame["promise_met"] / frame["promise_due"] * 0.96)
    )
    return frame


def costs(shipped: pd.DataFrame, held: Stock, rng) -> pd.DataFrame:
    """logistics_cost: last mile by parcel; the rest follows what the warehouses took in and hold."""
    frame = shipped.assign(month=months_of(shipped["ship_week"])).groupby(["month", "country", "carrier"])
    frame = frame["shipped"].sum().reset_index()
    frame["last_mile"] = fen(frame["shipped"] * rng.uniform(22, 26, len(frame)))
    abroad = held.moves[held.moves["warehouse"].isin(ABROAD)].groupby("month")[["moved_in", "closing"]].sum()
    rates = {
        "first_leg": ("moved_in", 5.8),
        "duty": ("moved_in", 2.6),
        "storage": ("closing", 1.15),
        "handling": ("", 4.1),
    }
    for name, (column, rate) in rates.items():
        frame[name] = fen(frame["shipped"] * rate) if not column else 0
    for month, rows in frame.groupby("month").groups.items():
        for name, (column, rate) in rates.items():
            if column:
                whole = int(fen(abroad.loc[month, column] * rate))
                frame.loc[rows, name] = shared(whole, frame.loc[rows, "shipped"], 100)
    frame["cbm_days"] = part(frame["storage"], 0.42)
    return frame.drop(columns="shipped").assign(currency="CNY")
