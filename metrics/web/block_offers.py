"""What apps above offer at the blocks of a board: to discuss a figure, to make a task of it. Entered with `@offers`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A template and what it shows."""

    template: str
    shown: dict


# Asked once for a page: (its address, its blocks) → code of a block → what is offered there.
Offerer = Callable[[object, list], dict[str, Offer]]
OFFERERS: list[Offerer] = []


def offers(offerer: Offerer) -> Offerer:
    OFFERERS.append(offerer)
    return offerer


def offered(asked, blocks: Iterable) -> dict[str, list[Offer]]:
    """Code of a block → everything that is offered at it to who asks; nothing to a partner."""
    found: dict[str, list[Offer]] = {}
    if asked.user.is_partner:
        return found
    for offerer in OFFERERS:
        for code, offer in offerer(asked, list(blocks)).items():
            found.setdefault(code, []).append(offer)
    return found
