"""Certifying what departments hand in, or sending it back: by somebody else than who brought it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from metrics import deadlines, places
from metrics.models import Remark, Review, Submission
from metrics.submission import RETURNED, about, replace_older
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.permissions import may

State = Submission.State
LONGEST_REASON = 500
LONGEST_REMARK = 300
MOST_REMARKS = 50


class CannotCertify(Exception):
    """The submission stays as it is; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


class CannotSendBack(CannotCertify):
    """The submission stays as it is; `problems` says why, in the reader's language."""


class CannotAnswer(CannotCertify):
    """The comment stays as it is; `problems` says why, in the reader's language."""


# --- What stands against it ---------------------------------------------------------------------------------


def certify_problems(submission: Submission, *, by) -> list[str]:
    """Why `by` cannot certify this version; empty when nothing stands against it."""
    problems = _common_problems(submission, by=by)
    if submission.uploaded_by_id and submission.uploaded_by_id == by.pk:
        problems.append(_("You uploaded this version yourself; somebody else must certify it."))
    elif submission.handed_in_by_id and submission.handed_in_by_id == by.pk:
        problems.append(_("You handed this version in yourself; somebody else must certify it."))
    return problems


def send_back_problems(
    submission: Submission, *, by, reason: str | None = None, remarks: Iterable[tuple[str, str]] = ()
) -> list[str]:
    """Why `by` cannot send this version back; `reason` None: it is not written yet. `remarks`: (place, text)."""
    problems = _common_problems(submission, by=by)
    if reason is not None and not reason.strip():
        problems.append(_("Say in a sentence what should be mended."))
    elif reason is not None and len(reason.strip()) > LONGEST_REASON:
        problems.append(_("The reason may have %(most)s characters.") % {"most": LONGEST_REASON})
    return problems + _remark_problems(list(remarks))


def _remark_problems(remarks: list[tuple[str, str]]) -> list[str]:
    problems = []
    for place, text in remarks:
        try:
            places.parse(place)
        except places.BadPlace:
            problems.append(_("“%(place)s” is not a cell. Write it like D7, row 12 or F.") % {"place": place})
        if not text.strip():
            problems.append(_("Say what is asked about %(place)s.") % {"place": place})
        elif len(text) > LONGEST_REMARK:
            problems.append(_("A comment may have %(most)s characters.") % {"most": LONGEST_REMARK})
    if len(remarks) > MOST_REMARKS:
        problems.append(_("At most %(most)s comments at once.") % {"most": MOST_REMARKS})
    return problems


def _common_problems(submission: Submission, *, by) -> list[str]:
    problems = []
    if not may(by, "figure.certify", submission.department):
        problems.append(_("You may not certify data of this department."))
    if submission.state != State.HANDED_IN:
        worded = {"state": submission.get_state_display()}
        problems.append(
            _("Only data that was handed in can be decided on; this version is: %(state)s.") % worded
        )
    elif _newer(submission):
        problems.append(_("There is a newer version; decide on that one."))
    review = deadlines.review_of(submission)
    if review and review.state == Review.State.FROZEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    return problems


def _newer(submission: Submission) -> bool:
    newer = Submission.objects.of_series(submission).filter(number__gt=submission.number)
    return newer.filter(state__in=(State.HANDED_IN, State.CERTIFIED)).exists()


# --- The two decisions --------------------------------------------------------------------------------------


@transaction.atomic
def certify(submission: Submission, *, by, at: dt.datetime) -> Submission:
    """Make this version the official one; the former certified version of the period is replaced.

    Raises CannotCertify. Of two data owners at once one wins, the other is told.
    """
    deadlines.held_review_of(submission)
    if problems := certify_problems(submission, by=by):
        raise CannotCertify(problems)
    former = former_of(submission)
    decided = _decide(submission, CannotCertify, by, state=State.CERTIFIED, certified_at=at, certified_by=by)
    replace_older(decided, (State.CERTIFIED, State.HANDED_IN, State.DRAFT, State.RETURNED))
    params = about(decided) | {"replaced": former.number if former else None}
    _record("submission.certified", decided, by=by, at=at, params=params)
    return decided


@transaction.atomic
def send_back(
    submission: Submission,
    reason: str,
    *,
    by,
    at: dt.datetime,
    remarks: Iterable[tuple[str, str]] = (),
) -> Submission:
    """Return this version with the sentence that says what to mend, and comments on places in the file.

    `remarks`: (place as people write it, text). Raises CannotSendBack.
    """
    remarks = list(remarks)
    deadlines.held_review_of(submission)
    if problems := send_back_problems(submission, by=by, reason=reason, remarks=remarks):
        raise CannotSendBack(problems)
    reason = reason.strip()
    decided = _decide(
        submission,
        CannotSendBack,
        by,
        state=State.RETURNED,
        returned_at=at,
        returned_by=by,
        return_reason=reason,
    )
    for where, text in remarks:
        found = vars(places.parse(where))
        Remark.objects.create(submission=decided, text=text.strip(), written_at=at, written_by=by, **found)
    params = about(decided) | {"reason": reason, "remarks": len(remarks)}
    _record("submission.returned", decided, by=by, at=at, params=params)
    planning.raise_occurrence(RETURNED, decided, at=at)
    return decided


def answer_problems(remark: Remark, text: str, *, by) -> list[str]:
    """Why `by` cannot answer this comment with `text`."""
    problems = []
    if not may(by, "submission.edit", remark.submission.department):
        problems.append(_("You may not edit data of this department."))
    if not text.strip():
        problems.append(_("Write what you changed, or why the figure is right."))
    elif len(text.strip()) > LONGEST_REMARK:
        problems.append(_("An answer may have %(most)s characters.") % {"most": LONGEST_REMARK})
    return problems


@transaction.atomic
def answer(remark: Remark, text: str, *, by, at: dt.datetime) -> Remark:
    """Answer a comment of the data owner; a later answer replaces it. Raises CannotAnswer."""
    if problems := answer_problems(remark, text, by=by):
        raise CannotAnswer(problems)
    remark.answer, remark.answered_at, remark.answered_by = text.strip(), at, by
    remark.save(update_fields=["answer", "answered_at", "answered_by"])
    submission = remark.submission
    place = f"{remark.column}{remark.row or ''}" or "–"
    params = about(submission) | {"place": place}
    activity.record(
        "submission.answered", submission, by=by, at=at, params=params, department=submission.department
    )
    return remark


def _decide(submission: Submission, refusal: type[CannotCertify], by, **changes) -> Submission:
    """Compare and set: the version must still be handed in at the moment of writing."""
    mine = Submission.objects.filter(pk=submission.pk, state=State.HANDED_IN)
    changed = mine.update(**changes)
    fresh = Submission.objects.select_related("department").get(pk=submission.pk)
    if not changed:
        raise refusal(_common_problems(fresh, by=by))
    return fresh


def _record(code: str, submission: Submission, *, by, at, params: dict) -> None:
    activity.record(
        code,
        submission,
        by=by,
        at=at,
        params=params,
        before={"state": State.HANDED_IN},
        after={"state": submission.state},
        department=submission.department,
    )


# --- What the data owner looks at ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A total against the former version's; `former` and `difference` None where there is none."""

    code: str
    value: Decimal
    former: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.former is None else self.value - self.former


def waiting(user) -> list[Submission]:
    """What `user` can see that waits for a decision, oldest hand-in first, each with `is_late`. Three queries."""
    seen = Submission.objects.visible_to(user).waiting()
    rows = list(seen.select_related("department", "handed_in_by").order_by("handed_in_at", "pk"))
    return deadlines.mark_late(rows)


def decided(user, *, most: int = 10) -> list[Submission]:
    """The latest certified or returned versions that `user` can see."""
    seen = Submission.objects.visible_to(user).filter(state__in=(State.CERTIFIED, State.RETURNED))
    rows = seen.select_related("department", "certified_by", "returned_by")
    return list(rows.order_by(Coalesce("certified_at", "returned_at").desc(), "-pk")[:most])


def former_of(submission: Submission) -> Submission | None:
    """The certified version that this one would replace."""
    series = Submission.objects.of_series(submission).filter(state=State.CERTIFIED)
    return series.exclude(pk=submission.pk).order_by("number").last()


def asked_for(submission: Submission) -> Submission | None:
    """The returned version that this one answers: the latest before it."""
    series = Submission.objects.of_series(submission).filter(returned_at__isnull=False)
    return series.filter(number__lt=submission.number).order_by("number").last()


def changes(submission: Submission, former: Submission | None) -> list[Change]:
    """Every total of the version beside the former one's; a metric that only the former had counts as nought now."""
    before = former.totals if former else {}
    codes: Iterable[str] = dict.fromkeys([*submission.totals, *before])
    return [
        Change(
            code,
            Decimal(submission.totals.get(code, 0)),
            (Decimal(before[code]) if code in before else Decimal(0)) if former else None,
        )
        for code in codes
    ]
