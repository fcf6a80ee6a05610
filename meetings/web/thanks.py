"""The block of thanks on the board of execution."""

from django.urls import reverse
from django.utils.translation import gettext as _

from actions.checkin_rhythm import company_zone
from meetings import thanks
from metrics.boards.spec import BlockSpec
from metrics.web.blocks import Block, Cell
from metrics.web.board_makers import Told, makes
from reviewhub.ui import days


@makes("thanks")
def said(told: Told, spec: BlockSpec) -> Block:
    """A line for each, with the meeting it was said in."""
    name = str(spec.title)
    found = thanks.said(told.figures.user, told.figures.month, company_zone())
    if not found:
        why = _("No thanks yet. In a meeting, write /k and for what.")
        return Block(spec.code, name, why=why, short=name)
    rows = [
        [
            Cell(days.day(one.on, told.language), one.on, is_number=False),
            told.label(one.text),
            told.label(one.by),
            Cell(one.meeting, one.meeting, is_number=False, url=reverse("meeting", args=[one.meeting_id])),
        ]
        for one in found
    ]
    head = [_("Date"), _("For what"), _("Said by"), _("Meeting")]
    return Block(spec.code, name, head=head, rows=rows, short=name)
