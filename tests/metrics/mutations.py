"""Damages right files at random, the same way for the same seed: bytes, containers, encodings, columns, rows, cells."""

import csv
import io
import random
import zipfile
from datetime import date, datetime

import python_calamine

from tests.metrics.platforms.handing import workbook

NUMBERS = [
    *"1e308 1E-400 0.0000000001 １２３ 1.234,56 1,234.56 ١٢٣ 0x1F 1_0 NaN -inf --5 5- (7) 12.5万 $1 #DIV/0!".split(),
    *("9" * 20, "-9" * 9, "1 234", "", "99999999999999.9999"),
]
DATES = [
    *"2026-02-30 0000-00-00 9999-12-31 1899-12-30 45992 60 03/04/2026 31.12.26 2026年13月 2026-W54 12/13/14".split(),
    *("Feb 29, 2027", "2026-10-25T02:30:00+99:00", "١٢/٠٣/٢٠٢٦", "now", "2026-10-01 25:00", "24:61"),
]
FORMULAS = [
    *("=1+1", "=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3", "@SUM(1)", '=HYPERLINK("http://x","y")', "\t=1"),
    "=A1:XFD1048576",
]
ODD = [
    *(
        "\x00",
        "\x07",
        "\x0b",
        "\x1b[31m",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\ud7ff",
        "\ufffe",
        "Z" + "\u0301" * 50,
    ),
    *("👨‍👩‍👧", "\r", "\n", '"', '"\n"', ";", "\t", "' OR 1=1--", "{{7*7}}", "%s%n", "<script>x</script>"),
    *("é" * 3000, "A" * 40_000),
]
ENCODINGS = "utf-16 utf-16-le utf-8-sig gb18030 big5 cp1252 latin-1 shift_jis utf-32 utf-7 cp037".split()
ACTS = [
    "swap",
    "drop",
    "twice",
    "rows twice",
    "shuffle",
    "blank",
    "short",
    "header",
    "cells",
    "cells",
    "cells",
]


def mutated(content: bytes, name: str, seed: int) -> tuple[str, bytes, str]:
    """(name, content, what was done) of one file. Pure: the same seed gives the same bytes."""
    pick = random.Random(seed)
    done, ways = [], WAYS[name.rpartition(".")[2]]
    for _ in range(pick.choice([1, 1, 1, 2, 3])):
        way = pick.choice(ways)
        done.append(way.__name__)
        content = way(pick, content)
    if pick.random() < 0.03:
        name = pick.choice(["x.xlsx", "x.csv", "x.zip", "x.txt", "x", "x.tsv"])
    return name, content, "+".join(done)


# --- Bytes --------------------------------------------------------------------------------------------------


def bytes_changed(pick, content: bytes) -> bytes:
    found = bytearray(content)
    for _ in range(pick.choice([1, 3, 30, 300])):
        if found:
            found[pick.randrange(len(found))] = pick.randrange(256)
    return bytes(found)


def cut_off(pick, content: bytes) -> bytes:
    return content[: pick.randrange(len(content) + 1)]


def part_lost(pick, content: bytes) -> bytes:
    start = pick.randrange(len(content) + 1)
    return content[:start] + content[start + pick.choice([1, 7, 100, 2000]) :]


def part_twice(pick, content: bytes) -> bytes:
    start = pick.randrange(len(content) + 1)
    end = start + pick.choice([1, 50, 3000])
    return content[:end] + content[start:end] + content[end:]


def bytes_added(pick, content: bytes) -> bytes:
    start = pick.randrange(len(content) + 1)
    return content[:start] + pick.randbytes(pick.choice([1, 4, 64])) + content[start:]


# --- Text ---------------------------------------------------------------------------------------------------


def text_of(content: bytes) -> str:
    for encoding in (
        "utf-8-sig",
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8",
        "gb18030",
    ):
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    return content.decode("latin-1")


def other_encoding(pick, content: bytes) -> bytes:
    return text_of(content).encode(pick.choice(ENCODINGS), "replace")


def two_encodings(pick, content: bytes) -> bytes:
    text = text_of(content)
    middle = pick.randrange(len(text) + 1)
    return text[:middle].encode("utf-8", "replace") + text[middle:].encode(pick.choice(ENCODINGS), "replace")


def other_line_ends(pick, content: bytes) -> bytes:
    text = text_of(content).replace("\r\n", "\n")
    return "".join(line + pick.choice(["\n", "\r\n", "\r", "\n\n"]) for line in text.split("\n")).encode(
        "utf-8", "replace"
    )


def cells_changed(pick, content: bytes) -> bytes:
    text = text_of(content)
    mark = max(",;\t", key=text.count)
    rows = list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=mark))
    out = io.StringIO()
    csv.writer(out, delimiter=mark, quoting=pick.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])).writerows(
        changed(pick, rows)
    )
    return out.getvalue().encode("utf-8", "replace")


# --- Tables -------------------------------------------------------------------------------------------------


def changed(pick, rows: list[list]) -> list[list]:
    """The table with one thing done to its columns, rows or cells."""
    rows = [list(row) for row in rows] or [[""]]
    width = max(map(len, rows)) or 1
    act = pick.choice(ACTS)
    first, second = pick.randrange(width), pick.randrange(width)
    if act == "swap":
        for row in rows[pick.choice([0, 1]) :]:
            if max(first, second) < len(row):
                row[first], row[second] = row[second], row[first]
    elif act == "drop":
        rows = [row[:first] + row[first + 1 :] for row in rows]
    elif act == "twice":
        rows = [[*row, *row[first : first + 1]] for row in rows]
    elif act == "rows twice":
        rows += [list(pick.choice(rows)) for _ in range(pick.choice([1, 5, 200]))]
    elif act == "shuffle":
        pick.shuffle(rows)
    elif act == "blank":
        rows.insert(pick.randrange(len(rows)), [])
    elif act == "short":
        row = pick.choice(rows)
        del row[pick.randrange(len(row) + 1) :]
    elif act == "header":
        rows[0] = [
            str(cell)[:-1] + pick.choice(["", "x", " "]) if pick.random() < 0.2 else cell for cell in rows[0]
        ]
    else:
        put(pick, rows)
    return rows


def put(pick, rows) -> None:
    """Values of one kind at random places."""
    kind = pick.choice([NUMBERS, DATES, FORMULAS, ODD])
    for _ in range(pick.choice([1, 1, 5, 60])):
        row = pick.choice(rows)
        if row:
            place = pick.randrange(len(row))
            row[place] = pick.choice(kind) if pick.random() < 0.7 else f"{row[place]}{pick.choice(kind)}"


# --- Containers ---------------------------------------------------------------------------------------------


def unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except Exception:
        return {}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part)
    return out.getvalue()


def part_damaged(pick, content: bytes) -> bytes:
    parts = unpacked(content)
    if not parts:
        return cut_off(pick, content)
    name = pick.choice(sorted(parts))
    act = pick.choice(["bytes", "cut", "gone", "empty", "renamed", "doctype", "other"])
    if act == "gone":
        del parts[name]
    elif act == "renamed":
        parts[pick.choice(["../../x.xml", "xl/worksheets/sheet9.xml", "a.csv", "x" * 300])] = parts.pop(name)
    else:
        other = parts[pick.choice(sorted(parts))]
        parts[name] = {
            "bytes": bytes_changed(pick, parts[name]),
            "cut": cut_off(pick, parts[name]),
            "empty": b"",
            "doctype": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + parts[name],
            "other": other,
        }[act]
    return packed(parts)


def sheet_changed(pick, content: bytes) -> bytes:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: [list(map(plain, row)) for row in book.get_sheet_by_name(name).iter_rows()]
            for name in book.sheet_names
        }
    except Exception:
        return bytes_changed(pick, content)
    if not sheets:
        return bytes_changed(pick, content)
    name = pick.choice(sorted(sheets))
    sheets[name] = [[storable(cell) for cell in row] for row in changed(pick, sheets[name])]
    return workbook(sheets, date1904=pick.random() < 0.1)


def plain(value):
    return (
        value.isoformat()
        if isinstance(value, date | datetime)
        else str(value)
        if not isinstance(value, int | float)
        else value
    )


def storable(value):
    """What a workbook's writer takes: texts of at most 32,767 characters without half characters."""
    return value[:32_000].encode("utf-8", "replace").decode() if isinstance(value, str) else value


BYTES = [bytes_changed, cut_off, part_lost, part_twice, bytes_added]
TEXT = [*BYTES, other_encoding, two_encodings, other_line_ends, *[cells_changed] * 8]
WAYS = {
    "csv": TEXT,
    "txt": TEXT,
    "xlsx": [*BYTES[:3], part_damaged, part_damaged, *[sheet_changed] * 6],
    "zip": [*BYTES, *[part_damaged] * 4],
}
