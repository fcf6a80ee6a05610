"""The 48-hour budget loop: the clock that a meeting's end starts, the draft, its publishing, the record (E4)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from actions import budget_approvals, budget_clock, budget_lines, budget_stops, budget_versions
from actions.budget_lines import Line, Typed
from actions.budget_rows import LONGEST_REASON, Refused, locked, record
from actions.models import FINANCE, BudgetAdjustment
from metrics.models import Review
from reviewhub.notices import planning
from reviewhub.people.models import Company, Department, User
from reviewhub.people.permissions import may

DUE, PUBLISHED = "budget.due", "budget.published"
CURRENCY = "CNY"


class CannotSave(Refused):
    """Nothing was kept."""


class CannotPublish(CannotSave):
    """Nothing was published; `problems` says why, in the reader's language."""


class CannotAllow(CannotSave):
    """The sum is not allowed; `problems` says why, in the reader's language."""


class Stale(Exception):
    """Somebody else saved or published since the sender looked; nothing changed. `adjustment` as it is now."""

    def __init__(self, adjustment: BudgetAdjustment):
        super().__init__(adjustment.pk)
        self.adjustment = adjustment


@transaction.atomic
def open_clock(
    review: Review,
    *,
    ended_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
    decided: Sequence[Typed] = (),
) -> BudgetAdjustment:
    """The clock from the recorded end of the meeting; the same end again is the same clock.

    `decided`: a line for every decision that moves money. Lines that were drafted before the meeting was reopened come
    along, and what was published or drafted already is not written again.
    """
    rows = BudgetAdjustment.objects.select_for_update().filter(review=review)
    if running := rows.open().first():
        if running.opened_at == ended_at:
            return running
        _cancel(running, by=by, at=at)
    before = rows.order_by("-id").first()
    company = Company.objects.first()
    adjustment = BudgetAdjustment.objects.create(
        review=review,
        opened_at=ended_at,
        due_at=budget_clock.due_at(ended_at),
        currency=company.currency if company else CURRENCY,
    )
    drafted = budget_lines.kept(before) if before and before.cancelled_at else []
    published = [line for row in rows.filter(published_at__isnull=False) for line in budget_lines.kept(row)]
    known = {line.decision_number for line in [*drafted, *published]} - {None}
    fresh = [line for line in decided if line.decision_number not in known]
    lines = budget_lines.read_lines([*drafted, *fresh][: budget_lines.MOST], adjustment.currency)
    budget_lines.write(adjustment, lines)
    budget_versions.keep(adjustment, at=at, by=None)
    _record("budget.opened", adjustment, by=by, at=at)
    return adjustment


@transaction.atomic
def cancel_clock(review: Review, *, by: User | None, at: dt.datetime) -> BudgetAdjustment | None:
    """The meeting goes on: the clock that runs is stopped, and its reminders with it. What is published stays."""
    running = BudgetAdjustment.objects.select_for_update().filter(review=review).open().first()
    return _cancel(running, by=by, at=at) if running else None


def _cancel(adjustment: BudgetAdjustment, *, by, at) -> BudgetAdjustment:
    adjustment.cancelled_at = at
    adjustment.save(update_fields=["cancelled_at"])
    planning.cancel(DUE, adjustment, at=at)
    _record("budget.cancelled", adjustment, by=by, at=at)
    return adjustment


def may_publish(person: User) -> bool:
    """Finance: whoever holds the ability for the department of finance or for the whole company."""
    finance = Department.objects.filter(code=FINANCE).first()
    if person.is_partner or not may(person, "budget.publish"):
        return False
    return None in person.abilities["budget.publish"] or bool(
        finance and may(person, "budget.publish", finance)
    )


def save_problems(adjustment: BudgetAdjustment, lines: list[Line], *, by: User) -> list[str]:
    """Why this draft cannot be kept; unfinished lines can."""
    if not may_publish(by):
        return [_("Only Finance writes the budget adjustment.")]
    if not adjustment.is_open:
        return [closed_problem(adjustment)]
    if len(lines) > budget_lines.MOST:
        return [_("An adjustment has at most %(limit)s lines.") % {"limit": budget_lines.MOST}]
    return [
        _("Line %(number)s: %(problem)s") % {"number": number, "problem": problem}
        for number, line in enumerate(lines, 1)
        for problem in line.errors.values()
    ]


def closed_problem(adjustment: BudgetAdjustment) -> str:
    if adjustment.published_at:
        said = {"name": adjustment.published_by.display_name}
        return _("%(name)s published this adjustment; it does not change any more.") % said
    return _("The meeting was reopened; a new clock starts at its end.")


def publish_problems(
    adjustment: BudgetAdjustment, lines: list[Line], *, by: User, nothing: bool = False
) -> list[str]:
    """Why these lines cannot be published; the same list greys the button. `nothing`: said to change nothing."""
    if problems := save_problems(adjustment, lines, by=by):
        return problems
    if not lines and not nothing:
        return [_("Write at least one line, or say that nothing changes.")]
    problems = budget_lines.gaps(lines)
    total = budget_lines.total(lines)
    if not problems and total and total != adjustment.allowed_sum:
        problems.append(_("The lines do not add up to zero. An executive can allow it and says why."))
    return problems + budget_approvals.problems(adjustment, lines)


@transaction.atomic
def save_draft(
    adjustment: BudgetAdjustment, typed: list[Typed], *, version: int, by: User, at: dt.datetime
) -> BudgetAdjustment:
    """Keep the lines, finished or not. Saving what is stored changes nothing. Raises Stale, CannotSave."""
    adjustment = locked(adjustment)
    lines = budget_lines.read_lines(typed, adjustment.currency)
    if problems := save_problems(adjustment, lines, by=by):
        raise CannotSave(problems)
    return _kept(adjustment, lines, version=version, by=by, at=at)


def _kept(adjustment, lines, *, version, by, at) -> BudgetAdjustment:
    stored = budget_lines.kept(adjustment)
    if comparable(lines) == comparable(budget_lines.read_lines(stored, adjustment.currency)):
        return adjustment
    if version != adjustment.version:
        raise Stale(adjustment)
    budget_lines.write(adjustment, lines)
    adjustment.version, adjustment.saved_at, adjustment.saved_by = adjustment.version + 1, at, by
    adjustment.save(update_fields=["version", "saved_at", "saved_by"])
    budget_versions.keep(adjustment, at=at, by=by)
    _record("budget.saved", adjustment, by=by, at=at, number=adjustment.version)
    return adjustment


def comparable(lines: list[Line]) -> list[tuple]:
    """What two versions differ by: 20万 and 200,000 are the same amount."""
    return [
        (each.typed.from_account, each.typed.to_account, each.units, each.typed.decision, each.typed.note)
        for each in lines
    ]


@transaction.atomic
def publish(
    adjustment: BudgetAdjustment,
    typed: list[Typed],
    *,
    version: int,
    by: User,
    at: dt.datetime,
    nothing: bool = False,
) -> BudgetAdjustment:
    """Keep these lines and publish them; who is told is told once. Publishing the same again changes nothing.

    Late is flagged to the second, never refused. Raises Stale, CannotPublish.
    """
    adjustment = locked(adjustment)
    lines = budget_lines.read_lines(typed, adjustment.currency)
    if adjustment.published_at and may_publish(by):
        stored = budget_lines.read_lines(budget_lines.kept(adjustment), adjustment.currency)
        if comparable(lines) == comparable(stored):
            return adjustment
        raise Stale(adjustment)
    if problems := publish_problems(adjustment, lines, by=by, nothing=nothing):
        raise CannotPublish(problems)
    adjustment = _kept(adjustment, lines, version=version, by=by, at=at)
    budget_stops.end(adjustment, by=by, at=at)
    adjustment.published_at, adjustment.published_by = at, by
    adjustment.late_s = budget_clock.late_s(adjustment.due_at, at)
    adjustment.save(update_fields=["published_at", "published_by", "late_s"])
    planning.cancel(DUE, adjustment, at=at)
    planning.raise_occurrence(PUBLISHED, adjustment, at=at)
    if adjustment.late_s:
        _record("budget.published_late", adjustment, by=by, at=at, late_s=adjustment.late_s)
    else:
        _record("budget.published", adjustment, by=by, at=at)
    return adjustment


def saved_sum(adjustment: BudgetAdjustment) -> int:
    """What the saved lines add to the budget of the company, in units; exact on both databases."""
    return sum(line.effect for line in adjustment.lines.all())


def allow_problems(adjustment: BudgetAdjustment, *, by: User) -> list[str]:
    """Why `by` cannot allow the sum of the saved lines."""
    if not may(by, "budget.approve") or by.is_partner:
        return [_("Only an executive allows a sum that is not zero.")]
    if not adjustment.is_open:
        return [closed_problem(adjustment)]
    if not saved_sum(adjustment):
        return [_("The saved lines add up to zero: there is nothing to allow.")]
    return []


@transaction.atomic
def allow_sum(
    adjustment: BudgetAdjustment, reason: str, *, version: int, by: User, at: dt.datetime
) -> BudgetAdjustment:
    """Allow exactly the sum that the saved lines have; another sum needs another word. Raises CannotAllow, Stale."""
    adjustment = locked(adjustment)
    reason = budget_lines.clean(reason)
    problems = allow_problems(adjustment, by=by)
    if not problems and not reason:
        problems = [_("Say why in a few words.")]
    if len(reason) > LONGEST_REASON:
        problems.append(_("Write at most %(limit)s characters.") % {"limit": LONGEST_REASON})
    if problems:
        raise CannotAllow(problems)
    if version != adjustment.version:
        raise Stale(adjustment)
    adjustment.allowed_sum = saved_sum(adjustment)
    adjustment.allowed_at, adjustment.allowed_by, adjustment.allowed_reason = at, by, reason
    adjustment.save(update_fields=["allowed_sum", "allowed_at", "allowed_by", "allowed_reason"])
    _record("budget.allowed", adjustment, by=by, at=at, reason=reason)
    return adjustment


def _record(code: str, adjustment: BudgetAdjustment, *, by, at, **params) -> None:
    record(code, adjustment, by=by, at=at, review=adjustment.review.code, **params)
