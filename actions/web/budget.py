"""The page of a review's budget adjustment: the 48 hours, the lines, saving and publishing."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions import budget, budget_clock, budget_lines
from actions.budget_lines import LONGEST, Typed
from actions.models import Action, BudgetAdjustment, reads_all
from actions.web.budget_panels import panels
from metrics.models import Metric
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

CODE = re.compile(r"[A-Z][A-Z0-9_]{2,}")
TEMPLATE = "actions/budget.html"
CONFLICT = 409
PARTS = ("budget-lines", "budget-standing")


@dataclass(frozen=True)
class Form:
    """What stands in the form: the typed lines, the version they began from, and "nothing changes"."""

    typed: list[Typed]
    version: int
    nothing: bool = False

    @classmethod
    def of(cls, adjustment: BudgetAdjustment) -> "Form":
        return cls(budget_lines.kept(adjustment), adjustment.version)

    @classmethod
    def sent(cls, data) -> "Form":
        columns = [data.getlist(name) for name in LONGEST]
        rows = [Typed.cleaned(**dict(zip(LONGEST, row, strict=True))) for row in zip(*columns, strict=False)]
        version = data.get("version", "")
        number = int(version) if version.isdecimal() and version.isascii() and len(version) < 9 else -1
        return cls(rows[: budget_lines.MOST + 1], number, data.get("nothing") == "yes")


def adjustment_of(request, code: str) -> BudgetAdjustment:
    """The clock of the review that counts, else the last one that was stopped; what one may not see is not there."""
    rows = BudgetAdjustment.objects.visible_to(request.user).filter(review__code=code)
    rows = rows.select_related("review", "published_by", "saved_by", "allowed_by")
    found = rows.standing().first() or rows.first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def budget_adjustment(request, code):
    adjustment = adjustment_of(request, code)
    if request.method != "POST":
        return page(request, adjustment, Form.of(adjustment))
    if not budget.may_publish(request.user):
        raise PermissionDenied(_("Only Finance writes the budget adjustment."))
    return answer(request, adjustment, Form.sent(request.POST))


def answer(request, adjustment, form: Form):
    """Save or publish, and lead back to the page; add, remove and check only draw the form anew."""
    do, typed = request.POST.get("do", "save"), form.typed
    if request.POST.get("remove", "").isdecimal():
        typed = [row for number, row in enumerate(typed) if str(number) != request.POST["remove"]]
    if do not in ("save", "publish") or "remove" in request.POST:
        more = [Typed()] if do == "add" else []
        return page(request, adjustment, Form([*typed, *more], form.version, form.nothing), as_typed=True)
    try:
        write(do, adjustment, form, by=request.user, at=timezone.now())
    except budget.CannotSave as refusal:
        return page(request, adjustment, form, problems=refusal.problems, status=UNPROCESSABLE)
    except budget.Stale as late:
        mine = Form(typed, late.adjustment.version, form.nothing)
        return page(request, late.adjustment, mine, other=late.adjustment, status=CONFLICT)
    said = _("Saved. It is a draft until you publish it.") if do == "save" else _("Published.")
    messages.success(request, said)
    return redirect("budget", code=adjustment.review.code)


def write(do: str, adjustment, form: Form, *, by, at) -> None:
    if do == "save":
        budget.save_draft(adjustment, form.typed, version=form.version, by=by, at=at)
    else:
        budget.publish(adjustment, form.typed, version=form.version, by=by, at=at, nothing=form.nothing)


def page(request, adjustment, form: Form, *, problems=(), other=None, status=200, as_typed=False, **more):
    """The whole page, or the part that a script asks for."""
    user, lines = request.user, budget_lines.read_lines(form.typed, adjustment.currency)
    writes = budget.may_publish(user) and (adjustment.is_open or other is not None)
    context = {
        "adjustment": adjustment,
        "now": timezone.now(),
        "late_s": budget_clock.late_s(adjustment.due(timezone.now()), timezone.now()),
        "form": form,
        "rows": rows(form.typed, adjustment.currency, as_typed) if writes else [],
        "blank": rows([Typed()], adjustment.currency, True),
        "shown": shown_lines(adjustment, user),
        "has_lines": bool(lines),
        "totals": budget_lines.totals(lines),
        "saved_totals": budget_lines.totals(
            budget_lines.read_lines(budget_lines.kept(adjustment), adjustment.currency)
        ),
        "is_whole": reads_all(user),
        "writes": writes,
        "problems": problems,
        "publish_problems": budget.publish_problems(adjustment, lines, by=user, nothing=form.nothing),
        "other": other,
        "actions": related_actions(adjustment, user),
    }
    context |= panels(adjustment, lines, user, at=timezone.now())
    return fragment(request, TEMPLATE, context | more, PARTS, status=status)


def rows(typed, currency: str, as_typed: bool) -> list[budget_lines.Line]:
    """Every line with what stands against it; a blank one at the end to write in."""
    more = [] if as_typed else [Typed()]
    return [budget_lines.read_line(each, currency) for each in [*typed, *more]]


def shown_lines(adjustment, user) -> list:
    """The stored lines as far as the reader may see them."""
    lines = adjustment.lines.visible_to(user).select_related("action").order_by("position")
    known = Metric.objects.visible_to(user).filter(
        code__in={one for row in lines for one in CODE.findall(row.note)}
    )
    codes = set(known.values_list("code", flat=True))
    return [
        {"row": row, "typed": budget_lines.as_typed(row), "evidence": evidence(row.note, codes)}
        for row in lines
    ]


def evidence(note: str, codes: set[str]) -> list[dict[str, str]]:
    """The words of a note; those that name a metric lead to its page."""
    return [
        {"text": word, "url": reverse("metric", args=[code]) if (code := word.lstrip("#")) in codes else ""}
        for word in note.split()
    ]


def related_actions(adjustment, user):
    """The review's actions about the budget, whose numbers a line may name."""
    found = Action.objects.visible_to(user).filter(review=adjustment.review_id)
    return found.filter(metric__code__startswith="FIN_BUD").select_related("owner").order_by("id")
