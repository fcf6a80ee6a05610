"""Questions under blocks: the app above that keeps them says where one asks and how many wait, by `@talks`."""

from collections.abc import Callable
from dataclasses import dataclass

from metrics.boards.spec import BlockSpec
from metrics.web.board_asked import Address


@dataclass(frozen=True)
class Talk:
    """Where questions about a block are asked and read, and how many of them wait (asked only when it is shown)."""

    url: str
    waiting: Callable[[], int]


Teller = Callable[[BlockSpec], Talk | None]
Opened = Callable[[Address], Teller]
TELLERS: list[Opened] = []


def talks(opened: Opened) -> Opened:
    TELLERS.append(opened)
    return opened


def teller(asked: Address) -> Teller:
    """Who tells of each block of this page; nobody, where no app has entered."""
    return TELLERS[0](asked) if TELLERS else lambda spec: None
