"""Proposed definitions on the home page of those who decide about them."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from metrics.models import Proposal
from metrics.proposal_checks import may_decide
from reviewhub.cards import Card
from reviewhub.people.models import User
from reviewhub.ui import days

SHOWN = 3
DAY = dt.timedelta(days=1)


def to_decide(user: User) -> list[Card]:
    """What others proposed and nobody has decided yet, due on the day before it would hold; more than three are one
    card."""
    if not may_decide(user):
        return []
    rows = Proposal.objects.visible_to(user).waiting().exclude(proposed_by=user)
    found = list(rows.select_related("proposed_by", "base").order_by("proposed_at", "pk")[: SHOWN + 1])
    if len(found) > SHOWN:
        return [many(rows.count(), min(rows.values_list("effective_from", flat=True)))]
    return [card(row) for row in found]


def card(row: Proposal) -> Card:
    day = days.month(row.effective_from, get_language() or "en")
    return Card(
        key=f"proposal-{row.pk}",
        state="queued",
        title=_("Decide on the definition of %(name)s") % {"name": name_of(row)},
        url=reverse("proposal", args=[row.pk]),
        verb=_("Look and decide"),
        note=f"{row.reason} · " + _("from %(day)s") % {"day": day},
        due_on=row.effective_from - DAY,
    )


def name_of(row: Proposal) -> str:
    """The metric's name in the reader's language."""
    if row.base:
        return row.base.name
    chinese = (get_language() or "").startswith("zh")
    return row.changes.get("name_zh" if chinese else "name_en") or row.code


def many(count: int, first: dt.date) -> Card:
    title = ngettext(
        "%(count)s definition waits for a decision", "%(count)s definitions wait for a decision", count
    )
    return Card(
        key="proposals",
        state="queued",
        title=title % {"count": count},
        url=reverse("proposals"),
        verb=_("Look and decide"),
        note=_("Proposed by departments or imported from a file."),
        due_on=first - DAY,
    )
