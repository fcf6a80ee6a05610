"""What changed from one version of a department's data to another: by metric, and by metric and member."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from metrics import units
from metrics.definitions import Definition, Definitions
from metrics.models import RollUp, Submission

DIMENSIONS = ("country", "platform", "category", "channel")
MOST = 200


@dataclass(frozen=True)
class Change:
    """A figure in both versions; None where a version has none. `member` "" for the whole metric."""

    code: str
    member: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal:
        return (self.after or Decimal()) - (self.before or Decimal())


def totals(before: Submission, after: Submission) -> list[Change]:
    """Every metric of either version whose total differs, in the order of the newer one."""
    codes = dict.fromkeys([*after.totals, *before.totals])
    found = [
        Change(code, "", _decimal(before.totals.get(code)), _decimal(after.totals.get(code)))
        for code in codes
    ]
    return [one for one in found if one.before != one.after]


def by_member(before: Submission, after: Submission, dimension: str) -> tuple[list[Change], int]:
    """(the largest MOST changes, how many there are) of metrics that add up, by member of `dimension`; two queries.

    Grouped by metric, in the order of the totals; within one the largest difference first.
    """
    definitions = Definitions.on(after.period_start)
    sums = _sums([before.pk, after.pk], dimension)
    keys = {(code, member) for _version, code, member in sums}
    changes = [
        _change(code, member, sums, before, after, definitions[code])
        for code, member in keys
        if code in definitions and _adds_up(definitions[code])
    ]
    places = {code: place for place, code in enumerate(dict.fromkeys([*after.totals, *before.totals]))}
    changed = [one for one in changes if one.before != one.after]
    changed.sort(key=lambda one: (places.get(one.code, len(places)), -abs(one.difference), one.member))
    return changed[:MOST], len(changed)


def dimensions_of(*versions: Submission) -> list[str]:
    """The dimensions by which the facts of these versions are split, in the usual order. One query."""
    rows = RollUp.objects.filter(submission__in=[one.pk for one in versions], grain="M").order_by()
    used = rows.aggregate(**{name: Count(f"slice__{name}", distinct=True) for name in DIMENSIONS})
    return [name for name in DIMENSIONS if used[name] > 1]


def _change(code, member, sums, before, after, definition: Definition) -> Change:
    found = (sums.get((version.pk, code, member)) for version in (before, after))
    return Change(
        code, member, *(None if one is None else units.plain(one, definition.value_type) for one in found)
    )


def _sums(pks: list[int], dimension: str) -> dict[tuple[int, str, str], int]:
    rows = RollUp.objects.filter(submission__in=pks, grain="M").order_by()
    columns = ("submission", "metric", f"slice__{dimension}")
    return {tuple(key): total for *key, total in rows.values_list(*columns).annotate(Sum("value"))}


def _adds_up(definition: Definition) -> bool:
    return definition.adds_up and not definition.is_stock and definition.value_type in ("money", "int")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
