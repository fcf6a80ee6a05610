"""A block of a board with what stands around it: its number, its files, and where further things are done with it."""

from dataclasses import dataclass, field

from metrics.boards.spec import BlockSpec
from metrics.shared_kpis import Shared
from metrics.web import block_talks
from metrics.web.blocks import Block
from metrics.web.frozen_words import Mark


@dataclass(frozen=True)
class Numbered:
    """A block with its number on the board and where its rows are as files."""

    number: int
    spec: BlockSpec
    block: Block
    files: dict[str, str]
    passport: str = ""
    explore: str = ""
    sentence: str = ""
    restated: Mark | None = None
    notes: list = field(default_factory=list)
    here: str = ""
    offers: list = field(default_factory=list)
    talk: block_talks.Talk | None = None
    shared: Shared | None = None

    @property
    def lacks_sentence(self) -> bool:
        """An exception of a headline of which its owner has not said anything yet."""
        return bool(self.block.signal and not self.block.said_by and self.spec.kind == "six-twelve")
