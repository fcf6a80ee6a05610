"""Totals that miss their parts, in the reader's words, with the figure that would explain it."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from metrics import known_profiles
from metrics.models import Slip
from metrics.reasons import dimension_word
from reviewhub.ui import days, figures

CODES = ("PARTS", "WEEK", "SUM", "TWICE")


def guess(slip: Slip) -> str:
    """What does not fit, and the guess, as two sentences."""
    language = get_language() or "en"
    params = slip.params
    said = {
        "stated": _number(params["stated"], language),
        "added": _number(params["added"], language),
        "row": params.get("row", ""),
        "table": _table(params.get("table", ""), language),
        "parts": dimension_word(params["dimension"]) if params.get("dimension") else "",
    }
    told = _gap(slip) % said
    if slip.code == "TWICE":
        return told
    return f"{told} {_explained(params, language)}"


def _gap(slip: Slip) -> str:
    if slip.code == "TWICE":
        return _(
            "The weeks and the days of %(table)s are the same figures, and both count: hand in one of them."
        )
    if slip.params.get("table"):
        if slip.params["is_week"]:
            return _("The week says %(stated)s, its days in %(table)s add up to %(added)s.")
        return _("The days add up to %(added)s, the week in %(table)s says %(stated)s.")
    if slip.code == "PARTS":
        return _("By %(parts)s it adds up to %(added)s; the total in row %(row)s says %(stated)s.")
    if slip.code == "WEEK":
        return _("The days of the week add up to %(added)s; the total in row %(row)s says %(stated)s.")
    return _("The rows add up to %(added)s; the total in row %(row)s says %(stated)s.")


def _explained(params: dict, language: str) -> str:
    of = {"place": _place(params, language)}
    told = {
        "PERCENT": _("It fits if %(place)s is off by a factor of a hundred."),
        "THOUSAND": _("It fits if %(place)s is off by a factor of a thousand."),
        "WAN": _("It fits if %(place)s is off by 万 (ten thousand)."),
        "SIGN": _("It fits if the sign of %(place)s is turned."),
        "SWAPPED": _("It fits if two digits of %(place)s changed places."),
        "TWICE": _("It fits without %(place)s: does it stand there once too often?"),
    }
    if params.get("guess") not in told:
        return _("No single figure explains it: a row may be missing.")
    return told[params["guess"]] % of


def _place(params: dict, language: str) -> str:
    if "at" in params:
        return pgettext("place of a slip", "row %(row)s") % {"row": params["at"]}
    if params.get("day"):
        return days.day(dt.date.fromisoformat(params["day"]), language)
    return pgettext("place of a slip", "the figure of the week")


def _number(text: str, language: str) -> str:
    value = Decimal(text)
    return figures.number(value, 0 if value == value.to_integral_value() else 2, language)


def _table(name: str, language: str) -> str:
    if not name:
        return ""
    try:
        return known_profiles.named(name).title(language)
    except known_profiles.UnknownProfile:
        return name
