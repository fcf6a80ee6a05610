"""Tasks below the key results that they serve."""

from fractions import Fraction

from actions.models import Action
from okr import cascade
from okr.models import Cycle
from okr.tree import TASK, Node


def register() -> None:
    cascade.register(tasks)


def task_key(pk: int) -> str:
    return f"T{pk}"


def tasks(cycle: Cycle, user) -> list[Node]:
    """The tasks of a cycle's key results as far as `user` sees them. Only a task that is done counts."""
    rows = (
        Action.objects.visible_to(user)
        .filter(result__cycle=cycle)
        .exclude(status=Action.Status.DROPPED)
        .select_related("owner", "department", "metric")
    )
    return [
        Node(
            key=task_key(row.pk),
            kind=TASK,
            title=row.title,
            parent=cascade.result_key(row.result_id),
            department=row.department.code if row.department else "",
            owner=row.owner.display_name if row.owner else "",
            person=row.owner_id,
            metric=row.metric.code if row.metric else "",
            end=row.due_on,
            measured=Fraction(int(row.status == Action.Status.DONE)),
        )
        for row in rows
    ]
