"""The reconciliation desk: the queue of differences, both sides and the bridge between, and the ways to settle one."""

import datetime as dt
import zoneinfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from metrics import reconciliation, rulings
from metrics.exports import csv_bytes
from metrics.models import Review, Ruling
from metrics.reconciliation import Difference
from metrics.web import room_doubts
from metrics.web.reconciliation_words import ReconciliationWords
from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with, may
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/reconciliation.html"
TYPED = ("decision", "reach", "reason", "until", "seen", "text", "department")
ALL, OWN, TITLES = "all", "own", "titles"


def access(user) -> str:
    """How much of the differences a person sees (robustness 2.2); 404 for those who see none."""
    if may(user, "figure.certify") or may(user, "figure.read_draft") or may(user, "meeting.override"):
        return ALL
    if may(user, "submission.edit") and not user.is_partner:
        return OWN
    if may(user, "agenda.edit"):
        return TITLES
    raise Http404


def seen(user, found: list[Difference]) -> list[Difference]:
    if access(user) != OWN:
        return found
    own = set(departments_with(user, "submission.edit").values_list("code", flat=True))
    return [one for one in found if own & set(one.pair.departments)]


@never_cache
@require_GET
def desk(request):
    access(request.user)
    review = chosen_review(request.user, request.GET.get("review", ""))
    return page(request, review, request.GET.get("conflict", ""))


@require_POST
def decide(request, code, key):
    review = decidable(request, code)
    typed = {name: request.POST.get(name, "") for name in TYPED[:5]}
    try:
        rulings.decide(
            review,
            key,
            typed["decision"],
            typed["reason"],
            by=request.user,
            at=timezone.now(),
            reach=typed["reach"] or Ruling.Reach.REVIEW,
            answer_by=moment(typed["until"], review),
            seen=typed["seen"] or None,
        )
    except rulings.CannotRule as refusal:
        status = 409 if refusal.is_stale else 422
        return page(request, review, key, problems=refusal.problems, typed=typed, status=status)
    messages.success(request, _("Decided. Both sides are told."))
    return back(review, key)


@require_POST
def reopen(request, code, key):
    review = decidable(request, code)
    try:
        rulings.reopen(review, key, request.POST.get("reason", ""), by=request.user, at=timezone.now())
    except rulings.CannotRule as refusal:
        return page(request, review, key, problems=refusal.problems, status=422)
    messages.success(request, _("It is open again."))
    return back(review, key)


@require_POST
def answer(request, pk):
    ruling = get_object_or_404(Ruling.objects.visible_to(request.user), pk=pk)
    named = (ruling.left_department, ruling.right_department)
    department = get_object_or_404(
        Department.objects.active(), code=request.POST.get("department", ""), code__in=named
    )
    key = f"{ruling.pair}-{ruling.period_start:%Y-%m}"
    text = request.POST.get("text", "")
    try:
        rulings.answer(ruling, department, text, by=request.user, at=timezone.now())
    except rulings.CannotRule as refusal:
        typed = {"text": text, "department": department.code}
        return page(request, ruling.review, key, problems=refusal.problems, typed=typed, status=422)
    messages.success(request, _("Sent. The data owner sees your answer."))
    return back(ruling.review, key)


@never_cache
@require_GET
def queue_csv(request, code):
    """The queue as a table: what each side says, what is left, and what was decided."""
    if access(request.user) == TITLES:
        raise Http404
    review = get_object_or_404(Review.objects.visible_to(request.user), code=code)
    words = ReconciliationWords(review, request.user)
    header = [
        "pair",
        "title",
        "month",
        "sides",
        "left",
        "right",
        "bridge",
        "residual",
        "allowed",
        "state",
        "decision",
    ]
    rows = []
    for one in seen(request.user, reconciliation.of_review(review).differences):
        row = words.row(one)
        state = "open" if one.is_open else "decided" if one.ruling else "agrees"
        amounts = (one.left.value, one.right.value, one.explained, one.residual, one.allowed)
        rows.append([one.pair.rule, row.title, one.period.text, row.sides, *amounts, state, row.decision])
    found = HttpResponse(csv_bytes(header, rows), content_type="text/csv; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="reconciliation-{review.code}.csv"'
    return found


# --- One page ---------------------------------------------------------------------------------------------------


def page(request, review, key="", *, problems=(), typed=None, status=200):
    if review is None:
        return fragment(request, TEMPLATE, {"review": None}, ["conflict"])
    user, level = request.user, access(request.user)
    found = reconciliation.of_review(review)
    mine = seen(user, found.differences)
    chosen = next((one for one in mine if one.key == key), None)
    if key and chosen is None:
        raise Http404
    words = ReconciliationWords(review, user)
    open_ones = [one for one in mine if one.is_open]
    chosen = chosen or next(iter(open_ones or [one for one in mine if one.is_conflict]), None)
    context = {
        "review": review,
        "reviews": reviews(user),
        "is_ahead": review.state == Review.State.OPEN and review.freeze_at > timezone.now(),
        "open": [words.row(one) for one in open_ones],
        "settled": [words.row(one) for one in mine if one.is_conflict and not one.is_open],
        "agree": [words.row(one) for one in mine if not one.is_conflict],
        "waiting": [words.waiting(one) for one in found.waiting] if level == ALL else [],
        "blocking": sum(one.is_blocking for one in open_ones),
        "doubts": room_doubts.of(review, user) if level == ALL else [],
        "may_rule": may(user, "figure.certify"),
        "problems": problems,
        "typed": dict.fromkeys(TYPED, "") | (typed or {}),
        "is_titles": level == TITLES,
        "chosen": chosen.key if chosen else "",
    }
    if chosen and level != TITLES:
        context |= words.detail(chosen) | ways(user, review, chosen)
    return fragment(request, TEMPLATE, context, ["conflict"], status=status)


def ways(user, review, chosen: Difference) -> dict:
    """What this reader may do with it, and why not."""
    owner = may(user, "figure.certify")
    until = review.freeze_at if review.freeze_at > timezone.now() else review.meeting_at
    return {
        "is_owner": owner,
        "ruling_problems": rulings.ruling_problems(review, chosen, by=user) if owner else [],
        "reopen_problems": rulings.reopen_problems(review, chosen, by=user) if owner else [],
        "until": f"{timezone.localtime(until, zoneinfo.ZoneInfo(review.time_zone)):%Y-%m-%dT%H:%M}",
    }


def reviews(user) -> list[Review]:
    """Those that are still to be decided on, the nearest first, and the last one before them."""
    every = Review.objects.visible_to(user).order_by("meeting_at")
    ahead = list(every.filter(state__in=(Review.State.OPEN, Review.State.FROZEN))[:4])
    last = every.exclude(state__in=(Review.State.OPEN, Review.State.FROZEN)).last()
    return [*([last] if last else []), *ahead]


def chosen_review(user, code: str) -> Review | None:
    """The one that was asked for, else the nearest open one whose figures are in."""
    if code:
        return get_object_or_404(Review.objects.visible_to(user), code=code)
    found = reviews(user)
    return next((one for one in found if one.state == Review.State.OPEN), found[-1] if found else None)


def decidable(request, code) -> Review:
    """The review; to who decides nothing it does not exist."""
    if not may(request.user, "figure.certify"):
        raise Http404
    return get_object_or_404(Review.objects.visible_to(request.user), code=code)


def moment(text: str, review: Review) -> dt.datetime | None:
    """A local date and time of the form, in the review's zone; None where it is none."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(review.time_zone))
    except ValueError:
        return None


def back(review: Review, key: str):
    return redirect(f"{reverse('reconciliation')}?review={review.code}&conflict={key}")
