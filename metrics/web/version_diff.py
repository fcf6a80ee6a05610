"""What changed between two versions of one period, for those who may see both."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from metrics import version_diff
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.models import Submission
from metrics.web import version as version_page

LABELS = {
    "country": _("Country"),
    "platform": _("Platform"),
    "category": _("Category"),
    "channel": _("Channel"),
}


@never_cache
def diff(request, pk):
    after = version_page.version(request, pk)
    series = Submission.objects.visible_to(request.user).of_series(after).exclude(pk=after.pk)
    others = list(series.order_by("number"))
    asked = request.GET.get("against", "")
    chosen = next((one for one in others if str(one.pk) == asked), None)
    if asked and chosen is None:
        raise Http404
    earlier = [one for one in others if one.number < after.number]
    before = chosen or next(iter(reversed(earlier)), None)
    context = {
        "row": after,
        "before": before,
        "others": others,
        "list_url": version_page.list_url(request.user, after),
    }
    if before is not None:
        context |= changes(before, after, request.GET.get("by", ""))
    return render(request, "metrics/version_diff.html", context)


def changes(before: Submission, after: Submission, by: str) -> dict:
    """Totals, and the members of one dimension, each with its name and places."""
    definitions = Definitions.on(after.period_start)
    dimensions = version_diff.dimensions_of(before, after)
    by = by if by in dimensions else next(iter(dimensions), "")
    listed, count = version_diff.by_member(before, after, by) if by else ([], 0)
    members = Members.of([by]) if by else None
    return {
        "totals": [shown(one, definitions, after) for one in version_diff.totals(before, after)],
        "members": [
            shown(one, definitions, after) | {"member": members.name(by, one.member) or "–"} for one in listed
        ],
        "member_count": count,
        "by_label": LABELS.get(by, ""),
        "switch": [
            {"label": LABELS[name], "url": f"?against={before.pk}&by={name}", "active": name == by}
            for name in dimensions
        ],
    }


def shown(change: version_diff.Change, definitions: Definitions, row: Submission) -> dict:
    definition = definitions.get(change.code)
    is_money = bool(definition and definition.value_type == "money")
    return {
        "change": change,
        "name": definition.name if definition else change.code,
        "places": 2 if is_money else 0,
        "unit": row.currency if is_money else "",
    }
