"""The boards of the product: pages of numbered blocks. Addresses, navigation, tests and benchmarks come from here."""

from dataclasses import replace

from metrics.boards.deck import DECK
from metrics.boards.finance import FINANCE
from metrics.boards.logistics import LOGISTICS
from metrics.boards.marketing import MARKETING
from metrics.boards.sales import SALES
from metrics.boards.spec import Board, Section
from metrics.boards.supply import SUPPLY
from metrics.boards.technology import TECHNOLOGY

BOARDS: list[Board] = [DECK, SALES, MARKETING, SUPPLY, FINANCE, TECHNOLOGY, LOGISTICS]


def enter(board: Board) -> None:
    """Have a board of an app above among the others, once, behind those of colleagues."""
    if all(one.code != board.code for one in BOARDS):
        BOARDS.insert(BOARDS.index(LOGISTICS), board)


def extend(code: str, section: Section) -> None:
    """Have a section of an app above on a board, once."""
    place = next(index for index, one in enumerate(BOARDS) if one.code == code)
    if all(one.code != section.code for one in BOARDS[place].sections):
        BOARDS[place] = replace(BOARDS[place], sections=(*BOARDS[place].sections, section))


def board(code: str) -> Board | None:
    return next((one for one in BOARDS if one.code == code), None)


def open_boards(user) -> list[Board]:
    """Those that `user` may open, in their order."""
    return [one for one in BOARDS if one.sees(user)]
