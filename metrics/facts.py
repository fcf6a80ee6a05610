"""Writes the facts of one submission: observations at their own grain, and their week and month sums.

One function for both databases: COPY on PostgreSQL, executemany on SQLite (bulk_create is ten times slower).
"""

import io

import pandas as pd
from django.db import connection, transaction

from metrics import regions
from metrics.models import Member, Observation, RollUp, Slice, Submission

DIMENSIONS = ("platform", "country", "category", "channel")
BATCH = 50_000


@transaction.atomic
def store(submission: Submission, frame: pd.DataFrame) -> int:
    """Write `frame` as the facts of `submission`; returns the number of observations.

    Columns: metric, day (date), value (scaled integer), rows (count), currency, and any dimensions (text).
    Equal keys (metric, day, slice, currency) are summed.
    """
    if frame.empty:
        return 0
    dimensions = [
        name for name in frame.columns if name not in ("metric", "day", "value", "rows", "currency")
    ]
    facts = frame.copy()
    if "country" in dimensions:
        facts["country"] = facts["country"].map(
            {text: regions.place(text)[0] for text in facts["country"].unique()}
        )
    facts["slice_id"] = _slice_ids(facts, dimensions)
    _members(frame, facts, dimensions)
    if "currency" not in facts:
        facts["currency"] = ""
    facts["submission_id"] = submission.pk
    keys = ["submission_id", "metric", "day", "slice_id", "currency"]
    observed = facts.groupby(keys, sort=True, observed=True, as_index=False)[["value", "rows"]].sum()
    _copy(Observation, observed[[*keys[:-1], "value", "currency", "rows"]])
    _copy(RollUp, _sums(observed))
    return len(observed)


def drop(submission: Submission) -> None:
    """Remove every fact of `submission`."""
    Observation.objects.filter(submission=submission).delete()
    RollUp.objects.filter(submission=submission).delete()


def _sums(observed: pd.DataFrame) -> pd.DataFrame:
    """Week and month sums of daily observations."""
    days = pd.to_datetime(observed["day"])
    iso = days.dt.isocalendar()
    parts = []
    for grain, key in (("W", iso.year * 100 + iso.week), ("M", days.dt.year * 100 + days.dt.month)):
        part = observed.assign(grain=grain, period_key=key.astype("int64"))
        by = ["submission_id", "metric", "grain", "period_key", "slice_id", "currency"]
        parts.append(part.groupby(by, sort=True, as_index=False)[["value", "rows"]].sum())
    columns = ["submission_id", "metric", "grain", "period_key", "slice_id", "value", "currency", "rows"]
    return pd.concat(parts, ignore_index=True)[columns]


def _slice_ids(facts: pd.DataFrame, dimensions: list[str]) -> pd.Series:
    """The slice row of each fact; new combinations are added."""
    if not dimensions:
        row, _ = Slice.objects.get_or_create(key="")
        return pd.Series(row.pk, index=facts.index)
    combinations = facts[dimensions].drop_duplicates().astype(str).to_dict("records")
    keys = {_key(row): row for row in combinations}
    Slice.objects.bulk_create((_slice(key, row) for key, row in sorted(keys.items())), ignore_conflicts=True)
    known = (
        dict(Slice.objects.filter(key__in=list(keys)).values_list("key", "pk"))
        if len(keys) < 900
        else dict(Slice.objects.values_list("key", "pk"))
    )
    ids = {tuple(row[name] for name in dimensions): known[key] for key, row in keys.items()}
    index = (
        pd.MultiIndex.from_frame(facts[dimensions].astype(str))
        if len(dimensions) > 1
        else facts[dimensions[0]]
    )
    return pd.Series([ids[key if isinstance(key, tuple) else (key,)] for key in index], index=facts.index)


def _key(row: dict) -> str:
    return "|".join(f"{name}={row[name]}" for name in sorted(row) if row[name])


def _slice(key: str, row: dict) -> Slice:
    named = {name: row.get(name, "") for name in DIMENSIONS}
    return Slice(
        key=key, **named, other={name: value for name, value in row.items() if name not in DIMENSIONS}
    )


def _members(frame: pd.DataFrame, facts: pd.DataFrame, dimensions: list[str]) -> None:
    """Make the members that are met for the first time; a country finds its place in the region tree."""
    for name in dimensions:
        codes = {str(code) for code in facts[name].unique() if str(code)}
        missing = codes - set(Member.objects.filter(dimension=name).values_list("code", flat=True))
        if name == "country" and missing:
            _countries({str(text) for text in frame["country"].unique()}, missing)
        else:
            Member.objects.bulk_create(
                (Member(dimension=name, code=code) for code in sorted(missing)), ignore_conflicts=True
            )


def _countries(texts: set[str], missing: set[str]) -> None:
    for code, (zh, en, position) in regions.REGIONS.items():
        Member.objects.get_or_create(
            dimension="region", code=code, defaults={"name_zh": zh, "name_en": en, "position": position}
        )
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


def _copy(model, frame: pd.DataFrame) -> None:
    """Append `frame` (columns named like the model's) to the model's table."""
    table, columns = model._meta.db_table, list(frame.columns)
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql":
        text = io.StringIO()
        frame.to_csv(text, index=False, header=False)
        text.seek(0)
        with connection.cursor() as cursor:
            # FORCE_NOT_NULL: an empty currency is "", not NULL.
            force = f", FORCE_NOT_NULL ({', '.join(n for n in columns if n == 'currency')})"
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv{force})', text)
        return
    marks = ", ".join(["%s"] * len(columns))
    lists = [frame[name].astype(str).tolist() if name == "day" else frame[name].tolist() for name in columns]
    with connection.cursor() as cursor:
        rows = list(zip(*lists, strict=True))
        for start in range(0, len(rows), BATCH):
            cursor.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows[start : start + BATCH]
            )
