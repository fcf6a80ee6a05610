"""What came of past cycles as a page, and starting a cycle."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from okr import cycles, history
from okr.models import Cycle, Grade
from okr.setting import CannotSet
from okr.web.cards import shown_progress
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE

MOST = 12  # cycles of one page: three years of quarters


class CycleForm(forms.Form):
    length = forms.ChoiceField(label=gettext_lazy("How long"), choices=Cycle.Length.choices)
    day = forms.DateField(
        label=gettext_lazy("A day in it"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The quarter, half or whole year of this day."),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def start(request):
    if not cycles.may_start(request.user):
        raise Http404
    at = timezone.now()
    form = CycleForm(request.POST or None, initial={"day": timezone.localdate(at), "length": "quarter"})
    if request.method == "POST" and form.is_valid():
        try:
            made = cycles.start(form.cleaned_data["length"], form.cleaned_data["day"], by=request.user, at=at)
        except CannotSet as refusal:
            for name, sentence in refusal.problems.items():
                form.add_error(name or None, sentence)
        else:
            messages.success(
                request, _("%(cycle)s is there; now say what is to be reached.") % {"cycle": made.code}
            )
            return redirect("okr-cascade", made.code)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "okr/start.html", {"form": form}, status=status)


@never_cache
@require_GET
def past(request):
    """Every scored cycle with its departments; nothing for a partner."""
    if request.user.is_partner:
        raise Http404
    scored = list(Cycle.objects.visible_to(request.user).filter(reset__isnull=False)[:MOST])
    found = history.by_cycle(scored)
    names = {one.pk: one.name for one in Department.objects.order_by("position", "pk")}
    rows = []
    for cycle, departments in found.items():
        every = [one for grades in departments.values() for one in grades]
        rows.append(
            {
                "cycle": cycle,
                "whole": told(every),
                "departments": [
                    {"name": _("The whole company") if pk is None else names[pk], **told(departments[pk])}
                    for pk in [None, *names]
                    if pk in departments
                ],
            }
        )
    context = {"rows": rows, "causes": list(Grade.Cause.labels), "may_start": cycles.may_start(request.user)}
    return render(request, "okr/past.html", context)


def told(grades: list[Grade]) -> dict:
    found = history.summary(grades)
    return {
        "count": found.count,
        "known": found.known,
        "mean": shown_progress(found.mean)[1],
        "hits": shown_progress(found.hits)[1],
        "causes": [found.causes[one] for one in Grade.Cause.values],
    }


def range_words(department_id: int | None) -> str:
    """How far key results of a department came before, for whoever types a target; "" where too few are known."""
    found = history.hit_range(department_id)
    if found is None:
        return ""
    said = {name: shown_progress(getattr(found, name))[1] for name in ("low", "middle", "high")}
    said["count"] = found.count
    return (
        _(
            "%(count)s earlier key results here: half came to %(low)s to %(high)s, the middle one to %(middle)s."
        )
        % said
    )
