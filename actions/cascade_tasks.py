"""Tasks below the key results that they serve."""

from fractions import Fraction

from django.utils.translation import get_language

from actions.models import Action
from okr import cascade
from okr.models import Cycle
from okr.plain import Source
from okr.tree import TASK, Node
from reviewhub.people import names

OWNER = ("owner_id", "owner__name", "owner__name_latin", "owner__username")
COLUMNS = ("pk", "title", "result_id", "department__code", *OWNER, "metric__code", "due_on", "status")


def register() -> None:
    cascade.register(Source(rows, COLUMNS, nodes))


def task_key(pk: int) -> str:
    return f"T{pk}"


def rows(cycle: Cycle, user):
    """The tasks of a cycle's key results as far as `user` sees them."""
    found = Action.objects.visible_to(user).filter(result__cycle=cycle)
    return found.exclude(status=Action.Status.DROPPED)


def nodes(values) -> list[Node]:
    """Only a task that is done counts."""
    language = get_language() or ""
    return [
        Node(
            key=task_key(pk),
            kind=TASK,
            title=title,
            parent=cascade.result_key(result),
            department=department or "",
            owner=names.displayed(name, latin, username, language=language),
            person=person,
            metric=metric or "",
            end=due_on,
            measured=Fraction(int(status == Action.Status.DONE)),
        )
        for pk, title, result, department, person, name, latin, username, metric, due_on, status in values
    ]
