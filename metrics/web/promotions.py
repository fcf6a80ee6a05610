"""The promotion calendar: everybody of the house reads it, administrators and data owners keep it."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from metrics import promotions as calendar
from metrics.dimensions import Members
from metrics.models import Promotion
from metrics.platforms import PLATFORMS
from metrics.regions import COUNTRIES
from reviewhub.ui import figures
from reviewhub.ui.htmx import UNPROCESSABLE

A_YEAR = dt.timedelta(days=364)  # the same weekday
DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class PromotionForm(forms.Form):
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=calendar.LONGEST_NAME)
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"),
        max_length=calendar.LONGEST_NAME,
        help_text=gettext_lazy("The same name in another year is the same promotion, wherever its days lie."),
    )
    first = forms.DateField(label=gettext_lazy("First day"), widget=DATE)
    last = forms.DateField(label=gettext_lazy("Last day"), widget=DATE)
    platforms = forms.MultipleChoiceField(
        label=gettext_lazy("Platforms"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all of them."),
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text=gettext_lazy("None chosen: all of them."),
    )

    def __init__(self, *args, parts: dict[str, dict], **kwargs):
        super().__init__(*args, **kwargs)
        for name, known in parts.items():
            self.fields[name].choices = list(known.items())

    @property
    def wish(self) -> calendar.Wish:
        given = self.cleaned_data
        parts = {name: tuple(given.get(name, ())) for name in ("platforms", "countries")}
        names = {name: given.get(name, "") for name in ("name_zh", "name_en")}
        return calendar.Wish(first=given.get("first"), last=given.get("last"), **names, **parts)

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field or None, sentence)


def known_parts() -> dict[str, dict[str, str]]:
    """Field → code → name of everything that a promotion can be bound to."""
    language, members = get_language() or "en", Members.of(("platform", "country"))
    zh = figures.is_chinese(language)
    platforms = {code: names[0 if zh else 1] for code, names in PLATFORMS.items()}
    countries = {name: names_zh if zh else name for _region, name, names_zh in COUNTRIES.values()}
    for row in members.rows:
        if row.dimension in ("platform", "country"):
            known = platforms if row.dimension == "platform" else countries
            known.setdefault(row.code, members.name(row.dimension, row.code))
    return {
        "platforms": platforms,
        "countries": dict(sorted(countries.items(), key=lambda item: item[1])),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def promotions(request, pk=None):
    """The calendar with the form beside it: empty, of the promotion `pk`, or with its days a year later (`again`)."""
    if request.user.is_partner:
        raise Http404
    row = get_object_or_404(Promotion.objects.visible_to(request.user), pk=pk) if pk else None
    parts = known_parts()
    if request.method == "GET":
        return page(request, row, PromotionForm(initial=initial(request, row), parts=parts), parts)
    form = PromotionForm(request.POST, parts=parts)
    if form.is_valid():
        try:
            calendar.keep(form.wish, by=request.user, at=timezone.now(), row=row)
            messages.success(request, _("Saved."))
            return redirect("promotions")
        except calendar.CannotKeep as refusal:
            form.explain(refusal.problems)
    return page(request, row, form, parts, status=UNPROCESSABLE)


def initial(request, row: Promotion | None) -> dict:
    again = request.GET.get("again", "")
    found = row
    if not row and again.isdecimal() and len(again) < 10:
        found = Promotion.objects.visible_to(request.user).filter(pk=again).first()
    if not found:
        return {}
    later = dt.timedelta() if row else A_YEAR
    fields = {name: getattr(found, name) for name in ("name_zh", "name_en", "platforms", "countries")}
    return fields | {
        "first": found.starts_on + later,
        "last": found.ends_on - dt.timedelta(days=1) + later,
    }


@require_POST
def remove(request, pk):
    row = get_object_or_404(Promotion.objects.visible_to(request.user), pk=pk)
    try:
        calendar.remove(row, by=request.user, at=timezone.now())
    except calendar.CannotKeep as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
        return redirect("promotions")
    messages.success(request, _("Removed from the calendar."))
    return redirect("promotions")


def page(request, row, form, parts, *, status=200):
    found = Promotion.objects.visible_to(request.user).select_related("changed_by")
    listed = [
        {
            "row": one,
            "where": [
                parts[name].get(code, code)
                for name in ("platforms", "countries")
                for code in getattr(one, name)
            ],
        }
        for one in found
    ]
    context = {
        "listed": listed,
        "row": row,
        "form": form,
        "keep_problems": calendar.keep_problems(by=request.user),
        "today": timezone.localdate(),
    }
    return render(request, "metrics/promotions.html", context, status=status)
