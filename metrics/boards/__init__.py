"""The boards of the product: pages of numbered blocks. Addresses, navigation, tests and benchmarks come from here."""

from metrics.boards.deck import DECK
from metrics.boards.finance import FINANCE
from metrics.boards.logistics import LOGISTICS
from metrics.boards.marketing import MARKETING
from metrics.boards.sales import SALES
from metrics.boards.spec import Board
from metrics.boards.supply import SUPPLY
from metrics.boards.technology import TECHNOLOGY

BOARDS: tuple[Board, ...] = (DECK, SALES, MARKETING, SUPPLY, FINANCE, TECHNOLOGY, LOGISTICS)


def board(code: str) -> Board | None:
    return next((one for one in BOARDS if one.code == code), None)


def open_boards(user) -> list[Board]:
    """Those that `user` may open, in their order."""
    return [one for one in BOARDS if one.sees(user)]
