"""The definitions that hold on a day, with everything their formulas need."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Value

from metrics import formula, groups
from metrics.models import MetricVersion, PinnedVersion, Review, Snapshot
from reviewhub.people.models import bilingual

DEEPEST = 50
MOVING = ("PY", "PP", "BEG", "AVG_POINTS")
MOST_STEPS = 3  # from period to period; a formula that goes further finds no data there
WITH_WEIGHTS = frozenset("avg median p75 weighted_avg ratio_of_sums recompute".split())
FIELDS = (
    "metric__code",
    "number",
    "effective_from",
    "effective_to",
    "name_zh",
    "name_en",
    "unit",
    "value_type",
    "decimals",
    "direction",
    "time_agg",
    "dim_agg",
    "grain",
    "dimensions",
    "formula",
    "engine",
    "compare_as",
    "maturity_days",
    "fx_rule",
)


@dataclass(frozen=True)
class Definition:
    """One version of a metric, as far as computing needs it."""

    code: str
    number: int
    effective_from: dt.date
    effective_to: dt.date | None
    name_zh: str
    name_en: str
    unit: str
    value_type: str
    decimals: int
    direction: str
    time_agg: str
    dim_agg: str
    grain: str
    dimensions: list
    formula: str
    engine: str
    compare_as: str
    maturity_days: int | None
    fx_rule: str

    @property
    def name(self) -> str:
        return bilingual(self, "name")

    @property
    def is_computed(self) -> bool:
        """By ReviewHub, from other metrics; the rest comes from files."""
        return self.engine == "app"

    @property
    def is_ratio(self) -> bool:
        return self.unit == "%"

    @property
    def places(self) -> int:
        """Decimals of the value as it is given out: a percentage with 2 decimals is a ratio with 4."""
        return self.decimals + 2 if self.is_ratio else self.decimals

    @property
    def is_stock(self) -> bool:
        """Taken at a moment or otherwise not a sum of days."""
        return not self.is_computed and self.time_agg != "sum"

    @property
    def is_in_parts(self) -> bool:
        """Handed in as a sum over a sum: ratios, means, medians and percentiles with the number of their cases."""
        return not self.is_computed and self.time_agg in WITH_WEIGHTS

    @property
    def adds_up(self) -> bool:
        """Over the parts of the company."""
        return not self.dim_agg.startswith("non_additive")

    @cached_property
    def tree(self) -> tuple:
        """The formula as metrics.formula reads it. Raises FormulaError."""
        return formula.parse(self.formula).tree

    @cached_property
    def nodes(self) -> list[tuple]:
        """Every node of the formula; none where it cannot be read or the value comes from a file."""
        try:
            return list(formula.walk(self.tree)) if self.is_computed else []
        except formula.FormulaError:
            return []

    @property
    def names(self) -> set[str]:
        """The metric codes that the formula reads."""
        return {node[1] for node in self.nodes if node[0] == "code"}

    @property
    def parts(self) -> set[tuple[str, str]]:
        """The (dimension, member or "") that the formula takes parts by."""
        return {node[1:] for node in self.nodes if node[0] == "part"}


def pinned_on(day: dt.date) -> Exists:
    """Whether a version is one that the review of the period around `day` uses."""
    about = Review.objects.filter(period_start__lte=day, period_end__gt=day)
    last = about.order_by("-period_start", "-pk").values("pk")[:1]
    return Exists(PinnedVersion.objects.filter(version=OuterRef("pk"), review__in=last))


def _among(metrics):
    """Whether the metric of a version is one of `metrics`; of no query none is."""
    return Value(False) if metrics is None else Exists(metrics.filter(pk=OuterRef("metric")))


class Definitions(dict):
    """Code → Definition as they hold on one day; where none holds yet, the first one.

    What the review of that day's period has pinned comes first, whatever was approved later (B094).
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._shifts_known: dict[str, set] = {}
        self.readable: set[str] = set()

    @classmethod
    def on(cls, day: dt.date, *, readable=None) -> "Definitions":
        """All of them, with one query.

        `readable`: a query of the metrics that somebody may read; then their codes stand in `readable`.
        """
        found, kept = cls(), {}
        rows = MetricVersion.objects.annotate(is_pinned=pinned_on(day), is_readable=_among(readable))
        for *row, is_pinned, is_readable in rows.order_by("metric", "number").values_list(
            *FIELDS, "is_pinned", "is_readable"
        ):
            one = Definition(*row)
            if one.code not in found or one.effective_from <= day:
                found[one.code] = one
            if is_pinned:
                kept[one.code] = one
            if is_readable:
                found.readable.add(one.code)
        found.update(kept)
        return found

    @classmethod
    def frozen(cls, snapshot: Snapshot, *, readable=None) -> "Definitions":
        """Those that `snapshot` was frozen with, whatever was approved since; `readable` as in `on`. One query."""
        kept, found = snapshot.definitions, cls()
        rows = MetricVersion.objects.annotate(is_readable=_among(readable)).order_by("metric", "number")
        rows = rows.filter(metric__code__in=kept) if readable is None else rows
        for *row, is_readable in rows.values_list(*FIELDS, "is_readable"):
            if kept.get(row[0]) == row[1]:
                found[row[0]] = Definition(*row)
            if is_readable:
                found.readable.add(row[0])
        return found

    @classmethod
    def newest(cls) -> "Definitions":
        """Those that nothing follows yet, whatever a review has pinned. One query."""
        rows = MetricVersion.objects.filter(effective_to=None).order_by("metric").values_list(*FIELDS)
        return cls((one.code, one) for one in (Definition(*row) for row in rows))

    def replaced(self, definition: Definition) -> "Definitions":
        """The same with another definition of one metric: what would hold if it did."""
        return Definitions(self | {definition.code: definition})

    def bases(self, code: str) -> set[str]:
        """The uploaded metrics that `code` is made from; unknown ones are left out."""
        return {one for one in self.closure([code]) if not self[one].is_computed}

    def closure(self, codes: Iterable[str]) -> list[str]:
        """`codes` and everything their formulas name, however deep."""
        waiting, found = [code for code in codes if code in self], []
        while waiting:
            code = waiting.pop()
            if code in found:
                continue
            found.append(code)
            waiting += sorted(name for name in self[code].names if name in self)
        return found

    def is_weekly(self, code: str) -> bool:
        """Whether figures by week mean something: nothing behind `code` is handed in by month."""
        return all(self[one].grain in ("day", "week") for one in {code, *self.bases(code)})

    def sliced(self, codes: Iterable[str]) -> set[str]:
        """The stored dimensions by which formulas of `codes` take parts."""
        return {groups.meant(*part)[0] for code in codes for part in self[code].parts}

    def shifts(self, code: str, depth: int = 0) -> set[tuple[str, ...]]:
        """The ways in which the formula of `code` looks at other periods: () itself, ("PY",) the year before,
        ("PY", "BEG") the days before that year …"""
        if code not in self._shifts_known:
            self._shifts_known[code] = {()}
            if depth <= DEEPEST and code in self and self[code].nodes:
                self._shifts_known[code] = self._shifts(self[code].tree, depth)
        return self._shifts_known[code]

    def _shifts(self, node: tuple, depth: int) -> set[tuple[str, ...]]:
        if node[0] == "code":
            return self.shifts(node[1], depth + 1)
        inner = (self._shifts(part, depth) for part in node[1:] if isinstance(part, tuple))
        found = set().union({()}, *inner)
        if node[0] not in MOVING:
            return found
        return {(node[0], *shift) for shift in found if len(shift) < MOST_STEPS} | {()}
