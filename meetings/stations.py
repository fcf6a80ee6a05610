"""Pure. The thread of a task, key result or decision as one line of stations, with a gap wherever it is broken."""

from collections.abc import Collection
from dataclasses import dataclass

from okr.tree import OBJECTIVE, RESULT, TASK, Tree

LINE, MEETING, FIGURE, FILE = "line", "meeting", "figure", "file"
# Why a thread is broken: what is missing, by what ought to stand there.
MISSING = {
    TASK: "NO_TASK",
    RESULT: "NO_RESULT",
    OBJECTIVE: "NO_OBJECTIVE",
    LINE: "NO_LINE",
    FIGURE: "NO_METRIC",
    FILE: "NO_FILE",
}
ROUND, GONE, NO_COMPANY, NO_READING = "ROUND", "GONE", "NO_COMPANY", "NO_READING"


@dataclass(frozen=True)
class Station:
    """One place of a thread: what stands there as `thing`, or the `gap` that says why nothing does.

    Where neither is given, something stands there that the reader may not see: nothing else is known of it here.
    """

    kind: str
    thing: object = None
    gap: str = ""

    @property
    def is_closed(self) -> bool:
        return self.thing is None and not self.gap


def missing(kind: str) -> Station:
    return Station(kind, gap=MISSING[kind])


def climbed(tree: Tree, key: str, hidden: Collection[str] = ()) -> list[Station]:
    """The stations from `key` up to the company's objective, the first being `key` itself; things are nodes.

    `hidden` are keys that stand but that the reader may not see. A parent that neither stands nor is hidden is gone.
    """
    path = [tree[key], *tree.above(key)]
    found, last = [Station(node.kind, node) for node in path], path[-1]
    if last.parent in tree.nodes:
        return [*found, Station(last.kind, gap=ROUND)]
    if last.parent in hidden:
        return [*found, Station(OBJECTIVE)]
    if last.parent:
        return [*found, Station(OBJECTIVE, gap=GONE)]
    if last.kind == TASK:
        return [*found, missing(RESULT)]
    if not last.is_companys:
        return [*found, Station(RESULT, gap=NO_COMPANY)]
    return found if last.kind == OBJECTIVE else [*found, missing(OBJECTIVE)]


def is_traced(stations: list[Station]) -> bool:
    """Whether the thread, as the reader sees it, leads without a gap to an objective of the company."""
    nodes = [one.thing for one in stations if one.kind in (RESULT, OBJECTIVE)]
    if not nodes or any(one is None for one in nodes):
        return False
    return nodes[-1].kind == OBJECTIVE and nodes[-1].is_companys


def down(line: Station, meeting: Station | None, figure: Station, file: Station | None) -> list[Station]:
    """Where it was decided and what it rests on; behind a gap nothing is asked for."""
    found = [line, *([meeting] if meeting and not line.gap else []), figure]
    return [*found, *([file] if file and figure.thing is not None else [])]
