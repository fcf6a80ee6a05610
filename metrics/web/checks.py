"""The checks page of a review: what was asked of each department's figures, what fails, and letting it through."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from metrics.checks import incidents, runs, waiving
from metrics.checks.results import FAILED, Check
from metrics.models import CheckRun, Review
from metrics.web import slip_words
from metrics.web.check_words import CheckWords
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import departments_with, may
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/checks.html"


@never_cache
@require_GET
def review_checks(request, code):
    """Of one department, or with ?department= of another one that the reader may see."""
    review, departments = seen(request, code)
    return page(request, review, departments)


@require_POST
def run_checks(request, code):
    """Ask again now; a run of the same figures is not repeated."""
    review, _departments = seen(request, code)
    if runs.ask(review, at=timezone.now()) is None:
        messages.info(request, _("Nothing has been handed in for this period yet."))
    return back(request, review)


@require_POST
def waive_check(request, code):
    review, departments = seen(request, code)
    wanted = request.POST.get("check", "")
    check = next((one for one in newest(review) if one.code == wanted), None)
    try:
        waiving.waive(
            review, check, by=request.user, at=timezone.now(), reason=request.POST.get("reason", "")
        )
    except waiving.CannotWaive as refusal:
        typed = {"check": wanted, "reason": request.POST.get("reason", ""), "problems": refusal.problems}
        return page(request, review, departments, typed=typed, status=422)
    messages.success(request, _("Waived for this period."))
    return back(request, review)


@require_POST
def hand_check(request, code):
    review, departments = seen(request, code)
    wanted, note = request.POST.get("check", ""), request.POST.get("note", "")
    check = next((one for one in newest(review) if one.code == wanted), None)
    chosen = request.POST.get("assignee", "")
    assignee = (
        User.objects.active().filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 10 else None
    )
    try:
        incidents.hand(review, check, assignee, by=request.user, at=timezone.now(), note=note)
    except incidents.CannotHand as refusal:
        typed = {"hand": wanted, "note": note, "assignee": chosen, "problems": refusal.problems}
        return page(request, review, departments, typed=typed, status=422)
    messages.success(request, _("%(person)s has it in hand.") % {"person": assignee.display_name})
    return back(request, review)


@require_POST
def close_incident(request, code):
    review, departments = seen(request, code)
    wanted, reason = request.POST.get("check", ""), request.POST.get("reason", "")
    try:
        incidents.close(review, wanted, by=request.user, at=timezone.now(), reason=reason)
    except incidents.CannotHand as refusal:
        typed = {"close": wanted, "reason": reason, "problems": refusal.problems}
        return page(request, review, departments, typed=typed, status=422)
    messages.success(request, _("Closed."))
    return back(request, review)


@require_POST
def end_waiver(request, code):
    review, _departments = seen(request, code)
    try:
        waiving.take_back(review, request.POST.get("check", ""), by=request.user, at=timezone.now())
        messages.success(request, _("The check counts again."))
    except waiving.CannotWaive as refusal:
        messages.error(request, " ".join(refusal.problems))
    return back(request, review)


def seen(request, code: str) -> tuple[Review, list[Department]]:
    """The review, and the departments whose drafts the reader may see; 404 for those who may see none."""
    review = get_object_or_404(Review.objects.visible_to(request.user), code=code)
    every = may(request.user, "submission.read_any")
    found = Department.objects.active() if every else departments_with(request.user, "submission.edit")
    departments = list(found.order_by("position", "pk"))
    if not departments:
        raise Http404
    return review, departments


def newest(review: Review) -> list[Check]:
    run = CheckRun.objects.shown(review)
    return runs.results(run) if run else []


def back(request, review: Review):
    return redirect(f"{reverse('checks', args=[review.code])}?department={chosen_code(request.POST)}")


def chosen_code(given) -> str:
    code = given.get("department", "")
    return code if code.isalnum() and len(code) <= 10 else ""


def page(request, review, departments, *, typed=None, status=200):
    asked = chosen_code(request.POST if request.method == "POST" else request.GET)
    chosen = next((one for one in departments if one.code == asked), None)
    if asked and chosen is None:
        raise Http404
    chosen = chosen or departments[0]
    run = CheckRun.objects.shown(review)
    found = runs.results(run) if run else []
    words = CheckWords(review, by=request.user)
    groups = words.groups([check for check in found if chosen.code in check.departments])
    name = runs.basis(review)
    context = {
        "review": review,
        "chosen": chosen,
        "tabs": [tab(review, one, chosen, found, words) for one in departments],
        "groups": groups,
        "slips": slip_words.of_review(review, chosen, user=request.user),
        "run": run,
        "pending": CheckRun.objects.filter(review=review, state__in=["queued", "running"]).first(),
        # Within a minute a worker comes to it by itself: the page looks again until then.
        "is_moving": bool(name) and (run is None or run.basis != name),
        "is_old": bool(run and name and run.basis != name),
        "has_data": bool(name),
        "may_waive": may(request.user, "figure.certify") and review.state == Review.State.OPEN,
        "typed": (typed or {}) | {"lines": [(typed or {}).get(name) for name in ("check", "hand", "close")]},
        "failing": sum(group.failing for group in groups),
        "asked": sum(group.asked for group in groups),
        "passed": sum(len(group.passed) for group in groups),
    }
    return fragment(request, TEMPLATE, context, ["checks"], status=status)


def tab(review, department, chosen, found, words) -> dict:
    failing = sum(
        check.state == FAILED and check.code not in words.waivers
        for check in found
        if department.code in check.departments
    )
    return {
        "label": department.name,
        "url": f"{reverse('checks', args=[review.code])}?department={department.code}",
        "active": department.pk == chosen.pk,
        "count": failing if found else None,
    }
