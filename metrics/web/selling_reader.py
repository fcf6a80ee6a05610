"""The sales board's figures as one reader sees them: names of members, sales in their unit, and blocks begun alike."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import series
from metrics.boards.spec import BlockSpec
from metrics.selling import Shop
from metrics.sources import lowest
from metrics.web.blocks import Block, Cell, rounded
from metrics.web.board_makers import Told, makes
from metrics.web.sales_words import Words
from reviewhub.ui import figures


def of_sales(kind: str) -> Callable:
    """Enters a maker of blocks that is handed the shop in the reader's words, and the block's name."""

    def entered(make: Callable[["Counter", str], Block]) -> Callable:
        @makes(kind)
        def maker(told: Told, spec: BlockSpec) -> Block:
            made = make(Counter(told), spec.code)
            return replace(made, code=spec.metric, short=told.title(spec), size=spec.size or made.size)

        return make

    return entered


class Counter:
    """Words and cells for the blocks of the sales board."""

    def __init__(self, told: Told):
        self.told, self.shop, self.language = told, Shop(told.figures), told.language

    @property
    def month(self) -> str:
        return self.told.month

    @cached_property
    def year_before(self) -> str:
        return self.told.period(self.shop.year_before)

    @cached_property
    def both(self) -> str:
        return _("%(now)s against %(then)s") % {"now": self.month, "then": self.year_before}

    @cached_property
    def currency(self) -> str:
        return self.shop.figure("SAL_NET", self.shop.month).currency

    @cached_property
    def sales(self) -> Words:
        return self.told.words("SAL_NET", self.currency)

    def in_unit(self, name: str) -> str:
        return f"{name} ({self.currency})" if self.currency else name

    def missing(self, code: str, by: tuple[str, ...] = ()) -> str:
        return self.told.say(self.shop.figure(code, self.shop.month, by=by).why) or self.told.nothing()

    def status(self, codes: Iterable[str], by: tuple[str, ...] = ()) -> str:
        """The least of what the figures of `codes` in this month are worth; "" where there are none."""
        evaluation, month = self.told.figures.evaluation(by), self.shop.month
        found = [evaluation.status(self.shop.figure(code, month, by=by), code, month) for code in codes]
        least = lowest(one for one in found if one != "none")
        return least if least != "none" else ""

    def member(self, dimension: str, code: str, count: int = 1) -> str:
        if code == series.REST:
            return ngettext("%(count)s other", "%(count)s others", count) % {"count": count}
        return self.shop.name(dimension, code) if code else _("Not stated")

    # --- Cells ------------------------------------------------------------------------------------------------

    def label(self, text: str, raw: object = None, kind: str = "") -> Cell:
        return Cell(text, text if raw is None else raw, False, kind=kind)

    def amount(self, value: Decimal | None) -> Cell:
        return self.told.value(self.sales, value)

    def change(self, value: Decimal | None) -> Cell:
        return self.told.difference(self.sales, value)

    def percent(self, ratio: Decimal | None, places: int = 1) -> Cell:
        return Cell(figures.percent(ratio, places, self.language), rounded(ratio, 4))

    def grown(self, ratio: Decimal | None) -> Cell:
        return Cell(figures.signed_percent(ratio, 1, self.language), rounded(ratio, 4))

    def count(self, value) -> Cell:
        return Cell(figures.number(value, 0, self.language), value)
