"""Pure. What is said about one objective, key result or task while it is typed: what it lacks, and what is unclear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from okr.tree import OBJECTIVE, TASK, Node

ERROR, WARNING = "error", "warning"
UNCERTIFIED, CHANGED = "uncertified", "changed"

# Words with which work begins, not what comes of it.
_WORK = re.compile(
    r"^(开展|推进|推动|组织|优化|完善|加强|建立|建设|搭建|启动|上线|落实|跟进|梳理|制定|研究|支持|实施|引入|对接|接入|做好)"
    r"|^(launch|build|set up|implement|roll out|start|run|organi[sz]e|introduce|develop|create|improve|optimi[sz]e"
    r"|review|support|research|prepare|establish|integrate|work on|continue)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """One thing to mend at `node`; its words are made of `code` and `params` in the reader's language."""

    code: str
    severity: str
    node: str
    params: dict = field(default_factory=dict)


def lint(node: Node) -> list[Finding]:
    """What a node lacks by itself, wherever it hangs; in the order in which one would mend it."""
    found = [Finding(code, severity, node.key) for code, severity in _found(node)]
    return found


def _found(node: Node) -> Iterator[tuple[str, str]]:
    if not node.owner:
        yield "NO_OWNER", ERROR
    if node.kind == OBJECTIVE:
        return
    if node.end is None:
        yield "NO_DATE", ERROR
    if node.kind == TASK:
        return
    yield from _of_result(node)


def _of_result(node: Node) -> Iterator[tuple[str, str]]:
    says_how_far = node.target is not None or node.change is not None
    if not says_how_far:
        yield "NO_NUMBER", ERROR
        if _WORK.match(node.title.strip()):
            yield "ACTIVITY", WARNING
    elif node.baseline is None:
        yield "NO_BASELINE", WARNING
    if node.target is not None and node.target == node.baseline or node.change == 0:
        yield "NO_WAY", ERROR
    if node.change is not None and node.is_rate and node.in_points is None:
        yield "PERCENT_OR_POINTS", ERROR
    if says_how_far and not node.metric and not node.unit:
        yield "NO_UNIT", WARNING
    if node.metric_state == UNCERTIFIED:
        yield "METRIC_UNCERTIFIED", WARNING
    if node.metric_state == CHANGED:
        yield "METRIC_CHANGED", WARNING
