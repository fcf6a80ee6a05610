"""Frozen figures as cards of the home page: to sign, to read before the meeting, restated after one read them."""

import datetime as dt

from django.db.models import F, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings import preread_notices
from meetings.models import Receipt
from metrics import freezing
from metrics.models import Review, Sight, Signature, Snapshot
from reviewhub.cards import Card
from reviewhub.people.models import User
from reviewhub.people.permissions import may

SOON = dt.timedelta(days=3)


def due(user: User, *, at: dt.datetime) -> list[Card]:
    """Everything about frozen figures that waits for `user`."""
    return [*to_sign(user, at=at), *restated(user), *to_read(user, at=at)]


def to_sign(user: User, *, at: dt.datetime) -> list[Card]:
    """For Finance and Technology: reviews whose freeze is near, and restated ones, that their side has not signed."""
    if not (may(user, "figure.certify") or may(user, "submission.hand_in")):
        return []
    sides = [side for side in Signature.Side.values if freezing.may_sign(user, side)]
    if not sides:
        return []
    near = Review.objects.visible_to(user).filter(state=Review.State.OPEN, freeze_at__lte=at + SOON)
    rows = near.filter(meeting_at__gte=at) | near.exclude(restatements=None)
    reviews = list(rows.annotate(last=Max("snapshots__number")).order_by("freeze_at"))
    signed: dict[tuple, dict] = {}
    for row in Signature.objects.filter(review__in=reviews):
        signed.setdefault((row.review_id, row.number), {})[row.side] = row.signed_by_id
    return [
        Card(
            key=f"sign-{review.pk}",
            state="queued",
            title=_("Sign the figures: %(review)s") % {"review": review.title},
            url=reverse("freeze", args=[review.code]),
            verb=_("Look and sign"),
            due_at=review.freeze_at,
            urgent=at > review.freeze_at,
        )
        for review in reviews
        if waits(signed.get((review.pk, (review.last or 0) + 1), {}), sides, user)
    ]


def waits(signed: dict[str, int], sides: list[str], user: User) -> bool:
    """Whether one of the sides that `user` signs for has no name yet, and the other one's is not theirs."""
    return user.pk not in signed.values() and bool(set(sides) - signed.keys())


def restated(user: User) -> list[Card]:
    """Frozen figures that changed after this person had opened them."""
    rows = Sight.objects.filter(user=user).annotate(last=Max("review__snapshots__number"))
    return [
        Card(
            key=f"restated-{row.review_id}",
            state="warn",
            title=_("Restated after you read it: %(review)s") % {"review": row.review.title},
            url=reverse("preread" if user.is_partner else "freeze", args=[row.review.code]),
            verb=_("See what changed"),
            urgent=True,
        )
        for row in rows.filter(last__gt=F("number")).select_related("review")
    ]


def to_read(user: User, *, at: dt.datetime) -> list[Card]:
    """The pre-read of a meeting ahead, for those who come to it and have not begun to read."""
    if not any(user.abilities.get(one) for one in preread_notices.READERS):
        return []
    begun = Receipt.objects.filter(user=user).values("review")
    rows = Snapshot.objects.filter(number=1, review__meeting_at__gte=at).exclude(review__in=begun)
    return [
        Card(
            key=f"preread-{row.review_id}",
            state="queued",
            title=_("Pre-read: %(review)s") % {"review": row.review.title},
            url=reverse("preread", args=[row.review.code]),
            verb=_("Read"),
            note=_("What you ask under a figure lands on the agenda."),
            due_at=row.review.meeting_at,
        )
        for row in rows.select_related("review").order_by("review__meeting_at")
    ]
