"""The tables of a hand-in, told apart by their headers: each file, sheet or member of a zip belongs to one part."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from metrics.intake import encoding, sheets, table
from metrics.intake.findings import FileRefused, FindingLog, finding
from metrics.intake.header_names import HeaderNames
from metrics.intake.opening import HEAD_ROWS, Opening, Table, kind_of, members, padded
from metrics.intake.profile import Profile

# The share of a part's columns that a table has to carry to be that part.
ENOUGH = 0.6


@dataclass(frozen=True)
class HandIn:
    """Per part the tables that belong to it, in the order of the hand-in. They can be opened more than once."""

    tables: dict[str, list[Callable[[FindingLog], Table]]]

    def of(self, part: str, log: FindingLog):
        """The tables of a part, opened one after the other; what is odd about them goes to `log`."""
        for opened in self.tables.get(part, ()):
            yield opened(log)


def sorted_out(opening: Opening, path: Path, file_name: str) -> HandIn:
    """Every table of the file by its part. Raises FileRefused where one belongs to none, or a part is missing."""
    parts = opening.profile.tables
    kind = kind_of(path, file_name, opening.limits)
    if kind == "xlsx":
        found, strange = _sheets(opening, path, parts)
    else:
        files = [("", path)] if kind == "text" else list(members(path, opening.limits, opening.scratch))
        found, strange = _files(opening, files, parts)
    missing = [name for name, part in parts.items() if part.required and name not in found]
    if missing:
        strange += [_missing(parts[name]) for name in missing]
    if strange:
        raise FileRefused(*strange)
    return HandIn(found)


def _missing(part: Profile):
    first = ", ".join(column.headers[0] for column in part.columns.values() if column.required)
    return finding("PART_MISSING", title_zh=part.title_zh, title_en=part.title_en, names=first)


def _files(opening, files, parts):
    found, strange = {}, []
    for name, copy in files:
        source = encoding.as_utf8(copy, opening.scratch, str(opening.settings.get("encoding", "")))
        rows = [one.cells for one in table.read_head(source.path, source.start, HEAD_ROWS).records]
        part = part_of(rows, parts)
        if part is None:
            known = {f"title_{language}": _titles(parts, language) for language in ("en", "zh")}
            strange.append(finding("TABLE_UNKNOWN", sheet=name, value=name, **known))
            continue
        found.setdefault(part, []).append(_text_opener(opening, parts[part], copy, name))
    return found, strange


def _text_opener(opening, part, copy, name):
    return lambda log: replace(opening, profile=part, log=log).text(copy, name)


def _sheets(opening, path, parts):
    """Worksheets that belong to no part are not read; a workbook may hold notes and pictures besides."""
    package, heads, _written = sheets.judged_with_heads(path, opening.limits, HEAD_ROWS)
    opening.log.add(*package.findings)
    found = {}
    for number, sheet in enumerate(heads):
        rows = padded(sheet)
        part = part_of([cells for _, cells in rows], parts)
        if part is not None:
            out = opening.scratch / f"sheet-{number}.arrow"
            found.setdefault(part, []).append(
                _sheet_opener(opening, parts[part], path, package, sheet["name"], rows, out)
            )
    return found, []


def _sheet_opener(opening, part, path, package, name, rows, out):
    def opened(log):
        mine = replace(opening, profile=part, log=log)
        return mine.worksheet(path, package, name, rows, mine.header(rows, name), out)

    return opened


def part_of(rows, parts: dict[str, Profile]) -> str | None:
    """The part whose columns these first rows name best; of equals the one that leaves fewest headers unexplained."""
    best, best_fit = None, (0.0, 0)
    for name, part in parts.items():
        fit = fit_of(rows, part)
        if fit[0] >= ENOUGH and fit > best_fit:
            best, best_fit = name, fit
    return best


def fit_of(rows, part: Profile) -> tuple[float, int]:
    """(share of the required columns found, columns found less headers nobody knows) of the best of the rows."""
    known = HeaderNames(part.columns)
    required = {name for name, column in part.columns.items() if column.required}
    best = (0.0, 0)
    for cells in rows[: part.shape.header_rows]:
        named = [known.name_of(cell) for cell in cells if cell.strip()]
        found = set(named) - {None}
        share = len(found & required) / max(1, len(required))
        best = max(best, (share, len(found) - named.count(None)))
    return best


def _titles(parts, language) -> str:
    return ", ".join(one.title_zh if language == "zh" else one.title_en for one in parts.values())
