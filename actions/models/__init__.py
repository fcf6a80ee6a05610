"""The tables of actions: what people promised, what they say about it every two weeks, and the budget that follows."""

from actions.models.action import Action, ActionQuerySet, Dependency, waits_now
from actions.models.budget import (
    FINANCE,
    BudgetAdjustment,
    BudgetApproval,
    BudgetLimit,
    BudgetLine,
    BudgetReceipt,
    BudgetStop,
    BudgetVersion,
    reads_all,
)
from actions.models.checkin import ANSWERS_FOR, LONGEST, Blocker, CheckIn, CheckInQuerySet, CheckInRhythm
from actions.models.complaint import Complaint, ComplaintLine
from actions.models.project import Project
from actions.models.promise import PromiseStep
from actions.models.proof import EffectLook, Proof
from actions.models.recognition import Recognition, Reward

__all__ = [
    "ANSWERS_FOR",
    "Action",
    "ActionQuerySet",
    "Blocker",
    "BudgetAdjustment",
    "BudgetApproval",
    "BudgetLimit",
    "BudgetLine",
    "BudgetReceipt",
    "BudgetStop",
    "BudgetVersion",
    "CheckIn",
    "CheckInQuerySet",
    "CheckInRhythm",
    "Complaint",
    "ComplaintLine",
    "Dependency",
    "EffectLook",
    "FINANCE",
    "LONGEST",
    "Project",
    "PromiseStep",
    "Proof",
    "Recognition",
    "Reward",
    "reads_all",
    "waits_now",
]
