"""The calendar of the company in the browser: its holidays and the weekends that are worked, for administrators."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from reviewhub.people import company_days, workdays
from reviewhub.people.models import CompanyDays
from reviewhub.people.web.people import checked
from reviewhub.people.web.staffing_forms import Explained
from reviewhub.ui.htmx import UNPROCESSABLE

DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
PLAIN = forms.TextInput({"autocomplete": "off", "spellcheck": "false"})


class DaysForm(Explained):
    name_zh = forms.CharField(
        label=gettext_lazy("Name in Chinese"), max_length=company_days.LONGEST_NAME, required=False
    )
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"), max_length=company_days.LONGEST_NAME, required=False
    )
    first = forms.DateField(label=gettext_lazy("First day off"), widget=DATE, required=False)
    last = forms.DateField(label=gettext_lazy("Last day off"), widget=DATE, required=False)
    make_ups = forms.CharField(
        label=gettext_lazy("Weekends that are worked for it"),
        max_length=200,
        required=False,
        widget=PLAIN,
        help_text=gettext_lazy("As the notice writes them: 2026-09-20, 2026-10-10."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def days(request):
    checked(request)
    form = DaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            company_days.keep(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("company-days")
        except company_days.CannotKeepDays as refusal:
            form.explain(refusal.problems)
    context = {"form": form, "years": by_year(timezone.localdate())}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "people/company_days.html", context, status=status)


def by_year(on: dt.date) -> list[dict]:
    """The years with their entries, the latest first; each entry says how many days it is of and whether it is over."""
    found: dict[int, list] = {}
    for row in CompanyDays.objects.order_by("first_on", "id"):
        length = len(workdays.span(row.first_on, row.last_on))
        entry = {"row": row, "days": length, "over": row.last_on < on}
        found.setdefault(row.first_on.year, []).append(entry)
    return [{"year": year, "entries": found[year]} for year in sorted(found, reverse=True)]


@require_POST
def remove(request, pk):
    checked(request)
    company_days.remove(pk, by=request.user, at=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("company-days")
