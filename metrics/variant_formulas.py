"""Pure. A formula counted another way: with a switch turned, tidied, written as text, and compared with others."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from metrics import claim_switches
from metrics.claim_switches import Switch

NOUGHT = ("number", Decimal(0))
BINDING = {"+": 1, "-": 1, "*": 2, "/": 2}


def expanded(tree: tuple, tree_of: Callable[[str], tuple | None], wanted: Callable[[str], bool]) -> tuple:
    """`tree` with the formula of every metric that is `wanted` in the place of its name; `tree_of`: None for base."""
    if tree[0] == "code":
        inner = tree_of(tree[1]) if wanted(tree[1]) else None
        return tree if inner is None else expanded(inner, tree_of, wanted)
    return tuple(expanded(one, tree_of, wanted) if isinstance(one, tuple) else one for one in tree)


def turned(tree: tuple, switches: Iterable[Switch]) -> tuple:
    """`tree`, in which the metrics that the switches touch stand by name, counted the other way."""
    return simple(claim_switches.changed(tree, switches))


def simple(tree: tuple) -> tuple:
    """The same formula without what adds nought: x - (y - y) is x, x + (0 - y) is x - y."""
    tree = tuple(simple(one) if isinstance(one, tuple) else one for one in tree)
    match tree:
        case ("+" | "-", one, ("number", zero)) if not zero:
            return one
        case ("+", ("number", zero), one) if not zero:
            return one
        case ("+", one, ("-", ("number", zero), other)) if not zero:
            return simple(("-", one, other))
        case ("-", one, other) if one == other:
            return NOUGHT
        case ("*" | "/", ("number", zero), _) if not zero:
            return NOUGHT
    return tree


def written(tree: tuple, least: int = 0) -> str:
    """`tree` as people write it; metrics.formula reads it back as the same tree."""
    name, *parts = tree
    if name == "number":
        return f"{parts[0]:f}"
    if name == "code":
        return parts[0]
    if name in BINDING:
        binds = BINDING[name]
        text = f"{written(parts[0], binds)} {name} {written(parts[1], binds + 1)}"
        return f"({text})" if binds < least else text
    if name == "test":
        return f"{written(parts[1])} {parts[0]} {written(parts[2])}"
    if name == "part":
        return f"{parts[0]}={parts[1]}" if parts[1] else parts[0]
    return f"{name}({', '.join(written(one) for one in parts)})"


def canonical(tree: tuple):
    """The same for formulas that differ only in the order and the parentheses of their sums."""
    if tree[0] in "+-":
        terms = sorted((repr(canonical(one)), sign) for one, sign in _terms(tree, 1) if one != NOUGHT)
        return "+", tuple(terms)
    return tuple(canonical(one) if isinstance(one, tuple) else one for one in tree)


def _terms(tree: tuple, sign: int):
    if tree[0] not in ("+", "-"):
        return [(tree, sign)]
    second = sign if tree[0] == "+" else -sign
    return _terms(tree[1], sign) + _terms(tree[2], second)
