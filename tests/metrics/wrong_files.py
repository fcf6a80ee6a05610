"""Files with planted errors, and a person who mends them and sees nothing but the findings (robustness 7-5).

`planted(seed)` gives a file of Daily sales with 25 errors of many kinds at places that the seed decides. `mended(rows,
findings)` changes the cells that the findings name, by what they say there: place, value, code, suggestion.
"""

import csv
import datetime as dt
import io
import random
import re
from dataclasses import dataclass

from tests.metrics.platforms.handing import workbook

HEADERS = (
    ["日期", "平台店铺", "国家", "品类", "商品销售总额", "折扣", "退款", "运费收入", "件数", "币种"],
    [
        "Date",
        "Store",
        "Country",
        "Category",
        "Gross sales",
        "Discount",
        "Refund",
        "Shipping income",
        "Units",
        "Currency",
    ],
)
MISSPELT = {"商品销售总额": "商品销售总領", "Category": "Cateogry", "Gross sales": "Gros sales", "Country": "Contry",
            "Discount": "Discuont"}  # fmt: skip
DATE, STORE, COUNTRY, CATEGORY, GROSS, DISCOUNT, REFUND, SHIPPING, UNITS, CURRENCY = range(10)
MANY, ROWS = 25, 160
MONTH = dt.date(2026, 10, 1)
# kind → (columns it may stand in, what it makes of a cell)
KINDS = {
    "letter in a number": ((GROSS, DISCOUNT, REFUND, SHIPPING), lambda pick, cell: cell.replace("1", "l", 1) + "o"),
    "unit behind": ((GROSS, REFUND), lambda pick, cell: f"{cell} {pick.choice(['USD', 'EUR', '元'])}"),
    "trailing minus": ((SHIPPING,), lambda pick, cell: f"{cell}-"),
    "negative": ((DISCOUNT, REFUND, UNITS), lambda pick, cell: f"-{cell}"),
    "too many digits": ((GROSS, REFUND), lambda pick, cell: f"{cell}{pick.randrange(10**6, 10**7)}"),
    "no such day": ((DATE,), lambda pick, cell: pick.choice(["2026-10-32", "31.13.2026", "last week", "2026-02-30"])),
    "other month": ((DATE,), lambda pick, cell: f"2026-{pick.choice(['09', '11', '12'])}-1{pick.randrange(10)}"),
    "empty": ((DATE, COUNTRY, CATEGORY, GROSS, UNITS, CURRENCY), lambda pick, cell: ""),
    "unknown currency": ((CURRENCY,), lambda pick, cell: pick.choice(["EURO", "USDD", "CNYY"])),
    "spreadsheet error": ((GROSS, REFUND, UNITS), lambda pick, cell: pick.choice(["#DIV/0!", "#REF!", "#N/A"])),
    "half a piece": ((UNITS,), lambda pick, cell: f"{cell}.5"),
    "text that turns": ((STORE, CATEGORY), lambda pick, cell: cell[:2] + "\u202e" + cell[2:]),
    "too long": ((CATEGORY,), lambda pick, cell: cell * 40),
    "rounded code": ((STORE,), lambda pick, cell: f"1.{pick.randrange(10, 99)}E+17"),
    "code that became a date": ((STORE,), lambda pick, cell: f"{pick.randrange(1, 28)}-Mar"),
    "discount above sales": ((DISCOUNT,), lambda pick, cell: "99999"),
}  # fmt: skip


@dataclass(frozen=True)
class Wrong:
    """A file with errors at `places` ((row, column letter) as a spreadsheet shows them), and of which kinds."""

    name: str
    rows: list[list[str]]
    places: frozenset
    kinds: tuple[str, ...]

    @property
    def content(self) -> bytes:
        return content_of(self.name, self.rows)


def content_of(name: str, rows) -> bytes:
    if name.endswith(".xlsx"):
        return workbook({"Sheet1": rows})
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def right(pick: random.Random) -> list[list[str]]:
    """A file without errors: every row has a store of its own, so that no two have the same key."""
    rows = [list(pick.choice(HEADERS))]
    for number in range(ROWS):
        day = MONTH + dt.timedelta(days=pick.randrange(31))
        gross = pick.randrange(10_000, 90_000)
        money = [
            f"{gross / 100:.2f}",
            f"{pick.randrange(100, 1000) / 100:.2f}",
            f"{pick.randrange(100, 900) / 100:.2f}",
        ]
        place = [
            f"shop-{number:03}",
            pick.choice(["DE", "FR", "US", "JP"]),
            pick.choice(["kitchen", "garden", "toys"]),
        ]
        rows.append(
            [day.isoformat(), *place, *money, f"{pick.randrange(100, 900) / 100:.2f}", str(pick.randrange(1, 90)),
             pick.choice(["CNY", "USD", "EUR"])]
        )  # fmt: skip
    return rows


def planted(seed: int) -> Wrong:
    """25 errors, each in a row of its own; one or two may be a misspelt header and a row that stands twice."""
    pick = random.Random(seed)
    rows, places, kinds = right(pick), set(), []
    if pick.random() < 0.5:
        column = pick.choice([place for place, name in enumerate(rows[0]) if name in MISSPELT])
        rows[0][column] = MISSPELT[rows[0][column]]
        places.add((1, letter(column)))
        kinds.append("misspelt header")
    lines = pick.sample(range(2, ROWS - 2), MANY)
    if pick.random() < 0.7:
        rows.append(list(rows[lines.pop() - 1]))
        places.add((len(rows), "A"))
        kinds.append("row twice")
    name = pick.choice(["wrong.csv", "wrong.xlsx"])
    if name == "wrong.csv" and pick.random() < 0.5:
        line = lines.pop()
        rows[line - 1].append("one too many")
        places.add((line, ""))
        kinds.append("value too many")
    while len(places) < MANY:
        kind, line = pick.choice(sorted(KINDS)), lines.pop()
        columns, damage = KINDS[kind]
        column = pick.choice(columns)
        rows[line - 1][column] = damage(pick, rows[line - 1][column])
        places.add((line, letter(column)))
        kinds.append(kind)
    return Wrong(name, rows, frozenset(places), tuple(kinds))


def letter(column: int) -> str:
    return chr(65 + column)


# --- The person ---------------------------------------------------------------------------------------------


def mended(rows: list[list[str]], findings: list[dict]) -> list[list[str]]:
    """The table as somebody leaves it who works through the list once. Rows that stand twice go last."""
    rows, gone = [list(row) for row in rows], []
    for one in findings:
        if one["severity"] == "warning":
            continue
        line, place = one["row"] - 1, ord(one["column"]) - 65 if one["column"] else None
        if one["code"] == "KEY_DUPLICATE":
            gone.append(line)
        elif one["code"] == "ROW_LENGTH":
            rows[line] = rows[line][: len(rows[0])]
        else:
            rows[line][place] = mended_cell(one, neighbour(rows, line, place))
    for line in sorted(gone, reverse=True):
        del rows[line]
    return rows


def neighbour(rows, line: int, place: int) -> str:
    """What stands in the column two rows away: somebody who knows the file would know what belongs there."""
    return rows[line - 1 if line > 2 else line + 1][place]


def mended_cell(one: dict, beside: str) -> str:
    code, value = one["code"], one["value"]
    if one["suggestion"]:
        return one["suggestion"]
    if code in ("NUMBER_FORMAT", "NUMBER_UNIT", "NUMBER_PRECISION", "NUMBER_AMBIGUOUS"):
        number = re.search(r"[0-9]+(\.[0-9]{1,2})?", value.replace("l", "1").replace("o", ""))[0]
        return number if "." in beside else number.split(".")[0]
    if code == "OUT_OF_RANGE":
        return value.lstrip("-")
    if code == "CHAR_FORBIDDEN":
        return "".join(char for char in value if char.isprintable())
    if code == "TEXT_TOO_LONG":
        return value[:20]
    if code in ("ID_PRECISION_LOST", "ID_LOOKS_LIKE_DATE"):
        return f"shop-typed-again-{one['row']}"
    if code == "RULE_BROKEN":
        return "0"
    # Empty, no date, another month, an error of the spreadsheet: what the person knows.
    return beside
