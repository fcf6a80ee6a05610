"""Where key results stand: read from certified figures by the definition they were set with, or as measured by hand."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from metrics import dimensions
from metrics.definitions import FIELDS, Definition, Definitions
from metrics.desk import Desk
from metrics.models import MetricVersion
from metrics.parts import EVERYTHING, Part
from metrics.periods import Period
from metrics.reasons import CannotRead
from okr.linting import CHANGED, UNCERTIFIED
from okr.models import Cycle, six

PERCENT = Decimal(100)


@dataclass(frozen=True)
class Standing:
    """What is known of a key result: rates in percent. `state` is "", "uncertified" or "changed" (okr.linting).

    `until` is the first day that the value does not cover any more; for a measurement the day after it.
    """

    actual: Decimal | None = None
    until: dt.date | None = None
    state: str = ""
    currency: str = ""
    by_hand: bool = False


def by_hand(results: Iterable) -> dict[int, Standing]:
    """Key of a result (okr.plain.RESULT) → where it stands by what was measured; nothing known where nothing was."""
    return {
        one.pk: Standing(six(one.measured), one.measured_on + dt.timedelta(days=1), by_hand=True)
        if one.measured_on and not one.metric_id
        else Standing()
        for one in results
    }


def standings(cycle: Cycle, results: Iterable, *, on: dt.date) -> dict[int, Standing]:
    """Key of a result that reads a metric (okr.plain.RESULT) → where it stands on the day `on`, cycle to date. A fixed
    number of queries."""
    results = list(results)
    found = _read(cycle, results, on) if cycle.starts_on <= on else {}
    return {one.pk: found.get(one.pk, Standing()) for one in results}


def _read(cycle: Cycle, results: list, on: dt.date) -> dict[int, Standing]:
    period = Period.between(cycle.starts_on, min(cycle.ends_on, on + dt.timedelta(days=1)))
    newest, pinned = Definitions.on(period.last), _pinned(results)
    definitions = newest
    for one in pinned.values():
        definitions = definitions.replaced(one)
    named = {one.dimension for one in results if one.dimension}
    codes = sorted({definition.code for definition in pinned.values()})
    desk = Desk(codes, [period], status="certified", members=named, on=on, definitions=definitions)
    columns = {dimensions.column(name) for name in named} | desk.sliced(codes)
    evaluation = desk.evaluation(codes, [period], columns=sorted(columns))
    found = {}
    for one in results:
        code = pinned[one.version_id].code
        figure = _figure(evaluation, code, period, _part(one, desk))
        changed = newest[code].number != pinned[one.version_id].number
        if figure is None or figure.value is None:
            found[one.pk] = Standing(state=CHANGED if changed else UNCERTIFIED)
            continue
        value = figure.value * PERCENT if pinned[one.version_id].is_ratio else figure.value
        until = max((end for _start, end in figure.covered), default=period.end)
        found[one.pk] = Standing(value, until, CHANGED if changed else "", figure.currency)
    return found


def _pinned(results: list) -> dict[int, Definition]:
    rows = MetricVersion.objects.filter(pk__in={one.version_id for one in results})
    return {pk: Definition(*row) for pk, *row in rows.values_list("pk", *FIELDS)}


def _part(result, desk: Desk) -> Part | None:
    """None where the company does not know this member any more."""
    if not result.dimension:
        return EVERYTHING
    try:
        return dimensions.part({result.dimension: result.member}, desk.members)
    except CannotRead:
        return None


def _figure(evaluation, code: str, period: Period, part: Part | None):
    try:
        return None if part is None else evaluation.figure(code, period, part)
    except CannotRead:
        return None
