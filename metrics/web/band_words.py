"""What a total was compared with, in words, and its band as a small drawing."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.season import Expected, Reference
from reviewhub.ui import days, figures

WIDTH, MARGIN = 240, 8


def compared(found: Expected, names: dict[str, str], language: str) -> str:
    """“Compared with Nov 2025, Double 11 in both, and how 12 earlier periods changed on their year before.”"""
    if found.reference is None:
        said = ngettext(
            "Compared with the %(count)s period before it, without the season: a year of history is missing.",
            "Compared with the %(count)s periods before it, without the season: a year of history is missing.",
            found.count,
        )
        return said % {"count": found.count}
    sentences = [*_on_season(found, language), *_on_promotions(found.reference, names, language)]
    return ("" if figures.is_chinese(language) else " ").join(sentences)


def _on_season(found: Expected, language: str) -> list[str]:
    said = {"period": when(found.reference.period, language), "count": found.count}
    if found.is_young:
        return [
            ngettext(
                "Compared with %(period)s, within how the %(count)s period before differed.",
                "Compared with %(period)s, within how the %(count)s periods before differed.",
                found.count,
            )
            % said
        ]
    return [
        ngettext(
            "Compared with %(period)s and how %(count)s earlier period changed on its year before.",
            "Compared with %(period)s and how %(count)s earlier periods changed on their year before.",
            found.count,
        )
        % said
    ]


def _on_promotions(reference: Reference, names: dict[str, str], language: str) -> list[str]:
    found = []
    joined = _listed([names.get(key, key) for key in reference.shared], language)
    if joined:
        found.append(_("In both: %(names)s.") % {"names": joined})
    for one in reference.moved:
        said = {"name": names.get(one.key, one.key), "period": when(one.period, language)}
        if one.is_added:
            found.append(_("%(name)s is added as it was in %(period)s.") % said)
        else:
            found.append(_("%(name)s, then in %(period)s, is taken off.") % said)
    if new := _listed([names.get(key, key) for key in reference.new], language):
        found.append(_("New in the calendar, with nothing to compare: %(names)s.") % {"names": new})
    return found


def _listed(names: list[str], language: str) -> str:
    return ("、" if figures.is_chinese(language) else ", ").join(names)


def when(period, language: str) -> str:
    """“Nov 2025”, “week 46 of 2025”."""
    if period.grain == "week":
        year, week, _day = period.start.isocalendar()
        return _("week %(week)s of %(year)s") % {"week": week, "year": year}
    return days.period(period.start, period.end, language)


def band(one, definition, language: str) -> dict:
    """Where the value stands to its band: whole pixels of a drawing `width` wide, and the ends as text."""
    places = 2 if definition and definition.value_type == "money" else 0
    ends = [end for end in (one.expected.low, one.expected.high) if end is not None]
    low, high = min(*ends, one.usual, one.value), max(*ends, one.usual, one.value)
    beyond = (high - low) / 3  # an open end runs on
    low, high = (
        low - beyond if one.expected.low is None else low,
        high + beyond if one.expected.high is None else high,
    )
    reach = high - low or Decimal(1)

    def at(value: Decimal) -> int:
        return MARGIN + int((value - low) / reach * (WIDTH - 2 * MARGIN))

    left = at(low if one.expected.low is None else one.expected.low)
    right = at(high if one.expected.high is None else one.expected.high)
    return {
        "width": WIDTH,
        "left": left,
        "length": max(2, right - left),
        "usual": at(one.usual),
        "value": at(one.value),
        "text": _quiet(one.expected, places, language),
    }


def _quiet(found: Expected, places: int, language: str) -> str:
    """“Needs no sentence from 270.00 to 330.00”; an end of a season's limits may be open."""
    said = {name: figures.number(getattr(found, name), places, language) for name in ("low", "high")}
    if found.low is None:
        return _("Needs no sentence up to %(high)s") % said
    if found.high is None:
        return _("Needs no sentence from %(low)s on") % said
    return _("Needs no sentence from %(low)s to %(high)s") % said
