"""Peak seasons in the browser: everybody of the house reads them, data owners and executives decide about them."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from metrics import peak_seasons as seasonal
from metrics import readings
from metrics.boards import BOARDS
from metrics.definitions import Definitions
from metrics.models import PeakSeason
from metrics.peaks import Limit
from metrics.web import peak_words
from metrics.web.promotions import DATE, known_parts
from reviewhub.people.models import User
from reviewhub.ui.htmx import UNPROCESSABLE

A_YEAR = dt.timedelta(days=364)  # the same weekday
DAYS = ("prepares", "starts", "ends", "settles")
SPARE = 2
MISSING = Decimal("NaN")


class SeasonForm(forms.Form):
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=seasonal.LONGEST_NAME)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=seasonal.LONGEST_NAME)
    prepares = forms.DateField(label=gettext_lazy("First day of getting ready"), widget=DATE)
    starts = forms.DateField(label=gettext_lazy("First day of the peak"), widget=DATE)
    ends = forms.DateField(label=gettext_lazy("Last day of the peak"), widget=DATE)
    settles = forms.DateField(
        label=gettext_lazy("Last day of the season"),
        widget=DATE,
        help_text=gettext_lazy("When returns and late parcels are through."),
    )
    decided_by = forms.ChoiceField(label=gettext_lazy("Who decided"))
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
        self.people = {str(one.pk): one for one in seasonal.deciders()}
        self.fields["decided_by"].choices = [(key, one.display_name) for key, one in self.people.items()]

    def wish(self, limits: dict[str, Limit]) -> seasonal.Wish:
        given = self.cleaned_data
        plain = {name: given.get(name) for name in DAYS} | {
            name: given.get(name, "") for name in ("name_zh", "name_en")
        }
        parts = {name: tuple(given.get(name, ())) for name in ("platforms", "countries")}
        return seasonal.Wish(
            **plain, **parts, limits=limits, decided_by=self.people.get(given.get("decided_by"))
        )


class LimitForm(forms.Form):
    """One metric with the lowest and the highest figure, as people write it: 3 is 3 % of a rate."""

    metric = forms.ChoiceField(label=gettext_lazy("Metric"), required=False)
    low = forms.CharField(label=gettext_lazy("From"), max_length=20, required=False)
    high = forms.CharField(label=gettext_lazy("To"), max_length=20, required=False)

    def __init__(self, *args, definitions: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.definitions = definitions
        self.fields["metric"].choices = [("", "–")] + [
            (code, peak_words.asked_for(one)) for code, one in definitions.items()
        ]
        for name in ("low", "high"):
            self.fields[name].widget.attrs |= {
                "inputmode": "decimal",
                "autocomplete": "off",
                "placeholder": self.fields[name].label,
            }

    def clean(self):
        given = super().clean()
        ends = {name: _number(given.get(name, "")) for name in ("low", "high")}
        for name, value in ends.items():
            if value is not None and not value.is_finite():
                self.add_error(name, _("This is no number."))
        definition = self.definitions.get(given.get("metric"))
        if definition is None:
            if any(value is not None for value in ends.values()) and not self.errors:
                self.add_error("metric", _("Say of which metric."))
            return given
        if all(value is None for value in ends.values()):
            self.add_error("low", _("Give a lowest or a highest figure."))
        of_change = seasonal.bounds_change(definition)
        scale = -2 if of_change or definition.is_ratio else 0
        if not self.errors:
            low, high = (None if one is None else one.scaleb(scale) for one in ends.values())
            given["limit"] = Limit(low, high, of_change)
        return given


def _number(text: str) -> Decimal | None:
    text = text.replace(",", "").replace(" ", "").replace("−", "-").removesuffix("%")
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return MISSING


LimitForms = forms.formset_factory(LimitForm, extra=SPARE, max_num=seasonal.MOST_LIMITS)


@never_cache
@require_http_methods(["GET", "POST"])
def seasons(request, pk=None):
    """The seasons with the form beside them: empty, of the season `pk`, or with its days a year later (`again`)."""
    if request.user.is_partner:
        raise Http404
    row = get_object_or_404(PeakSeason.objects.visible_to(request.user), pk=pk) if pk else None
    parts, definitions = known_parts(), offered(request.user)
    if request.method == "GET":
        given, limits = initial(request, row)
        form = SeasonForm(initial=given, parts=parts)
        lines = LimitForms(initial=limits, prefix="limit", form_kwargs={"definitions": definitions})
        return page(request, row, form, lines, parts)
    form = SeasonForm(request.POST, parts=parts)
    lines = LimitForms(request.POST, prefix="limit", form_kwargs={"definitions": definitions})
    if form.is_valid() and lines.is_valid():
        chosen = [one.cleaned_data for one in lines if "limit" in one.cleaned_data]
        try:
            limits = {one["metric"]: one["limit"] for one in chosen}
            seasonal.keep(form.wish(limits), by=request.user, at=timezone.now(), row=row)
            messages.success(request, _("Saved."))
            return redirect("peak-seasons")
        except seasonal.CannotKeep as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field if field in form.fields else None, sentence)
    return page(request, row, form, lines, parts, status=UNPROCESSABLE)


def offered(user: User) -> dict:
    """The metrics that boards lead with, by name, as far as `user` may read them: of these limits say something."""
    led = {block.metric for one in BOARDS for block in one.blocks} - {""}
    known, readable = Definitions.newest(), open_codes(user)
    codes = [code for code in led if code in known and code in readable]
    return {code: known[code] for code in sorted(codes, key=lambda code: known[code].name)}


def open_codes(user: User) -> set[str]:
    return set(readings.open_metrics(user).values_list("code", flat=True))


def initial(request, row: PeakSeason | None) -> tuple[dict, list[dict]]:
    again, found = request.GET.get("again", ""), row
    if not row and again.isdecimal() and len(again) < 10:
        found = PeakSeason.objects.visible_to(request.user).filter(pk=again).first()
    if not found:
        return {"decided_by": str(request.user.pk)}, []
    later, day = dt.timedelta() if row else A_YEAR, dt.timedelta(days=1)
    firsts, lasts = (found.prepares_on, found.starts_on), (found.ends_on - day, found.settles_on - day)
    fields = {name: getattr(found, name) for name in ("name_zh", "name_en", "platforms", "countries")}
    fields |= {name: one + later for name, one in zip(DAYS, (*firsts, *lasts), strict=True)}
    known = Definitions.newest()
    limits = [
        {"metric": code} | peak_words.typed(one, known[code])
        for code, one in found.peak.limits.items()
        if code in known
    ]
    return fields | {"decided_by": str(found.decided_by_id if row else request.user.pk)}, limits


@require_POST
def end(request, pk):
    return _done(request, pk, seasonal.end, _("Ended. Normal limits hold from today on."))


@require_POST
def remove(request, pk):
    return _done(request, pk, seasonal.remove, _("Removed."))


def _done(request, pk, command, said: str):
    row = get_object_or_404(PeakSeason.objects.visible_to(request.user), pk=pk)
    try:
        command(row, by=request.user, at=timezone.now())
    except seasonal.CannotKeep as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
        return redirect("peak-season", pk=row.pk)
    messages.success(request, said)
    return redirect("peak-seasons")


def page(request, row, form, lines, parts, *, status=200):
    user, now = request.user, timezone.now()
    day, language = seasonal.today(now), get_language() or "en"
    known, readable = Definitions.newest(), open_codes(user)
    found = PeakSeason.objects.visible_to(user).select_related("decided_by", "changed_by", "ended_by")
    listed = [
        {
            "row": one,
            "state": peak_words.state(one.peak, day, language),
            "runs": bool(one.peak.phase(day)),
            "limits": [
                peak_words.limit(limit, known[code], language)
                for code, limit in one.peak.limits.items()
                if code in known and code in readable
            ],
            "where": [
                parts[name].get(code, code)
                for name in ("platforms", "countries")
                for code in getattr(one, name)
            ],
        }
        for one in found
    ]
    problems = seasonal.change_problems(row, by=user) if row else seasonal.keep_problems(by=user)
    context = {
        "listed": listed,
        "row": row,
        "form": form,
        "lines": lines,
        "problems": problems,
        "may_keep": not seasonal.keep_problems(by=user),
        "may_end": bool(row) and not seasonal.end_problems(row, by=user, at=now),
        "may_remove": bool(row) and not seasonal.remove_problems(row, by=user, at=now),
    }
    return render(request, "metrics/peak_seasons.html", context, status=status)
