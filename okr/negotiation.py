"""Pure. The talk about a key result between the level above and the level below: proposed, countered, agreed or not.

Terms count once one person of each side wanted the very same ones: who wrote them, and who accepts them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ABOVE, BELOW = "above", "below"
PROPOSE, COUNTER, ACCEPT, DECLINE, WITHDRAW, COMMENT = (
    "propose",
    "counter",
    "accept",
    "decline",
    "withdraw",
    "comment",
)
OPEN, AGREED, DECLINED, WITHDRAWN = "open", "agreed", "declined", "withdrawn"
_ENDS = {ACCEPT: AGREED, DECLINE: DECLINED, WITHDRAW: WITHDRAWN}
WORDED = (COUNTER, DECLINE, WITHDRAW, COMMENT)  # steps that say why


def other(side: str) -> str:
    return BELOW if side == ABOVE else ABOVE


@dataclass(frozen=True)
class Terms:
    """What is to be reached, until which day, and how much of its parent it is."""

    target: Decimal | None = None
    due_on: dt.date | None = None
    weight: int | None = None


@dataclass(frozen=True)
class Step:
    """What a person (`by`, any key) did for one side; `terms` with a proposal or a counter-offer only."""

    kind: str
    side: str
    by: object
    terms: Terms | None = None
    words: str = ""


@dataclass(frozen=True)
class Standing:
    """Where the talk stands: the terms on the table, who wrote them for which side, and whose word is waited for."""

    state: str
    terms: Terms
    written_by: object
    written_for: str

    @property
    def turn(self) -> str:
        """The side that answers."""
        return other(self.written_for)


def standing(steps: Sequence[Step]) -> Standing | None:
    """What the steps come to; None before the first. They are steps that `problem` let pass."""
    found = None
    for step in steps:
        if step.kind in (PROPOSE, COUNTER):
            found = Standing(OPEN, step.terms or Terms(), step.by, step.side)
        elif step.kind in _ENDS:
            found = Standing(_ENDS[step.kind], found.terms, found.written_by, found.written_for)
    return found


def problem(before: Sequence[Step], step: Step) -> str:
    """Why the step cannot follow; "" where it can: BEGUN, ENDED, NOT_YOUR_TURN, OWN_TERMS, SAME_TERMS, NO_WORDS."""
    stands = standing(before)
    if (stands is None) is not (step.kind == PROPOSE):
        return "BEGUN"
    if stands is None:
        return ""
    if step.kind != COMMENT:
        if stands.state != OPEN:
            return "ENDED"
        if step.side != (stands.written_for if step.kind == WITHDRAW else stands.turn):
            return "NOT_YOUR_TURN"
        if step.kind in (ACCEPT, COUNTER) and step.by == stands.written_by:
            return "OWN_TERMS"
        if step.kind == COUNTER and (step.terms or Terms()) == stands.terms:
            return "SAME_TERMS"
    return "NO_WORDS" if step.kind in WORDED and not step.words.strip() else ""
