"""A figure of the dictionary as its reader writes it: notices, frozen pages and records say it alike."""

from decimal import Decimal

from metrics.definitions import Definition
from reviewhub.ui import figures

LONG = 100_000


def in_words(value: Decimal | None, definition: Definition, language: str, currency: str = "") -> str:
    """Exact to the definition's decimals; "–" where there is none. `currency` "" leaves the sign out."""
    if value is None:
        return "–"
    if definition.is_ratio:
        return figures.percent(value, definition.decimals, language)
    if definition.value_type == "money" and currency:
        return figures.money(value, currency, definition.decimals, language)
    return figures.number(value, definition.decimals, language)


def brief(value: Decimal | None, definition: Definition, language: str, currency: str = "") -> str:
    """The same where room is short: ¥821.4万 for what is long."""
    if value is None or definition.is_ratio or abs(value) < LONG:
        return in_words(value, definition, language, currency)
    return figures.magnitude(value, language, currency if definition.value_type == "money" else "")
