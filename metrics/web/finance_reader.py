"""The books of a month as one reader sees them: money, cells with bars, and lines that say whether sums foot."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from metrics.boards.spec import BlockSpec
from metrics.finance import Books, Compared
from metrics.statements import Foot
from metrics.web.blocks import Bar, Block, Cell, rounded
from metrics.web.board_makers import Told, makes
from metrics.web.sales_words import Words
from reviewhub.ui import figures

CENTS = 2
HALF = 50  # of the width of a cell's bar


def of_books(kind: str) -> Callable:
    """Enters a maker of blocks that is handed the books in the reader's words, and the block's name."""

    def entered(make: Callable[["Ledger", str], Block]) -> Callable:
        @makes(kind)
        def maker(told: Told, spec: BlockSpec) -> Block:
            made = make(Ledger(told), spec.code)
            return replace(made, code=spec.metric, short=told.title(spec), size=spec.size or made.size)

        return make

    return entered


class Ledger:
    """Words and cells for the blocks of the finance board."""

    def __init__(self, told: Told):
        self.told, self.board, self.language = told, Books(told.figures), told.language

    @property
    def month(self) -> str:
        return self.told.month

    @cached_property
    def year_before(self) -> str:
        return self.told.period(self.board.year_before)

    @cached_property
    def both(self) -> str:
        return _("%(now)s against %(then)s") % {"now": self.month, "then": self.year_before}

    @cached_property
    def money(self) -> Words:
        return Words(self.board.definition("FIN_REV"), self.board.currency)

    def name(self, code: str) -> str:
        return self.told.brief(code)

    def missing(self, code: str) -> str:
        """Why there is no figure of `code` this month."""
        return self.told.say(self.board.figure(code).why) or _("There is nothing to compare with.")

    def in_unit(self, name: str) -> str:
        return f"{name} ({self.board.currency})" if self.board.currency else name

    # --- Cells ------------------------------------------------------------------------------------------------

    def amount(self, value: Decimal | None) -> Cell:
        return Cell(figures.number(value, CENTS, self.language), rounded(value, CENTS))

    def change(self, value: Decimal | None, widest: Decimal | None = None, better: str = "") -> Cell:
        """A change with its sign, and a bar where the column has a widest change."""
        text = figures.signed(figures.number(value, CENTS, self.language), value)
        return Cell(text, rounded(value, CENTS), bar=bar(value, widest, better))

    def percent(self, value: Decimal | None) -> Cell:
        return Cell(figures.signed_percent(value, 1, self.language), rounded(value, 4))

    def ratio(self, value: Decimal | None) -> Cell:
        return Cell(figures.percent(value, 1, self.language), rounded(value, 4))

    def points(self, value: Decimal | None) -> Cell:
        return Cell(figures.points(value, 2, self.language), rounded(value, 6))

    def days(self, value: Decimal | None) -> Cell:
        return Cell(figures.number(value, 1, self.language), rounded(value, 1))

    def feet(self, found: Iterable[Foot]) -> list[dict]:
        """For each sum: what its lines give, what is stated, and the difference, nought where it foots."""
        names = {
            "BALANCE": _("Liabilities and equity against assets"),
            "CARRIED": _("Opening cash against the closing cash before"),
        }
        told = []
        for foot in found:
            said = {
                "name": names.get(foot.about) or self.name(foot.about),
                "added": self._cents(foot.added),
                "stated": self._cents(foot.stated),
                "gap": self._cents(foot.gap),
            }
            text = (
                _("%(name)s: %(added)s, to the cent")
                if foot.foots
                else _("%(name)s: %(added)s added, %(stated)s stated, difference %(gap)s")
            ) % said
            told.append({"state": "pass" if foot.foots else "fail", "text": text})
        return told

    def _cents(self, value: Decimal) -> str:
        places = CENTS if value == value.quantize(Decimal("0.01")) else 4
        return (
            figures.money(value, self.board.currency, places, self.language)
            if self.board.currency
            else figures.number(value, places, self.language)
        )


def bar(value: Decimal | None, widest: Decimal | None, better: str) -> Bar | None:
    if value is None or not widest:
        return None
    length = int(abs(value) / widest * HALF)
    tone = (
        "plain"
        if better not in ("up", "down") or not value
        else "good"
        if (value > 0) == (better == "up")
        else "bad"
    )
    return Bar(HALF if value > 0 else HALF - length, length, tone)


def ratio_of(change: Decimal | None, reference: Decimal | None) -> Decimal | None:
    """A change on its reference; none where the reference is not above nought."""
    return change / reference if change is not None and reference and reference > 0 else None


def widest(rows: Iterable[Compared], name: str) -> Decimal:
    return max((abs(value) for one in rows if (value := getattr(one, name)) is not None), default=Decimal(0))
