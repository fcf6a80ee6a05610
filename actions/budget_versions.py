"""Every version of an adjustment's lines stays, and what each one changed against the one before."""

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass

from actions import budget_lines
from actions.budget_lines import Typed
from actions.models import BudgetAdjustment, BudgetVersion
from reviewhub.people.models import User


@dataclass(frozen=True)
class Change:
    """A saved version with the lines that came and those that went; version 0 is what the meeting left."""

    version: BudgetVersion
    added: list[Typed]
    removed: list[Typed]


def keep(adjustment: BudgetAdjustment, *, at: dt.datetime, by: User | None) -> None:
    """Remember the lines as they stand. Call it inside the transaction that holds the adjustment."""
    lines = [asdict(line) for line in budget_lines.kept(adjustment)]
    BudgetVersion.objects.create(adjustment=adjustment, number=adjustment.version, at=at, by=by, lines=lines)


def changes(adjustment: BudgetAdjustment) -> list[Change]:
    """The newest first. One query."""
    found, before = [], Counter()
    for row in adjustment.versions.select_related("by").order_by("number"):
        now = Counter(Typed(**line) for line in row.lines)
        found.append(Change(row, list((now - before).elements()), list((before - now).elements())))
        before = now
    return found[::-1]


def release(adjustment: BudgetAdjustment) -> int:
    """The number of the budget that it makes: the first published adjustment of the company makes version 2."""
    rows = BudgetAdjustment.objects.filter(published_at__isnull=False)
    if adjustment.published_at:
        rows = rows.filter(published_at__lt=adjustment.published_at)
    return rows.count() + 2
