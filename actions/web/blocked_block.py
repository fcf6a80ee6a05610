"""The block of the execution board that shows who is waited for, and how it stands."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions import blockers
from metrics.boards.spec import BlockSpec
from metrics.drawings import stacks
from metrics.drawings.stacks import Layer
from metrics.web.blocks import Block, Cell
from metrics.web.board_makers import Told, makes
from reviewhub.ui import figures

ROLES = {"late": "bad", "refused": "cat-4", "asked": "cat-2", "accepted": "good"}


@makes("execution-blocks")
def blocks(told: Told, spec: BlockSpec) -> Block:
    """Open blocks by the department that is asked: late, refused, without an answer yet, with help promised."""
    found = blockers.by_department(told.figures.user, at=timezone.now())
    name = str(spec.title)
    if not found:
        return Block(spec.code, name, why=_("No action waits for anybody."), short=name)
    titles = {
        "late": _("Late"),
        "refused": _("Refused"),
        "asked": _("Waits for an answer"),
        "accepted": _("Help is promised"),
    }
    names = [department.name if department else _("No department") for department in found]
    layers = [
        Layer(title, ROLES[key], [Decimal(counts[key]) for counts in found.values()])
        for key, title in titles.items()
    ]
    sums = {key: sum(counts[key] for counts in found.values()) for key in titles}
    standing = sum(sums.values())
    message = ngettext("%(count)s block stands", "%(count)s blocks stand", standing) % {"count": standing}
    words = _("%(message)s; %(late)s late, %(refused)s refused.") % {"message": message, **sums}
    rows = [
        [told.label(name), *(Cell(figures.number(Decimal(counts[key]), 0), counts[key]) for key in titles)]
        for name, counts in zip(names, found.values(), strict=True)
    ]
    figure = stacks.bars(layers, labels=names, shown=lambda value: figures.number(value, 0))
    return Block(
        spec.code, name, message=message, figure=figure, words=words, head=[_("Department"), *titles.values()],
        rows=rows, size="" if len(rows) > 4 else "short", short=name,
    )  # fmt: skip
