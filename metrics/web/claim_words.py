"""Claimed against computed, in the reader's words."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from metrics import claims
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.models import Submission
from metrics.reasons import dimension_word
from reviewhub.ui import days, figures

SWITCHES = {
    "SHIPPING_IN": gettext_lazy("shipping is in"),
    "SHIPPING_OUT": gettext_lazy("shipping is left out"),
    "TAX_IN": gettext_lazy("tax is in"),
    "TAX_OUT": gettext_lazy("tax is left out"),
    "AFTER_REFUNDS": gettext_lazy("refunds are taken off"),
    "BEFORE_REFUNDS": gettext_lazy("refunds are not taken off"),
    "BEFORE_DISCOUNTS": gettext_lazy("discounts are not taken off"),
    "SHIPPED_ORDERS": gettext_lazy("orders count when they are shipped"),
    "RETURNING_AS_NEW": gettext_lazy("customers who come back count as new"),
    "CLOSING_RATE": gettext_lazy("the closing rate is used"),
    "BUDGET_RATE": gettext_lazy("the budget rate is used"),
    "DAY_EARLIER": gettext_lazy("each day begins a day earlier (another time zone or moment)"),
    "DAY_LATER": gettext_lazy("each day begins a day later (another time zone or moment)"),
}


def shown(row: Submission) -> list[dict]:
    found = claims.of(row)
    if not found:
        return []
    definitions = Definitions.on(row.period_start)
    members = Members.of({name for claim in found for one in claim.rows for name in one.members})
    return [line(claim, definitions, members) for claim in found]


def line(claim: claims.Claim, definitions, members) -> dict:
    definition, language = definitions[claim.code], get_language() or "en"
    computed = [one for one in claim.rows if one.computed is not None]
    sample = (claim.off or computed or claim.rows)[0]
    places = definition.places
    return {
        "code": claim.code,
        "title": definition.name,
        "glyph": "warn" if claim.off else "pass" if computed else "na",
        "claimed": figures.number(sample.claimed, places, language),
        "computed": None if sample.computed is None else figures.number(sample.computed, places, language),
        "share": figures.signed_percent(sample.share, 1, language) if sample.share is not None else "",
        "where": where(sample, members, language),
        "off": len(claim.off),
        "of": len(computed),
        "explanation": explanation(claim),
        "explains": claim.explains if claim.explains < len(claim.off) else 0,
        "tried": claim.tried,
    }


def explanation(claim: claims.Claim) -> str:
    """“shipping is in”, or two of them joined; "" where nothing explains it."""
    words = [str(SWITCHES[one.code]) for one in claim.explained_by]
    return _(" and ").join(words)


def where(row: claims.Row, members, language: str) -> str:
    parts = [days.period(row.period.start, row.period.end, language)]
    parts += [f"{dimension_word(name)} {members.name(name, code)}" for name, code in row.members.items()]
    return " · ".join(parts)
