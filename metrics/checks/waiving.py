"""Letting a failed check through for one review: by name, with the reason, and taken back the same way."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.checks.results import FAILED, WARNING, Check
from metrics.deadlines import held
from metrics.models import CheckIncident, CheckWaiver, Review
from reviewhub.people import activity
from reviewhub.people.permissions import may

LONGEST = 300


class CannotWaive(Exception):
    """Nothing was changed; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def problems(review: Review, check: Check | None, *, by, reason: str | None = None) -> list[str]:
    """Why `by` cannot waive this; `reason` None: it is not written yet."""
    found = []
    if not may(by, "figure.certify"):
        found.append(_("Only the data owner waives a check."))
    if review.state != Review.State.OPEN:
        found.append(_("The figures of this review are frozen."))
    if check is None or check.state not in (FAILED, WARNING):
        found.append(_("This check does not fail; there is nothing to waive."))
    if reason is not None and not reason.strip():
        found.append(_("Say in a sentence why it may pass."))
    elif reason is not None and len(reason.strip()) > LONGEST:
        found.append(_("The reason may have %(most)s characters.") % {"most": LONGEST})
    return found


@transaction.atomic
def waive(review: Review, check: Check | None, *, by, at: dt.datetime, reason: str) -> CheckWaiver:
    """Let the check pass for this review only. Raises CannotWaive."""
    review = held(review)
    if found := problems(review, check, by=by, reason=reason):
        raise CannotWaive(found)
    row, _is_new = CheckWaiver.objects.update_or_create(
        review=review,
        code=check.code,
        defaults={"reason": reason.strip(), "waived_at": at, "waived_by": by},
    )
    activity.record("check.waived", review, by=by, at=at, params={"check": check.code, "reason": row.reason})
    # There is nothing to mend any more for whoever has it in hand.
    CheckIncident.objects.standing().filter(review=review, code=check.code).update(
        closed_at=at, closed_by=by, reason=row.reason
    )
    return row


@transaction.atomic
def take_back(review: Review, code: str, *, by, at: dt.datetime) -> None:
    """It fails again. Raises CannotWaive."""
    review = held(review)
    if not may(by, "figure.certify"):
        raise CannotWaive([_("Only the data owner waives a check.")])
    if review.state != Review.State.OPEN:
        raise CannotWaive([_("The figures of this review are frozen.")])
    if CheckWaiver.objects.filter(review=review, code=code).delete()[0]:
        activity.record("check.waiver_ended", review, by=by, at=at, params={"check": code})
