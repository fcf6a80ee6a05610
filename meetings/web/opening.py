"""Opening a review with its meeting, and calling a meeting off."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from meetings import agenda_templates, opening, scheduling
from meetings.opening import Wish
from meetings.problems import Problem
from meetings.web import agenda_rows
from meetings.web.orders import meeting_of
from meetings.web.pages import live
from metrics.periods import Period
from reviewhub.people import preferences, roster
from reviewhub.people.models import User
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import UNPROCESSABLE

NINE = dt.time(9)


class OpeningForm(forms.Form):
    period = forms.CharField(label=gettext_lazy("Period"), max_length=40)
    meeting_on = forms.DateField(
        label=gettext_lazy("Date of the meeting"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=gettext_lazy("Start"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    fold = forms.ChoiceField(label=gettext_lazy("Which of the two"), required=False)
    facilitator = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Facilitator"))
    template = forms.ChoiceField(label=gettext_lazy("Agenda"))
    late = forms.BooleanField(
        label=gettext_lazy("Open it all the same; the data is late from the start"), required=False
    )

    def __init__(self, *args, reader: User, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["facilitator"].queryset = roster.holding("meeting.run", reader=reader)
        self.fields["template"].choices = agenda_rows.templates()
        self.fields["fold"].choices = [("", "–"), ("0", _("the first")), ("1", _("the second"))]

    def wish(self) -> Wish:
        return Wish(zone=self.zone, **self.cleaned_data)

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field or None, sentence)

    @property
    def asks_fold(self) -> bool:
        return bool(self["fold"].errors or self["fold"].value())

    @property
    def asks_late(self) -> bool:
        return bool(self["late"].errors or self["late"].value())


@require_http_methods(["GET", "HEAD", "POST"])
def new_review(request):
    checked(request)
    zone = preferences.zone_of(None, request.company)
    start = first_guess(request.user, timezone.localdate(timezone=zone))
    form = OpeningForm(request.POST or None, initial=start, reader=request.user, zone=zone)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = opening.open_and_plan(form.wish(), by=request.user, at=timezone.now())
            messages.success(request, _("The review is open and its meeting is planned."))
            return redirect("meeting-agenda" if meeting.state == "draft" else "meeting", pk=meeting.pk)
        except opening.CannotOpen as refusal:
            form.explain(refusal.problems)
    context = {"form": form, "zone": zone.key}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "meetings/review_new.html", context, status=status)


@require_POST
def cancel(request, pk):
    found = meeting_of(request, pk)
    reason = request.POST.get("reason", "").replace("\0", "").strip()
    problems = [] if reason else [Problem("empty_text")]
    try:
        if reason:
            scheduling.cancel(found, by=request.user, at=timezone.now(), reason=reason)
            return redirect("meeting", pk=pk)
    except scheduling.CannotPlan as refusal:
        problems = refusal.problems
    if not may(request.user, "agenda.edit"):
        raise PermissionDenied(Problem("may_not_plan"))
    context = live(request, found) | {"cancel_problems": problems, "cancel_reason": reason}
    return render(request, "meetings/meeting.html", context, status=UNPROCESSABLE)


def checked(request) -> None:
    """A stranger finds nothing here; a colleague is told who may."""
    if request.user.is_partner:
        raise Http404
    if not may(request.user, "agenda.edit"):
        raise PermissionDenied(Problem("may_not_plan"))


def first_guess(user: User, today: dt.date) -> dict:
    """The month that ends next, met in the week after its data is due, on a Monday at nine."""
    period = Period.containing(today, "month")
    day = period.end + dt.timedelta(days=7)
    return {
        "period": period.text,
        "meeting_on": day + dt.timedelta(days=-day.weekday() % 7),
        "starts": NINE,
        "facilitator": user.pk,
        "template": agenda_templates.of_series(period),
    }
