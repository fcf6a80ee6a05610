"""Pure. The switches of a definition as changes of its formula: what makes another figure of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from metrics import formula


@dataclass(frozen=True)
class Switch:
    """One other way to count: to a metric of the formula something is added, or another takes its place; or the days
    lie earlier or later; or money is converted at another rate (a metric of rates)."""

    code: str
    adds: tuple[tuple[str, str], ...] = ()
    swaps: tuple[tuple[str, str], ...] = ()
    days: int = 0
    rate: str = ""
    unless: str = field(default="", compare=False)  # the formula has it already

    @property
    def needs(self) -> set[str]:
        """The metrics that have to be handed in for it."""
        added = (formula.parse(text).tree for _leaf, text in self.adds)
        named = {node[1] for tree in added for node in formula.walk(tree) if node[0] == "code"}
        return named | {other for _leaf, other in self.swaps}


SWITCHES = (
    Switch("SHIPPING_IN", adds=(("SAL_GROSS", "SAL_SHIPREV"),), unless="SAL_SHIPREV"),
    Switch("SHIPPING_OUT", adds=(("SAL_SHIPREV", "0 - SAL_SHIPREV"),)),
    Switch("TAX_IN", adds=(("SAL_GROSS", "SAL_TAX"),), unless="SAL_TAX"),
    Switch("TAX_OUT", adds=(("SAL_TAX", "0 - SAL_TAX"),)),
    Switch("AFTER_REFUNDS", adds=(("SAL_GROSS", "0 - SAL_REF"),), unless="SAL_REF"),
    Switch("BEFORE_REFUNDS", adds=(("SAL_REF", "0 - SAL_REF"),)),
    Switch("BEFORE_DISCOUNTS", adds=(("SAL_DISC", "0 - SAL_DISC"),)),
    Switch("SHIPPED_ORDERS", swaps=(("SAL_ORD", "SAL_ORD_SHIPPED"),)),
    Switch("RETURNING_AS_NEW", adds=(("MKT_NEWCUST", "MKT_REACT"),), unless="MKT_REACT"),
    Switch("CLOSING_RATE", rate="FX_CLOSING"),
    Switch("BUDGET_RATE", rate="FX_BUDGET"),
    Switch("DAY_EARLIER", days=-1),
    Switch("DAY_LATER", days=1),
)


def fitting(leaves: set[str], *, is_money: bool) -> list[Switch]:
    """The switches that change a formula over these base metrics."""
    found = []
    for one in SWITCHES:
        touched = {leaf for leaf, _ in (*one.adds, *one.swaps)}
        if one.unless in leaves or touched - leaves or (one.rate and not is_money):
            continue
        found.append(one)
    return found


def tries(switches: Iterable[Switch]) -> Iterator[tuple[Switch, ...]]:
    """Each by itself, then two at a time; never two that contradict each other."""
    switches = list(switches)
    yield from ((one,) for one in switches)
    for one, other in combinations(switches, 2):
        if not (one.rate and other.rate or one.days and other.days):
            yield one, other


def changed(tree: tuple, switches: Iterable[Switch]) -> tuple:
    """`tree`, over base metrics only, counted the other way."""
    adds = [(leaf, formula.parse(text).tree) for one in switches for leaf, text in one.adds]
    swaps = {leaf: other for one in switches for leaf, other in one.swaps}

    def other(node: tuple) -> tuple:
        if node[0] == "code":
            found = ("code", swaps.get(node[1], node[1]))
            for leaf, added in adds:
                found = ("+", found, added) if leaf == node[1] else found
            return found
        return tuple(other(part) if isinstance(part, tuple) else part for part in node)

    return other(tree)
