"""Proposing a definition in the browser: a change of a metric, or a new one, with its impact before it is sent."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metrics import proposals, variants
from metrics.definitions import Definitions
from metrics.dictionary_csv import EVERY_COLUMN
from metrics.dictionary_rows import cells
from metrics.models import Metric
from metrics.periods import Period
from metrics.proposal_checks import may_propose, names_of, open_version, problems_of
from metrics.proposal_import import next_month
from metrics.proposals import CannotPropose
from metrics.web import impact_words
from metrics.web.proposal_form import ProposalForm
from metrics.web.variants import name_of
from reviewhub.people.models import Department
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/propose.html"
# What a new metric is until somebody says otherwise.
NEW = {
    "tier": "support", "pack": "extended", "kind": "derived", "io": "output", "section": "sales", "engine": "app",
    "unit": "%", "value_type": "ratio", "decimals": "2", "direction": "up", "time_agg": "ratio_of_sums",
    "dim_agg": "non_additive", "grain": "month", "compare_as": "pp", "tz_rule": "TZ-C", "fx_rule": "NA",
    "incl_shipping": "NA", "incl_tax": "NA", "refund_rule": "NA",
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def propose(request, code):
    """The form over what holds now. POST with `preview` shows what it would change; without, it is proposed."""
    entry = get_object_or_404(Metric.objects.visible_to(request.user), code=code)
    return answered(request, entry, cells(open_version(entry)), names_of(entry))


@never_cache
@require_http_methods(["GET", "POST"])
def propose_metric(request):
    """The form of a metric that is not there yet."""
    home = request.user.department
    row = dict.fromkeys(EVERY_COLUMN, "") | NEW | {"owner_dept": home.code if home else ""}
    return answered(request, None, row | {"steward_dept": "FIN"}, [])


def answered(request, entry, row, aliases):
    if not may_propose(request.user) or (entry and entry.profile):
        raise Http404
    start = Period.containing(next_month(timezone.localdate()), "month")
    said = {"row": row, "aliases": aliases, "is_new": entry is None, "start": start}
    if request.method == "GET":
        return opened(request, entry, ProposalForm(**said), row)
    form = ProposalForm(request.POST, **said)
    is_right = checked(form, entry, by=request.user)
    if is_right and "preview" not in request.POST:
        return sent(request, entry, form)
    return page(request, entry, form, row, status=200 if is_right else 422)


def opened(request, entry, form: ProposalForm, row):
    """The empty form; `?variant=` fills in what that variant would change, of a metric that is there."""
    key = request.GET.get("variant", "")
    found = variants.proposed(row, key, Definitions.newest()) if entry and key else None
    if found:
        form.initial |= found[1]
    return page(request, entry, form, row, filled=name_of(found[0].codes) if found else "")


def checked(form: ProposalForm, entry, *, by) -> bool:
    """Whether the form can be proposed; every problem stands beside its field."""
    form.is_valid()
    if "effective_from" not in form.errors and form.start() is None:
        form.add_error("effective_from", _("This is not a period. Write it like 2026-12."))
    start = form.start()
    written = {"reason": form.cleaned_data.get("reason") or "–", "aliases": form.aliases(), "by": by}
    first = start.start if start else next_month(timezone.localdate())
    form.tell(problems_of(entry, form.cells(), effective_from=first, **written))
    return not form.errors


def sent(request, entry, form: ProposalForm):
    written = {"reason": form.cleaned_data["reason"], "aliases": form.aliases(), "by": request.user}
    try:
        made = proposals.propose(
            entry, form.cells(), effective_from=form.start().start, at=timezone.now(), **written
        )
    except CannotPropose as refusal:  # somebody was quicker
        form.tell(refusal.problems)
        return page(request, entry, form, form.row, status=422)
    messages.success(request, _("Proposed. The data owners of Finance and Technology decide."))
    return redirect("proposal", pk=made.pk)


def page(request, entry, form, row, *, status=200, filled=""):
    context = {
        "filled": filled,
        "metric": entry,
        "form": form,
        "version": open_version(entry) if entry else None,
    }
    context |= {"told": None, "diff": []}
    if form.is_bound and not form.errors:
        after, former = form.cells(), row if entry else {}
        context["diff"] = impact_words.diff(
            former, after, departments=Department.objects.visible_to(request.user)
        )
        said = {"former": former, "start": form.start().start, "user": request.user}
        context["told"] = impact_words.of(after["code"], after, **said)
    return fragment(request, TEMPLATE, context, status=status)
