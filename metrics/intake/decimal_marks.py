"""Which decimal mark a file has, or each of its columns, as its first rows show. Pure."""

import re

from metrics.intake.expressions import NUMBER
from metrics.intake.numbers import BLANKS, CURRENCY

COMMA_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:[. '’\u00a0\u202f\u2009]?[0-9]{3})*,[0-9]+|-?[0-9]+,[0-9]+")
POINT_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:[, '’\u00a0\u202f\u2009]?[0-9]{3})*\.[0-9]+|-?[0-9]+\.[0-9]+")
# Three digits behind one mark could be thousands; they are no evidence.
UNCLEAR = re.compile(r"-?[0-9]{1,3}[.,][0-9]{3}")
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

WHOLE = 3


def decimal_marks(profile, settings, header, rows, delimiter) -> dict[str, str]:
    """The decimal mark of each number column: as set, as declared, or as the first rows show; "?" where 1.234 may be
    either. `by_column` looks at every column by itself, because some exports mix both in one file."""
    names = [name for name in header.places if profile.columns[name].kind == NUMBER]
    declared = settings.get("decimal") or profile.shape.decimal
    if profile.shape.decimal == "by_column":
        return {
            name: _of_column(profile.columns[name], header, header.places[name], rows, declared)
            for name in names
        }
    if declared not in (".", ","):
        declared = _of_file(_cells(rows, [header.places[name] for name in names]), delimiter)
    return dict.fromkeys(names, declared)


def _of_column(column, header, place, rows, declared) -> str:
    if column.number.decimals and declared in (".", ","):
        return declared
    cells = _cells(rows, [place])
    return _shown(cells) or _by_thousands(cells) or _by_script(header.cells[place], cells) or "?"


def _cells(rows, places) -> list[str]:
    return [row[place].strip() for row in rows for place in places if place < len(row)]


def _of_file(cells, delimiter) -> str:
    """Only files with semicolons or tabs are written with a comma; a semicolon file without evidence is unclear."""
    if delimiter not in (";", "\t"):
        return "."
    return _shown(cells) or ("?" if delimiter == ";" else ".")


def _shown(cells) -> str:
    """The mark that most cells prove; "" without proof."""
    bare = [_bare(cell) for cell in cells]
    telling = [cell for cell in bare if not UNCLEAR.fullmatch(cell)]
    commas = sum(1 for cell in telling if COMMA_DECIMAL.fullmatch(cell))
    points = sum(1 for cell in telling if POINT_DECIMAL.fullmatch(cell))
    if commas == points:
        return ""
    return "," if commas > points else "."


def _by_thousands(cells) -> str:
    """The mark where no cell shows decimals and bare whole numbers stand beside ones like 1,234: an export that wrote
    decimals would not leave them out of some cells. "" without such proof."""
    bare = [_bare(cell) for cell in cells]
    whole = [cell for cell in bare if re.fullmatch(r"[1-9][0-9]{0,2}", cell)]
    marks = {mark for cell in bare for mark in ",." if mark in cell}
    if len(whole) < WHOLE or len(marks) != 1:
        return ""
    return "." if marks == {","} else ","


def _by_script(title: str, cells) -> str:
    """A comma parts thousands below a header in Chinese, Japanese or Korean: all of them write decimals with a point.
    "" below other headers, and where a point makes the file one of another country in such a language."""
    return "." if EAST_ASIAN.search(title) and not any("." in cell for cell in cells) else ""


def _bare(cell: str) -> str:
    """The digits without signs of currency and percent."""
    body = cell.strip(BLANKS).replace("￥", "¥").strip("()").removeprefix("-").rstrip("%").rstrip(BLANKS)
    return CURRENCY.sub("", body, count=1).strip(BLANKS).removeprefix("-")
