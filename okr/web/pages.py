"""The cascade of a cycle: the map, what is to be mended, one objective and one key result."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okr import carrying, cycles, gap_words, offers, pay_plans, scoring, setting
from okr import cascade as cascades
from okr.cascade import Cascade
from okr.linting import Finding
from okr.models import Cycle, KeyResult, six
from okr.reset import MILLION
from okr.web.cards import Cards, department_names, shown_progress, url_of
from okr.web.forms import MeasureForm
from reviewhub.people.permissions import may
from reviewhub.ui import figures

NODES = 50  # of one page of what is to be mended


def cycle_of(request, code: str) -> Cycle:
    return get_object_or_404(Cycle.objects.visible_to(request.user), code=code)


def seen(request, code: str) -> Cascade:
    return cascades.cascade(cycle_of(request, code), user=request.user, on=timezone.localdate())


@never_cache
@require_GET
def newest(request):
    """The cycle that the filter chose, else the one that is running, else the newest."""
    rows = Cycle.objects.visible_to(request.user)
    today = timezone.localdate()
    chosen = rows.filter(code=request.GET.get("cycle", ""))
    running = rows.filter(starts_on__lte=today, ends_on__gt=today).order_by("-starts_on")
    if row := chosen.first() or running.first() or rows.first():
        asked = {
            name: request.GET[name] for name in ("by", "department", "confidence") if request.GET.get(name)
        }
        query = f"?{urlencode(asked)}" if asked else ""
        return redirect(reverse("okr-cascade", args=[row.code]) + query)
    if request.user.is_partner:
        raise Http404
    return render(request, "okr/none.html", {"may_start": cycles.may_start(request.user)})


def frame(request, found: Cascade, view: str) -> dict:
    """What every page of a cycle shows around its content."""
    findings = found.findings()
    return {
        "okr_cycle": found.cycle,
        "cycles": Cycle.objects.visible_to(request.user),
        "views": [
            {
                "label": _("Cascade"),
                "url": reverse("okr-cascade", args=[found.cycle.code]),
                "active": view == "cascade",
            },
            {
                "label": _("To mend"),
                "url": reverse("okr-gaps", args=[found.cycle.code]),
                "active": view == "gaps",
                "count": len(findings),
            },
            *reset_view(request, found, view),
            *(
                []
                if request.user.is_partner
                else [
                    {
                        "label": pgettext("okr", "Offers"),
                        "url": reverse("okr-offers", args=[found.cycle.code]),
                        "active": view == "offers",
                        "count": len(offers.waiting(request.user, found.cycle)) or None,
                    },
                    {
                        "label": _("Coverage"),
                        "url": reverse("okr-coverage", args=[found.cycle.code]),
                        "active": view == "coverage",
                    },
                    {
                        "label": pgettext("okr", "Links"),
                        "url": reverse("okr-links", args=[found.cycle.code]),
                        "active": view == "links",
                    },
                ]
            ),
        ],
        "findings": findings,
        "counted": gap_words.counted(findings),
        "has_pay": pay_plans.concerns(request.user),
        "may_plan": may(request.user, "agenda.edit"),
        "may_set": any(
            not setting.set_problems(found.cycle, one, by=request.user)
            for one in [None, request.user.department]
        ),
    }


def reset_view(request, found: Cascade, view: str) -> list[dict]:
    """A partner has no part in the reset."""
    if request.user.is_partner:
        return []
    url, past = reverse("okr-reset", args=[found.cycle.code]), reverse("okr-past")
    return [
        {"label": pgettext("of a cycle", "Reset"), "url": url, "active": view == "reset"},
        {"label": _("Past cycles"), "url": past, "active": False},
    ]


@never_cache
@require_GET
def gaps(request, code):
    found, names = seen(request, code), department_names(request.user)
    context = frame(request, found, "gaps")
    by_node: dict[str, list[Finding]] = {}
    for one in context["findings"]:
        by_node.setdefault(one.node, []).append(one)
    context["page"] = Paginator(list(by_node.values()), NODES).get_page(request.GET.get("page"))
    context["rows"] = [
        {
            "finding": one,
            "span": len(own) if place == 0 else 0,
            "node": found.tree[one.node],
            "department": names.get(found.tree[one.node].department, ""),
            "url": url_of(found, one.node),
            "kind": gap_words.kind(one),
            "said": gap_words.sentence(one, found.tree, names),
            "advice": gap_words.advice(one),
        }
        for own in context["page"]
        for place, one in enumerate(own)
    ]
    return render(request, "okr/gaps.html", context)


def node_page(request, found: Cascade, key: str, template: str, more: dict, *, status: int = 200):
    """The page of one objective or key result, with its thread upwards and what stands below it."""
    if key not in found.tree.nodes:
        raise Http404
    names = department_names(request.user)
    context = frame(request, found, "cascade")
    own = found.analysis.findings_of.get(key, [])
    cards = Cards(found, names)
    context |= more | {
        "card": cards.card(key),
        "thread": [{"node": one, "url": url_of(found, one.key)} for one in reversed(found.tree.above(key))],
        "is_traced": found.tree.reaches_company(key),
        "own": [
            {
                "said": gap_words.sentence(one, found.tree, names),
                "advice": gap_words.advice(one),
                "finding": one,
            }
            for one in own
        ],
    }
    return render(request, template, context, status=status)


@never_cache
@require_GET
def objective(request, code, pk):
    from okr.web import offering  # noqa: PLC0415 - it words figures as this module does

    found = seen(request, code)
    row = found.objective(pk)
    if row is None:
        raise Http404
    closed = setting.set_problems(found.cycle, row.department, by=request.user)
    more = {"row": row, "closed": closed, **offering.of_row(request, row)}
    return node_page(request, found, cascades.objective_key(pk), "okr/objective.html", more)


@never_cache
@require_GET
def result(request, code, pk):
    return result_page(request, seen(request, code), pk)


def result_page(
    request, found: Cascade, pk: int, form: MeasureForm | None = None, *, ask_form=None, status: int = 200
):
    from okr.web import linking, offering  # noqa: PLC0415 - it shows its refusals on this page

    key, row = cascades.result_key(pk), found.result(pk)
    if row is None:
        raise Http404
    today = timezone.localdate()
    refused = setting.measure_problems(row, by=request.user)
    more = {
        "row": row,
        "closed": setting.set_problems(found.cycle, row.department, by=request.user),
        "facts": facts(found, row, today),
        "form": form or (None if refused else MeasureForm(initial={"on": today})),
        "measured": [
            {"row": one, "figure": written(six(one.value), row.unit)}
            for one in row.measurements.select_related("by").reverse()
        ],
        "not_measured_because": refused,
        **over_cycles(request, row),
        **linking.of_result(request, row, ask_form),
        **offering.of_row(request, row),
    }
    return node_page(request, found, key, "okr/result.html", more, status=status)


def over_cycles(request, row: KeyResult) -> dict:
    """The cycles before and the one after, as far as the reader may see them."""
    seen_ = [] if request.user.is_partner else carrying.pasts(row)
    told = [{"past": one, "score": shown_progress(_score(one.grade))[1]} for one in seen_]
    goes_on = None if request.user.is_partner else getattr(row, "goes_on", None)
    return {"pasts": told, "goes_on": goes_on, "is_zombie": len(told) >= carrying.ZOMBIE}


def _score(grade) -> Fraction | None:
    return None if grade is None or grade.score is None else Fraction(grade.score, MILLION)


def facts(found: Cascade, row: KeyResult, today: dt.date) -> dict:
    """Baseline, target, where it stands and how it is scored, as the reader writes figures."""
    key = cascades.result_key(row.pk)
    node, stand, progress = found.tree[key], found.standings[row.pk], found.progress[key]
    unit = figure_unit(row, stand.currency)
    end = node.end or found.cycle.ends_on
    return {
        "baseline": written(node.baseline, unit),
        "target": written(scoring.target_of(node), unit),
        "change": changed(row),
        "actual": written(stand.actual, unit),
        "until": stand.until and stand.until - dt.timedelta(days=1),
        "by_hand": stand.by_hand,
        "state": stand.state,
        "score": shown_progress(progress.measured)[1],
        "below": shown_progress(progress.below)[1],
        "known": shown_progress(progress.known)[1],
        "pace": shown_progress(scoring.expected(found.cycle.starts_on, end, today))[1],
        "last_day": end - dt.timedelta(days=1),
    }


def figure_unit(row: KeyResult, currency: str) -> str:
    unit = row.version.unit if row.version_id else row.unit
    return unit.replace("CCY", currency or "").strip()


def written(value: Decimal | None, unit: str) -> str:
    """Up to six decimals, no more than there are."""
    if value is None:
        return "–"
    places = max(0, -value.normalize().as_tuple().exponent)
    return f"{figures.number(value, min(places, 6), get_language() or 'en')} {unit}".strip()


def changed(row: KeyResult) -> str:
    """How far it is to move, in percent or in points; both with a question mark where nobody decided."""
    if row.change is None:
        return ""
    value, language = six(row.change), get_language() or "en"
    places = max(0, -value.normalize().as_tuple().exponent)
    if row.in_points:
        said = figures.signed(figures.number(value, places, language), value)
        return _("%(change)s percentage points") % {"change": said}
    return figures.signed_percent(value / 100, places, language)
