"""The budget adjustment on the home page: a card that counts down for Finance, a late one for the executives."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from actions import budget_due, budget_receipts
from reviewhub.cards import Card
from reviewhub.people.models import User

# How long a department takes to say that it has the new budget.
TO_CONFIRM = dt.timedelta(days=2)


def due(user: User, *, at: dt.datetime) -> list[Card]:
    """For Finance the running 48 hours; for executives what is late or waits for their word."""
    said = {
        "publish": (_("Write the lines and publish them."), _("Open the adjustment")),
        "approve": (_("Lines above the limit wait for your word."), _("Look at the lines")),
        "allow": (_("Its sum is not zero: allow it or leave it."), _("Look at the sum")),
        "know": (_("Finance has not published it yet."), _("Look at the adjustment")),
    }
    return [
        Card(
            key=f"budget-{one.adjustment.pk}",
            state="fail" if one.late else "queued",
            title=_("Budget adjustment: %(review)s") % {"review": one.adjustment.review.title},
            url=reverse("budget", args=[one.adjustment.review.code]),
            note=said[one.asks][0],
            verb=said[one.asks][1],
            due_at=one.adjustment.due(at),
            urgent=one.late,
            counts_from=at,
        )
        for one in budget_due.waiting(user, at=at)
    ]


def to_confirm(user: User) -> list[Card]:
    """For leads: published adjustments that moved their money and that they have not confirmed."""
    return [
        Card(
            key=f"budget-receipt-{adjustment.pk}-{department.pk}",
            state="open",
            title=_("Budget adjustment published: %(review)s") % {"review": adjustment.review.title},
            url=reverse("budget", args=[adjustment.review.code]) + "#receipts",
            note=_("Confirm that %(department)s has it.") % {"department": department.name},
            verb=_("Confirm receipt"),
            due_at=adjustment.published_at + TO_CONFIRM,
        )
        for adjustment, department in budget_receipts.waiting(user)
    ]
