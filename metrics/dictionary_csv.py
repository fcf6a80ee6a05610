"""The dictionary as two tables of text: metrics (43 columns) and rules (8 columns). Pure.

A cell is kept letter by letter, so that what was read is what is written. What is wrong comes as faults with row
and column; sentences are made from them by metrics.wording.
"""

import csv
import io
import re
from dataclasses import dataclass

from metrics.formula import RESERVED

METRIC_COLUMNS = tuple(
    """code tier pack kind io name_zh name_en section checklist unit value_type decimals direction time_agg dim_agg
    grain dimensions definition_zh definition_en numerator denominator formula engine incl_shipping incl_tax
    refund_rule time_basis tz_rule fx_rule owner_dept steward_dept source_of_truth validation identities tolerance
    compare_as target_hint maturity_days conflict_zh conflict_en reconcile_zh reconcile_en chart""".split()
)
# Switches that the starting dictionary has no columns for, in days; a file may bring them, and they are written
# when they are asked for.
WINDOWS = ("new_customer_days", "attribution_days")
EVERY_COLUMN = (*METRIC_COLUMNS, *WINDOWS)
RULE_COLUMNS = tuple("rule_id severity expression tolerance scope message_zh message_en on_fail".split())
LISTS = ("dimensions", "identities")
NUMBERS = {"decimals": 6, "maturity_days": 3650} | dict.fromkeys(WINDOWS, 3650)  # the highest
DEPARTMENTS = ("owner_dept", "steward_dept")

CHOICES = {
    "tier": {"headline", "core", "support"},
    "pack": {"starter", "dependency", "extended"},
    "kind": {"base", "derived"},
    "io": {"input", "output"},
    "value_type": set("money int ratio ratio_x duration duration_ms score index enum".split()),
    "direction": {"up", "down", "neutral", "target"},
    "time_agg": set("sum last avg median p75 weighted_avg ratio_of_sums recompute".split()),
    "grain": set("day week month quarter year".split()),
    "engine": {"upload", "upload_parts", "app"},
    "incl_shipping": {"Y", "N", "NA"},
    "incl_tax": {"Y", "N", "NA"},
    "tz_rule": {"TZ-M", "TZ-D", "TZ-W", "TZ-C", "NA"},
    "fx_rule": {"FX-M", "FX-E", "FX-T", "FX-B", "NA"},
    "compare_as": {"pct", "pp"},
    "severity": {"error", "warn"},
    "on_fail": {"block", "acknowledge", "reconcile"},
}
OPTIONAL = set(
    """checklist dimensions numerator denominator formula incl_shipping incl_tax refund_rule time_basis tz_rule fx_rule
    source_of_truth validation identities tolerance compare_as target_hint maturity_days conflict_zh conflict_en
    reconcile_zh reconcile_en chart scope new_customer_days attribution_days""".split()
)
LENGTHS = {
    "code": 40, "name_zh": 120, "name_en": 120, "section": 20, "checklist": 80, "unit": 20, "dim_agg": 80,
    "dimensions": 500, "definition_zh": 4000, "definition_en": 4000, "numerator": 300, "denominator": 300,
    "formula": 1000, "refund_rule": 120, "time_basis": 120, "source_of_truth": 300, "validation": 4000,
    "identities": 500, "tolerance": 40, "target_hint": 300, "conflict_zh": 4000, "conflict_en": 4000,
    "reconcile_zh": 4000, "reconcile_en": 4000, "chart": 80, "rule_id": 10, "expression": 500, "scope": 80,
    "message_zh": 300, "message_en": 300,
}  # fmt: skip
# Control characters, halves of characters, and those that mean nothing to others (Unicode: Cc, Cs, Co).
UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
PATTERNS = {"code": re.compile(r"[A-Z][A-Z0-9_]*"), "rule_id": re.compile(r"[A-Z][A-Z0-9]*")}
MAX_BYTES, MAX_METRICS = 4 * 2**20, 2000

# A name before a bracket is a function (AVG_POINTS), never a metric.
_CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b(?!\s*\()")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `row` as a spreadsheet shows it (header = 1; 0 = the file), `column` by its name;
    `position` is the character of a formula, from 0; `why` a word for what is wrong there."""

    code: str
    row: int = 0
    column: str = ""
    value: str = ""
    position: int | None = None
    why: str = ""


def read(data: bytes, columns=METRIC_COLUMNS) -> tuple[dict[int, dict[str, str]], list[Fault]]:
    """Row number → cells by column of a CSV file (UTF-8, with or without a mark), and every fault.

    No rows when the file as a whole cannot be read.
    """
    if len(data) > MAX_BYTES:
        return {}, [Fault("file_too_large", value=str(MAX_BYTES // 2**20))]
    try:
        lines = _lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, [Fault("not_utf8")]
    except csv.Error:
        return {}, [Fault("not_csv")]
    if not lines or not any(lines[0]):
        return {}, [Fault("file_empty")]
    header = lines[0]
    if wrong := _header_faults(header, columns):
        return {}, wrong
    return _body(header, lines[1:], columns[0])


def _lines(text: str) -> list[list[str]]:
    """All rows; a cell may be as long as a file may be (its own limit is told with its place)."""
    usual = csv.field_size_limit(MAX_BYTES)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    finally:
        csv.field_size_limit(usual)


def _header_faults(header: list[str], columns) -> list[Fault]:
    more = WINDOWS if columns == METRIC_COLUMNS else ()
    found = [Fault("column_missing", 1, name) for name in columns if name not in header]
    found += [Fault("column_unknown", 1, name[:80]) for name in header if name not in (*columns, *more)]
    return found + [Fault("column_twice", 1, name) for name in (*columns, *more) if header.count(name) > 1]


def _body(header: list[str], lines: list[list[str]], key: str):
    if len(lines) > MAX_METRICS:
        return {}, [Fault("too_many_rows", value=str(MAX_METRICS))]
    rows, found, seen = {}, [], set()
    for number, cells in enumerate(lines, 2):
        if not cells:
            continue  # an empty line at the end
        if len(cells) != len(header):
            found.append(Fault("cell_count", number, value=str(len(cells))))
            continue
        rows[number] = row = dict(zip(header, cells, strict=True))
        found += faults(row, number=number)
        if row[key] in seen:
            found.append(Fault("CODE_DUPLICATE", number, key, row[key]))
        seen.add(row[key])
    return rows, found or ([] if rows else [Fault("no_rows")])


def faults(row: dict[str, str], *, number: int = 0) -> list[Fault]:
    """What is wrong with the cells of the row `number`."""
    found = [
        Fault(code, number, column, cell[:80])
        for column, cell in row.items()
        if (code := _cell_fault(column, cell))
    ]
    if row.get("engine") == "app" and not row.get("formula"):
        found.append(Fault("formula_missing", number, "formula"))
    return found


def _cell_fault(column: str, cell: str) -> str:
    if column == "formula" and len(cell) > LENGTHS["formula"]:
        return "FORMULA_TOO_LARGE"
    if UNPRINTED.search(cell):
        return "control_character"
    if cell != cell.strip():
        return "outer_space"
    if not cell:
        return "" if column in OPTIONAL else "cell_empty"
    if len(cell) > LENGTHS.get(column, 4000):
        return "cell_too_long"
    if column in CHOICES and cell not in CHOICES[column]:
        return "not_a_choice"
    if column in PATTERNS and not PATTERNS[column].fullmatch(cell):
        return "not_a_code"
    if column == "code" and cell in RESERVED:
        return "CODE_RESERVED"
    if column in LISTS and not all(part == part.strip() and part for part in cell.split(",")):
        return "not_a_list"
    if column in NUMBERS and not _is_number(cell, NUMBERS[column]):
        return "not_a_number"
    return ""


def _is_number(cell: str, limit: int) -> bool:
    return (
        cell.isascii() and cell.isdigit() and len(cell) < 6 and str(int(cell)) == cell and int(cell) <= limit
    )


def written(rows, columns=METRIC_COLUMNS) -> str:
    """The rows as CSV text with a header and plain line ends."""
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


def mentioned(text: str) -> list[str]:
    """The codes that stand in a formula or rule, each once, in their order (`SAL_GMV / SAL_ORD`)."""
    return list(dict.fromkeys(_CODE.findall(text)))
