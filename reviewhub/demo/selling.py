"""Pure. The tables of Sales, of the platforms' fees and of the website of the made-up seller."""

import numpy as np
import pandas as pd

from reviewhub.demo import campaigns, market
from reviewhub.demo.amounts import count, fen, last_day, months_of, part, shared, split_weeks

REASONS = {
    "quality": 0.27,
    "description": 0.16,
    "size": 0.1,
    "wrong_item": 0.06,
    "logistics": 0.19,
    "changed_mind": 0.18,
}
REASONS |= {"other": 0.04}
FEES = {"amazon": 0.128, "aliexpress": 0.08, "tiktok": 0.06, "ebay": 0.115, "web": 0.028}
STAGES = ("launch", "growth", "mature", "decline")


def daily(goods: pd.DataFrame, baskets: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(sales_daily, orders_daily). The shipping of an order stands in the row of the largest category."""
    goods = goods.reset_index(drop=True).assign(day=pd.to_datetime(goods["day"]))
    baskets = baskets.assign(day=pd.to_datetime(baskets["day"]))
    keys = ["day", "platform", "country"]
    largest = goods.groupby(keys, sort=False)["gross"].idxmax()
    rows = (
        pd.Series(largest.to_numpy(), index=largest.index, name="row").reset_index().merge(baskets, on=keys)
    )
    shipping = pd.Series(pd.NA, index=goods.index, dtype="Int64")
    shipping[rows["row"].to_numpy()] = rows["shipping"].to_numpy()
    names = {"day": "date", "platform": "store"}
    sales = goods.assign(shipping=shipping, currency="CNY").rename(columns=names)
    units = goods.groupby(keys, sort=False)["units"].sum().reset_index()
    return sales, baskets.merge(units, on=keys).rename(columns=names)


def returns(sales: pd.DataFrame, rng) -> pd.DataFrame:
    """returns_cohort: what came back of the units ordered in each week."""
    keys = ["order_week", "country", "category"]
    weighed = sales["units"] * campaigns.effects_on(sales)["back"]
    sold = sales.assign(order_week=split_weeks(sales["date"]), weighed=weighed)
    sold = sold.groupby(keys)[["units", "weighed"]].sum().reset_index()
    more = (sold.pop("weighed") / sold["units"].clip(lower=1)).clip(lower=1)  # of units bought in a promotion
    rate = sold["category"].map({name: row[4] for name, row in market.CATEGORIES.items()})
    rate = rate * np.where(sold["country"] == "Germany", 1.6, 1.0) * more
    returned = rng.binomial(sold["units"].to_numpy(), rate.to_numpy())
    by_reason = rng.multinomial(returned, list(REASONS.values()))
    frame = sold.rename(columns={"units": "units_sold"}).loc[np.repeat(sold.index, len(REASONS))]
    frame = frame.assign(reason=np.tile(list(REASONS), len(sold)), units_returned=by_reason.ravel())
    return frame[frame["units_returned"] > 0].reset_index(drop=True)


def skus(sales: pd.DataFrame, stock: dict, rng) -> pd.DataFrame:
    """sku_month: net sales and units of each category shared by its products. `stock`: (month, category) → value."""
    listed, first = market.products(), sales["date"].min().normalize() - market.RUN_UP
    old = first - pd.to_timedelta(120 + np.arange(len(listed)) % 300, unit="D")
    begun = first + pd.to_timedelta(listed["launch"], unit="D")
    listed["first_sellable"] = np.where(listed["launch"] == 0, old, begun)
    sums = sales.assign(
        month=months_of(sales["date"]), net=sales["gross"] - sales["discount"] - sales["refund"]
    )
    sums = sums.groupby(["month", "category"])[["net", "units"]].sum()
    named, launched = listed["category"].to_numpy(), listed["first_sellable"].to_numpy()
    parts = []
    for (month, category), net, units in sums.itertuples():
        end = last_day(month)
        own = np.flatnonzero((named == category) & (launched <= end.to_datetime64()))
        days = (end.to_datetime64() - launched[own]) // np.timedelta64(1, "D") + 1
        weight = (
            listed["weight"].to_numpy()[own] * (days / 60).clip(0.05, 1) * rng.uniform(0.8, 1.2, len(own))
        )
        figures = {"row": own, "days": days, "month": np.full(len(own), month), "length": end.day}
        figures["is_small"] = weight < np.quantile(weight, 0.14)
        figures |= {"net": shared(int(net), weight, 100), "units": shared(int(units), weight)}
        figures["stock_value"] = shared(stock[month, category], weight**0.5, 100)
        parts.append(figures)
    whole = {
        name: np.concatenate([np.broadcast_to(one[name], len(one["row"])) for one in parts])
        for name in parts[0]
    }
    frame = listed.loc[whole.pop("row"), ["sku", "category", "first_sellable"]].reset_index(drop=True)
    return _sku_facts(frame.assign(**whole), rng).assign(currency="CNY")


def _sku_facts(own: pd.DataFrame, rng) -> pd.DataFrame:
    size, days = len(own), own["days"]
    own["active_days"] = np.minimum(days, own["length"]).astype("int64")
    own["in_stock_days"] = rng.binomial(own["active_days"], 0.962)
    own["slow"] = np.where((days >= 90) & own["is_small"], "yes", "no")
    own["stage"] = np.select([days <= 90, days <= 180, days <= 640], STAGES[:3], STAGES[3])
    own["orders"] = count(own["units"] * 0.86)
    own["sessions"] = count(own["orders"] * rng.uniform(11, 19, size)) + 40
    own["rating"] = count(rng.uniform(3.9, 4.8, size) * 10) * 1_000
    own["reviews"] = count(own["units"] * 0.07)
    return own.drop(columns=["days", "length", "is_small"])


def fees(sales: pd.DataFrame) -> pd.DataFrame:
    """platform_fees: commission on what was sold, and a subscription."""
    frame = sales.assign(
        week=split_weeks(sales["date"]), gmv=sales["gross"] - sales["discount"] - sales["refund"]
    )
    sold = frame.groupby(["week", "store"])["gmv"].sum().reset_index()
    commission = sold.assign(fee_type="commission", amount=part(sold["gmv"], sold["store"].map(FEES)))
    fixed = sold[sold["week"].dt.day == 1].assign(fee_type="subscription", amount=fen(299))
    return pd.concat([commission, fixed], ignore_index=True).drop(columns="gmv").assign(currency="CNY")


def website(orders: pd.DataFrame, rng) -> pd.DataFrame:
    """web_daily: the orders of the own store are its paid sessions."""
    own = orders[orders["store"] == "web"]
    mobile = rng.binomial(own["orders"], 0.64)
    devices = {"mobile": (mobile, 3_050, 0.019), "desktop": (own["orders"] - mobile, 1_980, 0.031)}
    parts = []
    for device, (paid, speed, conversion) in devices.items():
        frame = own[["date", "country"]].assign(device=device, paid=np.asarray(paid, dtype="int64"))
        frame["checkouts"] = frame["paid"] + rng.binomial(frame["paid"] + 1, 0.14)
        frame["carts"] = frame["checkouts"] + count(
            frame["checkouts"] * rng.uniform(1.1, 1.5, len(frame)) + 1
        )
        frame["sessions"] = frame["carts"] + count(frame["paid"] / conversion + 25)
        frame["engaged"] = count(frame["sessions"] * rng.uniform(0.56, 0.66, len(frame)))
        month = (frame["date"] - frame["date"].min()).dt.days / 790
        frame["lcp_p75"] = count(speed * (1.12 - 0.22 * month) * rng.uniform(0.93, 1.07, len(frame))) * 10_000
        frame["inp_p75"] = count(rng.uniform(140, 230, len(frame))) * 10_000
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)
