"""The freeze page of a review: what would be signed, by whom, under which fingerprint, and what was restated since."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from metrics import freezing, sightings, snapshots
from metrics.definitions import Definitions
from metrics.figure_words import in_words
from metrics.models import Restatement, Review, Signature, Snapshot, Submission
from metrics.readings import open_codes
from reviewhub.people.models import Department
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/freeze.html"


@never_cache
@require_GET
def freeze(request, code):
    """The certificate of a review for every colleague; buttons for those who sign."""
    review = seen(request, code)
    sightings.note(review, by=request.user, at=timezone.now())
    return page(request, review)


@require_POST
def sign(request, code):
    review = seen(request, code)
    side, fingerprint = request.POST.get("side", ""), request.POST.get("fingerprint", "")
    try:
        snapshot = freezing.sign(review, side, seen=fingerprint, by=request.user, at=timezone.now())
    except freezing.CannotFreeze as refusal:
        return page(request, review, problems=refusal.problems, status=422)
    if snapshot is None:
        messages.success(request, _("Signed. The figures are frozen once the other side has signed too."))
    else:
        messages.success(request, _("Frozen under #%(fingerprint)s.") % {"fingerprint": snapshot.short})
    return redirect("freeze", review.code)


@require_POST
def restate(request, code):
    review, reason = seen(request, code), request.POST.get("reason", "")
    try:
        freezing.restate(review, reason, by=request.user, at=timezone.now())
    except freezing.CannotFreeze as refusal:
        return page(request, review, problems=refusal.problems, reason=reason, status=422)
    messages.success(
        request, _("Open for a corrected version. Pages show the frozen figures until both sides sign anew.")
    )
    return redirect("freeze", review.code)


def seen(request, code: str) -> Review:
    """The review; what its figures are made from is nothing for partners."""
    if request.user.is_partner:
        raise Http404
    return get_object_or_404(Review.objects.visible_to(request.user), code=code)


def page(request, review, *, problems=(), reason="", status=200):
    review.refresh_from_db()
    rows = Snapshot.objects.visible_to(request.user).filter(review=review)
    chained = list(rows.select_related("restated_by").order_by("-number"))
    is_open = review.state == Review.State.OPEN
    context = {
        "review": review,
        "snapshot": chained[0] if chained else None,
        "chain": chain(request.user, chained),
        "signed": signed(review, chained[0]) if chained and not is_open else [],
        "restatement": Restatement.objects.filter(review=review, became=None).first() if is_open else None,
        "may_restate": not freezing.restate_problems(review, by=request.user),
        "problems": problems,
        "reason": reason,
        "total": 0,
        **(signing(request.user, review) if is_open else {"now": None, "sides": [], "blocking": []}),
    }
    return fragment(request, TEMPLATE, context, ["freeze"], status=status)


def signing(user, review: Review) -> dict:
    """What would be signed now, side by side: who has, who may, and what stands against it. While a worker still reads
    the facts, how far it is."""
    left, total = snapshots.waiting(review)
    if left:
        return {"now": None, "sides": [], "blocking": [], "read": total - left, "total": total}
    now = freezing.standing(review)
    names = {row.code: row.name for row in Department.objects.active()}
    states = [one["state"] for one in now.document["versions"]]
    blocking = freezing.blocking(review)
    return {
        "now": now,
        "counts": counts(now.document) | {"provisional": states.count(Submission.State.HANDED_IN)},
        "blocking": blocking,
        "sides": [
            {
                "code": side,
                "name": names.get(side, side),
                "signature": now.signatures.get(side),
                "may": freezing.may_sign(user, side),
                "problems": [] if blocking else freezing.sign_problems(review, side, by=user, now=now),
            }
            for side in Signature.Side.values
        ],
    }


def counts(document: dict) -> dict:
    return {
        name: len(document.get(name, ()))
        for name in ("versions", "definitions", "rules", "rates", "rulings", "promotions", "goals")
    }


def signed(review: Review, snapshot: Snapshot) -> list[Signature]:
    rows = Signature.objects.filter(review=review, fingerprint=snapshot.fingerprint)
    return list(rows.select_related("signed_by"))


def chain(user, rows: list[Snapshot]) -> list[dict]:
    """Every snapshot, the newest first, with the changed figures that `user` may read: old → new."""
    named = {one["metric"] for row in rows for one in row.changes}
    readable = open_codes(user, named) if named else set()
    return [
        {
            "row": row,
            "counts": counts(row.document),
            "changes": changes(row, readable),
            "hidden": sum(one["metric"] not in readable for one in row.changes),
        }
        for row in rows
    ]


def changes(row: Snapshot, readable: set[str]) -> list[dict]:
    language = get_language() or "en"
    told = [one for one in row.changes if one["metric"] in readable]
    definitions = Definitions.frozen(row) if told else {}
    return [
        {
            "code": one["metric"],
            "name": definitions[one["metric"]].name,
            **{
                side: in_words(one[side] and Decimal(one[side]), definitions[one["metric"]], language)
                for side in ("old", "new")
            },
        }
        for one in told
        if one["metric"] in definitions
    ]
