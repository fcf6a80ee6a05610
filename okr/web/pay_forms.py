"""The form of a commission plan: its lines, whom it pays, and the small forms of statements."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from metrics import dimensions
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.models import Metric
from metrics.reasons import CannotRead
from okr import pay_terms, payout
from okr.models import Cycle, KeyResult, PayDispute, PayLine, PayPlan, six
from okr.pay_wishes import MOST_LINES, MOST_MEMBERS, LineWish, MemberWish
from okr.web.commission_forms import AMOUNT, TermsForm
from okr.web.forms import DATE, NUMBER, PARTS, bare
from reviewhub.people.models import Department, User

METRIC = {"max_length": 40, "required": False}


def listed(attributes: dict | None = None) -> forms.TextInput:
    return forms.TextInput({"list": "pay-metrics", "autocomplete": "off"} | (attributes or {}))


class PayLineForm(TermsForm):
    result = forms.ChoiceField(label=gettext_lazy("Key result"), required=False)
    metric = forms.CharField(label=gettext_lazy("or a metric"), widget=listed(), **METRIC)
    dimension = forms.ChoiceField(label=gettext_lazy("Only a part"), required=False)
    member = forms.CharField(label=gettext_lazy("Which"), required=False, max_length=80)
    new_days = forms.IntegerField(
        label=gettext_lazy("New products: on sale for at most so many days"),
        min_value=1,
        max_value=365,
        required=False,
    )
    basis = forms.ChoiceField(label=gettext_lazy("Attained is"), choices=PayLine.Basis.choices)
    baseline = forms.DecimalField(label=gettext_lazy("Baseline"), **NUMBER)
    target = forms.DecimalField(label=pgettext_lazy("key result", "Target"), **NUMBER)
    gate_metric = forms.CharField(
        label=gettext_lazy("Margin gate: a rate"),
        widget=listed(),
        help_text=gettext_lazy("Of the same part."),
        **METRIC,
    )

    field_order = ["name", "result", "weight"]

    def __init__(self, *args, cycle: Cycle, department: Department, user, **kwargs):
        super().__init__(*args, **kwargs)
        from metrics.dictionary_words import DIMENSIONS  # noqa: PLC0415 - words of one field

        self.cycle, self.user = cycle, user
        self.fields["name"].label = pgettext_lazy("commission line", "Name")
        self.fields["name"].help_text = gettext_lazy("Empty: that of the key result.")
        rows = KeyResult.objects.visible_to(user).filter(cycle=cycle).standing().exclude(metric=None)
        self.results = {str(row.pk): row for row in rows.select_related("metric", "version")}
        own = sorted(self.results.values(), key=lambda row: (row.department_id != department.pk, row.pk))
        self.fields["result"].choices = [
            ("", _("None: a metric")),
            *((str(row.pk), row.title) for row in own),
        ]
        self.fields["dimension"].choices = [
            ("", _("All of the company")),
            *((name, DIMENSIONS[name]) for name in PARTS),
        ]

    def clean_result(self) -> KeyResult | None:
        return self.results.get(self.cleaned_data["result"])

    def _metric(self, field: str) -> Metric | None:
        text = self.cleaned_data[field].strip()
        if not text:
            return None
        found = Metric.objects.visible_to(self.user).filter(code=text.split(" ")[0].upper()).first()
        if found is None:
            raise forms.ValidationError(_("There is no such metric."))
        return found

    def clean_metric(self) -> Metric | None:
        return self._metric("metric")

    def clean_gate_metric(self) -> Metric | None:
        return self._metric("gate_metric")

    def clean(self):
        given = super().clean()
        result = given.get("result")
        metric = result.metric if result else given.get("metric")
        dimension, member = given.get("dimension"), (given.get("member") or "").strip()
        if result and given.get("metric"):
            self.add_error("metric", _("Choose one: the key result or a metric."))
        if result and dimension:
            self.add_error("dimension", _("The key result says which part."))
        if dimension and not member:
            self.add_error("member", _("Say which part."))
        elif dimension and metric and not result:
            self._check_part([one for one in (metric, given.get("gate_metric")) if one], dimension, member)
        return given

    def _check_part(self, metrics: list[Metric], dimension: str, member: str) -> None:
        try:
            for one in metrics:
                dimensions.check(one.code, [dimension], Definitions.on(self.cycle.starts_on))
            Members.of([dimension]).stored(dimension, member)
        except CannotRead as refusal:
            self.add_error("member", str(refusal))

    @property
    def wish(self) -> LineWish:
        given = self.cleaned_data
        same = (
            "name",
            "weight",
            "result",
            "metric",
            "dimension",
            "new_days",
            "basis",
            "baseline",
            "target",
            "cap",
        )
        more = ("tiers", "is_whole", "gate_metric", "gate_least")
        return LineWish(
            **{name: given[name] for name in (*same, *more)},
            member=given["member"].strip() if given["dimension"] else "",
            threshold=given["threshold"] or Decimal(0),
            shared=given["shared"] or Decimal(0),
            gate_pays=given["gate_pays"] or Decimal(0),
        )

    @classmethod
    def of(cls, row: PayLine) -> dict:
        percents = ("weight", "threshold", "cap", "shared", "gate_least", "gate_pays")
        shown = {name: getattr(row, name) for name in percents}
        return {name: pay_terms.bare(value) if value else None for name, value in shown.items()} | {
            "name": row.name,
            "result": str(row.result_id or ""),
            "metric": "" if row.result_id else row.metric.code,
            "dimension": "" if row.result_id else row.dimension,
            "member": "" if row.result_id else row.member,
            "new_days": row.new_days,
            "basis": row.basis,
            "baseline": bare(six(row.baseline)),
            "target": bare(six(row.target)),
            "tiers": pay_terms.tiers_text(row),
            "is_whole": row.is_whole,
            "gate_metric": row.gate_metric.code if row.gate_metric else "",
        }


class PayMemberForm(forms.Form):
    person = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    base = forms.DecimalField(label=gettext_lazy("Base of the cycle"), required=False, **AMOUNT)
    joined_on = forms.DateField(label=gettext_lazy("Joined on"), widget=DATE, required=False)
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$",
        label=gettext_lazy("Paid in"),
        required=False,
        help_text=gettext_lazy(
            "Empty: the company's currency. Else three letters, at the rate of the budget."
        ),
    )

    def __init__(self, *args, people: dict[str, User], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["person"].choices = [("", "–"), *((pk, one.display_name) for pk, one in people.items())]

    def clean(self):
        given = super().clean()
        if given.get("person") and given.get("base") is None and "base" not in self.errors:
            self.add_error("base", _("Write the base."))
        if given.get("base") is not None and not given.get("person") and "person" not in self.errors:
            self.add_error("person", _("Choose whom it pays."))
        return given

    @property
    def counts(self) -> bool:
        return bool(self.cleaned_data.get("person"))

    @property
    def wish(self) -> MemberWish:
        given = self.cleaned_data
        cents = payout.cents(given["base"] * 100)
        return MemberWish(self.people[given["person"]], cents, given["joined_on"], given["currency"].upper())


class _Counted(forms.BaseFormSet):
    @property
    def wishes(self) -> list:
        return [form.wish for form in self.forms if form.counts]

    def explain(self, place: int, sentence: str) -> None:
        """Put what was refused beside the row that counts as number `place`."""
        rows = [form for form in self.forms if form.counts]
        rows[place].add_error(None, sentence)


def _set(form, most: int):
    return forms.formset_factory(
        form, formset=_Counted, extra=1, max_num=most, absolute_max=most, validate_max=True
    )


PayLines, PayMembers = _set(PayLineForm, MOST_LINES), _set(PayMemberForm, MOST_MEMBERS)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=pgettext_lazy("commission plan", "Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


def whom(department: Department, plan: PayPlan | None) -> dict[str, User]:
    """Who may be paid by a plan of the team: its people, and whom it pays already."""
    rows = User.objects.active().filter(department=department)
    people = {one for one in rows if not one.is_partner}
    people |= {one.person for one in plan.members.select_related("person")} if plan else set()
    return {str(one.pk): one for one in sorted(people, key=lambda one: one.display_name)}


class WordsForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Say why, in at most 500 characters.")},
    )

    def explain(self, problems: dict[str, str]) -> None:
        for name, sentence in problems.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, sentence)


class DisputeForm(WordsForm):
    words = forms.CharField(
        label=gettext_lazy("What is wrong with it"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Say what is wrong, in at most 500 characters.")},
    )


class AnswerForm(WordsForm):
    outcome = forms.ChoiceField(label=gettext_lazy("Answer"))
    field_order = ["outcome", "words"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            ("", "–"),
            *((value, label) for value, label in PayDispute.Outcome.choices if value),
        ]


class TakeBackForm(WordsForm):
    sold = forms.DecimalField(label=gettext_lazy("Sold"), **(NUMBER | {"required": True}))
    returned = forms.DecimalField(label=gettext_lazy("Of it returned"), **(NUMBER | {"required": True}))
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)
    words = None
