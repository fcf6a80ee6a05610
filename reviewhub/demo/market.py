"""Pure. The sales of a made-up seller: 26 months of days, 5 platforms, 12 countries, 8 categories, 200 products.

Everything follows from the calendar and one seed: the same months give the same figures on every machine.
Money is in 10⁻⁴ CNY (metrics.units), as whole fen.
"""

import datetime as dt

import numpy as np
import pandas as pd

from metrics.periods import month_after
from reviewhub.demo import campaigns

SEED = 20_240_901
MONTHS = 26
RUN_UP = dt.timedelta(days=60)

# code: (zh, en, base price CNY, share of units, return rate, months of the year that sell better)
CATEGORIES = {
    "kitchen": ("厨房用品", "Kitchen", 168, 0.19, 0.045, (11, 12)),
    "storage": ("收纳整理", "Storage", 119, 0.15, 0.035, (1, 9)),
    "lighting": ("灯具照明", "Lighting", 205, 0.13, 0.060, (10, 11, 12)),
    "outdoor": ("户外露营", "Outdoor", 286, 0.12, 0.070, (4, 5, 6, 7)),
    "pet": ("宠物用品", "Pet supplies", 142, 0.13, 0.040, (3, 11)),
    "fitness": ("健身器材", "Fitness", 318, 0.09, 0.085, (1, 2)),
    "beauty": ("个护小电", "Personal care", 236, 0.09, 0.095, (2, 11, 12)),
    "phone": ("手机配件", "Phone accessories", 79, 0.10, 0.050, (9, 11)),
}

# platform: (share, months since the first day at which it opens, orders' share of shipping paid by the buyer)
PLATFORM_MIX = {
    "amazon": (0.52, 0, 0.05),
    "aliexpress": (0.14, 0, 0.35),
    "tiktok": (0.13, 5, 0.25),
    "ebay": (0.09, 0, 0.30),
    "web": (0.12, 0, 0.45),
}

# country: (share, platforms that sell there)
COUNTRY_MIX = {
    "United States": (0.34, ("amazon", "tiktok", "ebay", "web")),
    "Germany": (0.15, ("amazon", "aliexpress", "ebay", "web")),
    "United Kingdom": (0.12, ("amazon", "tiktok", "ebay", "web")),
    "France": (0.08, ("amazon", "aliexpress", "web")),
    "Japan": (0.07, ("amazon", "web")),
    "Italy": (0.05, ("amazon", "aliexpress")),
    "Spain": (0.05, ("amazon", "aliexpress", "tiktok")),
    "Canada": (0.04, ("amazon", "web")),
    "Netherlands": (0.03, ("amazon", "web")),
    "Poland": (0.03, ("aliexpress", "amazon")),
    "Brazil": (0.02, ("aliexpress", "web")),
    "Australia": (0.02, ("amazon", "ebay")),
}


def months(before: dt.date) -> list[dt.date]:
    """First days of the 26 whole months that end before `before`'s month, oldest first."""
    return [month_after(before, -back) for back in range(MONTHS, 0, -1)]


def products() -> pd.DataFrame:
    """200 products: sku, category, price (CNY), weight in its category, day of launch (from the first day on)."""
    rng = np.random.default_rng(SEED)
    names = list(CATEGORIES)
    category = np.array([names[number % len(names)] for number in range(200)])
    base = np.array([CATEGORIES[name][2] for name in category], dtype=float)
    frame = pd.DataFrame(
        {
            "sku": [f"{name[:2].upper()}-{number:04}" for number, name in enumerate(category, 1)],
            "category": category,
            "price": np.round(base * rng.uniform(0.55, 1.6, 200), 1),
            "weight": rng.pareto(1.6, 200) + 0.15,
            "launch": np.where(rng.random(200) < 0.7, 0, rng.integers(20, 845, 200)),
        }
    )
    return frame


def stores() -> list[tuple[str, str, float]]:
    """(platform, country, share of units) of every store; shares add up to 1."""
    raw = [
        (platform, country, share * PLATFORM_MIX[platform][0])
        for country, (share, platforms) in COUNTRY_MIX.items()
        for platform in platforms
    ]
    total = sum(share for *_store, share in raw)
    return [(platform, country, share / total) for platform, country, share in raw]


def _growth(days: pd.DatetimeIndex) -> np.ndarray:
    """Factor on units by day, without promotions: growth and weekday."""
    growth = 1.14 ** (np.arange(len(days)) / 365)
    return growth * np.array([1.04, 0.98, 0.96, 0.97, 1.0, 1.05, 1.1])[days.day_of_week]


def _by_category(days: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Demand and average price, day × category, from the products that are on sale that day."""
    listed, names = products(), list(CATEGORIES)
    age = np.arange(len(days))[:, None] - listed["launch"].to_numpy()[None, :]
    age = np.where(listed["launch"].to_numpy()[None, :] == 0, 60, age)
    ramp = np.clip(age / 60, 0, 1) * listed["weight"].to_numpy()
    demand, price = np.zeros((len(days), len(names))), np.zeros((len(days), len(names)))
    for place, name in enumerate(names):
        own = (listed["category"] == name).to_numpy()
        weight = ramp[:, own]
        price[:, place] = weight @ listed["price"].to_numpy()[own] / weight.sum(axis=1).clip(1e-9)
        whole = listed["weight"].to_numpy()[own].sum()
        season = np.where(np.isin(days.month, CATEGORIES[name][5]), 1.3, 0.95)
        demand[:, place] = CATEGORIES[name][3] * (0.55 + 0.45 * weight.sum(axis=1) / whole) * season
    return demand, price


def sales(before: dt.date, units_a_day: float = 900) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(goods, baskets) of the 26 months that end before `before`'s month.

    goods: day, platform, country, category, units, gross, discount, refund. baskets: day, platform, country,
    orders, shipping. Counts are whole numbers, money is 10⁻⁴ CNY.
    """
    rng = np.random.default_rng(SEED + 1)
    first = months(before)[0]
    # Sixty days of run-up, cut off below: refunds of the first month follow sales of the one before.
    days = pd.date_range(first - RUN_UP, month_after(before, 0) - dt.timedelta(days=1), freq="D")
    growth, (demand, price) = _growth(days), _by_category(days)
    promoted = {country: campaigns.effects(days, country) for country in COUNTRY_MIX}
    goods, baskets = [], []
    for platform, country, share in stores():
        opening = PLATFORM_MIX[platform][1] * 30
        opened = np.clip((np.arange(len(days)) - opening) / 120, 0, 1) if opening else np.ones(len(days))
        held = promoted[country]
        mean = units_a_day * share * demand * (growth * held["lift"].to_numpy() * opened)[:, None]
        units = rng.poisson(mean)
        gross = np.rint(units * price * rng.normal(1.0, 0.02, units.shape) * 100).astype(np.int64)
        off = 0.045 + held["discount"].to_numpy() + rng.normal(0, 0.006, len(days))
        discount = np.rint(gross * np.clip(off, 0, 0.3)[:, None]).astype(np.int64)
        refund = _refunds(rng, (gross - discount) * held["back"].to_numpy()[:, None], country)
        goods.append(_goods(days, platform, country, units, gross, discount, refund))
        baskets.append(_baskets(rng, days, platform, country, units.sum(axis=1)))
    return tuple(_from(first, pd.concat(frames, ignore_index=True)) for frames in (goods, baskets))


def _from(first: dt.date, frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["day"] >= first].reset_index(drop=True)


def _refunds(rng, paid: np.ndarray, country: str) -> np.ndarray:
    """Refunds by refund date: what was paid 12 days before, times the category's rate; Germany sends more back.

    `paid` counts more where more of it comes back.
    """
    rates = np.array([row[4] for row in CATEGORIES.values()]) * (1.6 if country == "Germany" else 1.0)
    late = np.vstack([paid[:12] * 0, paid[:-12]])
    return np.rint(late * rates * rng.uniform(0.6, 1.4, paid.shape)).astype(np.int64)


def _goods(days, platform, country, units, gross, discount, refund) -> pd.DataFrame:
    names = list(CATEGORIES)
    frame = pd.DataFrame(
        {
            "day": np.repeat(days.date, len(names)),
            "platform": platform,
            "country": country,
            "category": np.tile(names, len(days)),
            "units": units.ravel(),
            "gross": gross.ravel() * 100,
            "discount": discount.ravel() * 100,
            "refund": refund.ravel() * 100,
        }
    )
    return frame[(frame["units"] > 0) | (frame["refund"] > 0)]


def _baskets(rng, days, platform, country, units) -> pd.DataFrame:
    orders = np.where(units > 0, np.maximum(1, np.rint(units / rng.normal(1.42, 0.04, len(days)))), 0).astype(
        np.int64
    )
    shipping = np.rint(orders * PLATFORM_MIX[platform][2] * rng.uniform(24, 31, len(days)) * 100).astype(
        np.int64
    )
    frame = pd.DataFrame({"day": days.date, "platform": platform, "country": country})
    frame["orders"], frame["shipping"] = orders, shipping * 100
    return frame[frame["orders"] > 0]
