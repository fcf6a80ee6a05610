"""What a review agrees with a department: more time, and items set aside."""

import datetime as dt
import zoneinfo

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from metrics import checklist, deadlines
from metrics.models import Exemption, Review
from metrics.web import submissions
from reviewhub.people.models import Department


def addressed(request, slug: str, code: str) -> tuple[Department, Review]:
    """The department and review of an address; to who may not look at its data neither exists."""
    _first, departments = submissions.departments_of(request)
    department = next((one for one in departments if one.slug == slug), None)
    if department is None:
        raise Http404
    return department, get_object_or_404(Review.objects.visible_to(request.user), code=code)


def redisplayed(request, department, problems, **typed):
    """The data page again with what was typed and why it was refused."""
    return submissions.page(
        request,
        department,
        submissions.departments_of(request)[1],
        agreed={"agreement_problems": problems, **typed},
        status=422,
    )


def back(department: Department):
    return redirect(f"{reverse('submissions')}?department={department.slug}#checklist")


@require_POST
def extend(request, slug, code):
    department, review = addressed(request, slug, code)
    typed = request.POST.get("due_at", "")
    reason = request.POST.get("reason", "")
    try:
        deadlines.extend(
            review, department, moment(typed, review), reason, by=request.user, at=timezone.now()
        )
    except deadlines.CannotExtend as refusal:
        return redisplayed(request, department, refusal.problems, typed_due=typed, typed_reason=reason)
    messages.success(request, _("The department has more time. It is told, with your reason."))
    return back(department)


def moment(text: str, review: Review) -> dt.datetime | None:
    """A wall time of the company as a moment; None for what is not one."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found.replace(tzinfo=zoneinfo.ZoneInfo(review.time_zone)) if found and not found.tzinfo else None


@require_POST
def exempt(request, slug, code):
    department, review = addressed(request, slug, code)
    item, reason = request.POST.get("item", ""), request.POST.get("reason", "")
    try:
        checklist.exempt(review, department, item, reason, by=request.user, at=timezone.now())
    except checklist.CannotExempt as refusal:
        return redisplayed(request, department, refusal.problems, typed_item=item, typed_why=reason)
    messages.success(request, _("Set aside for this review."))
    return back(department)


@require_POST
def ask_again(request, pk):
    row = get_object_or_404(
        Exemption.objects.visible_to(request.user).select_related("review", "department"), pk=pk
    )
    try:
        checklist.ask_again(row, by=request.user, at=timezone.now())
    except checklist.CannotExempt as refusal:
        addressed(request, row.department.slug, row.review.code)
        return redisplayed(request, row.department, refusal.problems)
    return back(row.department)
