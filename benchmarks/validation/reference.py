"""What is wrong with the file, found row by row with csv and re: the truth for all, and the row loop among the peers.

A finding is (row as a spreadsheet shows it, column). Standard library only.
"""

import csv
import datetime as dt
import hashlib
import re
from decimal import Decimal

STORES = {"amazon", "ebay", "shopee", "tiktok", "tmall", "walmart", "wayfair", "web"}
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"-?[0-9]{1,14}")
MONEY = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,2})?")
NUMBERS = {
    "line": (WHOLE, 1, 999),
    "quantity": (WHOLE, 1, 10_000),
    "price": (MONEY, 0, None),
    "discount": (MONEY, 0, None),
}
FIRST, END = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


def digest(found) -> str:
    """One hash over the cells found, whatever their order; a cell that breaks two rules counts once."""
    lines = "\n".join(f"{row},{column}" for row, column in sorted(set(found)))
    return hashlib.sha256(lines.encode()).hexdigest()


def row_loop(path, currencies: set[str]) -> list[tuple[int, str]]:
    found, seen = [], set()
    with open(path, encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), 2):
            bad = _bad_cells(row, currencies)
            key = row["order"], row["line"]
            if key in seen:
                bad.append("order")
            seen.add(key)
            found += [(number, column) for column in bad]
    return found


def _bad_cells(row: dict, currencies) -> list[str]:
    bad = [name for name in ("order", "country", "category") if not row[name].strip()]
    if not _in_period(row["date"]):
        bad.append("date")
    if row["store"] not in STORES:
        bad.append("store")
    if row["currency"] not in currencies:
        bad.append("currency")
    numbers = {name: _number(row[name] or "0", form) for name, (form, _, _) in NUMBERS.items()}
    for name, (_, least, most) in NUMBERS.items():
        value = numbers[name]
        blank = not row[name] and name != "discount"
        if blank or value is None or value < least or (most is not None and value > most):
            bad.append(name)
    discount, quantity, price = (numbers[name] for name in ("discount", "quantity", "price"))
    if row["discount"] and None not in (discount, quantity, price) and discount > quantity * price:
        bad.append("discount")
    return bad


def _in_period(text: str) -> bool:
    if not DATE.fullmatch(text):
        return False
    try:
        return FIRST <= dt.date.fromisoformat(text) < END
    except ValueError:
        return False


def _number(text: str, form) -> Decimal | None:
    return Decimal(text) if form.fullmatch(text) else None


def totals(path) -> dict[str, Decimal]:
    """The sums of a clean file by metric."""
    found = {"SAL_GROSS": Decimal(0), "SAL_DISC": Decimal(0), "SAL_UNITS": Decimal(0)}
    with open(path, encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found["SAL_GROSS"] += Decimal(row["quantity"]) * Decimal(row["price"])
            found["SAL_DISC"] += Decimal(row["discount"] or "0")
            found["SAL_UNITS"] += Decimal(row["quantity"])
    return found
