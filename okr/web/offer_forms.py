"""The forms of offers: a new one, a counter-offer, and the sentence of every other step."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from okr import offers
from okr.models import Cycle, KeyResult, Objective
from okr.negotiation import ABOVE, BELOW, Terms
from okr.setting import LONGEST
from okr.web.forms import DATE, NUMBER
from reviewhub.people.models import Department, User


class WordsForm(forms.Form):
    """Why, in one sentence."""

    words = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=offers.LONGEST,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else None, sentence)


class CommentForm(WordsForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Comment")


class _TermsForm(WordsForm):
    target = forms.DecimalField(label=pgettext_lazy("key result", "Target"), **NUMBER)
    due_on = forms.DateField(label=gettext_lazy("Due date"), required=False, widget=DATE)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), min_value=1, max_value=100, required=False)

    @property
    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in ("target", "due_on", "weight")})


class CounterForm(_TermsForm):
    field_order = ["target", "due_on", "weight", "words"]


class NewForm(_TermsForm):
    """Who it is for and what it serves, a key result that stands or a new one, and the first terms."""

    who = forms.ChoiceField(label=gettext_lazy("Who would carry it"))
    serves = forms.ChoiceField(label=gettext_lazy("Serves"))
    result = forms.ChoiceField(label=gettext_lazy("Key result that stands already"), required=False)
    title = forms.CharField(
        label=gettext_lazy("or a new key result"),
        help_text=gettext_lazy("What one will see when it worked."),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    baseline = forms.DecimalField(label=gettext_lazy("Baseline"), **NUMBER)

    def __init__(self, *args, cycle: Cycle, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].required = False
        self.departments = {
            str(one.pk): one for one in Department.objects.active().exclude(kind=Department.Kind.PARTNER)
        }
        self.objectives = {
            str(one.pk): one
            for one in Objective.objects.visible_to(user)
            .filter(cycle=cycle, dropped_at=None)
            .select_related("department", "cycle")
        }
        self.results = {
            str(one.pk): one
            for one in KeyResult.objects.visible_to(user)
            .filter(cycle=cycle)
            .standing()
            .select_related("department", "cycle")
        }
        self._choose(user)

    def _choose(self, user) -> None:
        tops = [("O", one) for one in self.objectives.values()]
        tops += [("K", one) for one in self.results.values()]
        self.fields["serves"].choices = [
            ("", _("Choose")),
            *((f"{letter}{one.pk}", one.title) for letter, one in tops),
        ]
        own = [one for one in self.departments.values() if offers.speaks_below(one, None, by=user)]
        self.people = {}
        groups = [(_("Propose for my department"), [(f"up-D{one.pk}", one.name) for one in own])]
        if str(user.department_id) in self.departments:
            self.people[str(user.pk)] = user
            groups += [(_("Propose for myself"), [(f"up-P{user.pk}", user.display_name)])]
        if any(offers.speaks_above(one, by=user) for _letter, one in tops):
            others = User.objects.visible_to(user).active().select_related("department")
            found = [
                one for one in others if str(one.department_id) in self.departments and not one.is_partner
            ]
            self.people |= {str(one.pk): one for one in found}
            named = sorted(((f"down-P{one.pk}", one.display_name) for one in found), key=lambda pair: pair[1])
            groups += [
                (
                    _("Offer to a department"),
                    [(f"down-D{key}", one.name) for key, one in self.departments.items()],
                ),
                (_("Offer to a person"), named),
            ]
        groups = [one for one in groups if one[1]]
        self.is_open = bool(groups) and bool(tops)
        self.fields["who"].choices = [("", _("Choose")), *groups]
        self.fields["result"].choices = [
            ("", _("None: a new one")),
            *((key, one.title) for key, one in self.results.items() if one.department_id),
        ]

    @property
    def side(self) -> str:
        return BELOW if self.cleaned_data["who"].startswith("up-") else ABOVE

    @property
    def wish(self) -> offers.Wish:
        given = self.cleaned_data
        key = given["who"].split("-")[1]
        person = self.people[key[1:]] if key[0] == "P" else None
        tops = self.objectives if given["serves"][0] == "O" else self.results
        return offers.Wish(
            serves=tops[given["serves"][1:]],
            department=self.departments[str(person.department_id) if person else key[1:]],
            person=person,
            result=self.results.get(given["result"]),
            title=given["title"],
            unit=given["unit"],
            baseline=given["baseline"],
            terms=self.terms,
        )
