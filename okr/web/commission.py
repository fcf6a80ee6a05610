"""The commission calculator: terms and figures are typed, what they pay is shown, and nothing is kept.

What is typed goes by POST alone, so that no amount stands in an address or a log.
"""

import datetime as dt

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from okr import payout
from okr.web.commission_forms import LineForms, PlanForm, example, share
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import fragment, refused

TEMPLATE, PARTS = "okr/commission.html", ["payout"]


@never_cache
@require_http_methods(["GET", "POST"])
def page(request):
    if request.user.is_partner or not may(request.user, "commission.view"):
        raise Http404
    if request.method == "GET":
        starts, ends = quarter(timezone.localdate())
        begun = {"base": "100000.00", "starts": starts, "ends": ends}
        context = {"form": PlanForm(initial=begun), "lines": LineForms(initial=example(), prefix="line")}
        return render(request, TEMPLATE, context | {"result": None})
    form, lines = PlanForm(request.POST), LineForms(request.POST, prefix="line")
    context = {"form": form, "lines": lines, "result": None}
    if not (form.is_valid() & lines.is_valid()):
        return refused(request, TEMPLATE, context, PARTS)
    return fragment(request, TEMPLATE, context | {"result": worked_out(form.cleaned_data, lines)}, PARTS)


def quarter(on: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the calendar quarter."""
    month = on.month - (on.month - 1) % 3
    after = dt.date(on.year + month // 10, (month + 2) % 12 + 1, 1)
    return dt.date(on.year, month, 1), after - dt.timedelta(days=1)


def worked_out(plan: dict, lines) -> dict:
    """What the page shows: each line, the sum, what is taken back, and what is paid; cents as amounts."""
    base, after = payout.cents(plan["base"] * 100), plan["ends"] + dt.timedelta(days=1)
    part = payout.part_of(plan["starts"], after, plan["joined"] or plan["starts"])
    paid = [payout.paid(base, one.line, one.reading, part) for one in lines if one.counts]
    earned = payout.total(paid)
    found = None if earned is None else payout.settled(earned, payout.cents((plan["owed"] or 0) * 100))
    elsewhere = payout.in_currency(found.due, share(plan["rate"] * 100)) if found and plan["rate"] else None
    return {
        "lines": [
            {
                "name": one.name,
                "factor": None if one.factor is None else float(one.factor),
                "own": amount(one.own),
                "partner": amount(one.partner),
            }
            for one in paid
        ],
        "earned": amount(earned),
        "owed": plan["owed"],
        "due": amount(found.due) if found else None,
        "left": amount(found.owed) if found and found.owed else None,
        "elsewhere": amount(elsewhere),
        "part": float(part) if part != 1 else None,
    }


def amount(found: int | None) -> float | None:
    return None if found is None else found / 100
