"""The dictionary as rows of its file: reading definitions out, writing them in, comparing a file with what holds."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from metrics import dictionary_csv as table
from metrics import formula
from metrics.dictionary_csv import DEPARTMENTS, EVERY_COLUMN, LISTS, NUMBERS, RULE_COLUMNS, WINDOWS, Fault
from metrics.formula import FormulaError
from metrics.formula_units import require_units
from metrics.models import Metric, MetricVersion, Rule, RuleVersion
from reviewhub.people.models import Department

FILES = Path(__file__).parent / "dictionary_files"


@cache
def shipped(name: str) -> bytes:
    """One of the files that the product brings: metrics, rules, aliases, confused, confidentiality, windows."""
    return (FILES / f"{name}.csv").read_bytes()


def pairs(name: str) -> list[tuple[str, str]]:
    """The rows of a shipped file of two columns, header left out."""
    lines = csv.reader(shipped(name).decode("utf-8").splitlines())
    return [(code, value) for code, value in lines][1:]


@dataclass(frozen=True)
class Difference:
    """One cell of a file that the dictionary holds otherwise; `column` "" is a whole metric (new, or missing)."""

    row: int
    code: str
    column: str
    before: str
    after: str


def shipped_windows() -> dict[str, dict[str, str]]:
    """Code → its windows in days, as far as the product knows them."""
    lines = csv.DictReader(shipped("windows").decode("utf-8").splitlines())
    return {line["code"]: {column: line[column] for column in WINDOWS} for line in lines}


@dataclass(frozen=True)
class Known:
    """What a row may name: departments by code, codes of rules, and of metrics the unit and the formula that
    ReviewHub computes ("" where the value comes from a file)."""

    departments: dict[str, Department]
    rules: set[str]
    metrics: dict[str, tuple[str, str]]

    @classmethod
    def now(cls, rows: Iterable[dict] | None = None, rules: set[str] | None = None):
        """The departments of this installation with its metrics and rules, or those of a file."""
        if rows is None:
            newest = MetricVersion.objects.filter(effective_to=None).values(
                "metric__code", "unit", "formula", "engine"
            )
            rows = [row | {"code": row["metric__code"]} for row in newest]
        return cls(
            {department.code: department for department in Department.objects.all()},
            set(Rule.objects.values_list("code", flat=True)) if rules is None else rules,
            {row["code"]: _entry(row) for row in rows},
        )

    def along(self, rows: Iterable[dict]) -> "Known":
        """The same with these rows in the place of what holds, or beside it."""
        return replace(self, metrics=self.metrics | {row["code"]: _entry(row) for row in rows})

    def faults(self, row: dict[str, str], *, number: int = 0) -> list[Fault]:
        """Departments, rules and metrics that the row names and nobody knows, and a formula that is none."""
        found = [
            Fault("department_unknown", number, column, row[column])
            for column in DEPARTMENTS
            if row[column] and row[column] not in self.departments
        ]
        named = row["identities"].split(",") if row["identities"] else []
        found += [
            Fault("rule_unknown", number, "identities", code) for code in named if code not in self.rules
        ]
        if row["engine"] != "app" or not row["formula"]:
            return found  # the formula of an upload tells people what to deliver
        return found + self._formula_faults(row, number)

    def _formula_faults(self, row: Mapping[str, str], number: int) -> list[Fault]:
        if len(row["formula"]) > table.LENGTHS["formula"]:
            return []  # told by its cell
        try:
            read = formula.parse(row["formula"])
            if unknown := [code for code in read.references if code not in self.metrics]:
                return [Fault("metric_unknown", number, "formula", code) for code in unknown]
            require_units(read, row["unit"], {code: self.metrics[code][0] for code in read.references})
        except FormulaError as error:
            return [formula_fault(error, number)]
        return []

    def circles(self, numbers: Mapping[str, int] | None = None) -> list[Fault]:
        """The first circle or endless chain among the formulas, at the row of one of its metrics."""
        numbers = numbers or {}
        formulas = {}
        for code, (_unit, text) in self.metrics.items():
            try:
                formulas[code] = formula.parse(text)
            except FormulaError:
                continue  # told by its row
        try:
            formula.require_no_cycle(formulas)
        except FormulaError as error:
            way = error.params.get("way", [error.params.get("code_", "")])
            return [formula_fault(error, next((numbers[code] for code in way if code in numbers), 0))]
        return []


def _entry(row: Mapping[str, str]) -> tuple[str, str]:
    return row["unit"], row["formula"] if row["engine"] == "app" else ""


def formula_fault(error: FormulaError, number: int = 0) -> Fault:
    """What metrics.formula says about a formula, as a fault of its cell."""
    told = error.params
    value = {
        "FORMULA_CYCLE": " → ".join(told.get("way", ())),
        "FORMULA_TOO_LARGE": str(told.get("limit", "")),
        "UNIT_MISMATCH": f"{told.get('left')} {told.get('sign')} {told.get('right')}",
        "CURRENCY_MIX": f"{told.get('left')} {told.get('sign')} {told.get('right')}",
    }.get(error.code, str(told.get("found", "")))
    return Fault(error.code, number, "formula", value, error.position, told.get("why", ""))


def fields(row: dict[str, str], departments) -> dict:
    """The columns of a version from the cells of a row."""
    values = {column: row.get(column, "") for column in EVERY_COLUMN if column not in ("code", "pack")}
    values |= {column: cell.split(",") if (cell := row[column]) else [] for column in LISTS}
    values |= {column: int(cell) if (cell := row.get(column, "")) else None for column in NUMBERS}
    return values | {column: departments[row[column]] for column in DEPARTMENTS}


def cells(version: MetricVersion) -> dict[str, str]:
    """The row of a version as the file holds it, letter by letter, with its windows."""
    row = {column: getattr(version, column) for column in EVERY_COLUMN if column not in ("code", "pack")}
    row |= {"code": version.metric.code, "pack": version.metric.pack}
    row |= {column: ",".join(row[column]) for column in LISTS}
    row |= {column: "" if row[column] is None else str(row[column]) for column in NUMBERS}
    row |= {column: row[column].code for column in DEPARTMENTS}
    return {column: row[column] for column in EVERY_COLUMN}


def in_force(on):
    """The version of every metric that holds on the date `on`, in the order of the dictionary."""
    return (
        MetricVersion.objects.effective(on)
        .select_related("metric", "owner_dept", "steward_dept")
        .order_by("metric__position", "metric__code")
    )


def rows(on) -> list[dict[str, str]]:
    """The whole dictionary of the date `on` in the columns of the file, without what import profiles brought."""
    return [cells(version) for version in in_force(on).exclude(metric__pack=Metric.Pack.PROFILE)]


def rule_rows(on) -> list[dict[str, str]]:
    """The rules of the date `on` in the columns of their file."""
    held = RuleVersion.objects.effective(on).select_related("rule").order_by("rule__position")
    return [
        {"rule_id": version.rule.code} | {c: getattr(version, c) for c in RULE_COLUMNS[1:]}
        for version in held
    ]


def compared(data: bytes, *, on) -> tuple[dict[int, dict[str, str]], list[Difference], list[Fault]]:
    """The rows of a file by number, what they say otherwise than the dictionary of the date `on`, and what is wrong
    with the file."""
    read, faults = table.read(data)
    held = {row["code"]: row for row in rows(on)}
    known = Known.now().along(read.values())
    for number, row in read.items():
        faults += known.faults(row, number=number)
    faults += known.circles({row["code"]: number for number, row in read.items()})
    if faults:
        return {}, [], faults
    found = []
    for number, row in read.items():
        before = held.pop(row["code"], None)
        if before is None:
            found.append(Difference(number, row["code"], "", "", row["name_en"]))
            continue
        found += [
            Difference(number, row["code"], column, before[column], row[column])
            for column in EVERY_COLUMN
            if column in row and before[column] != row[column]
        ]
    return read, found + [Difference(0, code, "", row["name_en"], "") for code, row in held.items()], []
