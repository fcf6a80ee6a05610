"""What executives and departments do with an adjustment: allow a sum, approve lines, stop the clock, confirm."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actions import budget, budget_approvals, budget_receipts, budget_stops
from actions.web import budget as budget_page
from reviewhub.ui.htmx import UNPROCESSABLE


@require_POST
def allow(request, code):
    adjustment = budget_page.adjustment_of(request, code)
    version, reason = budget_page.Form.sent(request.POST).version, request.POST.get("reason", "")
    try:
        budget.allow_sum(adjustment, reason, version=version, by=request.user, at=timezone.now())
    except budget.CannotAllow as refusal:
        if budget.allow_problems(adjustment, by=request.user) and adjustment.is_open:
            raise PermissionDenied(" ".join(refusal.problems)) from refusal
        status, problems = UNPROCESSABLE, refusal.problems
    except budget.Stale as late:
        adjustment, status = late.adjustment, budget_page.CONFLICT
        problems = [_("Finance saved other lines meanwhile. Look at them first.")]
    else:
        messages.success(request, _("Allowed. Finance can publish these lines."))
        return redirect("budget", code=adjustment.review.code)
    shown = {"allow_refused": problems, "reason": reason}
    return budget_page.page(request, adjustment, budget_page.Form.of(adjustment), status=status, **shown)


@require_POST
def confirm(request, code, slug):
    """The department has it."""
    adjustment = budget_page.adjustment_of(request, code)
    found = [one for one in budget_receipts.departments(adjustment) if one.slug == slug]
    if not found or not budget_receipts.may_confirm(adjustment, found[0], by=request.user):
        raise Http404
    budget_receipts.confirm(adjustment, found[0], by=request.user, at=timezone.now())
    messages.success(request, _("Receipt confirmed."))
    return redirect("budget", code=code)


def _number(text: str) -> int:
    """A small number as a form sends it, else -1."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 9 else -1


@require_POST
def approve(request, code):
    """The word for one line above the limit."""
    adjustment = budget_page.adjustment_of(request, code)
    if not budget_approvals.may_limit(request.user):
        raise PermissionDenied(_("An executive who did not write the lines approves them."))
    number, version = (_number(request.POST.get(name, "")) for name in ("line", "version"))
    try:
        budget_approvals.approve(adjustment, number, version=version, by=request.user, at=timezone.now())
    except budget_approvals.CannotApprove as refusal:
        return _refused(request, adjustment, approve_refused=refusal.problems)
    messages.success(request, _("Approved."))
    return redirect("budget", code=code)


@require_POST
def limit(request, code):
    """Up to which amount Finance moves money alone."""
    adjustment = budget_page.adjustment_of(request, code)
    if not budget_approvals.may_limit(request.user):
        raise PermissionDenied(_("Executives set the limit."))
    typed = request.POST.get("limit", "")
    try:
        budget_approvals.set_limit(typed, currency=adjustment.currency, by=request.user, at=timezone.now())
    except budget_approvals.CannotApprove as refusal:
        return _refused(request, adjustment, limit_refused=refusal.problems, limit_typed=typed)
    messages.success(request, _("Saved."))
    return redirect("budget", code=code)


@require_POST
def stop(request, code):
    """The clock stands still, with a reason."""
    return _clock(
        request,
        code,
        lambda row, at: budget_stops.stop(row, request.POST.get("reason", ""), by=request.user, at=at),
        _("The clock stands still."),
    )


@require_POST
def go_on(request, code):
    """The clock runs again."""
    return _clock(
        request,
        code,
        lambda row, at: budget_stops.go_on(row, by=request.user, at=at),
        _("The clock runs again."),
    )


def _clock(request, code, do, said):
    adjustment = budget_page.adjustment_of(request, code)
    if not budget_approvals.may_limit(request.user):
        raise PermissionDenied(_("Only an executive stops the clock, and only while it runs."))
    try:
        do(adjustment, timezone.now())
    except budget_stops.CannotStop as refusal:
        return _refused(
            request, adjustment, stop_refused=refusal.problems, stop_reason=request.POST.get("reason", "")
        )
    messages.success(request, said)
    return redirect("budget", code=code)


def _refused(request, adjustment, **shown):
    form = budget_page.Form.of(adjustment)
    return budget_page.page(request, adjustment, form, status=UNPROCESSABLE, **shown)
