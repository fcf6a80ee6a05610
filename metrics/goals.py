"""What a metric is measured against: targets and budgets that were set, for any period and part of the company."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from metrics import formula
from metrics.definitions import Definition
from metrics.figure import Figure
from metrics.models import Target
from metrics.parts import Part
from metrics.periods import Period
from metrics.reasons import Why
from metrics.units import SCALES, plain

SCENARIOS = tuple(Target.Scenario.values)
# Metrics that are handed in as the target and budget of others (template `budget`).
BOUND = {"SAL_NET": "SAL_TGT", "FIN_ACT": "FIN_BUD"}


@dataclass(frozen=True)
class Goal:
    """What is aimed at in the days [start, end)."""

    start: dt.date
    end: dt.date
    value: Decimal
    currency: str = ""

    @property
    def days(self) -> int:
        return (self.end - self.start).days


@dataclass(frozen=True)
class Aim:
    """The goal of one period: a figure, and whether goals of longer periods were spread evenly over their days."""

    figure: Figure
    spread: bool = False


class Goals:
    """The goals of some metrics: `found` by (code, scenario, dimension, member), newest of each period."""

    def __init__(self, found: dict[tuple, list[Goal]]):
        self._found = found

    @classmethod
    def of(
        cls, definitions: Iterable[Definition], periods: Iterable[Period], *, kept: set[int] | None = None
    ) -> "Goals":
        """Those that stand in any of `periods`; `kept`: only these rows, as they were frozen. One query."""
        definitions = list(definitions)
        return cls.read(definitions, stored([one.code for one in definitions], periods), kept=kept)

    @classmethod
    def read(
        cls, definitions: Iterable[Definition], rows: Iterable[tuple], *, kept: set[int] | None = None
    ) -> "Goals":
        """Of rows as `stored` has them, in no order."""
        kinds = {one.code: one.value_type for one in definitions}
        newest: dict[tuple, dict[tuple, Goal | None]] = {}
        for *key, start, end, value, currency, pk in sorted(rows, key=lambda row: row[-1]):
            if key[0] not in kinds or (kept is not None and pk not in kept):
                continue
            exact = None if value is None else plain(value, kinds[key[0]])
            goal = None if exact is None else Goal(start, end, exact, currency)
            newest.setdefault(tuple(key), {})[start, end] = goal
        return cls({key: [one for one in own.values() if one] for key, own in newest.items()})

    def has(self, code: str, scenario: str) -> bool:
        """Whether anything is set for the metric, for whatever period and part."""
        return any(key[:2] == (code, scenario) and rows for key, rows in self._found.items())

    def set_for(self, code: str, scenario: str, part: Part) -> list[Goal]:
        """The goals of exactly this part of the company; of several members of one dimension none."""
        place = _place(part)
        return [] if place is None else self._found.get((code, scenario, *place), [])


def stored(codes: Iterable[str], periods: Iterable[Period]):
    """The goals of `codes` in any of `periods`, as rows: metric, scenario, dimension, member, start, end, value,
    currency and key."""
    periods = list(periods)
    start, end = min(one.start for one in periods), max(one.end for one in periods)
    rows = Target.objects.filter(metric__code__in=list(codes), period_start__lt=end, period_end__gt=start)
    columns = ("metric__code", "scenario", "dimension", "member", "period_start", "period_end", "value")
    return rows.order_by().values_list(*columns, "currency", "pk")


def _place(part: Part) -> tuple[str, str] | None:
    if not part.members:
        return "", ""
    (column, members), *more = part.members
    return (column, next(iter(members))) if not more and len(members) == 1 else None


def aim(definition: Definition, goals: list[Goal], period: Period) -> Aim:
    """What `goals` say about `period`: its own goal, else those of shorter periods together, else a share by days.

    Sums add up and are spread evenly over days; of a stock the last goal counts; of anything else only equal goals.
    """
    own = next((one for one in goals if (one.start, one.end) == (period.start, period.end)), None)
    if own:
        return Aim(_figure(own.value, [own], period))
    run = _run(goals, period)
    if run is None:
        about = {"metric": definition.code, "period": period.text}
        return Aim(Figure(None, Why("TARGET_GAP" if goals else "NO_TARGET", about)))
    if definition.time_agg == "sum":
        return _together(definition, run, period)
    if definition.time_agg == "last" or len({one.value for one, _days in run}) == 1:
        last = run[-1][0]
        return Aim(_figure(last.value, [last], period))
    return Aim(Figure(None, Why("TARGETS_DIFFER", {"metric": definition.code, "period": period.text})))


def _run(goals: list[Goal], period: Period) -> list[tuple[Goal, int]] | None:
    """The goals that cover `period` without a hole, each with the days it counts for; of two the shorter one."""
    found, day = [], period.start
    while day < period.end:
        here = [one for one in goals if one.start <= day < one.end]
        if not here:
            return None
        goal = min(here, key=lambda one: (one.days, one.start))
        later = [one.start for one in goals if day < one.start < goal.end and one.days < goal.days]
        until = min(goal.end, period.end, *later)
        found.append((goal, (until - day).days))
        day = until
    return found


def _together(definition: Definition, run: list[tuple[Goal, int]], period: Period) -> Aim:
    spread = any(days < goal.days for goal, days in run)
    total = sum(
        (formula.CONTEXT.divide(goal.value * days, Decimal(goal.days)) for goal, days in run), Decimal(0)
    )
    places = SCALES.get(definition.value_type, 6)
    value = total.quantize(Decimal(1).scaleb(-places), context=formula.CONTEXT) if spread else total
    return Aim(_figure(value, [goal for goal, _days in run], period), spread)


def _figure(value: Decimal, goals: list[Goal], period: Period) -> Figure:
    currencies = {one.currency for one in goals} - {""}
    if len(currencies) > 1:
        mixed = {"metric": "", "currencies": ", ".join(sorted(currencies))}
        return Figure(None, Why("CURRENCY_MIX", mixed))
    return Figure(value, None, frozenset(), ((period.start, period.end),), next(iter(currencies), ""))
