"""Whom an open budget adjustment waits for, as the home page and the cycle strip ask."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, When

from actions import budget, budget_approvals
from actions.models import BudgetAdjustment
from metrics.models import Review
from reviewhub.people.models import User
from reviewhub.people.permissions import may


@dataclass(frozen=True)
class Waiting:
    """An open adjustment and what the person is to do: "publish", "approve" lines, "allow" a sum, "know" it is late."""

    adjustment: BudgetAdjustment
    asks: str
    late: bool


def waiting(person: User, *, at: dt.datetime) -> list[Waiting]:
    """For Finance every open one; for executives those that are late, and those whose sum is to be allowed."""
    publishes, approves = budget.may_publish(person), may(person, "budget.approve") and not person.is_partner
    if not publishes and not approves:
        return []
    found = []
    for row in BudgetAdjustment.objects.visible_to(person).open().select_related("review"):
        late = at >= row.due(at)
        asks = "publish" if publishes else _asks(row, person) or ("know" if late else "")
        if asks:
            found.append(Waiting(row, asks, late))
    return found


def _asks(adjustment: BudgetAdjustment, person: User) -> str:
    """What an executive has to say before it can be published."""
    if wants_word(adjustment):
        return "allow"
    if budget_approvals.may_approve(adjustment, person) and adjustment.version:
        return "approve" if any(one.approval is None for one in budget_approvals.saved(adjustment)) else ""
    return ""


def wants_word(adjustment: BudgetAdjustment) -> bool:
    """Whether its saved lines have a sum that nobody allowed."""
    total = budget.saved_sum(adjustment)
    return bool(total) and total != adjustment.allowed_sum


def of_review(review: Review) -> BudgetAdjustment | None:
    """The clock that counts for a review: the last one that was not cancelled."""
    return BudgetAdjustment.objects.standing().filter(review=review).first()


def seen(review: Review, reader: User) -> BudgetAdjustment | None:
    """The same, for who may read it."""
    return BudgetAdjustment.objects.visible_to(reader).standing().filter(review=review).first()


def current_review(person: User, *, at: dt.datetime, **beside) -> Review | None:
    """The review whose 48 hours are running: until they are over it is the current one for everybody. Else the next.

    One query; `has_clock` says whether `of_review` would find one. `beside`: expressions to be read with it.
    """
    clocks = BudgetAdjustment.objects.filter(review=OuterRef("pk"))
    counts = Q(due_at__gt=at) | Q(stopped_at__isnull=False)
    rows = Review.objects.visible_to(person).annotate(
        is_running=Exists(clocks.open().filter(opened_at__lte=at).filter(counts)),
        has_clock=Exists(clocks.standing()),
        **beside,
    )
    last = Case(When(is_running=True, then="meeting_at"))
    return (
        rows.filter(Q(is_running=True) | Q(meeting_at__gte=at))
        .order_by("-is_running", last.desc(), "meeting_at")
        .first()
    )
