"""The checks of a metric and the scope of a rule in words: `outlier(z3.5,8w,warn)` read out for people."""

import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from metrics.dictionary_words import DIMENSIONS, GRAINS, word

_PARTS = re.compile(r"(\w+)(?:\((.*)\))?")

# check → sentence; {0}, {1} … are its arguments, {all} all of them. None: said elsewhere on the page.
CHECKS = {
    "required": _("Must be there for every period"),
    "required_if": _("Must be there when a metric that needs it is in use"),
    "type": None,
    "min": _("Not below {0}"),
    "max": _("Not above {0}"),
    "complete": _("Every {all} is present"),
    "sum_eq": _("Adds up over {all} to the total"),
    "sum_le": _("Added up over {0}, not more than {1}"),
    "share100": _("Shares over {all} make 100%"),
    "parts_sum": _("Parts make {0}"),
    "le": _("Not more than {0}"),
    "le_min": _("Not more than the smallest of {all}"),
    "unique": _("Each {0} once"),
    "enum": _("One of {all}"),
    "nsamp": _("Below {0} cases it is shown without judgement"),
    "mature": _("Final after {0}"),
    "outlier": _(
        "Far from the last eight weeks (robust z above 3.5) and from what the season lets expect: a warning"
    ),
    "jump": _("Moves by more than {0}: a warning"),
    "currency": _("Currency by its ISO 4217 code"),
    "fx_locked": _("Exchange rates are locked for the cycle"),
    "evidence": _("Needs a document or link as evidence"),
    "attribution_window_required": _("Needs the attribution window"),
    "base_period_required": _("Needs the base period"),
    "max_other": _("“Other” above {0}: a warning"),
    "source_date_within": _("Source older than {0}: a warning"),
}


def sentences(validation: str) -> list:
    """The checks of a metric, each as a sentence; one that is not known stays as it is written."""
    found = [_sentence(part.strip()) for part in validation.split(";") if part.strip()]
    return [sentence for sentence in found if sentence]


def _sentence(written: str):
    match = _PARTS.fullmatch(written)
    if not match or match[1] not in CHECKS:
        return written
    template = CHECKS[match[1]]
    arguments = [argument.strip() for argument in (match[2] or "").split(",")]
    if template is None:
        return None
    if not match[2] and "{" in str(template) or match[1] == "outlier" and arguments[:2] != ["z3.5", "8w"]:
        return written
    words = [_argument(argument) for argument in arguments]
    return format_lazy(template, *words, *[""] * 2, all=format_lazy(" × ".join(["{}"] * len(words)), *words))


def _argument(argument: str):
    if days := re.fullmatch(r"(\d+)d", argument):
        return format_lazy(_("{days} days"), days=days[1])
    if points := re.fullmatch(r"(\d+)pp", argument):
        return format_lazy(_("{points} percentage points"), points=points[1])
    return word(GRAINS, argument) if argument in GRAINS else word(DIMENSIONS, argument)


def scope(text: str):
    """`platform x month` → the cut at which a rule is checked."""
    words = [_argument(part) for part in text.split(" x ")]
    return format_lazy(" × ".join(["{}"] * len(words)), *words)
