"""Pure. What is missing in a cascade, broken, or at odds with itself: one finding for each, with its node."""

from collections import defaultdict
from collections.abc import Iterator

from okr import tensions
from okr.linting import ERROR, WARNING, Finding, lint
from okr.tree import DEEPEST, OBJECTIVE, RESULT, TASK, Node, Tree

MOST_SHOWN = 200  # pairs that pull against each other, of one driver


def gaps(tree: Tree) -> list[Finding]:
    """Everything there is to mend, errors first, then by node and code. Closed nodes are left alone."""
    turning = {key for keys in tree.rounds() for key in keys}
    found = [*_rounds(tree), *_tensions(tree)]
    for node in tree:
        if node.is_open:
            found += [*lint(node), *_place(tree, node, turning), *_shares(tree, node), *_weights(tree, node)]
    return sorted(
        found, key=lambda one: (one.severity != ERROR, one.node, one.code, sorted(one.params.items()))
    )


def _rounds(tree: Tree) -> Iterator[Finding]:
    for keys in tree.rounds():
        yield Finding("OKR_CYCLE", ERROR, keys[0], {"keys": " → ".join([*keys, keys[0]])})


def _place(tree: Tree, node: Node, turning: set[str]) -> Iterator[Finding]:
    """Where a node stands: below what, above what, how deep, and within the time of its parent."""
    if node.key in turning:
        return
    if not node.is_companys and not tree.reaches_company(node.key):
        if tree.parent(node) is None:
            yield Finding("NO_PARENT", ERROR, node.key, {})
    open_below = [one for one in tree.below(node.key) if one.is_open]
    if node.kind != TASK and not open_below:
        severity = WARNING if node.kind == RESULT else ERROR
        yield Finding("NO_CHILD", severity, node.key, {})
    aims = [one for one in [node, *tree.above(node.key)] if one.kind != TASK]
    if node.kind != TASK and len(aims) > DEEPEST:
        yield Finding("OKR_DEPTH", ERROR, node.key, {"levels": len(aims), "most": DEEPEST})
    parent = tree.parent(node)
    if parent is not None and not _within(node, parent):
        yield Finding("PERIOD_MISMATCH", ERROR, node.key, {"parent": parent.key})


def _within(node: Node, parent: Node) -> bool:
    if node.kind == TASK or None in (node.start, node.end, parent.start, parent.end):
        return True
    return parent.start <= node.start and node.end <= parent.end


def _shares(tree: Tree, node: Node) -> Iterator[Finding]:
    """A key result that several departments own, to which one alone contributes."""
    if node.kind != RESULT or len(node.owners) < 2:
        return
    given = {one.department for one in tree.below(node.key) if one.is_open}
    given |= {one.department for one in tree if one.is_open and node.key in one.contributes}
    silent = [code for code in node.owners if code not in given]
    if silent and len(node.owners) - len(silent) <= 1:
        yield Finding("ONE_CONTRIBUTOR", WARNING, node.key, {"silent": ", ".join(sorted(silent))})


def _weights(tree: Tree, node: Node) -> Iterator[Finding]:
    """Weights of key results and tasks below one parent make a hundred."""
    given = [one.weight for one in tree.below(node.key) if one.is_open and one.weight is not None]
    below = [one for one in tree.below(node.key) if one.is_open]
    if not given:
        return
    total, all_given = sum(given), len(given) == len(below)
    if any(weight <= 0 for weight in given) or total > 100 or (all_given and total != 100):
        yield Finding("WEIGHT_SUM", ERROR, node.key, {"sum": total})


def _tensions(tree: Tree) -> Iterator[Finding]:
    """Pairs of open aims that pull one driver in opposite directions, neither of which stands above the other."""
    pulling: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for node in tree:
        if node.is_open and node.kind != OBJECTIVE:
            for code, end in tensions.ends(node).items():
                pulling[code][end].append(node.key)
    for code, (one, other) in sorted(pulling.items()):
        pairs = sorted((a, b) for a in one for b in other if a != b)
        for a, b in pairs[:MOST_SHOWN]:
            if a not in {up.key for up in tree.above(b)} and b not in {up.key for up in tree.above(a)}:
                yield Finding("OPPOSING", WARNING, a, {"other": b, "driver": code})
