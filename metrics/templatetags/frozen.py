"""Words that templates have for frozen figures: the fingerprint under which they stand."""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse

from metrics import snapshots
from metrics.models import Restatement, Snapshot

register = template.Library()


@register.simple_tag(takes_context=True)
def fingerprint(context, review, snapshot: Snapshot | None = None, restating: bool | None = None):
    """`{% fingerprint review %}`: the short fingerprint of a review's frozen figures, in full on hover and focus.

    Says so where nothing is frozen yet, and where the figures are being restated. Pages with many charts give the
    `snapshot` they have read already: then it takes no query. Nothing without a review.
    """
    if review is None:
        return ""
    found = snapshot or snapshots.latest(review)
    if restating is None:
        restating = getattr(found, "is_restating", None)
    if restating is None:
        restating = snapshot is None and found is not None and is_restated(review)
    reader = context.get("user")
    told = {
        "review": review,
        "snapshot": found,
        "is_restating": restating,
        # What figures are made from is nothing for partners: no link into it.
        "url": "" if getattr(reader, "is_partner", False) else reverse("freeze", args=[review.code]),
    }
    return render_to_string("metrics/_fingerprint.html", told)


def is_restated(review) -> bool:
    return (
        review.state == review.State.OPEN and Restatement.objects.filter(review=review, became=None).exists()
    )
