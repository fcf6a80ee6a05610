"""The page of the company's name, time zone, second factor and colours, for administrators."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewhub.people import settling, zones
from reviewhub.people.models import ColourMeaning, Company, SecondFactor
from reviewhub.people.web.people import checked
from reviewhub.people.web.staffing_forms import Explained
from reviewhub.ui.htmx import UNPROCESSABLE

PICKER = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}


class CompanyForm(Explained):
    name = forms.CharField(label=gettext_lazy("Name of the company"), max_length=120, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"), max_length=64, widget=forms.TextInput(PICKER)
    )
    second_factor = forms.ChoiceField(
        label=gettext_lazy("Second factor required for"),
        choices=SecondFactor.choices,
        widget=forms.RadioSelect,
    )
    colours = forms.ChoiceField(
        label=gettext_lazy("Meaning of colours"), choices=ColourMeaning.choices, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "HEAD", "POST"])
def company(request):
    checked(request)
    kept = request.company or Company()
    form = CompanyForm(
        request.POST or None, initial={field: getattr(kept, field) for field in settling.FIELDS}
    )
    if request.method == "POST" and form.is_valid():
        try:
            settling.settle(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("company")
        except settling.CannotSettle as refusal:
            form.explain(refusal.problems)
    context = {"form": form, "zones": zones.listed(get_language(), timezone.now())}
    return render(request, "people/company.html", context, status=UNPROCESSABLE if form.is_bound else 200)
