"""The proof of a task that is done: a link, a figure or a sentence (F103, decision 112)."""

import datetime as dt
import re

from django.db import transaction
from django.utils.translation import gettext as _

from actions import followup
from actions.models import Action, Proof
from reviewhub.people.models import User

Status = Action.Status
LONGEST = Proof._meta.get_field("text").max_length
SHORTEST = 4  # "Done" and its like prove nothing; 已上线 with a full stop is the shortest that says something
LINK = re.compile(r"https?://[^\s<>\"']+\Z", re.IGNORECASE)
FIGURE = re.compile(r"[+\-−±]?[¥€$£]?\s?\d[\d,.  ]*\s?[^\s\d]{0,12}\Z")


def kind_of(text: str) -> str:
    """What was typed: an address alone, a number with its unit, else a sentence."""
    if LINK.match(text):
        return Proof.Kind.LINK
    return Proof.Kind.FIGURE if FIGURE.match(text) else Proof.Kind.SENTENCE


def problem(action: Action, text: str, *, by: User) -> str:
    """Why this is no proof of the action; "" when nothing stands against it."""
    if not followup.may_move(action, by):
        return _("Only its owner, the department's lead and the facilitator can move this action.")
    if action.status == Status.DROPPED:
        return _("This action was dropped; reopen it first.")
    if len(text) > LONGEST:
        return _("The proof takes at most %(most)s characters.") % {"most": LONGEST}
    if len(text) < SHORTEST and kind_of(text) == Proof.Kind.SENTENCE:
        return _("Give a link, a figure with its unit, or a sentence that says what can be seen now.")
    return ""


@transaction.atomic
def close(action: Action, text: str, *, by: User, at: dt.datetime) -> Proof:
    """Close the task with this proof; of one that is closed, add the proof. The same again is once.

    Raises followup.CannotChange.
    """
    action, text = followup.locked(action), " ".join(text.split())
    if said := problem(action, text, by=by):
        raise followup.CannotChange([said])
    action = followup.set_status(action, Status.DONE, by=by, at=at)
    last = of([action]).get(action.pk)
    if last is not None and last.text == text:
        return last
    row = Proof.objects.create(
        action=action, closed_at=action.done_at, kind=kind_of(text), text=text, at=at, by=by
    )
    followup.record("action.proved", action, by=by, at=at)
    return row


def of(actions) -> dict[int, Proof]:
    """Action's key → the proof that counts: the newest one since it was closed. One query, where any is done."""
    closed = {one.pk: one.done_at for one in actions if one.status == Status.DONE}
    if not closed:
        return {}
    rows = Proof.objects.filter(action__in=list(closed)).select_related("by").order_by("id")
    return {row.action_id: row for row in rows if row.closed_at == closed[row.action_id]}
