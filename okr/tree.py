"""Pure. A cascade as one tree: objectives, key results and tasks, each below one primary parent."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

OBJECTIVE, RESULT, TASK = "objective", "result", "task"
COMPANY = ""  # the department of what the whole company wants
DEEPEST = 6  # levels of objectives and key results, the company's objective being the first


@dataclass(frozen=True)
class Node:
    """An objective, a key result or a task.

    `key` is unique in the tree. `department` is a code, COMPANY for the company's own. `owners` are the departments
    that own a key result together, `contributes` the keys that it helps besides its parent. `change` is how far a key
    result is to move: percent points where `in_points`, percent of the baseline where not, and None-or-bool `in_points`
    says that nobody decided. `measured` is what was reached, from 0 to 1 (okr.scoring.attainment),
    `person` the key of the owner.
    """

    key: str
    kind: str
    title: str
    parent: str | None = None
    department: str = COMPANY
    owner: str = ""
    owners: tuple[str, ...] = ()
    contributes: tuple[str, ...] = ()
    weight: int | None = None
    unit: str = ""
    is_rate: bool = False
    baseline: Decimal | None = None
    target: Decimal | None = None
    change: Decimal | None = None
    in_points: bool | None = None
    metric: str = ""
    metric_state: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    measured: Fraction | None = None
    person: int | None = None
    is_open: bool = True

    @property
    def is_companys(self) -> bool:
        return self.department == COMPANY and self.kind != TASK


class Tree:
    """The nodes of one cycle by key, and who stands below whom. Parents that are not in it count as none."""

    def __init__(self, nodes: Iterable[Node]):
        self.nodes = {node.key: node for node in nodes}
        self.children: dict[str, list[str]] = {key: [] for key in self.nodes}
        for node in self.nodes.values():
            if node.parent in self.nodes:
                self.children[node.parent].append(node.key)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    def __getitem__(self, key: str) -> Node:
        return self.nodes[key]

    def parent(self, node: Node) -> Node | None:
        return self.nodes.get(node.parent) if node.parent else None

    def below(self, key: str) -> list[Node]:
        return [self.nodes[one] for one in self.children[key]]

    def above(self, key: str) -> list[Node]:
        """The thread of a node from its parent upwards; it ends where it would come round again."""
        found, seen = [], {key}
        node = self.parent(self.nodes[key])
        while node is not None and node.key not in seen:
            found.append(node)
            seen.add(node.key)
            node = self.parent(node)
        return found

    def roots(self) -> list[Node]:
        return [node for node in self if self.parent(node) is None]

    def rounds(self) -> list[list[str]]:
        """Threads that bite their own tail, each once, from its least key on."""
        found, done = [], set()
        for key in self.nodes:
            path, place = [], {}
            while key in self.nodes and key not in done and key not in place:
                place[key] = len(path)
                path.append(key)
                key = self.nodes[key].parent or ""
            if key in place:
                found.append(_from_least(path[place[key] :]))
            done.update(path)
        return sorted(found)

    def reaches_company(self, key: str) -> bool:
        """Whether the thread of a node leads to a key result or objective of the company."""
        return any(node.is_companys for node in [self.nodes[key], *self.above(key)])


def _from_least(keys: list[str]) -> list[str]:
    start = keys.index(min(keys))
    return keys[start:] + keys[:start]
