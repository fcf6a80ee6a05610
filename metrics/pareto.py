"""Pure. The few that make the most: members by value with the share they reach together, and their class A, B or C."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

A_UP_TO, B_UP_TO = Decimal("0.80"), Decimal("0.95")


@dataclass(frozen=True)
class Ranked:
    """One member: its share of the whole, and the share of all members up to and with it."""

    code: str
    value: Decimal
    share: Decimal
    reached: Decimal
    grade: str


def ranked(values: Iterable[tuple[str, Decimal]]) -> list[Ranked]:
    """Largest first. A: what is needed to reach 80 %, B: from there to 95 %, C: the rest. What is not above nought
    comes last and is C: it makes nothing. Empty where nothing is above nought."""
    rows = sorted(values, key=lambda row: (-row[1], row[0]))
    whole = sum((value for _code, value in rows if value > 0), Decimal(0))
    if not whole:
        return []
    found, reached = [], Decimal(0)
    for code, value in rows:
        before, gained = reached, max(value, Decimal(0))
        reached += gained
        found.append(Ranked(code, value, value / whole, reached / whole, _grade(before / whole, gained)))
    return found


def _grade(before: Decimal, gained: Decimal) -> str:
    if not gained or before >= B_UP_TO:
        return "C"
    return "A" if before < A_UP_TO else "B"
