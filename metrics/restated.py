"""What a restatement changed: the figures of the review under the old snapshot beside those under the new one."""

from collections.abc import Iterable
from decimal import Decimal

from metrics.desk import Desk
from metrics.models import Metric, MetricVersion, Snapshot
from metrics.periods import Period
from metrics.reasons import CannotRead

TOLD_TIERS = ("headline", "core")


def codes() -> list[str]:
    """The metrics whose change readers are told: those of the first two tiers that are switched on."""
    rows = MetricVersion.objects.filter(effective_to=None, tier__in=TOLD_TIERS)
    rows = rows.filter(metric__in=Metric.objects.enabled()).order_by("metric__position", "metric__code")
    return list(rows.values_list("metric__code", flat=True))


def figures(snapshot: Snapshot, asked: Iterable[str]) -> dict[str, Decimal | None]:
    """Metric → its exact value for the whole company and the period of the review; None where there is none."""
    period, asked = Period.between(snapshot.review.period_start, snapshot.review.period_end), list(asked)
    desk = Desk(asked, [period], snapshot=snapshot)
    asked = [code for code in asked if code in desk.definitions]
    columns = sorted(desk.sliced(asked))
    evaluation = desk.evaluation(asked, [period], columns=columns)
    found = {}
    for code in asked:
        try:
            found[code] = evaluation.figure(code, period).value
        except CannotRead:  # currencies that cannot be added: neither side has a figure
            found[code] = None
    return found


def changes(old: Snapshot, new: Snapshot) -> list[dict]:
    """[{"metric", "old", "new"}] of the figures that differ: exact decimals as text, or None."""
    asked = codes()
    before, after = figures(old, asked), figures(new, asked)
    return [
        {"metric": code, "old": _text(before.get(code)), "new": _text(after.get(code))}
        for code in asked
        if before.get(code) != after.get(code)
    ]


def since(snapshots: Iterable[Snapshot]) -> list[dict]:
    """The changes of several restatements in a row as one: from the first old value to the last new one."""
    found: dict[str, dict] = {}
    for snapshot in snapshots:
        for one in snapshot.changes:
            known = found.setdefault(one["metric"], dict(one))
            known["new"] = one["new"]
    return [one for one in found.values() if one["old"] != one["new"]]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")
