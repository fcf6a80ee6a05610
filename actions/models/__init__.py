"""The tables of actions: what people promised to do, and what they say about it every two weeks."""

from actions.models.action import Action, ActionQuerySet
from actions.models.checkin import ANSWERS_FOR, LONGEST, Blocker, CheckIn, CheckInQuerySet, CheckInRhythm

__all__ = [
    "ANSWERS_FOR",
    "Action",
    "ActionQuerySet",
    "Blocker",
    "CheckIn",
    "CheckInQuerySet",
    "CheckInRhythm",
    "LONGEST",
]
