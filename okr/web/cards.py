"""The cascade as cards below cards: how far each has come, what is to be mended, and what does not fit on one page."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import get_language

from metrics.models import MetricVersion
from okr import gap_words
from okr.cascade import Cascade
from okr.linting import ERROR
from okr.models import KeyResult
from okr.tree import OBJECTIVE, TASK, Node
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
    def confidence_word(self) -> str:
        return str(KeyResult.Confidence(self.confidence).label) if self.confidence else ""

    @property
    def tone(self) -> str:
        return "bad" if any(severe for _word, severe in self.marks) else ""


def department_names(reader) -> dict[str, str]:
    """Code → name in the reader's language. One query."""
    return {row.code: row.name for row in Department.objects.visible_to(reader)}


class Cards:
    """Makes the cards of a cascade; `task_url(key)` is where a task has its page."""

    def __init__(self, cascade: Cascade, names: dict[str, str]):
        self.cascade, self.names, self.more = cascade, names, 0
        self.versions: dict[int, MetricVersion] = {}

    def lanes(
        self, wanted: set[str] | None = None, *, loose_only: bool = False
    ) -> tuple[list[Card], list[Card]]:
        """What hangs on the company's objectives, and what hangs on nothing; at most MOST cards, highest first, the
        company's before others. `more` counts what hangs on nothing and found no place. `wanted`: these keys alone."""
        analysis = self.cascade.analysis
        aligned = [one for one in analysis.roots if one.is_companys and not loose_only]
        loose = [one for one in analysis.roots if not one.is_companys]
        shown = self._shown([*aligned, *loose], wanted)
        self.more = sum(one.key not in shown and (wanted is None or one.key in wanted) for one in loose)
        self._read(shown)
        return (
            [self._card(one.key, shown) for one in aligned if one.key in shown],
            [self._card(one.key, shown) for one in loose if one.key in shown],
        )

    def flat(self, keys: Sequence[str]) -> list[Card]:
        """The first MOST of them, each by itself; `more` counts the others."""
        self.more = max(0, len(keys) - MOST)
        self._read(set(keys[:MOST]))
        return [replace(self._card(key, {key}), hidden=0) for key in keys[:MOST]]

    def card(self, key: str) -> Card:
        """One card with what stands directly below it."""
        shown = {key, *(one.key for one in self.cascade.tree.below(key)[:MOST])}
        self._read(shown)
        return self._card(key, shown)

    def _read(self, shown: set[str]) -> None:
        """Names of the metrics that they read: one query, or none."""
        rows = self.cascade.plain_results
        wanted = {rows[key].version_id for key in shown if key in rows} - {None}
        self.versions = MetricVersion.objects.in_bulk(wanted) if wanted else {}

    def _shown(self, roots: list[Node], wanted: set[str] | None) -> set[str]:
        """The highest MOST nodes, of those that are wanted."""
        tree, level, found = self.cascade.tree, roots, []
        while level and len(found) < MOST:
            found += [one.key for one in level if wanted is None or one.key in wanted]
            level = [child for one in level for child in tree.below(one.key)]
        return set(found[:MOST])

    def _card(self, key: str, shown: set[str]) -> Card:
        node, tree = self.cascade.tree[key], self.cascade.tree
        below = tree.below(key)
        made = [self._card(one.key, shown - {key}) for one in below if one.key in shown - {key}]
        row = self.cascade.plain_results.get(key)
        version = self.versions.get(row.version_id) if row else None
        percent, text = shown_progress(self.cascade.progress[key].value)
        return Card(
            node=node,
            url=url_of(self.cascade, key),
            department=self.names.get(node.department, ""),
            percent=percent,
            text=text,
            marks=self._marks(key),
            below=made,
            hidden=len(below) - len(made),
            metric=version.name if version else "",
            confidence=row.confidence if row else "",
            stance=row.stance if row else "",
            shared=tuple(self.names.get(code, code) for code in node.owners),
            helps=tuple(tree[one].title for one in node.contributes if one in tree.nodes),
            thread=thread_url(self.cascade, key),
        )

    def _marks(self, key: str) -> list[tuple[str, bool]]:
        """Kind and whether it is an error; of two at odds both are marked, neither as an error."""
        found = self.cascade.analysis.findings_of.get(key, [])
        return [(gap_words.kind(one), one.severity == ERROR) for one in found]


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
