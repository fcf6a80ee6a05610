"""Pure. What is worked out of one cascade, each part once and when it is first asked for."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property

from okr import scoring
from okr.gaps import gaps
from okr.linting import Finding
from okr.remembered import Remembered
from okr.scoring import Progress
from okr.tree import RESULT, Node, Tree

WRITTEN = 24  # pages of one tree that are kept as they were written


@dataclass(frozen=True, eq=False)
class Analysis:
    """A tree with what follows from it. It is shared by everybody who sees the same tree: nothing in it is changed."""

    tree: Tree
    _kept: Remembered = field(default_factory=lambda: Remembered(WRITTEN), repr=False)

    @cached_property
    def progress(self) -> dict[str, Progress]:
        return scoring.rolled_up(self.tree)

    @cached_property
    def findings(self) -> list[Finding]:
        return gaps(self.tree)

    @cached_property
    def findings_of(self) -> dict[str, list[Finding]]:
        """Key of a node → what is found there; of a pair at odds under both."""
        found: dict[str, list[Finding]] = {}
        for one in self.findings:
            found.setdefault(one.node, []).append(one)
            if one.code == "OPPOSING":
                found.setdefault(one.params["other"], []).append(one)
        return found

    @cached_property
    def departments(self) -> set[str]:
        """Codes that a node belongs to or is owned by."""
        return {node.department for node in self.tree} | {one for node in self.tree for one in node.owners}

    @cached_property
    def roots(self) -> list[Node]:
        """Where branches begin; one node of every circle, which files can bring."""
        tree, found, reached = self.tree, [], set()
        for node in [*tree.roots(), *tree]:
            if node.key in reached:
                continue
            found.append(self._top(node))
            level = [found[-1]]
            while level:
                reached |= {one.key for one in level}
                level = [child for one in level for child in tree.below(one.key) if child.key not in reached]
        return found

    def _top(self, node: Node) -> Node:
        """The last one upwards; of a circle the one that closes it."""
        nodes, seen = self.tree.nodes, {node.key}
        while node.parent in nodes and node.parent not in seen:
            node = nodes[node.parent]
            seen.add(node.key)
        return node

    @cached_property
    def hangs_together(self) -> tuple[tuple[int, int], ...]:
        """(count, of how many): key results of the company that are carried, others that trace to one, all that read
        a metric."""
        results = [one for one in self.tree if one.kind == RESULT]
        company = [one for one in results if one.is_companys]
        others = [one for one in results if not one.is_companys]
        carried = sum(1 for one in company if self.tree.below(one.key))
        traced = sum(1 for one in others if self.tree.reaches_company(one.key))
        bound = sum(1 for one in results if one.metric)
        return (carried, len(company)), (traced, len(others)), (bound, len(results))

    def of_department(self, code: str) -> set[str]:
        """Keys of what a department has or owns with others, and of everything above that."""
        found = set()
        for node in self.tree:
            if node.department == code or code in node.owners:
                found |= {node.key, *(one.key for one in self.tree.above(node.key))}
        return found

    def kept(self, key: Hashable, make: Callable[[], object]):
        """What `make` gives, made once for each key: of what rests on the tree and the key alone."""
        return self._kept.kept(key, make)
