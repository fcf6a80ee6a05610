"""Pure. What the terms of a commission plan pay: weights, thresholds, tiers, caps, gates, shared lines, claw-back.

Amounts are whole cents, shares and rates fractions (1 is 100 %). A line is rounded once, half a cent up, after
everything that multiplies; the partner's part of a shared line is rounded likewise, and the person has what is left.
A line without a certified figure has no amount, and then there is no total either: nothing is estimated.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

NOTHING, WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Tier:
    """From the attainment `start` on, a point of attainment pays `rate` points of the line."""

    start: Fraction
    rate: Fraction


PLAIN = (Tier(NOTHING, WHOLE),)


@dataclass(frozen=True)
class Gate:
    """Where the figure of the gate is below `least` (a margin, say), the line pays only the share `pays`."""

    least: Fraction
    pays: Fraction = NOTHING


@dataclass(frozen=True)
class Line:
    """One component: its share of the base, and how what was attained becomes a factor.

    Below `threshold` it pays nothing. `tiers` rise by their starts; each stretch pays at its own rate, or with
    `is_whole` everything at the highest rate reached. `cap` bounds the factor. `shared` is the partner's part.
    """

    name: str
    weight: Fraction
    threshold: Fraction = NOTHING
    tiers: tuple[Tier, ...] = PLAIN
    is_whole: bool = False
    cap: Fraction | None = None
    gate: Gate | None = None
    shared: Fraction = NOTHING


@dataclass(frozen=True)
class Reading:
    """Certified figures of a line, None where nobody certified one: what was attained, and the gate's figure."""

    attained: Fraction | None
    gate: Fraction | None = None


@dataclass(frozen=True)
class Paid:
    """What a line comes to, in cents: `own` for the person, `partner` for the one it is shared with.

    All of it is None where a figure is not certified.
    """

    name: str
    factor: Fraction | None
    own: int | None
    partner: int | None


@dataclass(frozen=True)
class Settled:
    """Cents to be paid now, and what is still owed and taken from the next payment."""

    due: int
    owed: int


def problem(lines: tuple[Line, ...]) -> str:
    """ "" or why these terms are none: WEIGHTS do not make a whole, TIERS do not rise."""
    if sum((line.weight for line in lines), NOTHING) != WHOLE:
        return "WEIGHTS"
    return "" if all(rises(line.tiers) for line in lines) else "TIERS"


def rises(tiers: tuple[Tier, ...]) -> bool:
    """Whether there are tiers, the first from 0 on and each of the others later than the one before."""
    starts = [tier.start for tier in tiers]
    return starts[:1] == [NOTHING] and starts == sorted(set(starts))


def factor(line: Line, reading: Reading) -> Fraction | None:
    """What the line pays of its share of the base. None where a figure it needs is not certified."""
    if reading.attained is None or (line.gate and reading.gate is None):
        return None
    attained = max(NOTHING, reading.attained)
    if attained < line.threshold:
        return NOTHING
    found = whole(line.tiers, attained) if line.is_whole else marginal(line.tiers, attained)
    found = found if line.cap is None else min(found, line.cap)
    return found * line.gate.pays if line.gate and reading.gate < line.gate.least else found


def marginal(tiers: tuple[Tier, ...], attained: Fraction) -> Fraction:
    """Each stretch between two starts at its own rate: an accelerator is a later tier with a higher rate."""
    ends = [tier.start for tier in tiers[1:]] + [attained]
    stretches = zip(tiers, ends, strict=True)
    return sum(
        (max(NOTHING, min(end, attained) - tier.start) * tier.rate for tier, end in stretches), NOTHING
    )


def whole(tiers: tuple[Tier, ...], attained: Fraction) -> Fraction:
    """Everything at the rate of the highest tier reached."""
    return attained * [tier.rate for tier in tiers if tier.start <= attained][-1]


def paid(base: int, line: Line, reading: Reading, share: Fraction = WHOLE) -> Paid:
    """The line's amounts for somebody who takes part for `share` of the quarter, from a base in cents."""
    found = factor(line, reading)
    if found is None:
        return Paid(line.name, None, None, None)
    amount = cents(base * line.weight * found * share)
    partner = cents(amount * line.shared)
    return Paid(line.name, found, amount - partner, partner)


def total(lines: list[Paid]) -> int | None:
    """The person's cents of all lines; None as long as one of them has no amount."""
    return None if any(line.own is None for line in lines) else sum(line.own for line in lines)


def taken_back(was_paid: int, sold: Fraction, returned: Fraction) -> int:
    """What a return takes back of cents paid on `sold`, in the quarter of the return: never more than was paid."""
    return cents(was_paid * min(WHOLE, returned / sold)) if sold else 0


def settled(earned: int, owed: int) -> Settled:
    """A payment less what is owed from returns. Nobody pays in: what is not covered waits for the next payment."""
    return Settled(max(0, earned - owed), max(0, owed - earned))


def part_of(start: dt.date, end: dt.date, joined: dt.date) -> Fraction:
    """The calendar days from `joined` on, as a share of the days of [start, end)."""
    return min(WHOLE, max(NOTHING, Fraction((end - joined).days, (end - start).days)))


def in_currency(amount: int, rate: Fraction) -> int:
    """Cents of another currency at the rate of the budget."""
    return cents(amount * rate)


def cents(exact: Fraction) -> int:
    """Half a cent up."""
    return (2 * Fraction(exact) + 1) // 2
