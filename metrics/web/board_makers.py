"""Who makes the blocks of boards: a kind of block is made by one function, entered with `@makes("kind")`."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics import dictionary_words, sentences
from metrics.board_figures import BoardFigures
from metrics.boards.spec import BlockSpec
from metrics.compared import Compared
from metrics.periods import Period
from metrics.reasons import CannotRead, Why
from metrics.sentences import Said
from metrics.web import peak_words, sales_words
from metrics.web.blocks import Block, Cell, Signal, rounded
from metrics.web.sales_words import Words

Maker = Callable[["Told", BlockSpec], Block]
MAKERS: dict[str, Maker] = {}
CERTIFIED = "certified"


def makes(kind: str) -> Callable[[Maker], Maker]:
    def entered(maker: Maker) -> Maker:
        if MAKERS.setdefault(kind, maker) is not maker:
            raise ValueError(f"two makers of {kind}")
        return maker

    return entered


class Told:
    """A board's figures in the reader's words."""

    def __init__(self, figures: BoardFigures):
        self.figures, self.language = figures, get_language() or "en"

    def block(self, spec: BlockSpec) -> Block | None:
        """The block, or the reason in its place; None for who may not read what it is about."""
        if spec.metrics and spec.metric not in self.figures.open_codes:
            return None
        if missing := next((one for one in spec.metrics if one not in self.figures.definitions), None):
            return Block(
                spec.code, missing, why=str(Why("UNKNOWN_METRIC", {"metric": missing})), short=missing
            )
        try:
            made = MAKERS[spec.kind](self, spec)
            made = self._judged(made, spec)
            said = self.said.get(spec.metric) if spec.kind == "six-twelve" else None
            return replace(made, message=said.text, said_by=said.by) if said else made
        except CannotRead as refusal:
            why = " ".join(self.say(one) for one in refusal.whys)
            name = self.title(spec)
            return Block(spec.code, name, why=why, code=spec.metric, short=name)

    def _judged(self, made: Block, spec: BlockSpec) -> Block:
        """With what the limits of a peak season say of its month, where they hold."""
        place, judged = self.figures.judgements.get(spec.metric, ("", None))
        if judged is None or judged.peak is None or place != spec.code or not made.rows:
            return made
        definition = self.figures.definition(spec.metric)
        said = judged.peak, judged.own, definition, self.language
        if not judged.rule:
            words = (made.judged, peak_words.judged(*said))
            return replace(made, judged=" ".join(one for one in words if one))
        text = peak_words.broken(*said, is_up=judged.is_up)
        return replace(
            made, signal=Signal(judged.rule, text, 1 if judged.is_up else -1, self.better(spec.metric))
        )

    @cached_property
    def said(self) -> dict[str, Said]:
        """The sentences of owners over the headlines of this month."""
        codes = {one.metric for one in self.figures.board.blocks if one.kind == "six-twelve"}
        return sentences.standing(sorted(codes & self.figures.open_codes), self.figures.month)

    def title(self, spec: BlockSpec) -> str:
        return str(spec.title) if spec.title else self.name(spec.metric)

    # --- Names ----------------------------------------------------------------------------------------------

    def name(self, code: str) -> str:
        return self.figures.definition(code).name

    def brief(self, code: str) -> str:
        return sales_words.brief(self.name(code))

    @cached_property
    def names(self) -> dict[str, str]:
        return {code: one.name for code, one in self.figures.definitions.items()}

    def say(self, why: Why | None) -> str:
        """A reason with the metrics' names; "" for none."""
        return why.worded(self.names) if why else ""

    def period(self, one: Period) -> str:
        return sales_words.period(one, self.language)

    @property
    def month(self) -> str:
        return self.period(self.figures.month)

    def words(self, code: str, currency: str = "") -> Words:
        return Words(self.figures.definition(code), currency)

    def better(self, code: str) -> str:
        """up, down or "": what is good."""
        direction = self.figures.definition(code).direction
        return direction if direction in ("up", "down") else ""

    def unit(self, code: str, currency: str = "") -> str:
        """The unit as readers read it: the currency of money, whatever it is per; else the word of the dictionary."""
        unit = self.figures.definition(code).unit
        return currency if "CCY" in unit else str(dictionary_words.UNITS.get(unit, unit))

    # --- Changes and cells ----------------------------------------------------------------------------------

    def change(self, words: Words, compared: Compared | None, reference: str = "") -> dict | None:
        """What `{% change %}` takes; None where nothing can be compared."""
        if compared is None or not compared.comparable:
            return None
        better = words.definition.direction if words.definition.direction in ("up", "down") else ""
        text = words.change(compared)
        return {"value": compared.change, "text": text, "better": better, "reference": reference}

    def value(self, words: Words, value) -> Cell:
        return Cell(words.plain(value), rounded(value, words.definition.places))

    def difference(self, words: Words, value) -> Cell:
        return Cell(words.plain_change(value), rounded(value, words.definition.places))

    def share(self, words: Words, ratio) -> Cell:
        return Cell(words.percent(ratio), rounded(ratio, 4))

    def label(self, text: str, raw: object = None) -> Cell:
        return Cell(text, text if raw is None else raw, is_number=False)

    def nothing(self) -> str:
        return _("No data in these periods.")
