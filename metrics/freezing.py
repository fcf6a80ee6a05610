"""Freezing the figures of a review: from then on nothing is handed in, withdrawn, certified or sent back."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Review
from reviewhub.people import activity

State = Review.State
LONGEST_REASON = 300


class CannotFreeze(Exception):
    """The review stays as it is; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def freeze_problems(review: Review, *, by) -> list[str]:
    if None not in by.abilities.get("figure.certify", ()) or not by.is_active:
        return [_("Data owners of the whole company freeze the figures.")]
    if review.state != State.OPEN:
        return [_("These figures are not open any more.")]
    return []


def thaw_problems(review: Review, *, by, reason: str | None = None) -> list[str]:
    """Why the figures cannot be opened again; `reason` None: it is not written yet. After the meeting they stay."""
    if None not in by.abilities.get("figure.certify", ()) or not by.is_active:
        return [_("Data owners of the whole company open the figures again.")]
    if review.state != State.FROZEN:
        return [_("These figures are not frozen.")]
    if reason is not None and not 0 < len(reason) <= LONGEST_REASON:
        return [_("Say why in a sentence of at most %(most)s characters.") % {"most": LONGEST_REASON}]
    return []


@transaction.atomic
def freeze(review: Review, *, by, at: dt.datetime) -> Review:
    """Freeze the figures. Raises CannotFreeze."""
    review = Review.objects.select_for_update().get(pk=review.pk)
    if problems := freeze_problems(review, by=by):
        raise CannotFreeze(problems)
    return _turned(review, State.FROZEN, "review.frozen", {}, by=by, at=at)


@transaction.atomic
def thaw(review: Review, reason: str, *, by, at: dt.datetime) -> Review:
    """Open the figures once more, with the reason for everybody to read. Raises CannotFreeze."""
    review, reason = Review.objects.select_for_update().get(pk=review.pk), " ".join(reason.split())
    if problems := thaw_problems(review, by=by, reason=reason):
        raise CannotFreeze(problems)
    return _turned(review, State.OPEN, "review.thawed", {"reason": reason}, by=by, at=at)


def _turned(review: Review, state: str, code: str, params: dict, *, by, at) -> Review:
    review.state = state
    review.save(update_fields=["state"])
    activity.record(code, review, by=by, at=at, params={"review": review.code} | params)
    return review
