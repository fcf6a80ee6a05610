"""The forms of the commission calculator: what holds for the whole plan, and one form for each line of it."""

import re
from decimal import Decimal
from fractions import Fraction

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from okr import payout
from okr.payout import Gate, Line, Reading, Tier
from okr.web.forms import DATE

MOST_LINES = 8
TIER = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)\s*:\s*(\d{1,5}(?:\.\d{1,4})?)")
AMOUNT = {"max_digits": 14, "decimal_places": 2, "min_value": 0}
PERCENT = {"max_digits": 9, "decimal_places": 4, "min_value": 0, "max_value": 10_000, "required": False}


def share(percent: Decimal | None) -> Fraction:
    return Fraction(percent or 0) / 100


class PlanForm(forms.Form):
    base = forms.DecimalField(label=gettext_lazy("Base of the quarter"), **AMOUNT)
    starts = forms.DateField(label=gettext_lazy("Quarter begins"), widget=DATE)
    ends = forms.DateField(label=gettext_lazy("Last day of the quarter"), widget=DATE)
    joined = forms.DateField(label=gettext_lazy("Joined on"), widget=DATE, required=False)
    owed = forms.DecimalField(label=gettext_lazy("To be taken back for returns"), required=False, **AMOUNT)
    rate = forms.DecimalField(
        label=gettext_lazy("Rate of the budget, if paid in another currency"),
        max_digits=14,
        decimal_places=6,
        min_value=0,
        required=False,
    )

    def clean(self):
        given = super().clean()
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The quarter ends before it begins."))
        return given


class TermsForm(forms.Form):
    """How what was attained becomes a factor; without a weight a line counts nowhere."""

    name = forms.CharField(label=gettext_lazy("Key result"), max_length=80, required=False)
    weight = forms.DecimalField(label=gettext_lazy("Weight %"), **PERCENT)
    threshold = forms.DecimalField(label=gettext_lazy("Threshold %"), **PERCENT)
    cap = forms.DecimalField(label=gettext_lazy("Cap %"), **PERCENT)
    tiers = forms.CharField(
        label=gettext_lazy("Tiers"),
        help_text=gettext_lazy(
            "From: rate, in percent; 0: 100, 100: 150 pays each point above target 1.5 times."
        ),
        max_length=200,
        required=False,
    )
    is_whole = forms.BooleanField(
        label=gettext_lazy("Everything at the highest rate reached"), required=False
    )
    gate_least = forms.DecimalField(label=gettext_lazy("Margin at least %"), **PERCENT)
    gate_pays = forms.DecimalField(label=gettext_lazy("Pays below it %"), **PERCENT)
    shared = forms.DecimalField(label=gettext_lazy("Part of Logistics %"), **PERCENT | {"max_value": 100})

    def clean_tiers(self) -> tuple[Tier, ...]:
        text = self.cleaned_data["tiers"].replace("：", ":").replace("，", ",")
        if not text.strip():
            return payout.PLAIN
        pairs = [TIER.fullmatch(one.strip()) for one in text.split(",")]
        if not all(pairs):
            raise forms.ValidationError(_("Write tiers as from: rate, with commas between."))
        tiers = tuple(Tier(*(share(Decimal(one)) for one in pair.groups())) for pair in pairs)
        if not payout.rises(tiers):
            raise forms.ValidationError(_("Tiers begin at 0 and rise."))
        return tiers

    @property
    def counts(self) -> bool:
        return bool(self.cleaned_data.get("weight"))


class LineForm(TermsForm):
    """A line of the plan and the figures that are tried."""

    attained = forms.DecimalField(
        label=gettext_lazy("Attained %"),
        help_text=gettext_lazy("Empty: not certified."),
        max_digits=9,
        decimal_places=4,
        min_value=-10_000,
        max_value=10_000,
        required=False,
    )
    gate = forms.DecimalField(label=gettext_lazy("Margin %"), max_digits=9, decimal_places=4, required=False)

    @property
    def line(self) -> Line:
        given = self.cleaned_data
        least = given["gate_least"]
        return Line(
            given["name"],
            share(given["weight"]),
            share(given["threshold"]),
            given["tiers"],
            given["is_whole"],
            None if given["cap"] is None else share(given["cap"]),
            None if least is None else Gate(share(least), share(given["gate_pays"])),
            share(given["shared"]),
        )

    @property
    def reading(self) -> Reading:
        attained, gate = self.cleaned_data["attained"], self.cleaned_data["gate"]
        return Reading(None if attained is None else share(attained), None if gate is None else share(gate))


class _Lines(forms.BaseFormSet):
    def clean(self):
        if any(self.errors):
            return
        if payout.problem(self.plan) == "WEIGHTS":
            found = sum(line.weight for line in self.plan) * 100
            raise forms.ValidationError(
                _("Weights make %(sum)s %%, not 100 %%.") % {"sum": format(float(found), "g")}
            )

    @property
    def plan(self) -> tuple[Line, ...]:
        return tuple(form.line for form in self.forms if form.counts)


LineForms = forms.formset_factory(
    LineForm, formset=_Lines, extra=1, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


def example() -> list[dict]:
    """The plan that the page begins with."""
    return [
        {"name": _("Own-brand sales in Europe"), "weight": 50, "attained": 104, "threshold": 80, "cap": 130},
        {
            "name": _("New products within 90 days"),
            "weight": 20,
            "attained": 92,
            "threshold": 70,
            "cap": 150,
            "tiers": "0: 100, 100: 150",
        },
        {"name": _("Products of high margin"), "weight": 20, "attained": 100, "gate_least": 38, "gate": 40},
        {"name": _("Returns caused by logistics"), "weight": 10, "attained": 90, "shared": 30},
    ]
