"""Peak seasons in words: how near they are, and the limits of a metric."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from metrics import dictionary_words, marks
from metrics.charts import escaped
from metrics.definitions import Definition
from metrics.peak_seasons import bounds_change
from metrics.peaks import AFTER, PEAK, PREPARING, Limit, Peak
from metrics.periods import Period
from reviewhub.ui import figures


def name(one: Peak, language: str) -> str:
    return one.name_zh if figures.is_chinese(language) else one.name_en


def state(one: Peak, day: dt.date, language: str) -> str:
    """“in its peak”, “getting ready, 4 days to the peak”, “afterwards”, “begins in 12 days”, “over”."""
    phase = one.phase(day)
    if phase == PEAK:
        said = {"day": (day - one.starts).days + 1, "all": (one.ends - one.starts).days}
        return _("peak, day %(day)s of %(all)s") % said
    if phase == PREPARING:
        left = (one.starts - day).days
        return ngettext("%(left)s day to the peak", "%(left)s days to the peak", left) % {"left": left}
    if phase == AFTER:
        return pgettext("peak season", "after the peak")
    if day >= one.settles:
        return pgettext("peak season", "over")
    left = (one.prepares - day).days
    return ngettext("begins in %(left)s day", "begins in %(left)s days", left) % {"left": left}


def chips(peaks: Iterable[Peak], month: Period, day: dt.date, language: str) -> list[dict]:
    """{"name", "state"} of each season that runs on `day`, or has limits that hold in `month`."""
    found = []
    for one in peaks:
        runs, judges = bool(one.phase(day)), bool(one.limits) and one.judges(month)
        if runs or judges:
            said = state(one, day, language) if runs else _("its limits hold")
            found.append({"name": name(one, language), "state": said})
    return found


def shaded(
    figure: dict, words: str, places: Iterable[tuple[str, Period]], peaks: Iterable[Peak], language: str
):
    """The drawing with a shade behind days and weeks with a day of a peak, and the words that say so.

    `places`: the label of each point and its period; months have no shade."""
    short = [(label, one) for label, one in places if one.grain in ("day", "week")]
    found = {label: peak for label, one in short for peak in peaks if peak.peak_days_in(one)}
    if not found:
        return figure, words
    names = dict.fromkeys(name(one, language) for one in peaks if one in found.values())
    said = _("Shaded: the peak of %(seasons)s.") % {
        "seasons": ("、" if figures.is_chinese(language) else ", ").join(names)
    }
    return marks.shaded(figure, {escaped(label) for label in found}), sentences_of(words, said, language)


def sentences_of(words: str, more: str, language: str) -> str:
    return f"{words}{'' if figures.is_chinese(language) else ' '}{more}"


def unit(definition: Definition) -> str:
    """In what its limits are written."""
    if bounds_change(definition):
        return _("% on last year")
    found = str(dictionary_words.word(dictionary_words.UNITS, definition.unit))
    return found if definition.is_ratio or definition.unit != "CCY" else "CNY"


def asked_for(definition: Definition) -> str:
    """“Return rate (%)”, “Net sales (% on last year)”."""
    return _("%(name)s (%(unit)s)") % {"name": definition.name, "unit": unit(definition)}


def typed(one: Limit, definition: Definition) -> dict[str, str]:
    """Both ends as people type them."""
    scale = 2 if one.of_change or definition.is_ratio else 0
    ends = {"low": one.low, "high": one.high}
    return {name: "" if end is None else f"{end.scaleb(scale).normalize():f}" for name, end in ends.items()}


def limit(one: Limit, definition: Definition, language: str) -> str:
    """“Return rate at most 9.0 %”, “Net sales from +20.0 % to +90.0 % on last year”."""
    return _("%(name)s %(span)s") % {"name": definition.name, "span": span(one, definition, language)}


def span(one: Limit, definition: Definition, language: str) -> str:
    low, high = (_end(end, one, definition, language) for end in (one.low, one.high))
    if one.low is None:
        said = _("at most %(high)s") % {"high": high}
    elif one.high is None:
        said = _("at least %(low)s") % {"low": low}
    else:
        said = _("from %(low)s to %(high)s") % {"low": low, "high": high}
    return _("%(span)s on last year") % {"span": said} if one.of_change else said


def judged(peak: Peak, one: Limit, definition: Definition, language: str) -> str:
    """“Judged with the limits of Singles' Day 2026: at most 9.0 %.”"""
    said = {"season": name(peak, language), "span": span(one, definition, language)}
    return _("Judged with the limits of %(season)s: %(span)s.") % said


def broken(peak: Peak, one: Limit, definition: Definition, language: str, *, is_up: bool) -> str:
    """“Above the limits of Singles' Day 2026: at most 9.0 %.”"""
    said = {"season": name(peak, language), "span": span(one, definition, language)}
    above, below = (
        _("Above the limits of %(season)s: %(span)s."),
        _("Below the limits of %(season)s: %(span)s."),
    )
    return (above if is_up else below) % said


def _end(end, one: Limit, definition: Definition, language: str) -> str:
    if end is None:
        return ""
    if one.of_change:
        return figures.signed_percent(end, 1, language)
    if definition.is_ratio:
        return figures.percent(end, 1, language)
    text = figures.number(end, max(0, -end.normalize().as_tuple().exponent), language)
    return f"{text} {unit(definition)}"
