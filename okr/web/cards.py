"""The cascade as cards below cards: how far each has come, what is to be mended, and what does not fit on one page."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import get_language

from okr import gap_words
from okr.cascade import Cascade
from okr.linting import ERROR, Finding
from okr.tree import COMPANY, OBJECTIVE, TASK, Node
from reviewhub.people.models import Department
from reviewhub.ui import figures

MOST = 200  # cards of one page


@dataclass
class Card:
    """One objective, key result or task. `percent` is 0 to 100, None where nothing is known; `hidden` counts what
    stands below it and is not shown."""

    node: Node
    url: str
    department: str
    percent: int | None
    text: str
    marks: list[tuple[str, bool]] = field(default_factory=list)
    below: list["Card"] = field(default_factory=list)
    hidden: int = 0
    metric: str = ""
    confidence: str = ""
    stance: str = ""
    shared: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    thread: str = ""

    @property
    def is_done(self) -> bool:
        return self.percent == 100

    @property
    def tone(self) -> str:
        return "bad" if any(severe for _word, severe in self.marks) else ""


def department_names(reader) -> dict[str, str]:
    """Code → name in the reader's language. One query."""
    return {row.code: row.name for row in Department.objects.visible_to(reader)}


class Cards:
    """Makes the cards of a cascade; `task_url(key)` is where a task has its page."""

    def __init__(self, cascade: Cascade, names: dict[str, str], findings: list[Finding]):
        self.cascade, self.names, self.more = cascade, names, 0
        self.marks: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for one in findings:
            self.marks[one.node].append((gap_words.kind(one), one.severity == ERROR))
            if one.code == "OPPOSING":
                self.marks[one.params["other"]].append((gap_words.kind(one), False))

    def lanes(self, department: str = "") -> tuple[list[Card], list[Card]]:
        """What hangs on the company's objectives, and what hangs on nothing; at most MOST cards, highest first, the
        company's before others. `more` counts what hangs on nothing and found no place."""
        roots = self._roots()
        aligned = [one for one in roots if one.department == COMPANY and one.kind != TASK]
        loose = [one for one in roots if one not in aligned]
        wanted = self._of_department(department) if department else None
        shown = self._shown([*aligned, *loose], wanted)
        self.more = sum(one.key not in shown and (wanted is None or one.key in wanted) for one in loose)
        return (
            [self._card(one.key, shown) for one in aligned if one.key in shown],
            [self._card(one.key, shown) for one in loose if one.key in shown],
        )

    def card(self, key: str) -> Card:
        """One card with what stands directly below it."""
        below = {one.key for one in self.cascade.tree.below(key)[:MOST]}
        return self._card(key, {key, *below})

    def _roots(self) -> list[Node]:
        """Where branches begin; one node of every circle, which files can bring."""
        tree = self.cascade.tree
        found, reached = [], set()
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
        nodes, seen = self.cascade.tree.nodes, {node.key}
        while node.parent in nodes and node.parent not in seen:
            node = nodes[node.parent]
            seen.add(node.key)
        return node

    def _shown(self, roots: list[Node], wanted: set[str] | None) -> set[str]:
        """The highest MOST nodes, of those that are wanted."""
        tree, level, found = self.cascade.tree, roots, []
        while level and len(found) < MOST:
            found += [one.key for one in level if wanted is None or one.key in wanted]
            level = [child for one in level for child in tree.below(one.key)]
        return set(found[:MOST])

    def _of_department(self, code: str) -> set[str]:
        tree, found = self.cascade.tree, set()
        for node in tree:
            if node.department == code or code in node.owners:
                found |= {node.key, *(one.key for one in tree.above(node.key))}
        return found

    def _card(self, key: str, shown: set[str]) -> Card:
        node, tree = self.cascade.tree[key], self.cascade.tree
        below = tree.below(key)
        made = [self._card(one.key, shown - {key}) for one in below if one.key in shown - {key}]
        row = self.cascade.results.get(key)
        percent, text = shown_progress(self.cascade.progress[key].value)
        return Card(
            node=node,
            url=url_of(self.cascade, key),
            department=self.names.get(node.department, ""),
            percent=percent,
            text=text,
            marks=self.marks[key],
            below=made,
            hidden=len(below) - len(made),
            metric=row.version.name if row and row.version_id else "",
            confidence=row.confidence if row else "",
            stance=row.stance if row else "",
            shared=tuple(self.names.get(code, code) for code in node.owners),
            helps=tuple(tree[one].title for one in node.contributes if one in tree.nodes),
            thread=thread_url(self.cascade, key),
        )


def url_of(cascade: Cascade, key: str) -> str:
    """Where the node has its page. Tasks belong to the app above: theirs is known by its name."""
    kind, pk = cascade.tree[key].kind, int(key[1:])
    if kind == TASK:
        return reverse("action", args=[pk])
    if kind == OBJECTIVE:
        return reverse("okr-objective", args=[cascade.cycle.code, pk])
    return reverse("okr-result", args=[cascade.cycle.code, pk])


def thread_url(cascade: Cascade, key: str) -> str:
    """Where the thread of a task or key result is drawn, by its name as well; an objective has none of its own."""
    kind, pk = cascade.tree[key].kind, int(key[1:])
    if kind == OBJECTIVE:
        return ""
    if kind == TASK:
        return reverse("action-thread", args=[pk])
    return reverse("okr-result-thread", args=[cascade.cycle.code, pk])


def shown_progress(value: Fraction | None) -> tuple[int | None, str]:
    """Whole percent, rounded down so that only what is done says 100, and the same in words."""
    if value is None:
        return None, "–"
    percent = int(value * 100)
    return percent, figures.percent(Decimal(percent) / 100, 0, get_language() or "en")
