"""Opening a review with its meeting, and calling a meeting off."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from meetings import next_review, opening, scheduling
from meetings.durations import minutes_of
from meetings.next_review import NextReview
from meetings.opening import Wish
from meetings.problems import Problem
from meetings.proposals import OPENING
from meetings.web import agenda_rows, series_words
from meetings.web.agenda_builder import presenters
from meetings.web.agenda_form import LONGEST_DAY, LONGEST_GUESTS
from meetings.web.agenda_words import said
from meetings.web.orders import meeting_of
from meetings.web.pages import live
from meetings.web.series_words import why
from reviewhub.people import preferences, roster
from reviewhub.people.models import User
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import UNPROCESSABLE

LEAST_BUDGET = 15
PRESENTERS = {
    ("presenter", False): gettext_lazy("Presenter"),
    ("presenter", True): gettext_lazy("Goals of the meeting: facilitator"),
    ("second_presenter", False): gettext_lazy("Second presenter"),
    ("second_presenter", True): gettext_lazy("Address: executive"),
}


class OpeningForm(forms.Form):
    """The proposal as a form: what is typed wins, item by item; a field that was not sent stays as proposed."""

    period = forms.CharField(label=gettext_lazy("Period"), max_length=40)
    meeting_on = forms.DateField(
        label=gettext_lazy("Date of the meeting"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=gettext_lazy("Start"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    fold = forms.ChoiceField(label=gettext_lazy("Which of the two"), required=False)
    template = forms.ChoiceField(label=gettext_lazy("Agenda"))
    budget = forms.CharField(label=gettext_lazy("Budget in minutes"), max_length=20, required=False)
    facilitator = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Facilitator"))
    scribe = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Scribe"), required=False)
    late = forms.BooleanField(
        label=gettext_lazy("Open it all the same; the data is late from the start"), required=False
    )

    def __init__(self, *args, reader: User, zone, proposal: NextReview, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.sittings, self.offered = zone, proposal.sittings, proposal.carried
        self.fields["facilitator"].queryset = roster.holding("meeting.run", reader=reader)
        self.fields["scribe"].queryset = roster.holding("meeting.capture", reader=reader)
        self.fields["template"].choices = agenda_rows.templates()
        self.fields["fold"].choices = [("", "–"), ("0", _("the first")), ("1", _("the second"))]
        people = [("", "–"), *((str(one.pk), str(one)) for one in presenters(reader))]
        for one in self.sittings:
            code = one.item.code
            for name, chosen in self._presenters(one.item):
                label = PRESENTERS[name, code == OPENING]
                self.fields[f"{name}-{code}"] = forms.ChoiceField(
                    label=label, choices=people, required=False, initial=str(chosen or "")
                )
            self.fields[f"guests-{code}"] = forms.CharField(
                label=gettext_lazy("Guests"),
                max_length=LONGEST_GUESTS,
                required=False,
                initial=one.item.guests,
            )

    @staticmethod
    def _presenters(item):
        yield "presenter", item.presenter
        if item.code == OPENING or item.second_presenter:
            yield "second_presenter", item.second_presenter

    def clean_budget(self):
        typed = self.cleaned_data["budget"]
        found = minutes_of(typed) if typed else None
        if typed and found is None:
            raise forms.ValidationError(_("Write a duration: 90, 1h30 or 1:30."))
        if found is not None and not LEAST_BUDGET <= found <= LONGEST_DAY:
            words = {"least": LEAST_BUDGET, "most": LONGEST_DAY}
            raise forms.ValidationError(_("Between %(least)s and %(most)s minutes.") % words)
        return found

    def wish(self) -> Wish:
        given = {name: self.cleaned_data[name] for name in self.base_fields}
        carried = tuple(self.data.getlist("carried"))
        return Wish(zone=self.zone, people=dict(self._people()), carried=carried, **given)

    def _people(self):
        for one in self.sittings:
            code = one.item.code
            sent = {name: self.cleaned_data[f"{name}-{code}"] for name in self._sent(code)}
            for name in ("presenter", "second_presenter"):
                if name in sent:
                    sent[name] = int(sent[name]) if sent[name] else None
            yield code, sent

    def _sent(self, code):
        names = ("presenter", "second_presenter", "guests")
        return [name for name in names if f"{name}-{code}" in self.data and f"{name}-{code}" in self.fields]

    def seats(self) -> list[dict]:
        """The items with their fields, why these people, and the last paces."""
        return [
            {
                "title": said(one.item.zh, one.item.en),
                "minutes": one.item.minutes,
                "paces": one.paces,
                "fields": [self[name] for name in self.fields if name.endswith(f"-{one.item.code}")],
                "why": why("presenter", one.reason),
            }
            for one in self.sittings
        ]

    def left(self) -> list[dict]:
        """What earlier meetings left, ticked unless somebody took the tick away."""
        chosen = set(self.data.getlist("carried")) if self.is_bound else {one.key for one in self.offered}
        return [{"row": one, "is_chosen": one.key in chosen} for one in self.offered]

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
    """The next review of a series, filled in; every field can be typed over."""
    checked(request)
    zone = preferences.zone_of(None, request.company)
    known = next_review.meetings_by_series()
    grain = request.GET.get("series", "")
    grain = grain if grain in known else next_review.usual(known)
    found = next_review.propose(known[grain], grain, by=request.user, at=timezone.now(), zone=zone)
    form = OpeningForm(
        request.POST or None, initial=first_values(found), reader=request.user, zone=zone, proposal=found
    )
    if request.method == "POST" and form.is_valid():
        try:
            meeting = opening.open_and_plan(form.wish(), by=request.user, at=timezone.now())
            messages.success(request, _("The review is open and its meeting is planned."))
            return redirect("meeting-agenda" if meeting.state == "draft" else "meeting", pk=meeting.pk)
        except opening.CannotOpen as refusal:
            form.explain(refusal.problems)
    context = {
        "form": form,
        "zone": zone.key,
        "found": found,
        "series": grain,
        "why": {name: why(name, reason) for name, reason in found.reasons.items()},
        "choices": [
            {"url": f"?series={name}", "label": label, "active": name == grain}
            for name, label in series_words.names().items()
        ],
    }
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


def first_values(found: NextReview) -> dict:
    """What the form begins with."""
    return {
        "period": found.period.text,
        "meeting_on": found.meeting_on,
        "starts": found.starts,
        "template": found.template,
        "budget": found.budget,
        "facilitator": found.facilitator.pk,
        "scribe": found.scribe.pk if found.scribe else None,
    }
