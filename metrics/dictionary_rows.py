"""The dictionary as rows of its file: reading definitions out, writing them in, comparing a file with what holds."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metrics import dictionary_csv as table
from metrics.dictionary_csv import DEPARTMENTS, LISTS, METRIC_COLUMNS, NUMBERS, RULE_COLUMNS, Fault
from metrics.models import Metric, MetricVersion, Rule, RuleVersion
from reviewhub.people.models import Department

FILES = Path(__file__).parent / "dictionary_files"


@cache
def shipped(name: str) -> bytes:
    """One of the files that the product brings: metrics, rules, aliases, confused, confidentiality."""
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


@dataclass(frozen=True)
class Known:
    """What a row may name: departments by code, codes of rules and of metrics."""

    departments: dict[str, Department]
    rules: set[str]
    metrics: set[str]

    @classmethod
    def now(cls, metrics: set[str] | None = None, rules: set[str] | None = None):
        """The departments of this installation with its metrics and rules, or those of a file."""
        return cls(
            {department.code: department for department in Department.objects.all()},
            set(Rule.objects.values_list("code", flat=True)) if rules is None else rules,
            set(Metric.objects.values_list("code", flat=True)) if metrics is None else metrics,
        )

    def faults(self, row: dict[str, str], *, number: int = 0) -> list[Fault]:
        """Departments, rules and metrics that the row names and nobody knows."""
        found = [
            Fault("department_unknown", number, column, row[column])
            for column in DEPARTMENTS
            if row[column] and row[column] not in self.departments
        ]
        named = row["identities"].split(",") if row["identities"] else []
        found += [
            Fault("rule_unknown", number, "identities", code) for code in named if code not in self.rules
        ]
        if row["engine"] != "app":
            return found  # the formula of an upload tells people what to deliver
        return found + self._formula_faults(row["formula"], number)

    def _formula_faults(self, text: str, number: int) -> list[Fault]:
        if position := table.misspelt_at(text):
            return [Fault("formula_broken", number, "formula", str(position))]
        used = set(table.mentioned(text)) - self.metrics
        return [Fault("metric_unknown", number, "formula", code) for code in sorted(used)]


def fields(row: dict[str, str], departments) -> dict:
    """The columns of a version from the cells of a row."""
    values = {column: cell for column, cell in row.items() if column not in ("code", "pack")}
    values |= {column: cell.split(",") if (cell := row[column]) else [] for column in LISTS}
    values |= {column: int(row[column]) if row[column] else None for column in NUMBERS}
    return values | {column: departments[row[column]] for column in DEPARTMENTS}


def cells(version: MetricVersion) -> dict[str, str]:
    """The row of a version as the file holds it, letter by letter."""
    row = {column: getattr(version, column) for column in METRIC_COLUMNS if column not in ("code", "pack")}
    row |= {"code": version.metric.code, "pack": version.metric.pack}
    row |= {column: ",".join(row[column]) for column in LISTS}
    row |= {column: "" if row[column] is None else str(row[column]) for column in NUMBERS}
    row |= {column: row[column].code for column in DEPARTMENTS}
    return {column: row[column] for column in METRIC_COLUMNS}


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


def differences(data: bytes, *, on) -> tuple[list[Difference], list[Fault]]:
    """What a file of metrics says otherwise than the dictionary of the date `on`, and what is wrong with the file."""
    read, faults = table.read(data)
    held = {row["code"]: row for row in rows(on)}
    known = Known.now(metrics={row["code"] for row in read.values()} | set(held))
    for number, row in read.items():
        faults += known.faults(row, number=number)
    if faults:
        return [], faults
    found = []
    for number, row in read.items():
        before = held.pop(row["code"], None)
        if before is None:
            found.append(Difference(number, row["code"], "", "", row["name_en"]))
            continue
        found += [
            Difference(number, row["code"], column, before[column], row[column])
            for column in METRIC_COLUMNS
            if before[column] != row[column]
        ]
    return found + [Difference(0, code, "", row["name_en"], "") for code, row in held.items()], []
