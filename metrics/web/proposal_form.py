"""The form of a definition: every column as a field of its kind, with what is wrong beside it."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics import dictionary_words as words
from metrics.dictionary_csv import CHOICES, EVERY_COLUMN, OPTIONAL, Fault
from metrics.periods import BadPeriod, Period
from metrics.proposal_checks import values_in_use
from reviewhub.people.models import Department

GROUPS = (
    ("meaning", _("What it means"), "code name_zh name_en definition_zh definition_en section checklist tier pack"),
    ("making", _("How it comes about"),
     "kind io engine formula numerator denominator unit value_type decimals time_agg dim_agg grain dimensions"),
    ("counting", _("What counts"),
     "incl_shipping incl_tax refund_rule time_basis tz_rule fx_rule new_customer_days attribution_days"),
    ("people", _("Who answers for it"), "owner_dept steward_dept source_of_truth aliases"),
    ("reading", _("How it is read"),
     "direction compare_as target_hint chart maturity_days tolerance validation identities"),
    ("quarrels", _("Where it gets argued"), "conflict_zh conflict_en reconcile_zh reconcile_en"),
)  # fmt: skip
LONG = set(
    "definition_zh definition_en conflict_zh conflict_en reconcile_zh reconcile_en validation formula".split()
)
NONE = pgettext_lazy("does not apply", "Does not apply")
YES_NO = {"Y": _("included"), "N": _("not included"), "NA": NONE}
# Column → words for its codes; the dictionary may hold others besides, where the column allows it.
WORDED = {
    "tier": words.TIERS, "pack": words.PACKS, "kind": words.KINDS, "io": words.FLOWS, "section": words.SECTIONS,
    "unit": words.UNITS, "direction": words.DIRECTIONS, "time_agg": words.OVER_TIME, "dim_agg": words.OVER_DIMENSIONS,
    "grain": words.GRAINS, "engine": words.ENGINES, "incl_shipping": YES_NO, "incl_tax": YES_NO,
    "refund_rule": words.REFUNDS | {"NA": NONE}, "time_basis": words.TIME_BASES, "tz_rule": words.ZONES | {"NA": NONE},
    "fx_rule": words.RATES | {"NA": NONE}, "compare_as": words.COMPARISONS, "value_type": words.VALUE_TYPES,
    "dimensions": words.DIMENSIONS,
}  # fmt: skip
OPEN_LISTS = {"section", "unit", "dim_agg", "refund_rule", "time_basis"}
HELP = {
    "formula": _("Codes of metrics, + − × ÷ as + - * /, and SUM AVG MIN MAX IF ROUND ABS COALESCE PY PP BEG AVG_POINTS DAYS SLICE"),  # noqa: E501
    "code": _("Capital letters, digits and _; it never changes."),
    "aliases": _("Separated by commas."),
    "identities": _("Codes of rules, separated by commas."),
    "validation": _("Checks, separated by semicolons."),
    "new_customer_days": _("How far back somebody must be unknown; 0: as far as data goes."),
    "attribution_days": _("How long after the click an order still counts."),
    "effective_from": _("A month like 2026-12: reviews of it and later ones count this way."),
    "reason": _("One sentence: what is wrong today, or what was ruled."),
    "maturity_days": _("Until then the figure is provisional."),
}  # fmt: skip


class Loose(forms.ChoiceField):
    """Takes what is sent: the dictionary itself says what it does not know, in the same words everywhere."""

    def valid_value(self, value):
        return True


class LooseMany(forms.MultipleChoiceField):
    def valid_value(self, value):
        return True


class ProposalForm(forms.Form):
    """Cells of the dictionary, the period from which they hold, and why. `row`: what holds now; `is_new`: nothing."""

    use_required_attribute = False

    def __init__(self, *args, row: dict[str, str], aliases=(), is_new=False, start: Period, **kwargs):
        initial = row | {
            "dimensions": row["dimensions"].split(",") if row["dimensions"] else [],
            "aliases": ", ".join(aliases),
            "effective_from": start.text,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.row = row
        held = values_in_use(OPEN_LISTS)
        for _code, _title, names in GROUPS:
            for name in names.split():
                if is_new or name not in ("code", "pack"):
                    self.fields[name] = self._field(name, row.get(name, ""), held)
        self.fields["effective_from"] = forms.CharField(
            max_length=40,
            label=words.COLUMNS["effective_from"],
            help_text=HELP["effective_from"],
            widget=forms.TextInput({"type": "month"}),
        )
        self.fields["reason"] = forms.CharField(
            label=words.COLUMNS["reason"],
            help_text=HELP["reason"],
            widget=forms.Textarea({"rows": 2, "maxlength": 500}),
        )

    def _field(self, name, present, held):
        common = {
            "label": words.COLUMNS[name],
            "help_text": HELP.get(name, ""),
            "required": name not in OPTIONAL and name != "aliases",
        }
        if name == "dimensions":
            codes = [
                *words.DIMENSIONS,
                *(code for code in present.split(",") if code not in words.DIMENSIONS),
            ]
            choices = [(code, words.word(words.DIMENSIONS, code)) for code in codes if code]
            return LooseMany(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        if name in ("owner_dept", "steward_dept"):
            return Loose(
                choices=[("", "–"), *((row.code, row.name) for row in Department.objects.active())], **common
            )
        if name in WORDED:
            return Loose(choices=_choices(name, present, held), **common)
        long = name in LONG or name == "aliases"
        widget = forms.Textarea({"rows": 2 if name in ("formula", "aliases", "validation") else 3})
        if name in ("decimals", "maturity_days", "new_customer_days", "attribution_days"):
            widget, long = forms.TextInput({"inputmode": "numeric"}), True
        if name == "formula":
            widget.attrs |= {"spellcheck": "false", "class": "mono"}
        return forms.CharField(widget=widget if long else None, **common)

    # --- What was typed -----------------------------------------------------------------------------------------

    def cells(self) -> dict[str, str]:
        """The whole row: what was typed over what holds now; line breaks are spaces."""
        given = {}
        for name in self.fields:
            if name in EVERY_COLUMN and name in self.cleaned_data:
                value = self.cleaned_data[name]
                given[name] = ",".join(value) if name == "dimensions" else " ".join(value.split())
        if "identities" in given:
            given["identities"] = ",".join(
                part.strip() for part in given["identities"].split(",") if part.strip()
            )
        return self.row | given

    def aliases(self) -> list[str]:
        typed = self.cleaned_data.get("aliases", "")
        for mark in "，、;；\n":
            typed = typed.replace(mark, ",")
        return list(dict.fromkeys(" ".join(part.split()) for part in typed.split(",") if part.strip()))

    def start(self) -> Period | None:
        try:
            return Period.parse(self.cleaned_data.get("effective_from", "").strip())
        except BadPeriod:
            return None

    def tell(self, faults: list[Fault]) -> None:
        """Put each fault beside its field; what has no field stands above the form."""
        for problem in faults:
            if problem.column not in self.fields:
                self.add_error(None, words.fault(problem))
            elif problem.code != "cell_empty" or problem.column not in self.errors:
                self.add_error(problem.column, words.fault(problem))

    def groups(self) -> list[dict]:
        """The fields of each group, and whether one of them is wrong."""
        found = []
        for code, title, names in GROUPS:
            fields = [self[name] for name in names.split() if name in self.fields]
            found.append(
                {"code": code, "title": title, "fields": fields, "bad": any(one.errors for one in fields)}
            )
        return found


def _choices(name: str, present: str, held) -> list[tuple]:
    known = WORDED[name]
    codes = [code for code in known if name not in CHOICES or code in CHOICES[name]]
    codes += sorted(code for code in held.get(name, set()) | {present} if code and code not in codes)
    is_optional = name in OPTIONAL or not present
    return ([("", "–")] if is_optional else []) + [(code, words.word(known, code)) for code in codes]
