"""The cascade of one cycle as a tree, with how far each part has come and what is to be mended.

It is worked out of stored values alone (okr.plain) and remembered by their digest: whoever sees the same values
is shown what was worked out for the one before. A change of any of them is another cascade.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import get_language

from metrics.models import MetricVersion
from okr import measuring, plain, scoring
from okr.analysis import Analysis
from okr.linting import Finding
from okr.measuring import Standing
from okr.models import Cycle, KeyResult, Objective, six
from okr.plain import Source, Values
from okr.remembered import Remembered
from okr.scoring import Progress
from okr.tree import COMPANY, OBJECTIVE, RESULT, Node, Tree
from reviewhub.people import names

MILLION = 1_000_000  # of which a score is kept
RATES = ("%", "％")
REMEMBERED = (
    6  # contents of a process: that of the running cycle, for colleagues and a partner, and a few others
)
ANALYSES = 4  # of one content: in two languages, and as metrics were certified meanwhile

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def objective_key(pk: int) -> str:
    return f"O{pk}"


def result_key(pk: int) -> str:
    return f"K{pk}"


@dataclass(frozen=True, eq=False)
class _Content:
    """The values of one cycle, with what is worked out of them for each state of the metrics that they read."""

    starts_on: dt.date
    ends_on: dt.date
    values: Values
    analyses: Remembered = field(default_factory=lambda: Remembered(ANALYSES))

    @cached_property
    def results(self) -> dict[str, tuple]:
        return {result_key(one.pk): one for one in self.values.results}

    @cached_property
    def bound(self) -> list:
        """Key results that read a metric."""
        return [one for one in self.values.results if one.metric_id]

    @cached_property
    def standings(self) -> dict[int, Standing]:
        """Of what was measured by hand; of the others that nothing is known."""
        return measuring.by_hand(self.values.results)


_contents = Remembered(REMEMBERED)


@dataclass(frozen=True)
class Cascade:
    """Everything that the pages of a cycle show."""

    cycle: Cycle
    user: object
    analysis: Analysis
    standings: dict[int, Standing]
    plain_results: dict[str, tuple]

    @property
    def tree(self) -> Tree:
        return self.analysis.tree

    @property
    def progress(self) -> dict[str, Progress]:
        return self.analysis.progress

    def findings(self) -> list[Finding]:
        return self.analysis.findings

    @cached_property
    def results(self) -> dict[str, KeyResult]:
        """All rows by the keys of their nodes, read when asked for; `result` reads one."""
        return {result_key(row.pk): row for row in self._results() if result_key(row.pk) in self.tree.nodes}

    def result(self, pk: int) -> KeyResult | None:
        return self._results().filter(pk=pk).first() if result_key(pk) in self.tree.nodes else None

    def _results(self):
        rows = KeyResult.objects.visible_to(self.user).filter(cycle=self.cycle).standing()
        return rows.select_related("department", "owner", "metric", "version", "grade")

    def objective(self, pk: int) -> Objective | None:
        if objective_key(pk) not in self.tree.nodes:
            return None
        rows = Objective.objects.visible_to(self.user).filter(cycle=self.cycle, pk=pk)
        return rows.select_related("department", "owner").first()


def cascade(cycle: Cycle, *, user, on: dt.date) -> Cascade:
    """The cascade as `user` may see it, measured on the day `on`; once scored, as it was scored. A fixed number of
    queries, and that number again where values changed."""
    content = _content(cycle, user, on)
    read = measuring.standings(cycle, content.bound, on=on) if content.bound else {}
    for pk, _score, actual in content.values.grades:
        known = read.get(pk) or content.standings.get(pk)
        if known is not None:
            read[pk] = replace(known, actual=six(actual), until=cycle.ends_on, state="")
    key = (get_language() or "", tuple(read.items()))
    stands = content.standings | read
    analysis = content.analyses.kept(key, lambda: Analysis(_tree(content, stands)))
    return Cascade(cycle=cycle, user=user, analysis=analysis, standings=stands, plain_results=content.results)


def _content(cycle: Cycle, user, on: dt.date) -> _Content:
    asked = plain.queries(cycle, _sources, user=user, on=on)
    head = (cycle.pk, cycle.state, cycle.starts_on, cycle.ends_on)
    digest = plain.digest(asked)
    if (found := _contents.find((head, digest))) is not None:
        return found
    made = _Content(cycle.starts_on, cycle.ends_on, plain.read(cycle, asked))
    if plain.digest(asked) != digest:
        return made  # somebody wrote in between: what was read has no name
    return _contents.keep((head, digest), made)


def _tree(content: _Content, stands: dict[int, Standing]) -> Tree:
    values = content.values
    shares, gives = _by_first(values.shares), _by_first(values.gives)
    scores = {pk: score for pk, score, _actual in values.grades}
    nodes = [_of_objective(content, row) for row in values.objectives]
    for row in values.results:
        node = replace(
            _drawn(row, content),
            owners=tuple(shares.get(row.pk, ())),
            contributes=tuple(map(result_key, gives.get(row.pk, ()))),
            metric_state=stands[row.pk].state,
        )
        if row.pk in scores:
            score = scores[row.pk]
            nodes.append(replace(node, measured=None if score is None else Fraction(score, MILLION)))
        else:
            nodes.append(replace(node, measured=_reached(node, stands[row.pk].actual)))
    known = {node.key for node in nodes}
    for source, rows in zip(_sources, values.tasks, strict=True):
        nodes += [node for node in source.nodes(rows) if node.parent in known or node.parent is None]
    return Tree(nodes)


def _by_first(pairs: tuple) -> dict[int, list]:
    found: dict[int, list] = {}
    for one, other, *_order in pairs:
        found.setdefault(one, []).append(other)
    return found


def _of_objective(content: _Content, row) -> Node:
    return Node(
        key=objective_key(row.pk),
        kind=OBJECTIVE,
        title=row.title,
        parent=result_key(row.parent_id) if row.parent_id else None,
        department=row.department__code or COMPANY,
        owner=_owner(row),
        weight=row.weight,
        start=content.starts_on,
        end=content.ends_on,
    )


def _drawn(row, content: _Content) -> Node:
    """A key result as far as it is written."""
    unit = row.version__unit if row.version_id else row.unit
    return Node(
        key=result_key(row.pk),
        kind=RESULT,
        title=row.title,
        parent=_parent(row),
        department=row.department__code or COMPANY,
        owner=_owner(row),
        person=row.owner_id,
        weight=row.weight,
        unit=unit,
        is_rate=unit in RATES,
        baseline=six(row.baseline),
        target=six(row.target),
        change=six(row.change),
        in_points=row.in_points,
        metric=row.metric__code or "",
        start=content.starts_on,
        end=row.due_on + dt.timedelta(days=1) if row.due_on else content.ends_on,
    )


def _owner(row) -> str:
    return names.displayed(
        row.owner__name, row.owner__name_latin, row.owner__username, language=get_language() or ""
    )


def drafted(cycle: Cycle, row: KeyResult, version: MetricVersion | None, given: dict) -> Node:
    """A key result as far as it is written, `given` its figures; it need not be saved."""
    unit = version.unit if version else row.unit
    return Node(
        key=result_key(row.pk),
        kind=RESULT,
        title=row.title,
        parent=_parent(row),
        department=row.department.code if row.department else COMPANY,
        owner=row.owner.display_name if row.owner else "",
        person=row.owner_id,
        weight=row.weight,
        unit=unit,
        is_rate=unit in RATES,
        baseline=given["baseline"],
        target=given["target"],
        change=given["change"],
        in_points=row.in_points,
        metric=row.metric.code if row.metric else "",
        start=cycle.starts_on,
        end=row.due_on + dt.timedelta(days=1) if row.due_on else cycle.ends_on,
    )


def _parent(row: KeyResult) -> str | None:
    if row.objective_id:
        return objective_key(row.objective_id)
    return result_key(row.parent_id) if row.parent_id else None


def _reached(node: Node, actual: Decimal | None) -> Fraction | None:
    target = scoring.target_of(node)
    if actual is None or node.baseline is None or target is None or target == node.baseline:
        return None
    return scoring.attainment(node.baseline, target, actual)
