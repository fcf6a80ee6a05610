"""Pure. How far a key result has come, and what that makes of the objectives above it.

score = clamp((actual − baseline) ÷ (target − baseline), 0, 1); what is to fall has the same formula with its signs.
Fractions, so that no order of adding changes a result.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from okr.tree import Node, Tree

NOTHING, WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Progress:
    """How far a node has come, from 0 to 1.

    `value` is what counts: `measured` where there is a measure, else `below`, the weighted mean of what stands below
    it; None where nothing is known. `known` is the share of the weights below that `below` rests on.
    """

    value: Fraction | None
    measured: Fraction | None = None
    below: Fraction | None = None
    known: Fraction = NOTHING


def reached(baseline: Decimal, target: Decimal, actual: Decimal) -> Fraction:
    """The share of the way from baseline to target, below 0 and above 1 too. ValueError where there is no way."""
    if baseline == target:
        raise ValueError("A target that is the baseline has no way to it.")
    return Fraction(actual - baseline) / Fraction(target - baseline)


def attainment(baseline: Decimal, target: Decimal, actual: Decimal) -> Fraction:
    """The score from 0 to 1. ValueError where target and baseline are the same."""
    return min(WHOLE, max(NOTHING, reached(baseline, target, actual)))


def target_of(node: Node) -> Decimal | None:
    """What a key result is to reach: its target, or its change applied to the baseline. None where that is not said.

    A change in percent of a rate is not applied: nobody knows which of the two was meant.
    """
    if node.target is not None:
        return node.target
    if node.change is None or node.baseline is None:
        return None
    if node.in_points:
        return node.baseline + node.change
    if node.is_rate and node.in_points is None:
        return None
    return node.baseline * (1 + node.change / 100)


def expected(start: dt.date, end: dt.date, on: dt.date) -> Fraction:
    """The share of [start, end) that is over at the end of the day `on`: a steady pace would have come that far."""
    days, over = (end - start).days, (on - start).days + 1
    return min(WHOLE, max(NOTHING, Fraction(over, days)))


def rolled_up(tree: Tree) -> dict[str, Progress]:
    """Key → progress of each node. What goes round in circles has none from below.

    The mean of what is known below, by weight (without weights all count the same): bounded by the least and the
    greatest of them, whatever their order, and never lower when one of them rises.
    """
    found: dict[str, Progress] = {}
    turning = {key for keys in tree.rounds() for key in keys}
    order = sorted(tree.nodes, key=lambda key: -len(tree.above(key)))
    for key in order:
        node = tree[key]
        children = [] if key in turning else tree.below(key)
        below = [
            (weight, found[one.key].value) for weight, one in zip(weights(children), children, strict=True)
        ]
        known = [(weight, value) for weight, value in below if value is not None and weight]
        total, sure = sum(weight for weight, _ in below), sum(weight for weight, _ in known)
        mean = sum((weight * value for weight, value in known), NOTHING) / sure if sure else None
        share = Fraction(sure, total) if total else NOTHING
        found[key] = Progress(mean if node.measured is None else node.measured, node.measured, mean, share)
    return found


def weights(siblings: list[Node]) -> list[Fraction]:
    """What each of them counts: as given; those without one share equally what the others leave of a hundred."""
    given = [one.weight for one in siblings if one.weight is not None]
    free = Fraction(max(0, 100 - sum(given)), max(1, len(siblings) - len(given))) if given else WHOLE
    return [free if one.weight is None else Fraction(one.weight) for one in siblings]
