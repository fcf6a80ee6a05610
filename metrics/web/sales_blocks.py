"""The blocks of the sales page for one reader, each made when it is asked for."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from metrics.reasons import CannotRead
from metrics.sales import Board, Measured
from metrics.web import sales_words
from metrics.web.blocks import Block
from metrics.web.sales_places import places
from metrics.web.sales_reader import Reader
from metrics.web.sales_trend import drivers, trend
from metrics.web.sales_words import Words

MAKERS = {
    "trend": lambda told, _heading: trend(told),
    "drivers": lambda told, _heading: drivers(told),
    "countries": lambda told, heading: places(told, "country", "countries", heading),
    "platforms": lambda told, heading: places(told, "platform", "platforms", heading),
}


class SalesBlocks:
    """The board in the reader's language. A refused question becomes a block with its reason."""

    problems: tuple = ()

    def __init__(self, board: Board):
        self.told = Reader(board)

    def block(self, name: str) -> Block:
        heading = headings()[name]
        try:
            return MAKERS[name](self.told, heading)
        except CannotRead as refusal:
            return Block(name, heading, why=" ".join(self.told.say(why) for why in refusal.whys))

    @property
    def trend(self) -> Block:
        return self.block("trend")

    @property
    def drivers(self) -> Block:
        return self.block("drivers")

    @property
    def countries(self) -> Block:
        return self.block("countries")

    @property
    def platforms(self) -> Block:
        return self.block("platforms")

    def fed(self, codes) -> set:
        """The series of data that these figures are made from; none where no source changes them any more."""
        bases = {base for code in codes for base in self.told.board.desk.definitions.bases(code)}
        return set().union(*(self.told.board.bringing.get(base, ()) for base in bases))

    @cached_property
    def tiles(self) -> list[dict]:
        try:
            return [tile(self.told, one) for one in self.told.board.tiles]
        except CannotRead as refusal:
            self.problems = [self.told.say(why) for why in refusal.whys]
            return []


def headings() -> dict[str, str]:
    return {
        "trend": _("Trend"),
        "drivers": _("Orders × average order value"),
        "countries": _("Countries"),
        "platforms": _("Platforms"),
    }


def tile(told: Reader, one: Measured) -> dict:
    """What `{% kpi %}` takes."""
    words = Words(one.definition, one.figure.currency)
    names = {"py": _("last year"), "pp": _("last month"), "target": _("target")}
    changes = [
        {
            "value": compared.change,
            "text": words.change(compared),
            "better": one.definition.direction if one.definition.direction in ("up", "down") else "",
            "reference": names[name],
        }
        for name, compared in one.compare.items()
        if compared.comparable
    ]
    why = one.figure.why or next((c.why for c in one.compare.values() if c.value is not None and c.why), None)
    return {
        "label": sales_words.brief(one.definition.name),
        "value": words.short(one.figure.value),
        "changes": changes,
        "badge": one.status if one.status != "none" else "",
        "note": told.say(why),
        "spark": told.board.history(one.definition.code),
        "code": one.definition.code,
        "codes": (one.definition.code,),
    }
