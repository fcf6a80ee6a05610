"""“Make it a task” at a product of the chart of growth against margin: metric, month and product are filled in."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions import from_figures, handover, suggested
from actions.followup import CannotRaise
from metrics.web.lifecycle_products import Listed, Products, address
from reviewhub.ui.htmx import UNPROCESSABLE

METRIC = "SAL_NET"
TEMPLATE = "actions/from_product.html"


@never_cache
@require_http_methods(["GET", "POST"])
def product_task(request):
    """The form, or the task that it makes; 404 for who does not see the chart, and for a product that is not on it."""
    page = Products(request)
    one = page.product(request.GET.get("sku", ""), request.GET.get("category", ""))
    if request.method != "POST":
        return form(request, page, one, filled_in(request, page, one))
    given = {name: request.POST.get(name, "") for name in ("title", "owner", "due")}
    try:
        row = from_figures.raise_from(METRIC, page.asked.month, **given, by=request.user, at=timezone.now())
    except CannotRaise as refusal:
        return form(request, page, one, given, problems=refusal.problems, status=UNPROCESSABLE)
    messages.success(request, _("It is a task now."))
    return redirect("action", row.pk)


def filled_in(request, page: Products, one: Listed) -> dict[str, str]:
    category, quadrant, _stage, now, _before, growth, *_rest = (cell.text for cell in one.cells)
    words = {
        "sku": one.product.sku,
        "category": category,
        "quadrant": quadrant,
        "month": page.told.month,
        "now": page.told.sales.short(one.product.now),
        "growth": growth,
    }
    return {
        "title": _("%(sku)s (%(category)s, %(quadrant)s), %(month)s: net sales %(now)s, growth %(growth)s")
        % words,
        "owner": str(from_figures.owner_of(METRIC, by=request.user).pk),
        "due": suggested.default_due(timezone.now()).isoformat(),
    }


def form(request, page: Products, one: Listed, given: dict[str, str], *, problems=(), status=200):
    open_ones = from_figures.already(METRIC, page.asked.month, reader=request.user)
    context = {
        "kicker": one.cells[1].text,
        "back": address(page.asked, quadrant=one.quadrant),
        "lead": f"{one.product.sku} · {page.told.month}",
        "facts": [(name, cell.text) for (name, _number), cell in zip(page.head, one.cells, strict=True)],
        "given": given,
        "people": handover.choices(request.user),
        "already": [row for row in open_ones if one.product.sku in row.title],
        "action": request.get_full_path(),
        "problems": problems,
    }
    return render(request, TEMPLATE, context, status=status)
