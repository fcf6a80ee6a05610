"""Shared KPIs: who answers for which figure together, declared by executives and data owners."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from metrics import boards, readings, shared_kpis
from metrics.boards.spec import Board, headline
from metrics.definitions import Definitions
from metrics.models import SharedKpi
from metrics.web.boards import Asked
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE

MOST_PAST = 50


class Departments(forms.ModelMultipleChoiceField):
    def label_from_instance(self, one) -> str:
        return one.name


class SharedForm(forms.Form):
    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    departments = Departments(
        label=gettext_lazy("Departments"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each of them answers for the whole figure."),
    )
    since = forms.DateField(
        label=gettext_lazy("From which day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    why = forms.CharField(
        label=gettext_lazy("Why together"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("One sentence; it stands beside the figure."),
    )

    def __init__(self, *args, user, names: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [("", _("Choose a metric")), *names.items()]
        self.fields["departments"].queryset = Department.objects.visible_to(user).active()

    @property
    def wish(self) -> shared_kpis.Wish:
        given = self.cleaned_data
        why = " ".join(given.get("why", "").split())
        owners = tuple(given.get("departments", ()))
        return shared_kpis.Wish(given.get("metric", ""), owners, given.get("since"), why)


@never_cache
@require_http_methods(["GET", "POST"])
def listed(request):
    """Those that stand and those that ended, with the form beside for who declares them. Nothing for a partner."""
    if request.user.is_partner:
        raise Http404
    names = named(request.user)
    if request.method == "GET":
        first = {"metric": request.GET.get("metric", ""), "since": timezone.localdate().replace(day=1)}
        return page(request, SharedForm(user=request.user, names=names, initial=first), names)
    form = SharedForm(request.POST, user=request.user, names=names)
    if form.is_valid():
        try:
            shared_kpis.declare(form.wish, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("shared-kpis")
        except shared_kpis.CannotShare as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field or None, sentence)
    return page(request, form, names, status=UNPROCESSABLE)


@never_cache
def strip(request):
    """The figures of all shared KPIs of a month, for the page that gathers them: it has its own questions to ask."""
    if request.user.is_partner:
        raise Http404
    asked = Asked(request, Board("execution", _("Shared KPIs"), (), gathers_shared=True))
    asked.board = shared_kpis.widened(asked.board, asked.shared)
    return render(request, "metrics/_board_shared.html", {"asked": asked, "page": asked.page})


@require_POST
def end(request, pk):
    row = get_object_or_404(SharedKpi.objects.visible_to(request.user), pk=pk)
    try:
        shared_kpis.end(row, on=timezone.localdate(), by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
    except shared_kpis.CannotShare as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
    return redirect("shared-kpis")


def named(user) -> dict[str, str]:
    """Code → name of every metric in use whose figures `user` may read."""
    known = Definitions.newest()
    rows = readings.open_metrics(user).enabled().distinct().values_list("code", flat=True)
    return {code: f"{known[code].name} · {code}" for code in rows if code in known}


def page(request, form, names, *, status=200):
    rows = SharedKpi.objects.visible_to(request.user).filter(metric__code__in=names)
    rows = rows.select_related("metric", "declared_by", "ended_by").prefetch_related("departments")
    own = {one.department: one.code for one in boards.open_boards(request.user) if one.department}
    shown = [
        {
            "row": row,
            "name": names[row.metric.code].rpartition(" · ")[0],
            "block": headline(row.metric.code).code,
            "owners": [(one, own.get(one.code, "")) for one in row.departments.all()],
        }
        for row in rows
    ]
    context = {
        "standing": [one for one in shown if one["row"].until is None],
        "past": [one for one in shown if one["row"].until][:MOST_PAST],
        "form": form if shared_kpis.may_declare(request.user) else None,
    }
    return render(request, "metrics/shared_kpis.html", context, status=status)
