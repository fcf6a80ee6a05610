"""The figure behind a task that is done, read at closing, two and four weeks later: each look is taken once.

Only whole periods with a certified reading count. A look whose reading nobody has certified yet waits for it up to
effect_rule.WAITS; a late run takes what is due in its order. Time is an argument; the day is the company's.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from actions import effect_rule, followup
from actions.checkin_rhythm import company_zone
from actions.effect_rule import CLOSING, LOOKS, Look
from actions.models import Action, EffectLook
from metrics import control_limits, dimensions
from metrics.definitions import FIELDS, Definition, Definitions
from metrics.desk import Desk
from metrics.models import MetricVersion, Promotion
from metrics.parts import EVERYTHING
from metrics.periods import Period
from metrics.reasons import CannotRead
from metrics.season import Promotion as Occurrence
from metrics.units import scaled, shown
from okr.models import SCALE, KeyResult, six

LOOKED_BACK = {"week": 8, "month": 4}  # whole periods ahead of the closing, the newest certified one counts
HISTORY = {"week": 26, "month": 24}  # points for the limits, and the same of the year before
WAYS = {"up": 1, "down": -1}
BOUNDED = 9 * 10**12  # what fits into a column with six decimals


@dataclass(frozen=True)
class Aim:
    """What is read: a definition, a part of the company ("" for the whole), and the way that was wanted."""

    version: MetricVersion
    dimension: str
    member: str
    wanted: int

    @property
    def fields(self) -> dict:
        return dict(vars(self))


def take_due(*, at: dt.datetime) -> int:
    """Take every look that is due at `at`; how many were taken."""
    last = EffectLook.objects.filter(action=OuterRef("pk"), closed_at=OuterRef("done_at"), weeks=LOOKS[-1])
    about = Q(result__metric__isnull=False) | Q(metric__isnull=False)
    rows = Action.objects.filter(about, status=Action.Status.DONE, done_at__lte=at)
    waiting = rows.filter(~Exists(last)).order_by("done_at", "pk").values_list("pk", flat=True)
    return sum(_take(pk, at=at) for pk in list(waiting))


@transaction.atomic
def _take(pk: int, *, at: dt.datetime) -> int:
    """The looks of one task that are due; held, so that two runs take each of them once."""
    action = followup.locked(Action(pk=pk))
    if action.status != Action.Status.DONE:
        return 0
    kept = {one.weeks: one for one in looks(action)}
    zone, taken = company_zone(), 0
    closed, today = action.done_at.astimezone(zone).date(), at.astimezone(zone).date()
    for weeks in (CLOSING, *LOOKS):
        if weeks in kept:
            continue
        if effect_rule.day_of(closed, weeks) > today:
            break
        if weeks == CLOSING:
            aim = aim_of(action, closed)
            made = _closing(aim, closed) if aim else None
        else:
            made = _after(kept, closed, weeks, today)
        if made is None:
            break
        made.action, made.closed_at, made.weeks, made.at = action, action.done_at, weeks, at
        made.save()
        kept[weeks], taken = made, taken + 1
    return taken


def looks(action: Action) -> list[EffectLook]:
    """Those of the closing that counts, the first one first."""
    rows = EffectLook.objects.filter(action=action, closed_at=action.done_at)
    return list(rows.select_related("version__metric").order_by("weeks"))


def aim_of(action: Action, closed: dt.date) -> Aim | None:
    """The figure of the key result that it serves, by the definition pinned there; else that which the task was raised
    about, by the definition of the day."""
    result = KeyResult.objects.select_related("version__metric").filter(pk=action.result_id).first()
    if result is not None and result.version is not None:
        return Aim(result.version, result.dimension, result.member, wanted(result))
    rows = MetricVersion.objects.filter(metric=action.metric_id).effective(closed)
    version = rows.select_related("metric").first() if action.metric_id else None
    return version and Aim(version, "", "", WAYS.get(version.direction, 0))


def aim_in(kept: dict[int, EffectLook]) -> Aim | None:
    """The aim as it was at closing; None where nobody looked yet."""
    first = kept.get(CLOSING)
    return first and Aim(first.version, first.dimension, first.member, first.wanted)


def wanted(result: KeyResult) -> int:
    """Which way the key result wants its figure: by its target, else by its change, else as the metric is better."""
    way = result.change or 0
    if result.target is not None and result.baseline is not None:
        way = result.target - result.baseline
    if not way:
        return WAYS.get(result.version.direction, 0)
    return 1 if way > 0 else -1


def _closing(aim: Aim, closed: dt.date) -> EffectLook:
    """The newest whole period ahead of the closing that is certified: a week, else a month."""
    for grain, count in LOOKED_BACK.items():
        period, asked = Period.containing(closed, grain), []
        for _number in range(count):
            period = period.before()
            asked.append(period)
        known, currency = _known(aim, asked, closed)
        if found := next((one for one in asked if one in known), None):
            return _row(aim, found, known[found], currency)
    return EffectLook(**aim.fields)


def _after(kept: dict[int, EffectLook], closed: dt.date, weeks: int, today: dt.date) -> EffectLook | None:
    """The look `weeks` after the closing; None while somebody may still certify it."""
    first, aim = kept[CLOSING], aim_in(kept)
    if first.value is None:
        verdict, reason = effect_rule.verdict(first.wanted, None, [Look(None)])
        return EffectLook(**aim.fields, verdict=verdict, reason=reason)
    period = Period.containing(effect_rule.day_of(closed, weeks), first.grain)
    known, currency = _known(aim, _with_history(period), period.last)
    if period not in known and not effect_rule.gives_up(closed, weeks, on=today):
        return None
    judged = control_limits.judged(period, known, occurrences()) if period in known else None
    row = _row(aim, period, known.get(period), currency)
    if judged and judged.limits:
        row.low, row.high = _stored(judged.limits.low), _stored(judged.limits.high)
    earlier = [Look(six(kept[one].value)) for one in LOOKS if one < weeks]
    last = Look(six(row.value), judged)
    row.verdict, row.reason = effect_rule.verdict(first.wanted, six(first.value), [*earlier, last])
    return row


def _row(aim: Aim, period: Period, value: Decimal | None, currency: str) -> EffectLook:
    return EffectLook(
        **aim.fields,
        grain=period.grain,
        period_start=period.start,
        period_end=period.end,
        value=_stored(value),
        currency=currency,
    )


def _stored(value: Decimal | None) -> int | None:
    """With six decimals; None for what no column holds."""
    return None if value is None or abs(value) > BOUNDED else scaled(shown(value, 6), SCALE)


def _with_history(period: Period) -> list[Period]:
    found = [period]
    while len(found) < HISTORY[period.grain]:
        found.append(found[-1].before())
    return sorted({*found, *(one.year_before() for one in found)})


def occurrences() -> list[Occurrence]:
    """The promotion calendar, as limits of noise ask for it."""
    rows = Promotion.objects.order_by("starts_on", "pk").values_list("name_en", "starts_on", "ends_on")
    return [Occurrence(name.casefold(), start, end) for name, start, end in rows]


def definition_of(version: MetricVersion) -> Definition:
    return Definition(*MetricVersion.objects.filter(pk=version.pk).values_list(*FIELDS).get())


def _known(aim: Aim, periods: list[Period], on: dt.date) -> tuple[dict[Period, Decimal], str]:
    """Whole periods with a certified reading → its value, and the currency."""
    pinned = definition_of(aim.version)
    definitions = Definitions.on(max(one.last for one in periods)).replaced(pinned)
    if periods[0].grain == "week" and not definitions.is_weekly(pinned.code):
        return {}, ""
    named = {aim.dimension} - {""}
    desk = Desk([pinned.code], periods, status="certified", members=named, on=on, definitions=definitions)
    columns = {dimensions.column(one) for one in named} | desk.sliced([pinned.code])
    evaluation = desk.evaluation([pinned.code], periods, columns=sorted(columns))
    try:
        part = dimensions.part({aim.dimension: aim.member}, desk.members) if aim.dimension else EVERYTHING
    except CannotRead:
        return {}, ""
    found, currency = {}, ""
    for period in periods:
        try:
            figure = evaluation.figure(pinned.code, period, part)
        except CannotRead:
            continue
        if figure.value is not None and figure.covered in ((), ((period.start, period.end),)):
            found[period], currency = figure.value, figure.currency
    return found, currency
