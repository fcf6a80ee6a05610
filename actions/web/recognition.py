"""Pages of recognition: what waits and what was approved, nominating, deciding, and the ledger of joint wins."""

import dataclasses
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import recognised_figures, recognising
from actions.checkin_answers import one_line
from actions.checkin_rhythm import company_zone
from actions.models import Action, Recognition, Reward
from actions.projects import CannotKeep
from actions.web.project import effect_of, worded
from metrics import readings
from metrics.models import Metric, MetricVersion
from metrics.periods import Period
from metrics.units import plain
from reviewhub.people.models import Confidentiality, Department, User
from reviewhub.ui.htmx import UNPROCESSABLE

State = Recognition.State
MOST_TASKS = 100


class MonthField(forms.Field):
    """A month as browsers write it (2026-10)."""

    widget = forms.DateInput({"type": "month"})

    def to_python(self, value):
        if not value:
            return None
        found = recognised_figures.month_of(str(value))
        if found is None:
            raise forms.ValidationError(_("Write a month as 2026-10."))
        return found


class NominationForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Person"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.none(), label=gettext_lazy("Or a whole department"), required=False
    )
    sentence = forms.CharField(
        label=gettext_lazy("What they did"),
        max_length=300,
        help_text=gettext_lazy("One sentence. It is read out at the next meeting."),
    )
    measure = forms.CharField(
        label=gettext_lazy("What was measured"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("With its unit, e.g. delivery time in days."),
    )
    before = forms.DecimalField(label=gettext_lazy("Before"), max_digits=18, decimal_places=6, required=False)
    after = forms.DecimalField(label=gettext_lazy("After"), max_digits=18, decimal_places=6, required=False)
    metric = forms.ModelChoiceField(
        Metric.objects.none(), label=gettext_lazy("Metric"), required=False, empty_label="–"
    )
    before_month = MonthField(label=gettext_lazy("Month before"), required=False)
    after_month = MonthField(label=gettext_lazy("Month after"), required=False)
    action = forms.ModelChoiceField(
        Action.objects.none(),
        label=gettext_lazy("Task by which it was done"),
        required=False,
        empty_label="–",
    )
    reward = forms.ChoiceField(
        label=gettext_lazy("Reward"),
        required=False,
        choices=[("", pgettext_lazy("reward", "None")), *Reward.Kind.choices],
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), max_digits=14, decimal_places=2, min_value=0, required=False
    )

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        others = Department.objects.visible_to(by).active().exclude(pk=by.department_id)
        people = User.objects.visible_to(by).active().filter(department__in=others)
        self.fields["person"].queryset = people.order_by("pinyin", "pk")
        self.fields["department"].queryset = others
        metrics = readings.open_metrics(by).filter(confidentiality__lte=Confidentiality.INTERNAL)
        standing = Prefetch(
            "versions", MetricVersion.objects.visible_to(by).filter(effective_to=None), to_attr="standing"
        )
        metrics = metrics.filter(versions__effective_to=None).distinct().order_by("code")
        self.fields["metric"].queryset = metrics.prefetch_related(standing)
        self.fields["metric"].label_from_instance = lambda one: f"{one.code} · {one.standing[0].name}"
        done = Action.objects.visible_to(by).filter(
            status=Action.Status.DONE, confidentiality__lte=Confidentiality.INTERNAL
        )
        newest = done.order_by("-done_at").values_list("pk", flat=True)[:MOST_TASKS]
        self.fields["action"].queryset = done.filter(pk__in=list(newest)).order_by("-done_at")
        self.fields["department"].label_from_instance = lambda one: one.name

    def wish(self) -> recognising.Wish:
        kept = dict(self.cleaned_data)
        kept |= {name: one_line(kept[name]) for name in ("sentence", "measure")}
        return recognising.Wish(**{one.name: kept[one.name] for one in dataclasses.fields(recognising.Wish)})


def checked(request) -> None:
    """Nothing of this exists for a partner."""
    if request.user.is_partner:
        raise Http404


@never_cache
@require_GET
def recognitions(request):
    checked(request)
    return page(request)


def page(request, *, refused: int = 0, problems=None, typed: str = ""):
    rows = list(recognising.listed(request.user))
    rewards = recognising.rewards(rows, request.user)
    cards = [
        {
            "row": row,
            "effect": effect_of(row),
            "reward": rewards.get(row.pk),
            "amount": amount_of(rewards.get(row.pk)),
            "may_decide": recognising.may_decide(row, request.user),
            "problem": " ".join((problems or {}).values()) if row.pk == refused else "",
            "typed": typed if row.pk == refused else "",
        }
        for row in rows
    ]
    context = {
        "waiting": [one for one in cards if one["row"].state == State.PROPOSED],
        "approved": [one for one in cards if one["row"].state == State.APPROVED],
        "declined": [one for one in cards if one["row"].state == State.DECLINED],
        "may_nominate": recognising.may_nominate(request.user),
        "thanked": thanked(request.user),
    }
    return render(request, "actions/recognitions.html", context, status=UNPROCESSABLE if problems else 200)


def thanked(reader: User) -> list[dict]:
    """Who was thanked again and again this quarter, with what the form of a nomination begins with."""
    quarter = Period.containing(timezone.localdate(timezone=company_zone()), "quarter")
    return [
        {"one": one, "query": urlencode({"person": one.person.pk, "for": " · ".join(one.sentences)[:300]})}
        for one in recognising.suggested(reader, quarter, company_zone())
    ]


def amount_of(reward: Reward | None):
    return None if reward is None or reward.amount is None else plain(reward.amount, "money")


@sensitive_post_parameters("amount")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    checked(request)
    if not recognising.may_nominate(request.user):
        raise Http404
    start = {
        "sentence": request.GET.get("for", "").replace("\0", "")[:300],
        "person": request.GET.get("person", "")[:9],
    }
    form = NominationForm(request.POST or None, initial=start, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            wish = recognised_figures.read(form.wish(), by=request.user, on=timezone.localdate())
            recognising.nominate(wish, by=request.user, at=timezone.now())
            messages.success(request, _("An executive decides now."))
            return redirect("recognitions")
        except CannotKeep as refusal:
            worded(form, refusal)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "actions/recognition_new.html", {"form": form}, status=status)


@require_POST
def decide(request, pk):
    row = get_object_or_404(Recognition.objects.visible_to(request.user), pk=pk)
    reason = one_line(request.POST.get("reason", "").replace("\0", ""))[:300]
    approve = request.POST.get("decision") == "approve"
    try:
        recognising.decide(row, approve=approve, reason=reason, by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        return page(request, refused=row.pk, problems=refusal.problems, typed=reason)
    return redirect("recognitions")


@never_cache
@require_GET
def joint_wins(request):
    checked(request)
    quarters = recognising.wins(request.user, company_zone())
    names = [period.text for period in quarters]
    wanted = request.GET.get("quarter", "")
    homes = Department.objects.visible_to(request.user).active()
    home = next((one for one in homes if one.slug == request.GET.get("department", "")), None)
    shown = [
        {
            "quarter": period.text,
            "wins": [line(one) for one in found if home is None or home in one.departments],
        }
        for period, found in quarters.items()
        if wanted not in names or period.text == wanted
    ]
    context = {
        "quarters": names,
        "wanted": wanted,
        "departments": homes,
        "home": home,
        "shown": [one for one in shown if one["wins"]],
    }
    return render(request, "actions/joint_wins.html", context)


def line(win: recognising.Win) -> dict:
    return {"win": win, "effect": effect_of(win.row)}
