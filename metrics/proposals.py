"""Changing the dictionary by proposal: somebody writes it, everybody discusses it, somebody else decides."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import cycles, dictionary, peak_seasons
from metrics.dictionary_csv import EVERY_COLUMN, Fault
from metrics.dictionary_rows import cells
from metrics.dictionary_words import fault
from metrics.models import Metric, MetricVersion, MetricWatch, Proposal, ProposalComment
from metrics.proposal_checks import (
    LONGEST_REASON,
    may_decide,
    names_of,
    open_version,
    problems_of,
    row_of,
    stale_faults,
)
from reviewhub.notices import planning
from reviewhub.people import activity

WAITING, DECIDED, DISCUSSED = "dictionary.waiting", "dictionary.decided", "dictionary.discussed"
LONGEST_COMMENT = 2000
State = Proposal.State


class CannotPropose(Exception):
    """Nothing was written; `problems` are Faults (metrics.dictionary_words)."""

    def __init__(self, problems: list[Fault]):
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class CannotDecide(Exception):
    """The proposal stays as it is; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def propose(
    metric: Metric | None,
    row: dict[str, str],
    *,
    effective_from: dt.date,
    reason: str,
    by,
    at: dt.datetime,
    aliases: list[str] | None = None,
    beside: Iterable[dict] = (),
) -> Proposal:
    """Write down what shall hold from `effective_from` on; the deciders are told. Raises CannotPropose."""
    said = {
        "effective_from": effective_from,
        "reason": reason,
        "aliases": aliases,
        "by": by,
        "beside": beside,
    }
    if problems := problems_of(metric, row, **said):
        raise CannotPropose(problems)
    base = open_version(metric) if metric else None
    before = cells(base) if base else {}
    changes = {
        column: row[column] for column in EVERY_COLUMN if row.get(column, "") != before.get(column, "")
    }
    if metric and aliases is not None and set(aliases) == set(names_of(metric)):
        aliases = None
    proposal = Proposal.objects.create(
        code=row["code"],
        metric=metric,
        base=base,
        changes=changes,
        aliases=aliases,
        effective_from=effective_from,
        reason=reason.strip(),
        proposed_at=at,
        proposed_by=by,
    )
    _record("dictionary.proposed", proposal, by=by, at=at)
    planning.raise_occurrence(WAITING, proposal, at=at)
    return proposal


# --- Discussing ---------------------------------------------------------------------------------------------


def comment_problems(text: str) -> list[str]:
    if not text.strip():
        return [_("Write what you think of it.")]
    if len(text.strip()) > LONGEST_COMMENT:
        return [_("A comment may have %(most)s characters.") % {"most": LONGEST_COMMENT}]
    return []


@transaction.atomic
def comment(proposal: Proposal, text: str, *, by, at: dt.datetime) -> ProposalComment:
    """Add to the discussion. Raises CannotDecide where there is nothing to say."""
    if problems := comment_problems(text):
        raise CannotDecide(problems)
    said = ProposalComment.objects.create(proposal=proposal, author=by, at=at, text=text.strip())
    params = {"comment": said.pk}
    planning.raise_occurrence(DISCUSSED, proposal, at=at, cycle_key=str(said.pk), params=params)
    return said


# --- Deciding -----------------------------------------------------------------------------------------------


def approve_problems(proposal: Proposal, *, by, at: dt.datetime) -> list[str]:
    """Why `by` cannot approve it at `at`; empty when nothing stands against it."""
    found = _decide_problems(proposal, by=by)
    return found or [*(str(fault(one)) for one in stale_faults(proposal)), *peak_problems(proposal, at=at)]


def peak_problems(proposal: Proposal, *, at: dt.datetime) -> list[str]:
    """Why it has to wait for the end of a peak season; nothing once an executive has said why it does not."""
    if proposal.peak_reason or not proposal.is_open:
        return []
    return peak_seasons.freeze_problems(proposal.effective_from, at=at)


def allow_problems(proposal: Proposal, *, by, at: dt.datetime) -> list[str]:
    """Why `by` may not let it take effect within the peak season."""
    found = [] if peak_seasons.leads(by) else [_("Only an executive allows it.")]
    if not peak_problems(proposal, at=at):
        found.append(_("No peak season stands against it."))
    return found


@transaction.atomic
def allow_in_peak(proposal: Proposal, reason: str, *, by, at: dt.datetime) -> Proposal:
    """Let it take effect within the peak season, for the reason that an executive gives. It is still to be approved.
    Raises CannotDecide."""
    proposal = _locked(proposal)
    problems = allow_problems(proposal, by=by, at=at) + _note_problems(reason)
    if not reason.strip():
        problems.append(_("Say in a sentence why it cannot wait."))
    if problems:
        raise CannotDecide(problems)
    Proposal.objects.filter(pk=proposal.pk).update(peak_reason=reason.strip(), peak_at=at, peak_by=by)
    proposal.refresh_from_db()
    params = {"code": proposal.code, "reason": proposal.peak_reason}
    owner = proposal.base.owner_dept if proposal.base else None
    activity.record("dictionary.allowed_in_peak", proposal, by=by, at=at, params=params, department=owner)
    return proposal


def _decide_problems(proposal: Proposal, *, by) -> list[str]:
    found = []
    if not may_decide(by):
        found.append(_("The data owners of Finance and Technology decide."))
    if proposal.proposed_by_id and proposal.proposed_by_id == by.pk:
        found.append(_("You proposed this yourself; somebody else must decide."))
    if not proposal.is_open:
        found.append(_("It is decided already: %(state)s.") % {"state": proposal.get_state_display()})
    return found


@transaction.atomic
def approve(proposal: Proposal, *, by, at: dt.datetime, note: str = "") -> MetricVersion:
    """Make it the next version of the metric, or the first of a new one. Open reviews use it when it holds in their
    period; those that are frozen, met or closed keep theirs. Raises CannotDecide.
    """
    proposal = _locked(proposal)
    if problems := approve_problems(proposal, by=by, at=at) + _note_problems(note):
        raise CannotDecide(problems)
    written = {"effective_from": proposal.effective_from, "by": by, "at": at, "reason": proposal.reason}
    if proposal.metric:
        version = dictionary.next_version(proposal.metric, proposal.changes, **written)
    else:
        version = dictionary.first_version(row_of(proposal), **written)
    if proposal.aliases is not None:
        dictionary.name_again(version.metric, proposal.aliases)
    cycles.renew_pins(version)
    _decide(proposal, State.APPROVED, by=by, at=at, note=note, version=version, metric=version.metric)
    return version


@transaction.atomic
def reject(proposal: Proposal, reason: str, *, by, at: dt.datetime) -> Proposal:
    """Turn it down with the sentence that says why. Raises CannotDecide."""
    proposal = _locked(proposal)
    problems = _decide_problems(proposal, by=by) + _note_problems(reason)
    if not reason.strip():
        problems.append(_("Say in a sentence why not."))
    if problems:
        raise CannotDecide(problems)
    return _decide(proposal, State.REJECTED, by=by, at=at, note=reason)


def withdraw_problems(proposal: Proposal, *, by) -> list[str]:
    found = []
    if proposal.proposed_by_id != by.pk and not (proposal.proposed_by_id is None and may_decide(by)):
        found.append(_("Only who proposed it can withdraw it."))
    if not proposal.is_open:
        found.append(_("It is decided already: %(state)s.") % {"state": proposal.get_state_display()})
    return found


@transaction.atomic
def withdraw(proposal: Proposal, *, by, at: dt.datetime) -> Proposal:
    """Take it back. Raises CannotDecide."""
    proposal = _locked(proposal)
    if problems := withdraw_problems(proposal, by=by):
        raise CannotDecide(problems)
    planning.cancel(WAITING, proposal, at=at)
    Proposal.objects.filter(pk=proposal.pk).update(state=State.WITHDRAWN, decided_at=at)
    proposal.refresh_from_db()
    _record("dictionary.withdrawn", proposal, by=by, at=at)
    return proposal


def _note_problems(note: str) -> list[str]:
    if len(note.strip()) > LONGEST_REASON:
        return [_("The reason may have %(most)s characters.") % {"most": LONGEST_REASON}]
    return []


def _locked(proposal: Proposal) -> Proposal:
    """The proposal as it is now, and its metric, until the end of the transaction: two deciders come in turn."""
    fresh = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if fresh.metric_id:
        fresh.metric = Metric.objects.select_for_update().get(pk=fresh.metric_id)
    return fresh


def _decide(proposal: Proposal, state: str, *, by, at, note: str, **more) -> Proposal:
    changed = {"state": state, "decided_at": at, "decided_by": by, "decision": note.strip(), **more}
    Proposal.objects.filter(pk=proposal.pk).update(**changed)
    proposal.refresh_from_db()
    planning.cancel(WAITING, proposal, at=at)
    planning.raise_occurrence(DECIDED, proposal, at=at)
    _record(f"dictionary.{state}", proposal, by=by, at=at)
    return proposal


def _record(code: str, proposal: Proposal, *, by, at) -> None:
    params = {"code": proposal.code, "from": proposal.effective_from.isoformat(), "reason": proposal.decision}
    owner = proposal.base.owner_dept if proposal.base else None
    activity.record(code, proposal, by=by, at=at, params=params, department=owner)


# --- Watching -----------------------------------------------------------------------------------------------


def watch(metric: Metric, *, by, at: dt.datetime) -> None:
    """Tell `by` from now on what is proposed and decided about `metric`."""
    MetricWatch.objects.get_or_create(metric=metric, user=by, defaults={"since": at})


def unwatch(metric: Metric, *, by) -> None:
    MetricWatch.objects.filter(metric=metric, user=by).delete()
