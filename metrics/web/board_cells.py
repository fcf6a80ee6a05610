"""Figures of a board block in the reader's words: units, cells that are shown and exported alike, headings."""

from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from metrics import dictionary_words
from metrics.compared import Compared
from metrics.figure import Figure
from metrics.web.blocks import Cell, rounded
from metrics.web.board_makers import Told
from metrics.web.sales_words import TRAILING, Words
from reviewhub.ui import figures

LEAST = Decimal("0.01")
NARROW = "\u202f"


class Fine(Words):
    """Ratios near nought or near the whole keep a second decimal: 99.93 %, 0.02 %."""

    def short(self, value: Decimal | None) -> str:
        if self.definition.is_ratio and value and (abs(value) < LEAST or 1 - LEAST < abs(value) < 1):
            return figures.percent(value, 2, self.language)
        if value is not None and self.definition.value_type.startswith("duration") and abs(value) < 1_000:
            return self.exact(value)
        return super().short(value)

    def axis(self, value: Decimal) -> str:
        """A tick without noughts behind the point: 4.2, 17, 250k."""
        if self.definition.is_ratio:
            return TRAILING.sub(r"\1", figures.percent(value, 4, self.language))
        if abs(value) >= 1_000:
            return super().axis(value)
        return figures.number(value, max(0, -value.normalize().as_tuple().exponent), self.language)


class Cells:
    """Words and cells for the figures in `used`, which a block has read."""

    told: Told
    used: list[tuple[str, Figure]]

    @cached_property
    def currency(self) -> str:
        return next((figure.currency for _code, figure in self.used if figure.currency), "")

    def words(self, code: str) -> Words:
        """How values of `code` are written; after its figures were read, for the currency is theirs."""
        return Fine(self.told.figures.definition(code), next(
            (figure.currency for one, figure in self.used if one == code and figure.currency), self.currency
        ))  # fmt: skip

    def told_value(self, code: str, value: Decimal | None) -> str:
        """A value for a sentence: “4.2 days”, “93.1 %”, “¥8.21m”."""
        text, definition = self.words(code).short(value), self.told.figures.definition(code)
        if value is None or not definition.value_type.startswith("duration"):
            return text
        return f"{text}{'' if figures.is_chinese(self.told.language) else NARROW}{self.unit(code)}"

    def unit(self, code: str) -> str:
        """The unit in the reader's language, the currency in its place; "" for a percentage."""
        unit = self.told.figures.definition(code).unit
        words = dictionary_words.UNITS
        text = str(dictionary_words.word(words, unit))
        return "" if unit == "%" else text.replace(str(words["CCY"]), self.words(code).currency)

    def titled(self, code: str) -> str:
        """“Net sales in CNY”."""
        said = {"name": self.told.brief(code), "unit": self.unit(code)}
        return _("%(name)s in %(unit)s") % said if said["unit"] else said["name"]

    def cell(self, code: str, value: Decimal | None) -> Cell:
        """As the dictionary rounds it; a ratio as a percentage."""
        words = self.words(code)
        text = words.exact(value) if words.definition.is_ratio else words.plain(value)
        return Cell(text, rounded(value, words.definition.places))

    def count(self, value: Decimal | None) -> Cell:
        """A plain number of cases."""
        return Cell(figures.number(value, 0, self.told.language), rounded(value, 0))

    def decimal(self, value: Decimal | None) -> Cell:
        """A plain number with one decimal."""
        return Cell(figures.number(value, 1, self.told.language), rounded(value, 1))

    def percent(self, value: Decimal | None, places: int = 1) -> str:
        return figures.percent(value, places, self.told.language)

    def ratio(self, value: Decimal | None) -> Cell:
        """A share that is no metric of its own."""
        return Cell(self.percent(value), rounded(value, 4))

    def ratio_fine(self, value: Decimal | None) -> Cell:
        return Cell(self.percent(value, 2), rounded(value, 6))

    def change_cell(self, code: str, compared: Compared) -> Cell:
        """The change as it reads: per cent, or points of a ratio; exported as the plain difference or ratio."""
        words = self.words(code)
        raw = compared.change if words.definition.is_ratio else compared.change_ratio
        return Cell(words.change(compared) or "–", None if raw is None else round(raw, 6))

    def in_unit(self, code: str) -> str:
        unit = self.unit(code)
        return f"{self.told.brief(code)} ({unit})" if unit else self.told.brief(code)

    def points(self, value: Decimal | None) -> Cell:
        """A difference of two ratios, in percentage points."""
        text = "–" if value is None else figures.points(value, 1, self.told.language)
        return Cell(text, rounded(value, 4))

    def said(self, dimension: str) -> str:
        """The name of a dimension inside a sentence."""
        return self.heading(dimension).lower()

    def heading(self, dimension: str) -> str:
        return headings().get(dimension, dimension)


def headings() -> dict[str, str]:
    return {
        "campaign": _("Campaign"),
        "carrier": _("Carrier"),
        "category": _("Category"),
        "channel": _("Channel"),
        "country": _("Country"),
        "device": _("Device"),
        "reason": _("Reason"),
        "status": _("Stock status"),
        "supplier": _("Supplier"),
        "system": pgettext("dimension", "System"),
        "warehouse": _("Warehouse"),
    }
