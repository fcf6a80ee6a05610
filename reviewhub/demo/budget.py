"""The budget adjustment of the held review: four lines that follow from what was decided, published in time."""

import datetime as dt

from actions import budget
from actions.budget_lines import Typed
from actions.models import Action, BudgetAdjustment
from metrics.models import Review
from reviewhub.people.models import User

BEFORE_DUE = dt.timedelta(hours=4, minutes=7)
LINES = [
    ("MKT/Facebook-US", "MKT/TikTok-DE", "20万", "ROAS 4.1 对 1.7"),
    ("预备金", "SCM/欧洲仓", "15万", "德国退货换货流程"),
    ("TEC/外包", "TEC/移动端首屏", "6万", ""),
    ("SAL/线下展会", "SAL/德国站新品", "8.5万", "三款新品上线"),
]


def publish(review: Review, finance: User) -> BudgetAdjustment:
    """Saved the evening before, published some hours before the 48 are over."""
    adjustment = BudgetAdjustment.objects.open().get(review=review)
    action = Action.objects.get(review=review, title__contains="预算调整")
    decision = f"#{action.pk} {action.title}"[:120]
    typed = [Typed(*accounts, amount, decision, note) for *accounts, amount, note in LINES]
    evening = adjustment.due_at - dt.timedelta(hours=20)
    budget.save_draft(adjustment, typed[:2], version=0, by=finance, at=evening)
    return budget.publish(adjustment, typed, version=1, by=finance, at=adjustment.due_at - BEFORE_DUE)
