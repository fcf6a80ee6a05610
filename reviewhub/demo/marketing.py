"""Pure. The tables of Marketing of the made-up seller: spend, ads, customers, social media, market notes."""

import numpy as np
import pandas as pd

from reviewhub.demo import campaigns
from reviewhub.demo.amounts import count, fen, months_of, part, split_weeks

# channel: (countries, share of a country's sales that it brings, sales for each CNY spent)
ADS = {
    "amazon_ads": (("United States", "Germany", "United Kingdom", "France", "Japan"), 0.17, 3.6),
    "google_ads": (("United States", "Germany", "United Kingdom", "France"), 0.075, 3.1),
    "meta_ads": (("United States", "Germany", "France"), 0.06, 2.4),
    "tiktok_ads": (("United States", "United Kingdom"), 0.05, 1.9),
}
NEW_BY = {
    "amazon_ads": 0.21,
    "google_ads": 0.15,
    "meta_ads": 0.12,
    "tiktok_ads": 0.07,
    "organic": 0.29,
    "direct": 0.16,
}
NETWORKS = {"instagram": 21_000, "facebook": 34_000, "tiktok": 12_000, "youtube": 5_200}
SOCIAL_IN = {"United States": 1.0, "Germany": 0.55, "United Kingdom": 0.4, "Japan": 0.3}
# type of spend: (channel, share of sales, share of it that is for new customers)
OTHER_SPEND = {"soc": ("social", 0.0062, 0.4), "kol": ("kol", 0.0105, 0.8), "oth": ("events", 0.0048, 0.5)}
NOTES = [
    ("competitor", "竞品 HomeNest 在德国站降价一成", "negative"),
    ("consumer", "欧洲买家更关注可回收包装", "positive"),
    ("policy", "欧盟包装法新增登记要求", "neutral"),
]


def ads(sales: pd.DataFrame, rng) -> pd.DataFrame:
    """ads_daily: what each channel brings of a country's sales of the day."""
    sold = (
        sales.assign(gmv=sales["gross"] - sales["discount"])
        .groupby(["date", "country"])["gmv"]
        .sum()
        .reset_index()
    )
    sold["push"] = campaigns.effects_on(sold)["push"]
    parts = []
    for channel, (countries, share, worth) in ADS.items():
        frame = sold[sold["country"].isin(countries)].copy()
        brought = part(frame["gmv"], share * rng.uniform(0.75, 1.2, len(frame)))
        frame["sales_dedup"], frame["sales_console"] = (
            brought,
            part(brought, rng.uniform(1.18, 1.45, len(frame))),
        )
        frame["cm_dedup"] = part(brought, rng.uniform(0.36, 0.44, len(frame)))
        frame["console_spend"] = part(brought, rng.uniform(0.85, 1.18, len(frame)) / worth * frame["push"])
        frame["orders_dedup"] = count(brought / fen(226))
        frame["clicks"] = frame["orders_dedup"] + count(
            frame["orders_dedup"] * rng.uniform(17, 26, len(frame)) + 5
        )
        frame["impressions"] = frame["clicks"] + count(frame["clicks"] * rng.uniform(55, 110, len(frame)))
        parts.append(
            frame.assign(channel=channel, campaign=channel.split("_")[0] + "-always-on", window="7d_click")
        )
    return pd.concat(parts, ignore_index=True).drop(columns=["gmv", "push"]).assign(currency="CNY")


def spend(advertised: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    """spend: ads as invoiced, and what else marketing costs, by week."""
    keys = ["week", "channel", "country"]
    ads_cost = (
        advertised.assign(week=split_weeks(advertised["date"]))
        .groupby(keys)["console_spend"]
        .sum()
        .reset_index()
    )
    parts = _by_purpose(ads_cost.rename(columns={"console_spend": "amount"}).assign(spend_type="ad"), 0.72)
    sold = sales.assign(week=split_weeks(sales["date"]), gmv=sales["gross"] - sales["discount"])
    sold = sold.groupby(["week", "country"])["gmv"].sum().reset_index()
    for kind, (channel, share, for_new) in OTHER_SPEND.items():
        frame = sold.assign(channel=channel, spend_type=kind, amount=part(sold["gmv"], share)).drop(
            columns="gmv"
        )
        parts += _by_purpose(frame, for_new)
    whole = pd.concat(parts, ignore_index=True)
    return whole[whole["amount"] != 0].reset_index(drop=True).assign(currency="CNY")


def _by_purpose(frame: pd.DataFrame, for_new: float) -> list[pd.DataFrame]:
    won = part(frame["amount"], for_new)
    return [
        frame.assign(purpose="acq", amount=won),
        frame.assign(purpose="ret", amount=frame["amount"] - won),
    ]


def customers(orders: pd.DataFrame, rng) -> pd.DataFrame:
    """customers: a part of the orders of a country and month are first orders."""
    bought = (
        orders.assign(month=months_of(orders["date"]))
        .groupby(["month", "country"])["orders"]
        .sum()
        .reset_index()
    )
    parts = []
    for channel, share in NEW_BY.items():
        frame = bought.assign(channel=channel)
        frame["new"] = count(frame["orders"] * 0.47 * share * rng.uniform(0.9, 1.1, len(frame)))
        frame["reactivated"] = count(frame["new"] * 0.05)
        frame["active90"] = count(frame["orders"] * share * 2.35)
        frame["repeat_den"] = count(frame["orders"] * share * 6.4) + 1
        frame["repeat_num"] = count(frame["repeat_den"] * rng.uniform(0.2, 0.27, len(frame)))
        frame["cohort90"], frame["cohort180"] = frame["new"] + 1, frame["new"] + 1
        frame["retained90"] = count(frame["cohort90"] * rng.uniform(0.11, 0.16, len(frame)))
        frame["value180"] = part(frame["cohort180"] * fen(118), rng.uniform(0.9, 1.1, len(frame)))
        parts.append(frame.drop(columns="orders"))
    return pd.concat(parts, ignore_index=True).assign(currency="CNY")


def social(days: pd.DatetimeIndex, rng) -> pd.DataFrame:
    """social_week: on Sundays and on the last day of each month."""
    ends = days[(days.dayofweek == 6) | days.is_month_end]
    parts = []
    for network, base in NETWORKS.items():
        for country, size in SOCIAL_IN.items():
            growth = np.cumsum(rng.uniform(0.001, 0.011, len(ends)))
            frame = pd.DataFrame({"week_end": ends, "social_account": network, "country": country})
            frame["followers_end"] = count(base * size * (1 + growth))
            frame["reach"] = count(frame["followers_end"] * rng.uniform(2.2, 4.1, len(ends)))
            frame["engagements"] = count(frame["reach"] * rng.uniform(0.025, 0.05, len(ends)))
            parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def notes(months: pd.DatetimeIndex, categories, rng) -> pd.DataFrame:
    """market_notes: what the market does, with sources; values in 10⁻⁴."""
    rows = []
    for number, month in enumerate(months):
        told = [("market_growth", name, "", rng.uniform(0.02, 0.11), 0) for name in categories]
        told += [("price_index", "", place, rng.uniform(94, 106), 100) for place in SOCIAL_IN]
        told += [
            ("awareness", "", place, 0.06 + 0.002 * number + rng.uniform(0, 0.02), 420) for place in SOCIAL_IN
        ]
        # Shares are estimates from one report a month: no chance in them, and no number of people asked.
        told += [
            ("market_share", "", place, 0.011 + 0.006 * rank + 0.0003 * number + 0.0011 * (number % 3), 0)
            for rank, place in enumerate(SOCIAL_IN)
        ]
        told += [("brand_search", "", "Germany", 100 + 1.5 * number + rng.uniform(-4, 4), 0)]
        rows += [_note(month, 9, kind, "行业报告", "neutral", *rest) for kind, *rest in told]
        kind, text, effect = NOTES[number % len(NOTES)]
        rows.append(_note(month, 17, kind, text, effect, "", "Germany", None, 0))
    frame = pd.DataFrame(rows)
    return frame.astype({"value": "Int64", "weight": "Int64"})


def _note(month, day, kind, text, effect, category, country, value, weight) -> dict:
    row = {"date": month + pd.Timedelta(days=day - 1), "note_type": kind, "note": text, "impact": effect}
    row |= {"category": category, "country": country, "source_url": "https://example.com/report"}
    row |= {"source_date": month - pd.Timedelta(days=20), "weight": weight * 10_000 or None}
    return row | {"value": None if value is None else round(value * 10_000)}
