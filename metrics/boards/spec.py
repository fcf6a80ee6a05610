"""Pure. What a board consists of: sections of numbered blocks, and the figures that each block reads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from metrics import six_twelve as form
from metrics.periods import Period

Over = Callable[[Period], Iterable[Period]]


def six_twelve(month: Period) -> list[Period]:
    """What a 6-12 block reads: its points and its box, the same a year before, and the months between for limits."""
    spans = list(form.spans(month).every())
    return list(dict.fromkeys([*spans, *(one.year_before() for one in spans)]))


def this_month(month: Period) -> list[Period]:
    """The month, the same one a year before, and the one just before."""
    return [month, month.year_before(), month.before()]


def a_year(month: Period) -> list[Period]:
    """Twelve months up to `month`, and the twelve before them."""
    months = form.spans(month, weekly=False).months
    return [*(one.year_before() for one in months), *months]


@dataclass(frozen=True)
class Need:
    """Figures that a block reads: metrics, over which periods of the month shown, split `by` which dimensions."""

    codes: tuple[str, ...]
    over: Over = this_month
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class BlockSpec:
    """One numbered block. `code` is its place in addresses, `kind` names who makes it (metrics/web/board_makers.py).

    `metrics`: what it is about, the first one first; whoever may not read the first one does not see the block. None
    where it is about other things than figures: then its maker asks for what the reader may see.
    `needs`: everything it reads. `title`: of a block that is about more than one metric; lazy.
    """

    code: str
    kind: str
    metrics: tuple[str, ...]
    needs: tuple[Need, ...]
    title: object = ""
    size: str = ""

    @property
    def metric(self) -> str:
        return self.metrics[0] if self.metrics else ""


def headline(code: str, *beside: str, target: str = "") -> BlockSpec:
    """The 6-12 block of one metric; `beside`: further metrics of which only the month is told in its box."""
    needs = (Need((code, *beside, *([target] if target else [])), six_twelve),)
    return BlockSpec(code.lower().replace("_", "-"), "six-twelve", (code, *beside), needs)


@dataclass(frozen=True)
class Section:
    """Some blocks under one heading; the order is always the same."""

    code: str
    title: object
    blocks: tuple[BlockSpec, ...]


def colleagues(user) -> bool:
    return not user.is_partner


@dataclass(frozen=True)
class Board:
    """A page of blocks. `sees(user)` says who may open it; `department` is whose page it is ("" for everybody's).

    `is_shared`: with a partner, who sees here what certified figures of the company say of metrics open to it.
    """

    code: str
    title: object
    sections: tuple[Section, ...]
    sees: Callable = colleagues
    department: str = ""
    icon: str = "chart-line"
    is_shared: bool = False
    gathers_shared: bool = False  # whether every shared KPI is told above it, whoever owns it

    @property
    def blocks(self) -> Iterator[BlockSpec]:
        return (block for section in self.sections for block in section.blocks)

    @property
    def needs(self) -> Iterator[Need]:
        return (need for block in self.blocks for need in block.needs)
