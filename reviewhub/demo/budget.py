"""The budget adjustment of the held review: two lines from what was decided, two of Finance, approved, in time."""

import datetime as dt
from dataclasses import replace

from actions import budget, budget_approvals, budget_lines
from actions.budget_lines import Typed
from actions.models import BudgetAdjustment
from metrics.models import Review
from reviewhub.people.models import User

BEFORE_DUE = dt.timedelta(hours=4, minutes=7)
LIMIT = "10万"
# Where the money that the meeting gave comes from, and why.
GIVEN = {
    "MKT/TikTok-DE": ("MKT/Facebook-US", "ROAS 4.1 对 1.7"),
    "SCM/欧洲仓": ("预备金", "德国退货换货流程"),
}
MORE = [
    Typed("TEC/外包", "TEC/移动端首屏", "6万", "", ""),
    Typed("SAL/线下展会", "SAL/德国站新品", "8.5万", "", "三款新品上线"),
]


def publish(review: Review, finance: User, executive: User) -> BudgetAdjustment:
    """Completed the evening before, approved above the limit, published some hours before the 48 are over."""
    adjustment = BudgetAdjustment.objects.open().get(review=review)
    at = adjustment.opened_at
    budget_approvals.set_limit(LIMIT, currency=adjustment.currency, by=executive, at=at)
    typed = [completed(line) for line in budget_lines.kept(adjustment)]
    evening = adjustment.due_at - dt.timedelta(hours=20)
    adjustment = budget.save_draft(adjustment, typed, version=0, by=finance, at=evening)
    typed += MORE
    morning = adjustment.due_at - dt.timedelta(hours=8)
    adjustment = budget.save_draft(adjustment, typed, version=1, by=finance, at=morning)
    for one in budget_approvals.saved(adjustment):
        at = adjustment.due_at - dt.timedelta(hours=6)
        budget_approvals.approve(adjustment, one.number, version=2, by=executive, at=at)
    return budget.publish(adjustment, typed, version=2, by=finance, at=adjustment.due_at - BEFORE_DUE)


def completed(line: Typed) -> Typed:
    """A line of the meeting with its other side."""
    source, evidence = GIVEN[line.to_account]
    return replace(line, from_account=source, note=f"{line.note} {evidence}")
