"""The living style page: every component in its states, for those who build pages."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from reviewhub.ui import samples


def style(request: HttpRequest) -> HttpResponse:
    """Visible where the software is developed or shown, absent where it is used."""
    company = getattr(request, "company", None)
    if not settings.DEBUG and not getattr(company, "is_demo", False):
        raise Http404
    if "toast" in request.GET:
        messages.success(request, samples.TOAST)
    template = "ui/style_stage.html" if "stage" in request.GET else "ui/style.html"
    return render(request, template, samples.context(request.GET))
