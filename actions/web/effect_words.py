"""What the figure behind a task did after it was done, in the words of its page."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from actions import effect_rule, effects
from actions.checkin_rhythm import company_zone
from actions.models import Action, EffectLook
from metrics import readings
from metrics.figure_words import in_words
from metrics.models import MetricVersion
from metrics.periods import Period
from okr.models import KeyResult, six
from reviewhub.ui import days

MARKS = {"worked": "pass", "none": "fail", "unclear": "na"}


@dataclass(frozen=True)
class Row:
    """One look as it is read: `figure` "" while it is to come, `passport` where it stands."""

    label: str
    on: str
    figure: str = ""
    period: str = ""
    passport: str = ""
    noise: str = ""


@dataclass(frozen=True)
class Effect:
    """`verdict` "" while no look after the closing was taken; `mark` is a state of the ui. No `rows`: confidential."""

    metric: str
    code: str
    part: str = ""
    verdict: str = ""
    label: str = ""
    mark: str = ""
    why: str = ""
    is_last: bool = False
    rows: tuple[Row, ...] = ()


def of(action: Action, reader, *, language: str) -> Effect | None:
    """None where the task is not done, or no metric stands behind it that `reader` may know of."""
    if action.status != Action.Status.DONE:
        return None
    if action.result_id and not KeyResult.objects.visible_to(reader).filter(pk=action.result_id).exists():
        return None
    closed = action.done_at.astimezone(company_zone()).date()
    kept = {one.weeks: one for one in effects.looks(action)}
    aim = effects.aim_in(kept) or effects.aim_of(action, closed)
    if aim is None:
        return None
    version, part = aim.version, aim.member
    name, code = version.name, version.metric.code
    if not readings.open_to(reader, code):
        return Effect(name, code)
    last = kept[max(kept)] if kept else None
    every = (effect_rule.CLOSING, *effect_rule.LOOKS)
    rows = tuple(_row(weeks, kept.get(weeks), version, closed, language) for weeks in every)
    if last is None or not last.verdict:
        return Effect(name, code, part, rows=rows)
    mark, why = MARKS[last.verdict], sentence(last.reason)
    is_last = last.weeks == effect_rule.LOOKS[-1]
    return Effect(name, code, part, last.verdict, last.get_verdict_display(), mark, why, is_last, rows)


def _row(weeks: int, look: EffectLook | None, version: MetricVersion, closed: dt.date, language: str) -> Row:
    label = {0: _("Before"), 2: _("After two weeks"), 4: _("After four weeks")}[weeks]
    on = days.short_day(effect_rule.day_of(closed, weeks), language)
    if look is None:
        return Row(label, on)
    if look.value is None:
        return Row(label, on, "–")
    definition = effects.definition_of(version)
    period = Period(look.period_start, look.period_end, look.grain)

    def shown(stored):
        return in_words(six(stored), definition, language, look.currency)

    noise = (
        f"{shown(look.low)} – {shown(look.high)}" if look.low is not None and look.high is not None else ""
    )
    path = reverse("passport", args=[version.metric.code])
    return Row(label, on, shown(look.value), period.text, f"{path}?month={period.text}", noise)


def sentence(reason: str) -> str:
    """Why the verdict is what it is."""
    return {
        "signal": _("The figure is better than before, and by more than its usual noise."),
        "not_better": _("The figure is not better than before."),
        "went_back": _("The figure was better after two weeks and no longer after four."),
        "noise": _("The figure is better than before, but within its usual noise."),
        "too_few": _(
            "The figure is better than before; fewer than twelve readings cannot tell noise from effect."
        ),
        "no_way": _("Neither the key result nor the metric says which way is better."),
        "no_before": _("There is no certified reading from before the closing."),
        "no_reading": _("Nobody certified a reading in time."),
    }[reason]
