"""The sales board as one reader sees it: language, names, and cells that are shown and exported alike."""

from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics.sales import Board, Measured
from metrics.web import sales_words
from metrics.web.blocks import Cell, rounded
from metrics.web.sales_words import Words

CERTIFIED = "certified"


class Reader:
    """Words for the figures of a board. Raises CannotRead where a figure is refused."""

    def __init__(self, board: Board):
        self.board, self.language = board, get_language() or "en"

    @cached_property
    def month(self) -> str:
        return sales_words.period(self.board.month, self.language)

    @cached_property
    def year_before(self) -> str:
        return sales_words.period(self.board.year_before, self.language)

    @cached_property
    def measured(self) -> Measured:
        return self.board.measured(self.board.metric)

    @cached_property
    def words(self) -> Words:
        currencies = [self.measured.figure.currency, *(point.now.currency for point in self.board.trend)]
        return Words(self.board.definition, next(filter(None, currencies), ""))

    @property
    def unit(self) -> str:
        return self.words.currency or self.board.definition.unit

    def say(self, why) -> str:
        """A reason with the metrics' names."""
        return (
            why.worded({code: one.name for code, one in self.board.desk.definitions.items()}) if why else ""
        )

    def brief(self, code: str) -> str:
        return sales_words.brief(self.board.desk.definitions[code].name)

    def headline(self) -> str:
        """“Net sales ¥8.21m, +12.1 % on last year”, or why that cannot be said."""
        compared, name = self.measured.compare["py"], self.brief(self.board.metric)
        if self.measured.figure.value is None:
            return self.say(self.measured.figure.why)
        value = self.words.short(self.measured.figure.value)
        if not compared.comparable:
            return _("%(name)s %(value)s") % {"name": name, "value": value}
        change = self.words.change(compared)
        return _("%(name)s %(value)s, %(change)s on last year") % {
            "name": name,
            "value": value,
            "change": change,
        }

    # --- Cells ----------------------------------------------------------------------------------------------

    def in_unit(self, name: str) -> str:
        return f"{name} ({self.unit})" if self.unit else name

    def value(self, value: Decimal | None) -> Cell:
        return Cell(self.words.plain(value), rounded(value, self.words.definition.places))

    def change(self, value: Decimal | None) -> Cell:
        return Cell(self.words.plain_change(value), rounded(value, self.words.definition.places))

    def ratio(self, value: Decimal | None) -> Cell:
        return Cell(self.words.percent(value), rounded(value, 4))


def together(name: str, change: str) -> str:
    """A name and its change that no line break parts."""
    held = change.replace("+", "+\u2060")
    return f"{name}\u00a0{held}".replace(" ", "\u00a0")
