"""The one place that says who may do what: abilities, the roles that carry them, and the question `may`."""

from reviewhub.people.models import Department

# Abilities held through a department-bound role count for that department only.
ABILITIES = {
    "people.manage",  # accounts, roles, partner scopes
    "activity.read",  # everybody's activity, not only one's own and one's department's
    "submission.edit",  # upload and correct drafts of the department
    "submission.hand_in",  # hand the department's data in
    "submission.read_any",  # see every department's drafts
    "submission.extend",  # give a department more time for its data
    "figure.certify",  # certify or return what others handed in
    "figure.read_draft",  # see figures that nobody certified yet
    "dictionary.propose",
    "dictionary.govern",
    "agenda.edit",
    "okr.set",  # objectives and key results of the department; held for the whole company, the company's too
    "meeting.run",  # press next, pause, end
    "meeting.assist",  # queue, stage, capture as co-facilitator
    "meeting.capture",
    "meeting.override",  # take over from an absent facilitator
    "action.edit",  # edit actions of the department
    "action.edit_any",
    "commission.view",  # every commission plan and statement; nobody else but the team's lead and whom they pay
    "commission.plan",  # write the terms of the department
    "commission.finance",  # agree for Finance: terms and payment; take back for returns
    "commission.hr",  # agree for HR
    "budget.read",  # adjustments of the budget: all of them, or of the department once published
    "budget.publish",  # write and publish them: counts for Finance, or held for the whole company
    "budget.approve",  # allow a sum that is not zero; told when an adjustment is overdue
}

# code: (zh, en, abilities). Stored as rows; an installation may edit the rows, not this list.
ROLES = {
    "administrator": ("管理员", "Administrator", ["people.manage", "activity.read", "budget.read"]),
    "executive": (
        "高管",
        "Executive",
        [
            "activity.read",
            "meeting.override",
            "submission.extend",
            "okr.set",
            "action.edit_any",
            "commission.view",
            "budget.read",
            "budget.approve",
        ],
    ),
    "facilitator": (
        "主持人",
        "Facilitator",
        [
            "agenda.edit",
            "meeting.run",
            "meeting.assist",
            "meeting.capture",
            "action.edit_any",
            "budget.read",
        ],
    ),
    "co-facilitator": ("副主持人", "Co-facilitator", ["meeting.assist", "meeting.capture"]),
    "scribe": ("记录员", "Scribe", ["meeting.capture"]),
    "steward": (
        "数据负责人",
        "Data owner",
        [
            "submission.read_any",
            "submission.extend",
            "figure.certify",
            "figure.read_draft",
            "dictionary.propose",
            "dictionary.govern",
            "activity.read",
            "budget.read",
        ],
    ),
    "lead": (
        "部门负责人",
        "Department lead",
        [
            "submission.edit",
            "submission.hand_in",
            "dictionary.propose",
            "okr.set",
            "commission.plan",
            "action.edit",
            "meeting.capture",
            "budget.read",
            "budget.publish",
        ],
    ),
    "analyst": ("分析师", "Analyst", ["submission.edit", "dictionary.propose"]),
    "owner": ("任务负责人", "Task owner", []),
    "hr": ("人力资源", "HR", ["commission.view", "commission.hr"]),
    "payroll": ("提成财务", "Commission steward of Finance", ["commission.view", "commission.finance"]),
    "observer": ("观察员", "Observer", []),
    "partner": ("外部合作方", "External partner", ["submission.edit", "submission.hand_in"]),
}


def may(user, ability: str, department: Department | None = None) -> bool:
    """Whether `user` holds `ability`, company-wide or for `department`; any department when none is named."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    held = user.abilities.get(ability)
    if not held:
        return False
    return None in held or department is None or department.pk in held


def departments_with(user, ability: str):
    """The departments for which `user` holds `ability`."""
    held = user.abilities.get(ability, set()) if user.is_authenticated and user.is_active else set()
    active = Department.objects.active()
    return active if None in held else active.filter(pk__in=held)


def reads_confidential(user) -> bool:
    """Confidential figures of every department are open to data owners and to executives, never to a partner."""
    if user.is_partner:
        return False
    return may(user, "figure.read_draft") or None in user.abilities.get("budget.approve", ())
