"""What figures are held against at a freeze: targets and budgets in force, and the tree of regions."""

import datetime as dt
from collections.abc import Iterable

from metrics.canonical import canonical, fingerprint
from metrics.models import Member, Target
from metrics.periods import Period

SERIES = ("metric__code", "scenario", "dimension", "member", "period_start", "period_end")


def document(until: dt.date) -> dict:
    """{"goals": rows in force for periods that begin in the year of `until` or before (the outlook of a period that
    ends there reaches to its end), "goals_digest": of what these rows say,
    "regions": {"country" | "region": {member: the region above it}}}. Three queries."""
    newest: dict[tuple, int | None] = {}
    rows = Target.objects.filter(period_start__lt=Period.containing(until, "year").end).order_by("pk")
    for *series, pk, value in rows.values_list(*SERIES, "pk", "value"):
        newest[tuple(series)] = None if value is None else pk
    kept = sorted(pk for pk in newest.values() if pk is not None)
    return {"goals": kept, "goals_digest": digest(kept), "regions": regions()}


def digest(goals: Iterable[int]) -> str:
    """SHA-256 over what these rows say now; a row that is gone says nothing."""
    kept = set(goals)
    rows = Target.objects.order_by("pk").values_list("pk", *SERIES, "value", "currency")
    said = [[str(part) for part in row[1:]] for row in rows if row[0] in kept]
    return fingerprint(canonical(said))


def regions() -> dict[str, dict[str, str]]:
    rows = Member.objects.filter(dimension__in=("country", "region")).exclude(parent=None)
    found: dict[str, dict[str, str]] = {"country": {}, "region": {}}
    for dimension, code, above in rows.values_list("dimension", "code", "parent__code"):
        found[dimension][code] = above
    return found
