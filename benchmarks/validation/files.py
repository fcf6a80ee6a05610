"""The file that is checked: order lines of one month, clean or with one bad cell in each of 0.424 % of the rows."""

from pathlib import Path

import numpy as np
import pandas as pd

COLUMNS = [
    "order",
    "line",
    "date",
    "store",
    "country",
    "category",
    "quantity",
    "price",
    "discount",
    "currency",
]
STORES = ["amazon", "ebay", "shopee", "tiktok", "tmall", "walmart", "wayfair", "web"]
MARKETS = ["DE", "FR", "IT", "ES", "NL", "US", "CA", "MX", "JP", "SG", "MY", "TH", "CN", "GB", "PL", "SE"]
MONEY = ["EUR"] * 5 + ["USD", "CAD", "MXN", "JPY", "SGD", "MYR", "THB", "CNY", "GBP", "PLN", "SEK"]
CATEGORIES = "kitchen garden toys tools pets office sports beauty lamps bags audio baby".split()
BAD_SHARE = 0.00424
# (column, what stands there instead); "" is a missing value, None the key of the row before it.
BAD = [
    ("order", ""),
    ("date", "2026-02-30"),
    ("date", "2025-12-31"),
    ("store", "amazn"),
    ("country", ""),
    ("quantity", "two"),
    ("quantity", "-3"),
    ("quantity", "1.5"),
    ("price", "19.9.0"),
    ("price", "12.345"),
    ("discount", "99999.00"),
    ("currency", "EURO"),
    ("order", None),
]


def write(path: Path, rows: int, bad: bool, seed: int = 20260101) -> int:
    """Write the file; how many cells are bad."""
    chance = np.random.default_rng(seed)
    frame = _clean(chance, rows)
    planted = _spoil(chance, frame) if bad else 0
    frame.to_csv(path, index=False, lineterminator="\n")
    return planted


def write_workbook(path: Path, rows: int, seed: int = 20260101) -> None:
    """The clean file as a worksheet: numbers as numbers, dates as dates."""
    frame = _clean(np.random.default_rng(seed), rows)
    frame["date"] = pd.to_datetime(frame["date"])
    for name in ("price", "discount"):
        frame[name] = pd.to_numeric(frame[name])
    frame.to_excel(path, index=False, engine="xlsxwriter")


def _clean(chance, rows: int) -> pd.DataFrame:
    lines = chance.integers(1, 4, rows)
    order = np.repeat(np.arange(rows), lines)[:rows]
    line = np.arange(rows) - np.searchsorted(order, order) + 1
    store = chance.integers(0, len(STORES), rows)
    market = (2 * store + chance.integers(0, 5, rows)) % len(MARKETS)
    quantity = chance.integers(1, 6, rows)
    cents = chance.integers(300, 20_000, rows)
    off = np.where(chance.random(rows) < 0.3, cents // 10, 0)
    written = pd.DataFrame(index=range(rows))
    written["order"] = pd.Series(order + 10_000_000).astype("string[pyarrow]").radd("PO")
    written["line"] = line
    written["date"] = np.array([f"2026-03-{day + 1:02d}" for day in range(31)])[chance.integers(0, 31, rows)]
    written["store"] = np.array(STORES)[store]
    written["country"] = np.array(MARKETS)[market]
    written["category"] = np.array(CATEGORIES)[chance.integers(0, len(CATEGORIES), rows)]
    written["quantity"] = quantity
    written["price"] = [f"{one // 100}.{one % 100:02d}" for one in cents.tolist()]
    written["discount"] = [f"{one // 100}.{one % 100:02d}" if one else "" for one in off.tolist()]
    written["currency"] = np.array(MONEY)[market]
    return written


def _spoil(chance, frame: pd.DataFrame) -> int:
    count = max(len(BAD), round(len(frame) * BAD_SHARE))
    # Never two in neighbouring rows, so that the row before a repeated key is whole.
    places = np.sort(chance.choice(np.arange(1, len(frame), 2), count, replace=False))
    frame[["line", "quantity"]] = frame[["line", "quantity"]].astype(str)
    for number, (name, text) in enumerate(BAD):
        rows = places[number :: len(BAD)]
        if text is None:
            for other in ("order", "line"):
                frame.iloc[rows, frame.columns.get_loc(other)] = frame[other].to_numpy()[rows - 1]
        else:
            frame.iloc[rows, frame.columns.get_loc(name)] = text
    return count
