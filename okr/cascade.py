"""The cascade of one cycle as a tree, with how far each part has come and what is to be mended."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from metrics.models import MetricVersion
from okr import measuring, scoring
from okr.gaps import gaps
from okr.linting import Finding
from okr.measuring import Standing
from okr.models import Cycle, Grade, KeyResult, Objective, six
from okr.scoring import Progress
from okr.tree import COMPANY, OBJECTIVE, RESULT, Node, Tree

MILLION = 1_000_000  # of which a score is kept

# Gives the tasks of a cycle as nodes: `tasks(cycle, user)`. The app of tasks stands above this one.
TaskSource = Callable[[Cycle, object], Iterable[Node]]
_sources: list[TaskSource] = []


def register(source: TaskSource) -> None:
    _sources.append(source)


def objective_key(pk: int) -> str:
    return f"O{pk}"


def result_key(pk: int) -> str:
    return f"K{pk}"


@dataclass(frozen=True)
class Cascade:
    """Everything that the pages of a cycle show; rows by the keys of their nodes."""

    cycle: Cycle
    tree: Tree
    objectives: dict[str, Objective]
    results: dict[str, KeyResult]
    standings: dict[str, Standing]
    progress: dict[str, Progress]

    def findings(self) -> list[Finding]:
        return gaps(self.tree)


def cascade(cycle: Cycle, *, user, on: dt.date) -> Cascade:
    """The cascade as `user` may see it, measured on the day `on`; once scored, as it was scored. A fixed number of
    queries."""
    objectives = list(
        Objective.objects.visible_to(user)
        .filter(cycle=cycle, dropped_at=None)
        .select_related("department", "owner")
    )
    results = list(
        KeyResult.objects.visible_to(user)
        .filter(cycle=cycle)
        .standing()
        .select_related("department", "owner", "metric", "version", "grade")
        .prefetch_related("shares__department", "gives", "measurements")
    )
    stands = measuring.standings(cycle, results, on=on)
    if cycle.state == Cycle.State.CLOSED:
        stands |= {row.pk: _scored(cycle, stands[row.pk], row) for row in results if _grade(row)}
    nodes = [_of_objective(cycle, row) for row in objectives]
    nodes += [of_result(cycle, row, stands[row.pk]) for row in results]
    known = {node.key for node in nodes}
    for source in _sources:
        nodes += [node for node in source(cycle, user) if node.parent in known or node.parent is None]
    tree = Tree(nodes)
    return Cascade(
        cycle=cycle,
        tree=tree,
        objectives={objective_key(row.pk): row for row in objectives},
        results={result_key(row.pk): row for row in results},
        standings={result_key(row.pk): stands[row.pk] for row in results},
        progress=scoring.rolled_up(tree),
    )


def _of_objective(cycle: Cycle, row: Objective) -> Node:
    return Node(
        key=objective_key(row.pk),
        kind=OBJECTIVE,
        title=row.title,
        parent=result_key(row.parent_id) if row.parent_id else None,
        department=row.department.code if row.department else COMPANY,
        owner=row.owner.display_name if row.owner else "",
        weight=row.weight,
        start=cycle.starts_on,
        end=cycle.ends_on,
    )


def of_result(cycle: Cycle, row: KeyResult, standing: Standing) -> Node:
    """A key result as a node; what was reached only where baseline and target are known."""
    given = {name: six(getattr(row, name)) for name in ("baseline", "target", "change")}
    node = replace(
        drafted(cycle, row, row.version if row.version_id else None, given),
        owners=tuple(one.department.code for one in row.shares.all() if one.counts),
        contributes=tuple(result_key(one.receiver_id) for one in row.gives.all() if one.counts),
        metric_state=standing.state,
    )
    if (kept := _grade(row)) and cycle.state == Cycle.State.CLOSED:
        return replace(node, measured=None if kept.score is None else Fraction(kept.score, MILLION))
    return replace(node, measured=_reached(node, standing.actual))


def _grade(row: KeyResult) -> Grade | None:
    return getattr(row, "grade", None)


def _scored(cycle: Cycle, standing: Standing, row: KeyResult) -> Standing:
    """What the cycle was scored by, whatever has become of the figures since."""
    return replace(standing, actual=six(row.grade.actual), until=cycle.ends_on, state="")


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
        is_rate=unit in ("%", "％"),
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
