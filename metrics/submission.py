"""Handing a department's figures in, and taking them back."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from metrics import exceptions
from metrics.deadlines import due_at, held_review_of, is_late, review_of
from metrics.models import Review, Submission
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.permissions import may

State = Submission.State
LIVING = (State.DRAFT, State.HANDED_IN, State.CERTIFIED)
# Kinds of notices (data_notices).
LATE, RETURNED = "data.late", "data.returned"


class CannotHandIn(Exception):
    """The submission stays as it is; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


class CannotWithdraw(CannotHandIn):
    """The submission stays as it is; `problems` says why, in the reader's language."""


def hand_in_problems(
    submission: Submission, *, by, accepts_warnings: bool = True, wants_sentences: bool = False
) -> list[str]:
    """Why `by` (None: the machine itself) cannot hand this version in; empty when nothing stands against it.

    `wants_sentences`: every exception needs its sentence first. Who hands in by command or API has no page before
    them: their sentences may follow until somebody certifies.
    """
    problems = []
    if by is not None and not may(by, "submission.hand_in", submission.department):
        problems.append(_("You may not hand in data of this department."))
    if submission.state != State.DRAFT:
        problems.append(_("Only a draft can be handed in; this version is: %(state)s.") % _worded(submission))
    elif _newer(submission):
        problems.append(_("There is a newer version; hand that one in."))
    if not accepts_warnings and submission.findings_total:
        problems.append(_("Say that you have read the warnings first."))
    if wants_sentences and submission.state == State.DRAFT:
        problems += exceptions.hand_in_problems(submission)
    review = review_of(submission)
    if review and review.state != Review.State.OPEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    return problems


@transaction.atomic
def hand_in(
    submission: Submission,
    *,
    by,
    at: dt.datetime,
    accepts_warnings: bool = True,
    wants_sentences: bool = False,
) -> Submission:
    """Give the draft to the data owner. Raises CannotHandIn.

    `accepts_warnings`: the person has read the warnings; who and when stands in the activity log.
    """
    submission = _locked(submission)
    if problems := hand_in_problems(
        submission, by=by, accepts_warnings=accepts_warnings, wants_sentences=wants_sentences
    ):
        raise CannotHandIn(problems)
    submission.state, submission.handed_in_at, submission.handed_in_by = State.HANDED_IN, at, by
    submission.save(update_fields=["state", "handed_in_at", "handed_in_by"])
    replace_older(submission, (State.DRAFT, State.HANDED_IN, State.RETURNED))
    params = about(submission) | {
        "late": is_late(submission, review_of(submission)),
        "warnings_accepted": submission.findings_total,
    }
    _record("submission.handed_in", submission, State.DRAFT, by=by, at=at, params=params)
    if params["late"]:
        planning.raise_occurrence(LATE, submission, at=at)
    return submission


def withdraw_problems(submission: Submission, *, by, at: dt.datetime) -> list[str]:
    """Why `by` cannot take this version back at `at`; empty when nothing stands against it."""
    problems = []
    ability = "submission.edit" if submission.state == State.DRAFT else "submission.hand_in"
    if by is not None and not may(by, ability, submission.department):
        problems.append(_("You may not withdraw data of this department."))
    if submission.state not in (State.DRAFT, State.HANDED_IN):
        problems.append(
            _("This version cannot be withdrawn any more; it is: %(state)s.") % _worded(submission)
        )
    review = review_of(submission)
    if review and review.state == Review.State.FROZEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    elif _leaves_a_gap(submission) and review and at > due_at(submission, review):
        problems.append(
            _("The deadline has passed: hand in a corrected version instead of withdrawing this one.")
        )
    return problems


@transaction.atomic
def withdraw(submission: Submission, *, by, at: dt.datetime) -> Submission:
    """Undo a whole import that nobody certified: the version stays in the list, the figures are as before it.

    What it replaced when it was uploaded or handed in counts again. Raises CannotWithdraw.
    """
    submission = _locked(submission)
    if problems := withdraw_problems(submission, by=by, at=at):
        raise CannotWithdraw(problems)
    before, submission.state = submission.state, State.WITHDRAWN
    submission.save(update_fields=["state"])
    params = about(submission) | {"restored": restore_older(submission)}
    _record("submission.withdrawn", submission, before, by=by, at=at, params=params)
    return submission


def replace_older(submission: Submission, states) -> None:
    """Older versions of the series in one of `states` stop counting; certified ones stay until a new one is."""
    older = Submission.objects.of_series(submission).filter(number__lt=submission.number, state__in=states)
    older.update(state=State.SUPERSEDED, replaced_by=submission, replaced_state=F("state"))


def restore_older(submission: Submission) -> list[int]:
    """What this version replaced stands again as it stood before; the numbers of those versions."""
    replaced = Submission.objects.filter(replaced_by=submission, state=State.SUPERSEDED)
    numbers = sorted(replaced.values_list("number", flat=True))
    replaced.update(state=F("replaced_state"), replaced_by=None, replaced_state="")
    return numbers


def about(submission: Submission) -> dict:
    """What names a submission in the activity log, as JSON values."""
    return {
        "department": submission.department.code,
        "profile": submission.profile,
        "start": submission.period_start.isoformat(),
        "end": submission.period_end.isoformat(),
        "number": submission.number,
    }


def _leaves_a_gap(submission: Submission) -> bool:
    """Whether without this version nothing would be handed in where something is now."""
    if submission.state != State.HANDED_IN:
        return False
    return not Submission.objects.filter(replaced_by=submission, replaced_state=State.HANDED_IN).exists()


def _newer(submission: Submission) -> bool:
    series = Submission.objects.of_series(submission)
    return series.filter(number__gt=submission.number, state__in=LIVING).exists()


def _locked(submission: Submission) -> Submission:
    """The version as it is now, behind its review: whoever freezes meanwhile waits, or was first and is seen."""
    held_review_of(submission)
    return (
        Submission.objects.select_for_update(of=("self",)).select_related("department").get(pk=submission.pk)
    )


def _worded(submission: Submission) -> dict:
    return {"state": submission.get_state_display()}


def _record(code: str, submission: Submission, before: str, *, by, at, params: dict) -> None:
    activity.record(
        code,
        submission,
        by=by,
        at=at,
        params=params,
        before={"state": before},
        after={"state": submission.state},
        department=submission.department,
    )
