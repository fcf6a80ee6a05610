"""What the pages of every board read, asked again: from roll-ups, from raw rows, and in DuckDB over Parquet.

A question is one load of a page: metrics, periods and the columns it is split by. The answers are compared.
"""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from metrics import sums
from metrics.models import Observation, Slice
from metrics.periods import Period
from metrics.sums import COLUMNS, unit_of

FACTS, SLICES = Observation._meta.db_table, Slice._meta.db_table
# First day of the month and of the ISO week, by dialect.
UNITS = {
    "postgresql": {
        "M": "date_trunc('month', o.day)::date",
        "W": "date_trunc('week', o.day)::date",
        "D": "o.day",
    },
    "duckdb": {"M": "date_trunc('month', o.day)::date", "W": "date_trunc('week', o.day)::date", "D": "o.day"},
    "sqlite": {
        "M": "date(o.day, 'start of month')",
        "W": "date(o.day, '-6 days', 'weekday 1')",
        "D": "o.day",
    },
}

ROW_GROUP, WRITTEN_AT_ONCE = 122_880, 1_000_000  # DuckDB's own size of a row group


@dataclass(frozen=True)
class Question:
    """One load: flows and stocks over periods from some submissions."""

    codes: tuple[str, ...]
    stocks: tuple[str, ...]
    periods: tuple[Period, ...]
    columns: tuple[str, ...]
    sources: tuple[int, ...]

    @property
    def units(self) -> dict[str, list[tuple[dt.date, dt.date]]]:
        """Unit → the runs of days [start, end) that are asked in it."""
        found: dict[str, list[tuple[dt.date, dt.date]]] = {}
        for one in sorted(self.periods):
            runs = found.setdefault(unit_of(one), [])
            if runs and one.start <= runs[-1][1]:
                runs[-1] = runs[-1][0], max(runs[-1][1], one.end)
            else:
                runs.append((one.start, one.end))
        return found


def from_summaries(questions: list[Question]) -> list[dict]:
    """The product's own way, all of a page together: of each (metric, unit, first day, members, currency) → sum."""
    if not questions:
        return []
    asked = [
        sums.Asked(sums.Sums(one.columns), list(one.codes), list(one.stocks), list(one.periods))
        for one in questions
    ]
    sums.read(asked, questions[0].sources)
    return [_answer(one.sums) for one in asked]


def _answer(read: sums.Sums) -> dict:
    found: dict[tuple, int] = {}
    for (metric, unit), days in read._facts.items():
        for day, facts in days.items():
            for fact in facts:
                key = metric, unit.upper(), day, fact.members, fact.currency
                found[key] = found.get(key, 0) + fact.value
    return found


def statements(question: Question, dialect: str, facts: str, slices: str) -> list[str]:
    """Plain SQL on raw rows: one statement for flows and one for stocks in each unit of time."""
    names = ", ".join(_column(one, dialect) for one in question.columns)
    split = f", {names}" if names else ""
    sources, made = ", ".join(map(str, question.sources)), []
    for unit, runs in question.units.items():
        days = " OR ".join(f"(o.day >= '{start}' AND o.day < '{end}')" for start, end in runs)
        key = UNITS[dialect][unit]
        for codes, is_stock in ((question.codes, False), (question.stocks, True)):
            if not codes:
                continue
            metrics = ", ".join(f"'{code}'" for code in codes)
            where = f"o.submission_id IN ({sources}) AND o.metric IN ({metrics}) AND ({days})"
            rows = f"{facts} o"
            if is_stock and unit != "D":
                rows += (
                    f" JOIN (SELECT o.submission_id, o.metric, {key} AS unit, MAX(o.day) AS closing FROM {facts} o"
                    f" WHERE {where} GROUP BY 1, 2, 3) c ON c.submission_id = o.submission_id AND c.metric = o.metric"
                    f" AND c.closing = o.day"
                )
            join = f" JOIN {slices} s ON s.id = o.slice_id" if question.columns else ""
            places = ", ".join(str(one) for one in range(1, 4 + len(question.columns)))
            made.append(
                f"SELECT o.metric, {key}, o.currency{split}, SUM(o.value) FROM {rows}{join}"
                f" WHERE {where} GROUP BY {places}"
            )
    return made


def _column(name: str, dialect: str) -> str:
    if name in COLUMNS:
        return f"s.{name}"
    if dialect == "sqlite":
        return f"json_extract(s.other, '$.{name}')"
    return f"s.other ->> '{name}'"


def gathered(unit_rows) -> dict:
    """Rows of `statements` in the form of from_summaries."""
    found: dict[tuple, int] = {}
    for unit, rows in unit_rows:
        for metric, day, currency, *members, value in rows:
            first = dt.date.fromisoformat(day) if isinstance(day, str) else day
            key = metric, unit, first, tuple(one or "" for one in members), currency or ""
            found[key] = found.get(key, 0) + int(value)
    return found


def units_of(question: Question) -> list[str]:
    """The unit of each statement, in their order."""
    return [unit for unit in question.units for codes in (question.codes, question.stocks) if codes]


def from_raw_rows(questions: list[Question]) -> list[dict]:
    return [_raw(one) for one in questions]


def _raw(question: Question) -> dict:
    answers = []
    with connection.cursor() as cursor:
        texts = statements(question, connection.vendor, FACTS, SLICES)
        for unit, text in zip(units_of(question), texts, strict=True):
            cursor.execute(text)
            answers.append((unit, cursor.fetchall()))
    return gathered(answers)


def same(question: Question, ours: dict, theirs: dict) -> bool:
    """Whether both say the same of every whole unit that the page asked for."""
    asked = {(unit_of(one), part) for one in question.periods for part in _starts(one)}
    return _only(ours, asked) == _only(theirs, asked)


def _starts(period: Period):
    grain = {"M": "month", "W": "week", "D": "day"}[unit_of(period)]
    return [one.start for one in period.split(grain)]


def _only(found: dict, asked: set) -> dict:
    return {key: value for key, value in found.items() if (key[1], key[2]) in asked}


def write_parquet(folder: Path) -> tuple[Path, Path]:
    """Facts and slices as Parquet, in chunks, sorted as they lie."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    facts, slices = folder / "facts.parquet", folder / "slices.parquet"
    if facts.exists() and slices.exists():  # of the company that is kept in this folder
        return facts, slices
    form = pa.schema(
        [
            ("submission_id", pa.int64()),
            ("metric", pa.string()),
            ("day", pa.date32()),
            ("slice_id", pa.int64()),
            ("value", pa.int64()),
            ("currency", pa.string()),
        ]
    )
    columns = [field.name for field in form]
    waiting: list = []
    with pq.ParquetWriter(facts, form, compression="zstd") as out:
        pks = Observation.objects.order_by("submission_id").values_list("submission_id", flat=True).distinct()
        for pk in list(pks):
            rows = (
                Observation.objects.filter(submission_id=pk).order_by("metric", "day").values_list(*columns)
            )
            named = dict(zip(columns, zip(*rows, strict=True), strict=True))
            waiting.append(pa.table(named, schema=form))
            if sum(map(len, waiting)) > WRITTEN_AT_ONCE:
                out.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP)
                waiting = []
        if waiting:
            out.write_table(pa.concat_tables(waiting), row_group_size=ROW_GROUP)
    rows = list(Slice.objects.values("id", *COLUMNS, "other"))
    kept = {name: [row[name] for row in rows] for name in ("id", *COLUMNS)}
    kept["other"] = [json.dumps(row["other"]) for row in rows]
    pq.write_table(pa.table(kept), slices)
    return facts, slices
