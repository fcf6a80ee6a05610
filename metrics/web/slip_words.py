"""Guesses at slips of the hand, in the reader's words, with what would mend them."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics import corrections
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.models import Slip, Submission
from metrics.reasons import dimension_word
from metrics.web import total_slip_words
from reviewhub.people.models import Company
from reviewhub.people.permissions import may
from reviewhub.ui import days, figures

SHOWN_CELLS, MOST_SHOWN = 3, 50


def shown(row: Submission, *, user) -> dict:
    """Rows for the panel of slips; nothing where none was found."""
    found = list(Slip.objects.visible_to(user).filter(submission=row))
    if not found:
        return {"slips": []}
    definitions = Definitions.on(row.period_start)
    members = Members.of({name for one in found for name in one.members} - {"currency"})
    return {
        "slips": [line(one, definitions, members) for one in found],
        "slip_problems": problems(row, user=user),
    }


def of_review(review, department, *, user) -> list[dict]:
    """Slips of the versions of a department that count in the period of a review, each with the page that mends it."""
    if not (may(user, "submission.edit", department) or may(user, "submission.read_any")):
        return []
    counting = Submission.objects.touching(review.period_start, review.period_end).in_force(drafts=True)
    found = Slip.objects.visible_to(user).filter(submission__in=counting.filter(department=department))
    rows = list(found.select_related("submission__department").order_by("submission", "pk")[:MOST_SHOWN])
    definitions = Definitions.on(review.period_start)
    members = Members.of({name for one in rows for name in one.members} - {"currency"})
    return [line(one, definitions, members) for one in rows]


def problems(row: Submission, *, user) -> list[str]:
    """Why this person cannot carry a correction out here; those who hand the data in can."""
    found = corrections.problems(row, by=user)
    if not may(user, "submission.hand_in", row.department):
        found.append(_("Those who hand the data in carry corrections out."))
    return found


def line(slip: Slip, definitions, members) -> dict:
    definition = definitions[slip.metric] if slip.metric in definitions else None
    return {
        "slip": slip,
        "title": definition.name if definition else slip.metric,
        "guess": guess(slip),
        "where": where(slip, members),
        "cells": slip.cells[:SHOWN_CELLS],
        "why_not": why_not(slip),
        "more": max(0, len(slip.cells) - SHOWN_CELLS),
    }


def why_not(slip: Slip) -> str:
    """Why there is nothing to press; "" where there is, or where nothing would mend it."""
    if slip.cells or slip.code in ("SAME", "TWICE"):
        return ""
    if slip.code in total_slip_words.CODES:
        return _("Correct it where the file was made.")
    if slip.params.get("also"):
        return _("Two currencies fit: correct it where the file was made.")
    return _("Correct it where the file was made: no single cell holds it.")


def guess(slip: Slip) -> str:
    """The guess as one sentence."""
    if slip.code in total_slip_words.CODES:
        return total_slip_words.guess(slip)
    language = get_language() or "en"
    ratio = abs(Decimal(slip.params["ratio"]))
    is_less = abs(Decimal(slip.params["factor"])) < 1
    times = 1 / ratio if is_less and ratio else ratio
    said = {"times": figures.number(times, 2 if times < 50 else 0, language)}
    if slip.code != "CURRENCY":
        return str(_sentence(slip.code, is_less)) % said
    company, also = Company.objects.first(), slip.params.get("also")
    said |= {"currency": slip.params["currency"], "own": company.currency if company else "CNY"}
    if also:
        said["currency"] = _("%(one)s or %(other)s") % {"one": slip.params["currency"], "other": also}
    rate = {"rate": figures.number(Decimal(slip.params["rate"]), 2, language)}
    return f"{_currency(is_less) % said} {_rate(slip.params['rates']) % rate}"


def _currency(is_less: bool) -> str:
    if is_less:
        return _("Looks like %(currency)s typed as %(own)s: %(times)s times less than expected.")
    return _("Looks like %(own)s typed as %(currency)s, or converted twice: %(times)s times the expected.")


def _rate(source: str) -> str:
    if source == "usual":
        return _("The rate is about %(rate)s; none was handed in for that month.")
    return _("The rate of that month is %(rate)s.")


def _sentence(code: str, is_less: bool) -> str:
    if code == "PERCENT":
        if is_less:
            return _("Looks divided by a hundred once too often: %(times)s times less than expected.")
        return _("Looks like a percentage without its sign, or cents: %(times)s times the expected.")
    if code == "THOUSAND":
        if is_less:
            return _("Looks like thousands: %(times)s times less than expected.")
        return _("Looks like units where thousands are written: %(times)s times the expected.")
    if code == "WAN":
        if is_less:
            return _(
                "Looks like 万 (ten thousands) in a column of units: %(times)s times less than expected."
            )
        return _("Looks like units in a column of 万 (ten thousands): %(times)s times the expected.")
    if code == "SIGN":
        return _("The sign looks turned: every earlier figure is above nought.")
    return _("Every figure is the same as in the period before: is this the file of that period?")


def where(slip: Slip, members) -> str:
    language = get_language() or "en"
    parts = [
        code if dimension == "currency" else f"{dimension_word(dimension)} {members.name(dimension, code)}"
        for dimension, code in slip.members.items()
    ]
    if slip.code not in ("SAME", "TWICE", "SUM") and slip.days:
        first = days.day(_day(slip.days[0]), language)
        more = len(slip.days) - 1
        parts.insert(0, _("%(day)s and %(more)s more") % {"day": first, "more": more} if more else first)
    return " · ".join(parts)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
