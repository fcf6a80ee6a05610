"""The mapping page: what the columns of an unknown file mean, kept as a kind of file that is offered next time."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metrics import known_profiles, mapping, outcomes, reception
from metrics.intake.value_lists import CURRENCIES
from metrics.platforms import PLATFORMS
from metrics.web.imports import job_of
from metrics.web.upload_form import ENCODINGS
from reviewhub.people.permissions import may

ROLES = {
    "day": gettext_lazy("Date"),
    "order": gettext_lazy("Order number"),
    "currency": gettext_lazy("Currency"),
    "platform": gettext_lazy("Platform or store"),
    "country": gettext_lazy("Country"),
    "category": gettext_lazy("Category"),
    "channel": gettext_lazy("Channel"),
}
HOW = {
    "remembered": gettext_lazy("as in an earlier file"),
    "synonym": gettext_lazy("by its name"),
    "similar": gettext_lazy("similar name, please check"),
    "looks": gettext_lazy("the only column of dates"),
}
PROBLEMS = {
    "TWICE": gettext_lazy("Two columns are chosen as “%(target)s”; keep one of them."),
    "NO_FIGURE": gettext_lazy("Choose at least one column with a figure, or the order number."),
    "NO_CURRENCY": gettext_lazy("Amounts need a currency: choose its column, or name it below."),
    "NO_TITLE": gettext_lazy("Give this kind of file a name."),
    "EMPTY": gettext_lazy("The file has no rows."),
    "GONE": gettext_lazy("The file was deleted when its time was over. Upload it again."),
    "UNREADABLE": gettext_lazy("The file cannot be read (%(code)s). Try another encoding."),
}


class MappingForm(forms.Form):
    """What the file does not say itself; one choice per column is added."""

    title = forms.CharField(
        max_length=60,
        label=gettext_lazy("Name of this kind of file"),
        error_messages={"required": PROBLEMS["NO_TITLE"]},
    )
    currency = forms.ChoiceField(required=False, label=gettext_lazy("Currency of the amounts"))
    platform = forms.ChoiceField(required=False, label=gettext_lazy("Platform of all rows"))
    decimal = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Decimal mark"),
        choices=[("", gettext_lazy("As the file shows")), (".", "1234.56"), (",", "1234,56")],
    )
    date_order = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Order of dates"),
        choices=[("", gettext_lazy("As the file shows")), ("dmy", "31/12/2026"), ("mdy", "12/31/2026")],
    )

    def __init__(self, *args, draft, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft = draft
        none, language = [("", "–")], get_language() or "en"
        self.fields["currency"].choices = none + [(code, code) for code in CURRENCIES]
        names = [(code, zh if language.startswith("zh") else en) for code, (zh, en, _at) in PLATFORMS.items()]
        self.fields["platform"].choices = none + names
        self.fields["currency"].initial = draft.currency
        figures = [(one.metric.code, f"{one.name} · {one.metric.code}") for one in versions]
        offered = [("", _("leave out")), (_("About the row"), list(ROLES.items())), (_("Figures"), figures)]
        for column in draft.columns:
            guess = draft.guesses.get(column.place)
            self.fields[f"column-{column.place}"] = forms.ChoiceField(
                choices=offered,
                required=False,
                label=column.header,
                initial=guess.target if guess else "",
                widget=forms.Select({"class": "form-select"}),
            )

    def lines(self):
        """Each column of the file with its choice, why it was guessed, and its first cells."""
        for column in self.draft.columns:
            guess = self.draft.guesses.get(column.place)
            shown = [cell for cell in column.cells if cell][:3]
            yield {
                "bound": self[f"column-{column.place}"],
                "header": column.header,
                "cells": shown,
                "how": HOW[guess.how] if guess else "",
                "unsure": bool(guess) and guess.how == "similar",
            }

    def preview(self):
        """The first rows, as long as the table has named columns."""
        places = [column.place for column in self.draft.columns]
        return [[cells[at] if at < len(cells) else "" for at in places] for cells in self.draft.rows]

    def chosen(self, encoding: str) -> mapping.Mapping:
        given = self.cleaned_data
        targets = {
            c.header: given[f"column-{c.place}"] for c in self.draft.columns if given[f"column-{c.place}"]
        }
        common = {"encoding": encoding} if encoding else {}
        plain = {name: given[name] for name in ("title", "currency", "platform", "decimal", "date_order")}
        return mapping.Mapping(targets=targets, settings=common, **plain)


@never_cache
@require_http_methods(["GET", "POST"])
def import_map(request, pk):
    """GET the page of guesses; POST what was chosen: a saved profile, and the file again through it."""
    job = job_of(request, pk)
    if not may(request.user, "submission.edit", job.department) or job.outcome is None or job.submission_id:
        raise Http404
    encoding = request.GET.get("encoding", "") if request.GET.get("encoding") in ENCODINGS else ""
    versions = mapping.figures(job.department, on=timezone.localdate())
    try:
        draft = mapping.draft(job, on=timezone.localdate(), encoding=encoding)
    except mapping.CannotMap as refused:
        return page(request, job, None, encoding, worded(refused.problems))
    if request.method == "POST":
        return saved(request, job, draft, versions, encoding)
    return page(request, job, MappingForm(draft=draft, versions=versions), encoding)


def saved(request, job, draft, versions, encoding):
    form = MappingForm(request.POST, draft=draft, versions=versions)
    if not form.is_valid():
        return page(request, job, form, encoding, status=422)
    money = {one.metric.code for one in versions if one.value_type == "money"}
    try:
        new = mapping.save(job, form.chosen(encoding), money=money, by=request.user, at=timezone.now())
    except mapping.CannotMap as refused:
        return page(request, job, form, encoding, worded(refused.problems), status=422)
    except known_profiles.CannotSave as refused:
        return page(request, job, form, encoding, refused.problems, status=422)
    except reception.CannotReceive as refused:
        told = [outcomes.worded(one, get_language() or "en") for one in refused.document["findings"]]
        return page(request, job, form, encoding, [one["message"] for one in told], status=422)
    messages.success(request, _("The kind of file is saved; it is found by its headers next time."))
    return redirect("import", new.pk)


def worded(problems) -> list[str]:
    labels = {name: str(label) for name, label in ROLES.items()}
    return [
        str(PROBLEMS[code]) % {name: labels.get(value, value) for name, value in params.items()}
        for code, params in problems
    ]


def page(request, job, form, encoding, problems=(), status=200):
    context = {
        "job": job,
        "form": form,
        "problems": problems,
        "encoding": encoding,
        "encodings": ENCODINGS,
        "draft": form.draft if form else None,
    }
    return render(request, "metrics/mapping.html", context, status=status)
