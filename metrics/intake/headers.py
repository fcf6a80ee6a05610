"""Which column of a file is which column of a profile: by header text, its aliases, and the row it stands in. Pure."""

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from metrics.intake.findings import Finding, column_letter, finding
from metrics.intake.header_names import HeaderNames, folded

LIKE_DATA = re.compile(r"[-+(]?[$€£¥]?[0-9][0-9.,: /TZ%+-]*\)?|[0-9]{4}年.*")


@dataclass(frozen=True)
class Header:
    """The header row found: where it stands, its texts, and the position (from 0) of each mapped column; `said` is
    what headers say besides (a currency, a number of days), `stated` the range of days that a line above it gives,
    `missing` the required columns that it lacks. A column whose name is misspelt has its place too, beside the error:
    its cells are judged at the same time."""

    index: int
    cells: tuple[str, ...]
    places: dict[str, int]
    findings: tuple[Finding, ...]
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    stated: tuple | None = None
    missing: tuple[str, ...] = ()


def find_header(rows, columns, *, sheet: str, unknown: str, nearest: str = "") -> Header:
    """The row among `rows` (pairs of row number and cells) that names most columns."""
    known = HeaderNames(columns)
    best, best_score = None, 0
    for index, (_, cells) in enumerate(rows):
        score = len({known.name_of(cell) for cell in cells} - {None})
        if score > best_score:
            best, best_score = index, score
    if best is None:
        return _missing(rows, columns, sheet, nearest)
    number, cells = rows[best]
    return _mapped(best, number, cells, columns, known, sheet, unknown)


def _missing(rows, columns, sheet, nearest) -> Header:
    first = next(((number, cells) for number, cells in rows if any(c.strip() for c in cells)), (1, ("",)))
    number, cells = first
    expected = ", ".join(column.headers[0] for column in columns.values() if column.required)
    if any(LIKE_DATA.fullmatch(cell.strip()) for cell in cells):
        problem = finding("HEADER_MISSING", sheet=sheet, row=number, nearest=nearest, expected=expected)
        return Header(0, (), {}, (problem,))
    value = next(cell for cell in (*cells, "") if cell.strip() or cell == "")
    return Header(
        0,
        (),
        {},
        (
            finding(
                "HEADER_UNKNOWN", sheet=sheet, row=number, position=1, header=value, value=value, near=""
            ),
            finding("HEADER_REQUIRED", sheet=sheet, row=number, names=expected),
        ),
    )


def _mapped(index, number, cells, columns, known, sheet, unknown) -> Header:
    problems, places, seen, said, misspelt = [], {}, {}, {}, {}
    for place, cell in enumerate(cells):
        (name, told), where = known.find(cell), dict(sheet=sheet, row=number, position=place + 1, header=cell)
        if name is None:
            if cell.strip() and unknown == "refuse":
                problems += _unknown(cell, known.plain, columns, where, seen, place)
                misspelt.setdefault(_meant(cell, known.plain), place)
            continue
        if name in places:
            first = column_letter(places[name] + 1)
            problems.append(finding("HEADER_DUPLICATE", value=cell, first=first, **where))
            continue
        places[name] = place
        said[name] = told
        if unknown == "refuse" and cell.strip("\ufeff") not in (name, *columns[name].headers):
            problems.append(finding("HEADER_VARIANT", value=cell, meant=columns[name].headers[0], **where))
    places |= {name: place for name, place in misspelt.items() if name and name not in places}
    missing = [
        column.headers[0] for name, column in columns.items() if column.required and name not in places
    ]
    if missing:
        problems.append(finding("HEADER_REQUIRED", sheet=sheet, row=number, names=", ".join(missing)))
    return Header(index, tuple(cells), places, tuple(problems), said, missing=tuple(missing))


def _meant(cell, known) -> str:
    """The column whose name this one is but for a letter or two; "" where none is."""
    near = process.extractOne(folded(cell), list(known), scorer=fuzz.ratio, score_cutoff=80)
    return known[near[0]] if near else ""


def _unknown(cell, known, columns, where, seen, place):
    key = folded(cell)
    if key in seen:
        return [finding("HEADER_DUPLICATE", value=cell, first=column_letter(seen[key] + 1), **where)]
    seen[key] = place
    near = process.extractOne(key, list(known), scorer=fuzz.WRatio, score_cutoff=60)
    meant = columns[known[near[0]]].headers[0] if near else ""
    return [finding("HEADER_UNKNOWN", value=cell, near=meant, **where)]
