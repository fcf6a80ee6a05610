"""Trust in the browser: the table of all metrics or kinds of file with the formula, and the three verbs of a badge."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from metrics import badges, dictionary_sheet, trust
from metrics.models import Metric, MetricVersion, Review, Trust
from metrics.web import dictionary, trust_words
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

FILES = "files"


@never_cache
@require_GET
def trust_table(request):
    """`?of=files` for kinds of file, `?review=` for another review than the newest; the lowest score first."""
    if request.user.is_partner:
        raise Http404
    rows = Trust.objects.visible_to(request.user)
    reviews = list(Review.objects.visible_to(request.user).filter(trust__in=rows).distinct())
    asked = request.GET.get("review", "")
    chosen = next((one for one in reviews if one.code == asked), None)
    if asked and chosen is None:
        raise Http404
    chosen = chosen or next(iter(reviews), None)
    is_of_files = request.GET.get("of") == FILES
    mine = rows.filter(review=chosen, metric__isnull=is_of_files) if chosen else rows.none()
    found = listed_files(mine, request.user) if is_of_files else listed_metrics(mine)
    context = {
        "reviews": reviews,
        "chosen": chosen,
        "is_of_files": is_of_files,
        "tabs": tabs(chosen, is_of_files),
        "rows": found,
        "heads": trust_words.labels().items(),
        "formula": trust_words.formula(),
        "bounds": {"good": trust.GOOD, "fair": trust.FAIR},
    }
    return fragment(request, "metrics/trust.html", context, ["scores"])


def tabs(chosen: Review | None, is_of_files: bool) -> list[dict]:
    base = f"{reverse('trust')}?review={chosen.code if chosen else ''}"
    return [
        {"label": _("Metrics"), "url": base, "active": not is_of_files},
        {"label": _("Kinds of file"), "url": f"{base}&of={FILES}", "active": is_of_files},
    ]


def lowest_first(one: dict) -> tuple:
    return one["score"] is None, one["score"] or 0, one["name"]


def listed_metrics(rows) -> list[dict]:
    """Each metric with its score, its parts and its badge."""
    on = badges.today(timezone.now())
    rows = list(rows.select_related("metric", "review"))
    versions = MetricVersion.objects.effective(on).filter(metric__in=[row.metric_id for row in rows])
    known = {one.metric_id: one for one in versions.select_related("owner_dept")}
    held = badges.standings(list(known.values()), on=on)
    found = []
    for row in rows:
        if version := known.get(row.metric_id):
            now = held[row.metric_id]
            found.append(
                trust_words.scored(row)
                | {
                    "name": version.name,
                    "code": row.metric.code,
                    "url": f"{reverse('metric', args=[row.metric.code])}#trust",
                    "owner": version.owner_dept.name,
                    "badge": trust_words.standing_said(now) if now.badge else "",
                    "badge_kind": trust_words.kind(now),
                    "is_asked": now.asked is not None,
                }
            )
    return sorted(found, key=lowest_first)


def listed_files(rows, user) -> list[dict]:
    """Each kind of file of each department with its score and its parts."""
    titles = trust_words.titles()
    departments = {one.pk: one.name for one in Department.objects.visible_to(user)}
    found = [
        trust_words.scored(row)
        | {
            "name": titles.get(row.profile, row.profile),
            "code": row.profile,
            "url": "",
            "owner": departments.get(row.department_id, ""),
        }
        for row in rows.select_related("review")
    ]
    return sorted(found, key=lowest_first)


# --- The badge ----------------------------------------------------------------------------------------------


@require_POST
def ask(request, code):
    version, sentence = in_force(request, code), request.POST.get("sentence", "")
    try:
        badges.ask(version, sentence, by=request.user, at=timezone.now())
    except badges.CannotBadge as refusal:
        return refused(request, code, refusal, typed_sentence=sentence)
    messages.success(request, _("Asked. The data owners are told."))
    return back(code)


@require_POST
def give(request, code):
    version = in_force(request, code)
    try:
        row = badges.give(version, by=request.user, at=timezone.now())
    except badges.CannotBadge as refusal:
        return refused(request, code, refusal)
    last = trust_words.day(badges.last_of(row))
    messages.success(request, _("Certified until %(last)s. Who asked is told.") % {"last": last})
    return back(code)


@require_POST
def end(request, code):
    version, reason = in_force(request, code), request.POST.get("reason", "")
    try:
        badges.take_back(version, reason, by=request.user, at=timezone.now())
    except badges.CannotBadge as refusal:
        return refused(request, code, refusal, typed_end=reason)
    messages.success(request, _("Done. Who asked is told."))
    return back(code)


def in_force(request, code) -> MetricVersion:
    """The definition of today; to a partner there is no badge."""
    if request.user.is_partner:
        raise Http404
    entry = get_object_or_404(Metric.objects.visible_to(request.user), code=code)
    versions = list(entry.versions.select_related(*dictionary.WITH_VERSIONS))
    return dictionary_sheet.in_force(versions, on=badges.today(timezone.now()))


def refused(request, code, refusal: badges.CannotBadge, **typed):
    return dictionary.shown(
        request, code, typed={"badge_problems": refusal.problems} | typed, status=UNPROCESSABLE
    )


def back(code):
    return redirect(f"{reverse('metric', args=[code])}#trust")
