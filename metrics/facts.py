"""Writes the facts of submissions: observations at their own grain, their week and month sums, and summaries.

One function for both databases: COPY on PostgreSQL, a prepared INSERT of many rows on SQLite (bulk_create
is ten times slower).
"""

import io
import itertools

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from django.db import connection, transaction

from metrics import regions, summaries
from metrics.models import Member, Observation, RollUp, Slice, Submission
from metrics.platforms import PLATFORMS
from metrics.rollups import rolled_up, stock_codes

# SQLite takes 999 values a statement in every build. One that brings many rows in the order of the index keeps its
# place there; statements of single rows look for it again and again.
ROWS_A_STATEMENT = 50
FIXED = {"submission_id", "metric", "day", "value", "rows", "currency"}


def store(submission: Submission, frame: pd.DataFrame) -> int:
    """Write `frame` as the facts of `submission`; returns the number of observations.

    Columns: metric, day (date), value (scaled integer), rows (count), currency, and any dimensions (text).
    Equal keys (metric, day, slice, currency) are summed.
    """
    return store_all(frame.assign(submission_id=submission.pk))


@transaction.atomic
def store_all(frame: pd.DataFrame) -> int:
    """Like `store` for several submissions at once: `frame` has a column submission_id besides."""
    if frame.empty:
        return 0
    dimensions = [name for name in frame.columns if name not in FIXED]
    facts = frame.reset_index(drop=True)
    if "country" in dimensions:
        places = {text: regions.place(str(text))[0] for text in facts["country"].unique()}
        facts["country"] = facts["country"].map(places)
    _members(frame, facts, dimensions)
    facts["slice_id"] = _slice_ids(facts, dimensions)
    facts["day"] = pd.to_datetime(facts["day"])
    if "currency" not in facts:
        facts["currency"] = ""
    keys = ["submission_id", "metric", "day", "slice_id", "currency"]
    observed = facts.groupby(keys, sort=True, observed=True, as_index=False)[["value", "rows"]].sum()
    write(Observation, observed)
    write(RollUp, rolled_up(observed, stock_codes()))
    summaries.write(observed["submission_id"].unique().tolist())
    return len(observed)


def drop(submission: Submission) -> None:
    """Remove every fact of `submission`."""
    Observation.objects.filter(submission=submission).delete()
    RollUp.objects.filter(submission=submission).delete()
    summaries.drop([submission.pk])


def _slice_ids(facts: pd.DataFrame, dimensions: list[str]) -> pd.Series:
    """The slice row of each fact; new combinations are added."""
    if not dimensions:
        return pd.Series(Slice.objects.get_or_create(key="")[0].pk, index=facts.index)
    number = facts.groupby(dimensions, sort=False, observed=True, dropna=False).ngroup()
    first = facts.loc[~number.duplicated(), dimensions].astype(str)
    keys = {
        place: summaries.key_of(row)
        for place, row in zip(number[first.index], first.to_dict("records"), strict=True)
    }
    known = dict(Slice.objects.values_list("key", "pk"))
    missing = {
        summaries.key_of(row): row for row in first.to_dict("records") if summaries.key_of(row) not in known
    }
    if missing:
        Slice.objects.bulk_create(
            (summaries.slice_of(row) for _key, row in sorted(missing.items())), ignore_conflicts=True
        )
        known = dict(Slice.objects.values_list("key", "pk"))
    return number.map({place: known[key] for place, key in keys.items()})


def _members(frame: pd.DataFrame, facts: pd.DataFrame, dimensions: list[str]) -> None:
    """Make the members that are met for the first time; a country finds its place in the region tree."""
    for name in dimensions:
        codes = {str(code) for code in facts[name].unique() if str(code)}
        missing = codes - set(Member.objects.filter(dimension=name).values_list("code", flat=True))
        if name == "country" and missing:
            _countries({str(text) for text in frame["country"].unique()}, missing)
        else:
            Member.objects.bulk_create(
                (_member(name, code) for code in sorted(missing)), ignore_conflicts=True
            )


def _member(dimension: str, code: str) -> Member:
    if dimension == "platform" and code in PLATFORMS:
        zh, en, position = PLATFORMS[code]
        return Member(dimension=dimension, code=code, name_zh=zh, name_en=en, position=position)
    return Member(dimension=dimension, code=code)


def _countries(texts: set[str], missing: set[str]) -> None:
    for code, (zh, en, position) in regions.REGIONS.items():
        names = {"name_zh": zh, "name_en": en, "position": position}
        Member.objects.get_or_create(dimension="region", code=code, defaults=names)
    parents = {row.code: row for row in Member.objects.filter(dimension="region")}
    places = {place[0]: place for place in map(regions.place, sorted(texts))}
    Member.objects.bulk_create(
        (
            Member(
                dimension="country", code=code, iso=iso, name_zh=zh, name_en=code, parent=parents.get(region)
            )
            for code, iso, zh, region in places.values()
            if code in missing
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def write(model, frame: pd.DataFrame) -> None:
    """Append `frame` (columns named like the model's) to the model's table; fastest in the order of its index."""
    table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in frame.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)', _as_csv(frame))
        else:
            row = f"({', '.join(['%s'] * len(frame.columns))})"
            for count, batches in _batched(frame):
                rows = ", ".join([row] * count)
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES {rows}', batches)


def _batched(frame: pd.DataFrame):
    """(rows in a statement, the values of each statement): most of the rows many at a time, then those left over."""
    rows = zip(*(_listed(frame[name]) for name in frame.columns), strict=True)
    cells, width = itertools.chain.from_iterable(rows), len(frame.columns)
    whole, left = divmod(len(frame), ROWS_A_STATEMENT)
    for count, times in ((ROWS_A_STATEMENT, whole), (left, 1)):
        if count and times:
            yield count, (tuple(itertools.islice(cells, count * width)) for _ in range(times))


def _listed(column: pd.Series) -> list:
    """The cells as Python's own values, of texts and days each distinct one made once."""
    if column.dtype.kind in "iu":
        return column.tolist()
    codes, found = pd.factorize(column)
    values = [one.strftime("%Y-%m-%d") if column.name == "day" else str(one) for one in found]
    return [values[code] for code in codes.tolist()]


def _as_csv(frame: pd.DataFrame) -> io.BytesIO:
    """The rows as CSV. Texts stand in quotes, so that an empty currency is "" and not NULL."""
    rows = pa.Table.from_pandas(frame, preserve_index=False)
    if "day" in frame:
        place = rows.schema.get_field_index("day")
        rows = rows.set_column(place, "day", rows["day"].cast(pa.date32()))
    text = io.BytesIO()
    pyarrow.csv.write_csv(rows, text, pyarrow.csv.WriteOptions(include_header=False))
    text.seek(0)
    return text
