"""Numbered blocks as one reader sees them: words, drawing, box and table; shown and exported alike."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics import exports
from metrics.units import shown


@dataclass(frozen=True)
class Bar:
    """A bar inside a cell of 100 units: where it begins, how long it is, and what it means (good, bad, plain)."""

    left: int
    length: int
    tone: str

    @property
    def direction(self) -> str:
        """To which side it goes; "" where neither side is better."""
        return "" if self.tone == "plain" else "up" if self.left >= 50 else "down"

    @property
    def contrary(self) -> bool:
        """Whether it goes up and that is bad, or down and that is good."""
        return (self.direction, self.tone) in {("up", "bad"), ("down", "good")}


@dataclass(frozen=True)
class Cell:
    """As shown, and as exported; `url` leads further into it, `mark` is the number of its notes.

    The `kind` of a row's first cell is that of the row: sum, part, or nothing.
    """

    text: str
    raw: object
    is_number: bool = True
    kind: str = ""
    bar: Bar | None = None
    url: str = ""
    mark: int = 0


@dataclass(frozen=True)
class BoxColumn:
    """One column of the box below a 6-12: LW, MTD … with the value and its changes as `{% change %}` takes them."""

    name: str
    period: str
    value: str
    changes: list[dict]
    why: str = ""


@dataclass(frozen=True)
class Signal:
    """What the control chart says of the month, in words; `value` is 1 or −1, to which side."""

    rule: str
    text: str
    value: int
    better: str


@dataclass(frozen=True)
class Block:
    """A chart with its words and table, or a table alone; without rows there is only the reason in `why`.

    `feet` says of each sum of a statement whether it foots.
    `message` is the owner's sentence (then `said_by` names who wrote it) or the figures in a sentence. `short` names
    the block in its head and in the strip of exceptions; `code` is the metric that it is about. `judged` says by which
    limits, where they are not the normal ones.
    """

    name: str
    title: str
    message: str = ""
    period: str = ""
    figure: dict | None = None
    words: str = ""
    badge: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    why: str = ""
    size: str = ""
    code: str = ""
    short: str = ""
    said_by: str = ""
    box: list[BoxColumn] = field(default_factory=list)
    beside: list[dict] = field(default_factory=list)
    outlook: list[dict] = field(default_factory=list)
    signal: Signal | None = None
    judged: str = ""
    feet: list[dict] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The names of the columns, and whether numbers stand below them; the first names its rows."""
        texts = {place for row in self.rows for place, cell in enumerate(row) if not cell.is_number}
        return [(name, place > 0 and place not in texts) for place, name in enumerate(self.head)]

    @property
    def csv(self) -> bytes:
        return exports.csv_bytes(self.head, [[cell.raw for cell in row] for row in self.rows])


def rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else shown(value, places)


def status_word(status: str) -> str:
    words = {
        "certified": _("Certified"),
        "provisional": _("Provisional"),
        "draft": _("Draft"),
        "none": _("No data"),
    }
    return words[status]
