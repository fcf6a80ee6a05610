"""Pure but for the rows it is given: stored terms of a commission plan as okr.payout computes with them."""

from decimal import Decimal
from fractions import Fraction

from okr import payout
from okr.models import PayLine
from okr.payout import Gate, Line, Tier

WHOLE = Decimal(100)
# What the what-if shows beside each other: every key result at 80, 100 and 120 %.
TRIED = (80, 100, 120)


def share(percent) -> Fraction:
    """Percent, as a number or as text, as a fraction."""
    return Fraction(Decimal(percent or 0)) / 100


def percent(part: Fraction) -> str:
    """The inverse of `share`."""
    return bare(Decimal(part.numerator * 100) / Decimal(part.denominator))


def line(row: PayLine) -> Line:
    tiers = tuple(Tier(share(start), share(rate)) for start, rate in row.tiers) or payout.PLAIN
    gate = None if row.gate_least is None else Gate(share(row.gate_least), share(row.gate_pays))
    return Line(
        row.name,
        share(row.weight),
        share(row.threshold),
        tiers,
        row.is_whole,
        None if row.cap is None else share(row.cap),
        gate,
        share(row.shared),
    )


def tiers_text(row: PayLine) -> str:
    """0: 100, 100: 150"""
    return ", ".join(f"{bare(start)}: {bare(rate)}" for start, rate in row.tiers)


def bare(number) -> str:
    """No more decimals than it has."""
    return f"{Decimal(number).normalize():f}"


def tried(row: PayLine, attained: Fraction, *, is_open: bool = True) -> payout.Reading:
    """A reading for the what-if; `is_open`: the gate is passed."""
    terms = line(row)
    if terms.gate is None:
        return payout.Reading(attained)
    return payout.Reading(attained, terms.gate.least if is_open else terms.gate.least - 1)


def curve(row: PayLine, step: int = 5, last: int = 150) -> list[float]:
    """Factors at 0, `step` … `last` percent attained, with the gate passed."""
    terms = line(row)
    points = range(0, last + step, step)
    return [float(payout.factor(terms, tried(row, Fraction(at, 100)))) for at in points]
