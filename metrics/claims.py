"""Claimed against computed: derived figures that a file brings along are claims; the computed ones are official.

Where they differ beyond the definition's tolerance its switches are tried, one and two at a time, with what has been
handed in, until one explains the difference; otherwise nothing is said to explain it.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from metrics import claim_switches, known_profiles, units
from metrics.checks.rule_terms import Tolerance
from metrics.claim_switches import Switch
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.formula import FormulaError
from metrics.models import MetricVersion, Observation, Submission
from metrics.parts import EVERYTHING, Part
from metrics.periods import DAY, Period
from metrics.reasons import CannotRead
from metrics.sums import COLUMNS

# Decimals of stored figures, by the unit that a profile declares (metrics.intake.tally).
STORED = {"money": 4, "count": 0, "ratio": 6, "duration": 6, "part": 4}
MOST_ROWS = 62  # of one metric: a month of days for two parts
USUAL_TOLERANCE = "0.1%"
# A switch explains a difference where it brings nearly all rows into the tolerance.
MOSTLY = Decimal("0.9")


@dataclass(frozen=True)
class Row:
    """One claimed figure and the computed one; None where it cannot be computed from what was handed in."""

    period: Period
    members: dict
    part: Part
    claimed: Decimal
    computed: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """The difference as a ratio of the computed figure."""
        return (self.claimed - self.computed) / abs(self.computed) if self.computed else None


@dataclass(frozen=True)
class Claim:
    """What a version claims of one metric. `off` rows lie beyond the tolerance, the largest difference first;
    `explained_by` brings `explains` of them into it."""

    code: str
    rows: list[Row]
    off: list[Row]
    explained_by: tuple[Switch, ...] = ()
    explains: int = 0
    tried: int = field(default=0)


def of(version: Submission) -> list[Claim]:
    """The claims of a version, one for each derived metric that its file brings. No query where there is none."""
    claimed = list(
        MetricVersion.objects.effective(version.period_start)
        .filter(metric__code__in=version.totals, engine="app")
        .values_list("metric__code", "tolerance", "value_type")
    )
    return [found for code, tolerance, kind in claimed if (found := _claim(version, code, tolerance, kind))]


def _claim(version: Submission, code: str, tolerance: str, kind: str) -> Claim | None:
    seen = list(
        Observation.objects.filter(submission=version, metric=code)
        .select_related("slice")
        .order_by("day", "pk")
    )[:MOST_ROWS]
    if not seen:
        return None
    asked = _Asked(version, code, kind, [_period(version, one.day) for one in seen])
    rows = [asked.row(one, period) for one, period in zip(seen, asked.periods, strict=True)]
    try:
        allowed = Tolerance.parse(tolerance or USUAL_TOLERANCE)
    except ValueError:
        allowed = Tolerance.parse(USUAL_TOLERANCE)
    off = [
        one
        for one in rows
        if one.computed is not None and not _within(one.claimed, one.computed, allowed, kind)
    ]
    off.sort(key=lambda one: -abs(one.claimed - one.computed))
    if not off:
        return Claim(code, rows, [])
    best, explains, tried = asked.explanation(off, allowed)
    return Claim(code, rows, off, best, explains, tried)


def _within(claimed: Decimal, computed: Decimal, allowed: Tolerance, kind: str) -> bool:
    # A figure is claimed with the decimals that people print.
    printed = Decimal("0.005") if kind == "money" else Decimal("0.00005")
    return abs(claimed - computed) <= max(allowed.of(claimed, computed), printed)


def _period(version: Submission, day: dt.date) -> Period:
    """What a row of this day is about, by the grain of its table."""
    try:
        grain = known_profiles.named(version.profile).profile.grain
    except known_profiles.UnknownProfile:
        grain = "day"
    found = Period.containing(day, grain if grain in ("day", "week", "month") else "month")
    return (
        found
        if found.start >= version.period_start
        else Period.between(version.period_start, version.period_end)
    )


class _Asked:
    """The figures of one metric for the rows of a version, computed from what stands handed in."""

    def __init__(self, version: Submission, code: str, kind: str, periods: list[Period]):
        self.version, self.code, self.kind, self.periods = version, code, kind, periods
        wanted = list(dict.fromkeys(periods))
        shifted = [_moved(one, step) for one in wanted for step in (-1, 0, 1)]
        self.desk = Desk([code], shifted, status="draft", members=())
        self.leaves = self.desk.definitions.bases(code)
        self.switches = claim_switches.fitting(self.leaves, is_money=kind == "money")
        needed = set().union(*(one.needs for one in self.switches)) if self.switches else set()
        self.evaluation: Evaluation = self.desk.evaluation([code, *sorted(needed)], shifted, columns=COLUMNS)

    def row(self, one: Observation, period: Period) -> Row:
        members = {name: value for name in COLUMNS if (value := getattr(one.slice, name, ""))}
        part = Part.of(**{name: [value] for name, value in members.items()}) if members else EVERYTHING
        claimed = Decimal(one.value).scaleb(-_scale(self.version, self.code, self.kind))
        try:
            computed = self.evaluation.figure(self.code, period, part).value
        except CannotRead:
            computed = None
        return Row(period, members, part, claimed, computed)

    def explanation(self, off: list[Row], allowed: Tolerance) -> tuple[tuple[Switch, ...], int, int]:
        """(the switches that explain most rows, how many, how many ways were tried); () where none explains enough.

        One switch goes before two.
        """
        tree, tried, hits = self.expanded(), 0, Counter()
        if tree is None:
            return (), 0, 0
        for switches in claim_switches.tries(self.switches):
            tried += 1
            if len(switches) == 2 and hits:
                break
            count = sum(self.explains(switches, tree, row, allowed) for row in off)
            if count >= MOSTLY * len(off):
                hits[switches] = count
        if not hits:
            return (), 0, tried
        [(best, count)] = hits.most_common(1)
        return best, count, tried

    def explains(self, switches, tree: tuple, row: Row, allowed: Tolerance) -> bool:
        period = _moved(row.period, sum(one.days for one in switches))
        try:
            value = self.evaluation.worth(
                claim_switches.changed(tree, switches), period, row.part, about=self.code
            ).value
        except CannotRead:
            return False
        if value is None:
            return False
        return any(
            _within(row.claimed, value * factor, allowed, self.kind)
            for factor in self.factors(switches, row.period)
        )

    def factors(self, switches, period: Period) -> list[Decimal]:
        """What money is multiplied by under another rate, for each currency; 1 under the same."""
        rate = next((one.rate for one in switches if one.rate), "")
        if not rate:
            return [Decimal(1)]
        average, other = (_rates(code, period) for code in ("FX_AVERAGE", rate))
        return [other[name] / average[name] for name in other if average.get(name)]

    def expanded(self) -> tuple | None:
        """The formula over base metrics alone; None where it looks at other periods or parts."""
        try:
            return self._expanded(("code", self.code), 0)
        except (FormulaError, KeyError, RecursionError):
            return None

    def _expanded(self, node: tuple, depth: int) -> tuple:
        if node[0] == "code":
            definition = self.desk.definitions[node[1]]
            if not definition.is_computed:
                return node
            if depth > 20:
                raise RecursionError
            return self._expanded(definition.tree, depth + 1)
        return tuple(self._expanded(one, depth) if isinstance(one, tuple) else one for one in node)


def _scale(version: Submission, code: str, kind: str) -> int:
    """The decimals with which the version's own profile stored the figure."""
    try:
        unit = known_profiles.named(version.profile).profile.aggregates[code].unit
    except (known_profiles.UnknownProfile, KeyError):
        return units.SCALES[kind]
    return STORED[unit]


def _moved(period: Period, days: int) -> Period:
    return Period.between(period.start + days * DAY, period.end + days * DAY) if days else period


def _rates(code: str, period: Period) -> dict[str, Decimal]:
    """Currency → rate of the month in which `period` begins, as handed in."""
    month = period.start.replace(day=1)
    standing = Submission.objects.touching(month, month + DAY).in_force(drafts=True).filter(profile="fx")
    rows = Observation.objects.filter(
        submission__in=standing.values("pk"), metric__in=(code, units.weight_code(code)), day=month
    )
    parts: dict[str, dict[str, int]] = {}
    for metric, value, other in rows.values_list("metric", "value", "slice__other"):
        parts.setdefault(other.get("rate_currency", ""), {})[metric] = value
    weight = units.weight_code(code)
    known = {name: both for name, both in parts.items() if both.get(weight) and code in both}
    return {name: Decimal(both[code]) / both[weight] for name, both in known.items()}
