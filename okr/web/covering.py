"""The page of coverage: each figure with its formula, and what stands behind it; the same as CSV."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from metrics.exports import csv_bytes
from okr import coverage, offers
from okr.cascade import Cascade
from okr.coverage import Figure
from okr.models import Offer
from okr.web import editing, offering, pages
from okr.web.cards import url_of
from reviewhub.people.models import Department, User

MOST_DAYS = 90


@dataclass(frozen=True)
class Covered:
    """A cascade with its figures and what they count."""

    found: Cascade
    days: int
    agreed: set[tuple[str, str]]
    departments: list[Department]
    figures: list[Figure]


def seen(request, code: str) -> Covered:
    """`?days=`: after how many days an offer counts as late."""
    editing.own_cycle(request, code)
    found, asked = pages.seen(request, code), request.GET.get("days", "")
    usual = offers.ANSWER_IN.days
    days = int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:5]) <= MOST_DAYS else usual
    departments = list(Department.objects.active().exclude(kind=Department.Kind.PARTNER))
    people = User.objects.visible_to(request.user).active().select_related("department")
    agreed, all_offers = found.cycle.offers.agreed_pairs(), found.cycle.offers
    before = timezone.now() - dt.timedelta(days=days)
    figures = coverage.figures(
        found.tree,
        agreed=agreed,
        departments=[one.code for one in departments],
        people=[one.pk for one in people if not one.is_partner],
        late=all_offers.unanswered(before).count(),
        open_offers=all_offers.open().count(),
    )
    return Covered(found, days, agreed, departments, figures)


def words(code: str, days: int) -> tuple[str, str]:
    """What a figure is called, and its formula."""
    return {
        coverage.COMPANY_CONSENTED: (
            _("Key results of the company that somebody carries by consent"),
            _(
                "with a key result below, or helping, that both sides accepted ÷ all key results of the company"
            ),
        ),
        coverage.DEPARTMENTS_CONTRIBUTING: (
            _("Departments that contribute"),
            _("with a key result whose parents, or what it helps, lead to the company ÷ all departments"),
        ),
        coverage.PEOPLE_TRACED: (
            _("People whose work traces to the company"),
            _("owners of a task or key result whose parents lead to the company ÷ all colleagues"),
        ),
        coverage.OFFERS_LATE: (
            _("Offers without an answer for more than %(days)s days") % {"days": days},
            _("open offers whose last terms are older than that ÷ all open offers"),
        ),
    }[code]


@never_cache
@require_GET
def page(request, code):
    seen_ = seen(request, code)
    found = seen_.found
    context = pages.frame(request, found, "coverage") | {
        "days": seen_.days,
        "rows": [
            {"figure": one, "percent": percent(one), "said": words(one.code, seen_.days)}
            for one in seen_.figures
        ],
        "tops": [
            {
                "node": one,
                "url": url_of(found, one.key),
                "carriers": len(coverage.carriers(found.tree, one.key)),
                "wanted": len(coverage.wanted(found.tree, one.key, seen_.agreed)),
            }
            for one in coverage.company_results(found.tree)
        ],
        "departments": [
            {"name": one.name, "count": len(coverage.contributing(found.tree, one.code))}
            for one in seen_.departments
        ],
        "late": late_lines(request, seen_),
    }
    return render(request, "okr/coverage.html", context)


def late_lines(request, seen_: Covered) -> list[dict]:
    """The late ones among those that the reader may see."""
    before = timezone.now() - dt.timedelta(days=seen_.days)
    rows = Offer.objects.visible_to(request.user).filter(cycle=seen_.found.cycle).unanswered(before)
    return [offering.line(one, request.user) for one in offers.shown(rows).order_by("changed_at", "pk")]


@never_cache
@require_GET
def csv(request, code):
    seen_ = seen(request, code)
    head = [_("Figure"), _("Count"), _("of"), _("Share in %"), _("Formula")]
    rows = [[*_csv_row(one, seen_.days)] for one in seen_.figures]
    tops = [
        [one.title, len(coverage.wanted(seen_.found.tree, one.key, seen_.agreed))]
        for one in coverage.company_results(seen_.found.tree)
    ]
    own = [[one.name, len(coverage.contributing(seen_.found.tree, one.code))] for one in seen_.departments]
    answer = HttpResponse(csv_bytes(head, [*rows, *tops, *own]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="coverage-{seen_.found.cycle.code}.csv"'
    return answer


def _csv_row(figure: Figure, days: int) -> list:
    name, formula = words(figure.code, days)
    share = percent(figure)
    return [name, figure.count, figure.whole, "" if share is None else f"{share:.1f}", formula]


def percent(figure: Figure) -> Decimal | None:
    return None if figure.share is None else 100 * Decimal(figure.count) / figure.whole
