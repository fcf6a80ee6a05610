"""What a version has to explain, in the reader's words, with the sentences that were given."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from metrics import exceptions, outcomes, promotions
from metrics.definitions import Definitions
from metrics.models import Submission
from metrics.web import band_words, peak_words
from metrics.web.outcome_words import place
from reviewhub.ui import figures


def shown(row: Submission, *, user, typed: dict | None = None) -> dict:
    """Rows for the panel of exceptions; `typed`: what a refused form held."""
    language = get_language() or "en"
    found = exceptions.of(row)
    has_totals = any(one.metric for one in found)
    definitions = Definitions.on(row.period_start) if has_totals else {}
    names = promotions.names() if has_totals else {}
    return {
        "deviations": [
            {
                "deviation": one,
                "text": text(one, definitions, row, language),
                "place": place(one.finding) if one.finding and one.count == 1 else "",
                "compared": compared(one, definitions, names, language) if one.expected else "",
                "band": band_words.band(one, definitions.get(one.metric), language) if one.expected else None,
                "typed": (typed or {}).get(one.key, one.sentence),
                "inherited": one.explanation.submission.number
                if one.explanation and one.explanation.submission_id != row.pk
                else None,
            }
            for one in found
        ],
        "explained": sum(one.explanation is not None for one in found),
        "may_explain": not exceptions.explain_problems(row, by=user),
    }


def compared(one: exceptions.Deviation, definitions, names: dict[str, str], language: str) -> str:
    """Against what: a limit of a peak season, or what was usual."""
    found, definition = one.expected, definitions.get(one.metric)
    if found.peak and definition:
        return peak_words.judged(found.peak, found.own, definition, language)
    return band_words.compared(found, names, language)


def text(one: exceptions.Deviation, definitions, row: Submission, language: str) -> str:
    """The warning, with how often it came; or the total against what is usual."""
    if one.finding:
        message = outcomes.worded(one.finding, language)["message"]
        more = one.count - 1
        if not more:
            return message
        return message + " " + ngettext("(and %(more)s more)", "(and %(more)s more)", more) % {"more": more}
    definition = definitions.get(one.metric)
    places = 2 if definition and definition.value_type == "money" else 0
    said = {
        "name": definition.name if definition else one.metric,
        "value": figures.number(one.value, places, language),
        "usual": figures.number(one.usual, places, language),
        "share": figures.signed_percent(one.share, 1, language) if one.share is not None else "–",
    }
    return _("%(name)s: %(value)s, expected about %(usual)s (%(share)s)") % said
