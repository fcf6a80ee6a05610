"""Targets and budgets of one metric: twelve months of one part of the company, and everything that was ever set."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metrics import readings, targets
from metrics.definitions import Definition, Definitions
from metrics.dimensions import Members, column
from metrics.models import Metric, Target
from metrics.periods import Period
from metrics.reasons import dimension_word
from metrics.targets import Aimed, CannotSet
from metrics.units import shown
from reviewhub.ui.htmx import UNPROCESSABLE

YEARS = 4
MOST_SHOWN = 60


class Choice:
    """What the address chooses: metric, scenario, year and part, with the words for them."""

    def __init__(self, definition: Definition, asked, *, today: dt.date):
        self.definition = definition
        years = range(today.year - YEARS + 2, today.year + 2)
        self.years = [str(one) for one in years]
        self.year = asked.get("year") if asked.get("year") in self.years else str(today.year)
        scenario = asked.get("scenario")
        self.scenario = scenario if scenario in Target.Scenario.values else Target.Scenario.TARGET
        self.part = asked.get("part") if asked.get("part") in dict(self.parts) else ""

    @cached_property
    def parts(self) -> list[tuple[str, str]]:
        """("dimension:member", name) of every part that the metric is split by, the whole company first."""
        known = {column(one) for one in self.definition.dimensions}
        members = Members.of(sorted(known))
        found = [("", _("The whole company"))]
        for row in members.rows:
            if row.dimension in known and row.dimension != "region":
                name = members.name(row.dimension, row.code)
                found.append((f"{row.dimension}:{row.code}", f"{dimension_word(row.dimension)}: {name}"))
        return found

    @property
    def aimed(self) -> Aimed:
        dimension, _colon, member = self.part.partition(":")
        return Aimed(self.definition.code, self.scenario, dimension, member)

    @property
    def months(self) -> list[Period]:
        return list(Period.of("year", int(self.year)).split("month"))

    @property
    def address(self) -> str:
        chosen = {"year": self.year, "scenario": self.scenario, "part": self.part}
        return f"{reverse('targets', args=[self.definition.code])}?{urlencode(chosen)}"


class TargetsForm(forms.Form):
    """One field for each month, as people write the metric: 12.1 is 12.1 % of a rate; empty is no target."""

    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Stays in the history."),
    )

    def __init__(self, *args, choice: Choice, **kwargs):
        super().__init__(*args, **kwargs)
        self.choice = choice
        for month in choice.months:
            field = forms.CharField(label=month.text, max_length=30, required=False)
            field.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
            self.fields[month.text] = field

    @property
    def months(self):
        return [self[one.text] for one in self.choice.months]

    def clean(self):
        """Turns the months into values in the metric's own unit."""
        given = super().clean()
        self.values = {}
        for month in self.choice.months:
            text = given.get(month.text, "").replace(",", "").replace(" ", "").removesuffix("%")
            try:
                value = Decimal(text) if text else None
            except InvalidOperation:
                value = Decimal("NaN")
            if value is not None and not value.is_finite():
                self.add_error(month.text, _("This is no number."))
                continue
            is_ratio = value is not None and self.choice.definition.is_ratio
            self.values[month] = value.scaleb(-2) if is_ratio else value
        return given


@never_cache
@require_http_methods(["GET", "POST"])
def metric_targets(request, code):
    """The targets of one metric. Strangers to its figures do not learn of it."""
    get_object_or_404(Metric.objects.visible_to(request.user), code=code)
    if request.user.is_partner or not readings.open_to(request.user, code):
        raise Http404
    choice = Choice(Definitions.newest()[code], request.GET, today=timezone.localdate())
    if request.method == "GET":
        return page(request, choice, TargetsForm(initial=initial(choice), choice=choice))
    form = TargetsForm(request.POST, choice=choice)
    if form.is_valid() and kept(form, by=request.user):
        messages.success(request, _("Saved."))
        return redirect(choice.address)
    return page(request, choice, form, status=UNPROCESSABLE)


def kept(form: TargetsForm, *, by) -> bool:
    """Whether the months were set; else the form says why not."""
    try:
        targets.set_goals(
            form.choice.aimed, form.values, by=by, at=timezone.now(), note=form.cleaned_data["note"]
        )
    except CannotSet as refusal:
        for field, sentence in refusal.problems.items():
            form.add_error(field or None, sentence)
        return False
    return True


def initial(choice: Choice) -> dict[str, str]:
    held = targets.goals(choice.aimed, choice.months)
    return {month.text: written(choice.definition, row) for month, row in held.items()}


def written(definition: Definition, row: Target) -> str:
    """The value as people type it."""
    value = targets.value_of(row, definition)
    if value is None:
        return ""
    text = f"{shown(value * 100 if definition.is_ratio else value, 6):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def page(request, choice: Choice, form, *, status=200):
    rows = targets.history(choice.aimed)[:MOST_SHOWN]
    context = {
        "choice": choice,
        "scenarios": Target.Scenario.choices,
        "form": form,
        "set_problems": targets.set_problems(choice.definition.code, by=request.user),
        "history": [
            {
                "row": row,
                "value": written(choice.definition, row),
                "month": Period.between(row.period_start, row.period_end),
            }
            for row in rows
        ],
    }
    return render(request, "metrics/targets.html", context, status=status)
