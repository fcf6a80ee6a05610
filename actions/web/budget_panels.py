"""What stands around the lines of an adjustment: its clocks, words to be given, effect, versions, receipts."""

import datetime as dt
import zoneinfo

from django.utils.functional import SimpleLazyObject

from actions import (
    budget,
    budget_amounts,
    budget_approvals,
    budget_clock,
    budget_effect,
    budget_receipts,
    budget_stops,
    budget_versions,
)
from actions.budget_lines import Line
from actions.models import BudgetAdjustment, reads_all
from metrics.boards.finance import for_finance
from reviewhub.people.company_days import working_days
from reviewhub.people.models import User

WORKING_DAYS = 2


def panels(adjustment: BudgetAdjustment, lines: list[Line], user: User, *, at: dt.datetime) -> dict:
    """Context of the panels, as far as `user` may see them."""
    zone = zoneinfo.ZoneInfo(adjustment.review.time_zone)
    found = {
        "due_at": adjustment.due(at),
        "working_due_at": working_days().after(adjustment.opened_at, WORKING_DAYS, zone),
        "stops": list(adjustment.stops.select_related("by", "ended_by")),
        "left_s": budget_clock.left_s(adjustment.due(at), at),
        "may_stop": budget_stops.may_stop(adjustment, user),
        "may_allow": not budget.allow_problems(adjustment, by=user),
        "is_allowed": adjustment.allowed_sum is not None
        and adjustment.allowed_sum == budget.saved_sum(adjustment),
        "allow_refused": (),
        "reason": "",
        "may_limit": budget_approvals.may_limit(user) and adjustment.is_open,
        "may_approve": budget_approvals.may_approve(adjustment, user),
        "limit": budget_amounts.written(budget_approvals.limit()),
        "receipts": [
            {
                "one": one,
                "may": one.receipt is None
                and budget_receipts.may_confirm(adjustment, one.department, by=user),
            }
            for one in budget_receipts.standings(adjustment)
        ],
        "asked": [],
        "changes": [],
        "effect": None,
        "approve_refused": (),
        "limit_refused": (),
        "limit_typed": "",
        "stop_refused": (),
        "stop_reason": "",
        "release": budget_versions.release(adjustment),
    }
    if reads_all(user):
        found |= {"asked": budget_approvals.saved(adjustment), "changes": budget_versions.changes(adjustment)}
    if lines and for_finance(user):
        # Worked out where it is drawn: the check after every change draws the sums alone.
        found["effect"] = SimpleLazyObject(
            lambda: budget_effect.of(adjustment.review, lines, adjustment.currency, user=user)
        )
    return found
