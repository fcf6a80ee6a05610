"""Proposals in the browser: the list, the page of one with its discussion and impact, and the decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from metrics import proposals as verbs
from metrics import uses
from metrics.models import Metric, Proposal
from metrics.proposal_checks import before_of, may_decide, may_propose, row_of
from metrics.proposals import CannotDecide
from metrics.web import impact_words
from reviewhub.people.models import Department
from reviewhub.ui.htmx import fragment

TABS = ("open", "decided")
MOST = 200


def seen(user):
    rows = Proposal.objects.visible_to(user)
    return rows.select_related(
        "metric",
        "base__metric",
        "base__owner_dept",
        "base__steward_dept",
        "proposed_by",
        "decided_by",
        "peak_by",
        "version",
    )


@never_cache
def proposals(request):
    """What waits for a decision, and what was decided lately."""
    if request.user.is_partner:
        raise Http404
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "open"
    rows = seen(request.user)
    waiting = rows.waiting().count()
    chosen = (
        rows.waiting() if tab == "open" else rows.exclude(state=Proposal.State.OPEN).order_by("-decided_at")
    )
    labels = {"open": _("Waiting"), "decided": _("Decided")}
    context = {
        "rows": [line(row) for row in chosen[:MOST]],
        "tab": tab,
        "tabs": [
            {
                "label": labels[one],
                "url": f"?tab={one}",
                "active": one == tab,
                "count": waiting if one == "open" else None,
            }
            for one in TABS
        ],
        "may_propose": may_propose(request.user),
        "may_decide": may_decide(request.user),
    }
    return fragment(request, "metrics/proposals.html", context)


def line(row: Proposal) -> dict:
    """A row of the list: its name, and which columns change."""
    columns = [impact_words.words.COLUMNS[column] for column in row.changes]
    if row.aliases is not None:
        columns.append(impact_words.words.COLUMNS["aliases"])
    return {"row": row, "name": name_of(row), "columns": columns[:3], "more": max(0, len(columns) - 3)}


def name_of(row: Proposal) -> str:
    """The name in the reader's language, as it would be."""
    column = "name_zh" if impact_words.get_language().startswith("zh") else "name_en"
    return row.changes.get(column) or (getattr(row.base, column) if row.base else row.code)


@never_cache
def proposal(request, pk):
    return page(request, get_object_or_404(seen(request.user), pk=pk))


def page(request, row, *, problems=(), comment="", note="", reason="", peak_reason="", status=200):
    user, now, before = request.user, timezone.now(), before_of(row)
    after = before | row.changes if not row.is_open else row_of(row)
    departments = list(Department.objects.visible_to(user))
    said = {"former": before, "start": row.effective_from, "user": user}
    impact = impact_words.of(row.code, after, **said) if row.is_open else None
    context = {
        "row": row,
        "name": name_of(row),
        "diff": impact_words.diff(before, before | row.changes, departments=departments),
        "aliases": aliases(row),
        "told": impact,
        "uses": uses.of([row.code], user),
        "comments": row.comments.select_related("author"),
        "approve_problems": verbs.approve_problems(row, by=user, at=now) if row.is_open else [],
        "may_allow": row.is_open and not verbs.allow_problems(row, by=user, at=now),
        "peak_problems": verbs.peak_problems(row, at=now),
        "may_withdraw": not verbs.withdraw_problems(row, by=user),
        "may_decide": may_decide(user),
        "problems": problems,
        "comment": comment,
        "note": note,
        "reason": reason,
        "peak_reason": peak_reason,
    }
    return fragment(request, "metrics/proposal.html", context, ["discussion"], status=status)


def aliases(row: Proposal) -> dict | None:
    """Other names that come and go with an open proposal."""
    if row.aliases is None:
        return None
    held = [alias.text for alias in row.metric.aliases.all()] if row.metric and row.is_open else []
    return {
        "gone": [text for text in held if text not in row.aliases],
        "come": [text for text in row.aliases if text not in held],
    }


@require_POST
def comment_proposal(request, pk):
    row, text = get_object_or_404(seen(request.user), pk=pk), request.POST.get("text", "")
    try:
        verbs.comment(row, text, by=request.user, at=timezone.now())
    except CannotDecide as refusal:
        return page(request, row, problems=refusal.problems, comment=text, status=422)
    return redirect(reverse("proposal", args=[row.pk]) + "#discussion")


@require_POST
def approve_proposal(request, pk):
    row, note = decidable(request, pk), request.POST.get("note", "")
    try:
        version = verbs.approve(row, by=request.user, at=timezone.now(), note=note)
    except CannotDecide as refusal:
        return refused(request, row, refusal, note=note)
    messages.success(request, _("Approved: version %(number)s.") % {"number": version.number})
    return redirect("proposal", pk=row.pk)


@require_POST
def reject_proposal(request, pk):
    row, reason = decidable(request, pk), request.POST.get("reason", "")
    try:
        verbs.reject(row, reason, by=request.user, at=timezone.now())
    except CannotDecide as refusal:
        return refused(request, row, refusal, reason=reason)
    messages.success(request, _("Rejected. Who proposed it sees your sentence."))
    return redirect("proposal", pk=row.pk)


@require_POST
def withdraw_proposal(request, pk):
    row = get_object_or_404(seen(request.user), pk=pk)
    try:
        verbs.withdraw(row, by=request.user, at=timezone.now())
    except CannotDecide as refusal:
        return refused(request, row, refusal)
    messages.success(request, _("Withdrawn."))
    return redirect("proposals")


@require_POST
def allow_proposal(request, pk):
    """An executive lets it take effect within a peak season."""
    row, reason = get_object_or_404(seen(request.user), pk=pk), request.POST.get("peak_reason", "")
    try:
        verbs.allow_in_peak(row, reason, by=request.user, at=timezone.now())
    except CannotDecide as refusal:
        return refused(request, row, refusal, peak_reason=reason)
    messages.success(request, _("Allowed within the peak season. It is still to be approved."))
    return redirect("proposal", pk=row.pk)


def decidable(request, pk) -> Proposal:
    """The proposal to decide on; who does not govern the dictionary cannot ask."""
    row = get_object_or_404(seen(request.user), pk=pk)
    if not may_decide(request.user):
        raise Http404
    return row


def refused(request, row, refusal, **typed):
    """409 when it was decided meanwhile, else 422; the page as it stands now."""
    fresh = get_object_or_404(seen(request.user), pk=row.pk)
    return page(request, fresh, problems=refusal.problems, status=422 if fresh.is_open else 409, **typed)


@require_POST
def watch_metric(request, code):
    """Watch a metric, or no longer."""
    entry = get_object_or_404(Metric.objects.visible_to(request.user), code=code)
    if request.user.is_partner:
        raise Http404
    if request.POST.get("watch") == "1":
        verbs.watch(entry, by=request.user, at=timezone.now())
    else:
        verbs.unwatch(entry, by=request.user)
    return redirect("metric", code=entry.code)
