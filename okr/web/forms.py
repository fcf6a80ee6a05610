"""The forms of objectives and key results; what they refuse stands beside its field."""

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from metrics import dimensions
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.models import Metric
from metrics.reasons import CannotRead
from okr.models import Cycle, KeyResult, Objective, six
from okr.setting import LONGEST, ObjectiveWish, ResultWish
from reviewhub.people.models import Department, User

DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
NUMBER = {"max_digits": 18, "decimal_places": 6, "required": False}
PARTS = ("region", "country", "platform", "category", "channel")


class MeasureForm(forms.Form):
    value = forms.DecimalField(label=gettext_lazy("Value"), max_digits=18, decimal_places=6)
    on = forms.DateField(label=gettext_lazy("Day"), widget=DATE)
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"),
        max_length=500,
        help_text=gettext_lazy("A link, a file's name, or where one can look it up."),
    )
    confidence = forms.ChoiceField(label=gettext_lazy("Confidence"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["confidence"].choices = [("", _("as before")), *KeyResult.Confidence.choices]


class _Named(forms.Form):
    """What objectives and key results have in common."""

    def __init__(self, *args, cycle: Cycle, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.cycle, self.user = cycle, user
        people = sorted(
            (one for one in User.objects.visible_to(user).active() if not one.is_partner),
            key=lambda one: one.display_name,
        )
        self.people = {str(one.pk): one for one in people}
        self.departments = {row.code: row for row in Department.objects.active()}
        named = [(pk, one.display_name) for pk, one in self.people.items()]
        for name in {"owner", "updater"} & self.fields.keys():
            self.fields[name].choices = [("", _("Nobody yet")), *named]
        self.fields["department"].choices = [
            ("", _("The whole company")),
            *((code, row.name) for code, row in self.departments.items()),
        ]
        self.fields["below"].choices = [("", _("Nothing yet")), *self._above()]

    def _above(self) -> list[tuple[str, str]]:
        results = KeyResult.objects.visible_to(self.user).filter(cycle=self.cycle).standing()
        return [(f"K{row.pk}", row.title) for row in results.order_by("department", "position", "pk")]

    def person(self, name: str):
        return self.people.get(self.cleaned_data.get(name) or "")

    def above(self, kind: type):
        """The row that was chosen as the parent, if it is of this kind."""
        key = self.cleaned_data.get("below") or ""
        wanted = "O" if kind is Objective else "K"
        return (
            kind.objects.visible_to(self.user).filter(pk=int(key[1:])).first() if key[:1] == wanted else None
        )

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            name = "below" if field in ("objective", "parent") else field
            self.add_error(name if name in self.fields else None, sentence)


TITLE = {"max_length": LONGEST, "widget": forms.TextInput({"autocomplete": "off"})}


class ObjectiveForm(_Named):
    title = forms.CharField(
        label=gettext_lazy("Objective"),
        help_text=gettext_lazy(
            "What will be different for customers or the company. Numbers belong below it."
        ),
        **TITLE,
    )
    department = forms.ChoiceField(label=gettext_lazy("Belongs to"), required=False)
    below = forms.ChoiceField(label=gettext_lazy("Serves"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), min_value=1, max_value=100, required=False)

    @property
    def wish(self) -> ObjectiveWish:
        given = self.cleaned_data
        return ObjectiveWish(
            given["title"],
            department=self.departments.get(given["department"]),
            parent=self.above(KeyResult),
            owner=self.person("owner"),
            weight=given["weight"],
        )

    @classmethod
    def of(cls, row: Objective) -> dict:
        return {
            "title": row.title,
            "department": row.department.code if row.department else "",
            "below": f"K{row.parent_id}" if row.parent_id else "",
            "owner": row.owner_id or "",
            "weight": row.weight,
        }


class ResultForm(_Named):
    title = forms.CharField(
        label=gettext_lazy("Key result"), help_text=gettext_lazy("What one will see when it worked."), **TITLE
    )
    department = forms.ChoiceField(label=gettext_lazy("Belongs to"), required=False)
    below = forms.ChoiceField(label=gettext_lazy("Serves"), required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    metric = forms.CharField(
        label=gettext_lazy("Metric"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"list": "okr-metrics", "autocomplete": "off"}),
        help_text=gettext_lazy("Read from certified figures, by today's definition until the cycle ends."),
    )
    dimension = forms.ChoiceField(label=gettext_lazy("Only a part"), required=False)
    member = forms.CharField(label=gettext_lazy("Which"), required=False, max_length=80)
    baseline = forms.DecimalField(label=gettext_lazy("Baseline"), **NUMBER)
    target = forms.DecimalField(label=pgettext_lazy("key result", "Target"), **NUMBER)
    change = forms.DecimalField(label=gettext_lazy("or change by"), **NUMBER)
    in_points = forms.ChoiceField(label=gettext_lazy("Change in"), required=False)
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Rates in percent: 23.5 means 23.5 %."),
    )
    due_on = forms.DateField(label=gettext_lazy("Due date"), required=False, widget=DATE)
    stance = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KeyResult.Stance.choices)
    confidence = forms.ChoiceField(label=gettext_lazy("Confidence"), required=False)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), min_value=1, max_value=100, required=False)
    updater = forms.ChoiceField(label=gettext_lazy("Who writes what was measured"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        from metrics.dictionary_words import DIMENSIONS  # noqa: PLC0415 - words of one field

        self.fields["dimension"].choices = [
            ("", _("All of the company")),
            *((name, DIMENSIONS[name]) for name in PARTS),
        ]
        self.fields["in_points"].choices = [
            ("", _("not said")),
            ("no", _("percent of the baseline")),
            ("yes", _("percentage points")),
        ]
        self.fields["confidence"].choices = [("", _("not said")), *KeyResult.Confidence.choices]

    def _above(self) -> list[tuple[str, str]]:
        rows = Objective.objects.visible_to(self.user).filter(cycle=self.cycle, dropped_at=None)
        return [*((f"O{row.pk}", row.title) for row in rows), *super()._above()]

    def clean_metric(self) -> Metric | None:
        """A code, or a name in either language."""
        text = self.cleaned_data["metric"].strip()
        if not text:
            return None
        found = Metric.objects.visible_to(self.user).filter(code=text.split(" ")[0].upper()).first()
        if found is None:
            raise forms.ValidationError(_("There is no such metric."))
        return found

    def clean(self):
        given = super().clean()
        metric, dimension, member = (
            given.get("metric"),
            given.get("dimension"),
            given.get("member", "").strip(),
        )
        if not dimension:
            given["member"] = ""
        elif not metric:
            self.add_error("metric", _("A part is read from a metric."))
        elif not member:
            self.add_error("member", _("Say which part."))
        else:
            self._check_part(metric, dimension, member)
        return given

    def _check_part(self, metric: Metric, dimension: str, member: str) -> None:
        try:
            dimensions.check(metric.code, [dimension], Definitions.on(self.cycle.starts_on))
            Members.of([dimension]).stored(dimension, member)
        except CannotRead as refusal:
            self.add_error("member", str(refusal))

    @property
    def wish(self) -> ResultWish:
        given = self.cleaned_data
        plain = (
            "baseline",
            "target",
            "change",
            "due_on",
            "metric",
            "dimension",
            "stance",
            "confidence",
            "weight",
        )
        return ResultWish(
            given["title"],
            department=self.departments.get(given["department"]),
            objective=self.above(Objective),
            parent=self.above(KeyResult),
            owner=self.person("owner"),
            updater=self.person("updater"),
            in_points={"yes": True, "no": False}.get(given["in_points"]),
            unit="" if given["metric"] else given["unit"].strip(),
            member=given["member"].strip(),
            **{name: given[name] for name in plain},
        )

    @classmethod
    def of(cls, row: KeyResult) -> dict:
        below = f"O{row.objective_id}" if row.objective_id else f"K{row.parent_id}" if row.parent_id else ""
        numbers = {name: bare(six(getattr(row, name))) for name in ("baseline", "target", "change")}
        same = ("title", "dimension", "member", "unit", "due_on", "stance", "confidence", "weight")
        return (
            numbers
            | {name: getattr(row, name) for name in same}
            | {
                "department": row.department.code if row.department else "",
                "below": below,
                "owner": row.owner_id or "",
                "updater": row.updater_id or "",
                "metric": row.metric.code if row.metric_id else "",
                "in_points": {True: "yes", False: "no"}.get(row.in_points, ""),
            }
        )


def bare(value):
    """A stored number as it is typed: no more decimals than it has."""
    return None if value is None else f"{value.normalize():f}"


def metric_names(user) -> list[tuple[str, str]]:
    """Code and name of every metric, for the list below the field. Two queries."""
    zh = (get_language() or "").startswith("zh")
    seen = set(Metric.objects.visible_to(user).values_list("code", flat=True))
    return [
        (code, one.name_zh if zh else one.name_en)
        for code, one in sorted(Definitions.newest().items())
        if code in seen
    ]
