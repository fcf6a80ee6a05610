"""Roll-ups with fewer dimensions, added up inside the database: what a page of many months reads instead of all slices.

A catalogue of products makes the roll-ups of sales a hundred times as many as their platforms. Each level keeps some
dimensions and adds up over the others; a question is answered from the smallest level that knows its dimensions.
"""

import functools
import re
from collections.abc import Collection, Iterable, Mapping

from django.db import connection, transaction

from metrics.models import CoarseSlice, Observation, RollUp, Slice, Summary

# From small to large. "p" has days besides, so that a period that is no week or month needs no rows of products either.
BY_PLATFORM, BY_PRODUCT, WITHOUT_PRODUCT = "p", "k", "s"
DAILY = BY_PLATFORM
PRODUCT = "sku"
KEPT = {BY_PLATFORM: frozenset({"platform"}), BY_PRODUCT: frozenset({"category", PRODUCT})}
LEVELS = (*KEPT, WITHOUT_PRODUCT)
NAMED = ("platform", "country", "category", "channel", "segment")
# One member of a key, and what its escapes stand for.
ONE, ESCAPED = re.compile(r"(?:^|\|)(\w+)=((?:[^\\|]|\\.)*)", re.DOTALL), re.compile(r"\\(.)", re.DOTALL)
COLUMNS = 'level, submission_id, metric, grain, period_key, slice_id, currency, value, "rows"'
DAY_KEYS = {
    "postgresql": "(extract(year FROM day) * 10000 + extract(month FROM day) * 100 + extract(day FROM day))::int",
    "sqlite": "CAST(strftime('%%Y%%m%%d', day) AS INTEGER)",
}


def level_of(columns: Collection[str]) -> str:
    """The smallest level that knows all of `columns`; "" where only the roll-ups themselves do."""
    return next((level for level in LEVELS if all(_keeps(level, one) for one in columns)), "")


def _keeps(level: str, dimension: str) -> bool:
    return dimension in KEPT[level] if level in KEPT else dimension != PRODUCT


def key_of(members: dict[str, str]) -> str:
    """One text per combination; a bar inside a member is not mistaken for the one between two."""
    escaped = {name: value.replace("\\", "\\\\").replace("|", "\\|") for name, value in members.items()}
    return "|".join(f"{name}={escaped[name]}" for name in sorted(members) if members[name])


@functools.lru_cache(maxsize=50_000)
def members_of(key: str) -> Mapping[str, str]:
    """What `key_of` made a text of; kept, for pages read the same few thousand keys each time."""
    return {name: ESCAPED.sub(r"\1", value) for name, value in ONE.findall(key)}


def slice_of(members: dict[str, str]) -> Slice:
    named = {name: members.get(name, "") for name in NAMED}
    other = {name: value for name, value in members.items() if name not in NAMED}
    return Slice(key=key_of(members), **named, other=other)


@transaction.atomic
def write(submissions: Iterable[int]) -> None:
    """Make the summaries of `submissions` from their observations and roll-ups; of no other one a row is touched."""
    pks = list(dict.fromkeys(submissions))
    drop(pks)
    _point_slices()
    summary, facts, sums, coarse = (
        f'"{model._meta.db_table}"' for model in (Summary, Observation, RollUp, CoarseSlice)
    )
    tail = (
        f"JOIN {coarse} c ON c.slice_id = r.slice_id {{only}}WHERE r.submission_id IN ({', '.join(['%s'] * len(pks))})"
        " GROUP BY c.level, r.submission_id, r.metric, {unit}, c.coarse_id, r.currency"
    )
    head = f"INSERT INTO {summary} ({COLUMNS}) SELECT c.level, r.submission_id, r.metric,"
    worth = 'c.coarse_id, r.currency, SUM(r.value), SUM(r."rows")'
    days = DAY_KEYS[connection.vendor]
    with connection.cursor() as cursor:
        units = "r.grain, r.period_key"
        cursor.execute(f"{head} {units}, {worth} FROM {sums} r " + tail.format(only="", unit=units), pks)
        only = f"AND c.level = '{DAILY}' "
        cursor.execute(
            f"{head} 'D', {days}, {worth} FROM {facts} r " + tail.format(only=only, unit=days), pks
        )


def standing_for(levels: Iterable[str]):
    """The keys of the slices that stand in summaries of `levels`."""
    return CoarseSlice.objects.filter(level__in=list(levels)).values("coarse_id")


def drop(submissions: Iterable[int]) -> None:
    Summary.objects.filter(submission__in=list(submissions)).delete()


def _point_slices() -> None:
    """Give every slice that is met for the first time the slices that stand for it."""
    while new := list(Slice.objects.filter(coarse=None).order_by("pk")):
        wanted = [(level, one, _coarse(level, one)) for one in new for level in LEVELS]
        known = dict(Slice.objects.values_list("key", "pk"))
        missing = {
            key_of(members): members for _level, _one, members in wanted if key_of(members) not in known
        }
        if missing:
            # In one order for all, as two hand-ins at a time may meet the same ones.
            new_rows = [slice_of(members) for _key, members in sorted(missing.items())]
            Slice.objects.bulk_create(new_rows, ignore_conflicts=True, batch_size=500)
            known = dict(Slice.objects.values_list("key", "pk"))
        CoarseSlice.objects.bulk_create(
            (
                CoarseSlice(level=level, slice=one, coarse_id=known[key_of(members)])
                for level, one, members in wanted
            ),
            ignore_conflicts=True,
            batch_size=500,
        )


def _coarse(level: str, one: Slice) -> dict[str, str]:
    members = {name: getattr(one, name) for name in NAMED} | one.other
    return {name: value for name, value in members.items() if value and _keeps(level, name)}
