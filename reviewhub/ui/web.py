"""The living style page: every component in its states, for those who build pages."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reviewhub.ui import samples


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name of the metric"), help_text=_("As it is said in the meeting."))
    due_on = forms.DateField(label=_("Due"), widget=forms.DateInput(attrs={"type": "date"}))
    unit = forms.ChoiceField(label=_("Unit"), choices=[("money", _("Money")), ("count", _("Count"))])
    note = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    shared = forms.BooleanField(label=_("Partners may see it"), required=False)


@login_not_required
def style(request: HttpRequest) -> HttpResponse:
    """Visible where the software is developed or shown, absent where it is used."""
    company = getattr(request, "company", None)
    if not settings.DEBUG and not getattr(company, "is_demo", False):
        raise Http404
    if "toast" in request.GET:
        messages.success(request, samples.TOAST)
        messages.error(request, _("The file is larger than 256 MB."))
    page = "ui/style_stage.html" if "stage" in request.GET else "ui/style.html"
    form = SampleForm({"due_on": "2026-13-01", "unit": "money"})
    return render(request, page, samples.context(request.GET, timezone.now()) | {"form": form})
