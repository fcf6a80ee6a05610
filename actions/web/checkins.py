"""The check-in of one turn for the meeting, and the rhythm of the check-ins."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from actions import (
    checkin_agenda,
    checkin_calendar,
    checkin_rhythm,
    checkin_rows,
)
from actions.models import CheckInRhythm
from reviewhub.notices import calendar
from reviewhub.notices.web.calendars import answer
from reviewhub.ui import days
from reviewhub.ui.htmx import UNPROCESSABLE

EVERY = [
    (7, gettext_lazy("Every week")),
    (14, gettext_lazy("Every second week")),
    (21, gettext_lazy("Every third week")),
    (28, gettext_lazy("Every fourth week")),
]


@require_safe
def checkins(request):
    at = timezone.now()
    rhythm = checkin_rhythm.kept(at)
    current = checkin_rhythm.current(rhythm, at)
    turn = checkin_rhythm.named(request.GET["cycle"], rhythm) if request.GET.get("cycle") else current
    if turn is None:
        raise Http404
    keys = {current.key, turn.key, *checkin_agenda.cycles_with_answers(request.user)}
    context = {
        "turn": turn,
        "is_current": turn.key == current.key,
        "agenda": checkin_agenda.of(
            turn, reader=request.user, at=at, on=timezone.localdate(), is_current=turn.key == current.key
        ),
        "turns": [
            {"label": label(each), "url": f"?cycle={each.key}", "active": each.key == turn.key}
            for each in checkin_rhythm.all_named(sorted(keys, reverse=True)[:8], rhythm)
        ],
        "rhythm": rhythm,
        "may_change": checkin_rhythm.may_change(request.user),
        "own_tasks": checkin_rows.open_tasks(request.user).count(),
    }
    return render(request, "actions/checkins.html", context)


@require_safe
def calendar_file(request):
    """The reader's check-ins of the year to come, for their own calendar."""
    at = timezone.now()
    found = checkin_calendar.events(request.user, at, at + calendar.AHEAD)
    return answer(found, name=_("Progress check-in"), file="checkins.ics", at=at)


def label(turn) -> str:
    return days.short_day(turn.wall, get_language() or "en")


FIRST_DAY = {
    "required": gettext_lazy("Choose the first day."),
    "invalid": gettext_lazy("Choose the first day."),
}
TIME = gettext_lazy("Choose a time of day, like 09:30.")
OFTEN = gettext_lazy("Choose every week, or every second, third or fourth week.")


class RhythmForm(forms.Form):
    anchor_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages=FIRST_DAY,
    )
    at = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"required": TIME, "invalid": TIME},
    )
    every_days = forms.TypedChoiceField(
        label=gettext_lazy("How often"),
        choices=EVERY,
        coerce=int,
        error_messages={"required": OFTEN, "invalid_choice": OFTEN},
    )
    weekly_in_peaks = forms.BooleanField(label=gettext_lazy("Every week in a peak season"), required=False)
    is_on = forms.BooleanField(label=gettext_lazy("Ask by itself"), required=False)

    def explain(self, problems: dict[str, str]) -> None:
        for name, sentence in problems.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, sentence)

    def given(self) -> dict:
        """What was typed, as far as it can be read."""
        kept = {
            name: self.cleaned_data.get(name)
            for name in ("anchor_on", "every_days", "weekly_in_peaks", "is_on")
        }
        time = self.cleaned_data.get("at")
        return kept | {"at_time": time.replace(second=0, microsecond=0) if time else None}


@require_http_methods(["GET", "HEAD", "POST"])
def rhythm(request):
    if not checkin_rhythm.may_change(request.user):
        raise PermissionDenied(_("Only the facilitator and administrators set the check-in."))
    at = timezone.now()
    kept = checkin_rhythm.kept(at)
    initial = {name: getattr(kept, name) for name in checkin_rhythm.FIELDS}
    form = RhythmForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        form.is_valid()
        if "look" in request.POST:
            kept = looked_at(form, kept, by=request.user, at=at)
        elif changed := changed_by(form, by=request.user, at=at):
            messages.success(request, saved_words(checkin_rhythm.ahead(changed, at)))
            return redirect("checkin-rhythm")
    context = {
        "form": form,
        "zone": checkin_rhythm.company_zone(),
        "ahead": checkin_rhythm.ahead(kept, at),
        "every_days": kept.every_days,
        "is_preview": "look" in request.POST and not form.errors,
    }
    return render(
        request, "actions/checkin_rhythm.html", context, status=UNPROCESSABLE if form.errors else 200
    )


def looked_at(form: RhythmForm, kept, *, by, at) -> CheckInRhythm:
    """The rhythm that was typed, to see its next turns; nothing is kept. The kept one when it cannot be."""
    given = form.given()
    asked = {name: given[name] for name in ("anchor_on", "at_time", "every_days")}
    form.explain(checkin_rhythm.problems_with(**asked, by=by, at=at))
    if form.errors:
        return kept
    time = given.pop("at_time")
    return CheckInRhythm(pk=1, at=time, changed_at=at, **given)


def changed_by(form: RhythmForm, *, by, at) -> CheckInRhythm | None:
    """The rhythm as it is kept now; None when it cannot be, with the reasons in the form."""
    try:
        given = form.given()
        if form.errors:
            asked = {name: given[name] for name in ("anchor_on", "at_time", "every_days")}
            form.explain(checkin_rhythm.problems_with(**asked, by=by, at=at))
            return None
        return checkin_rhythm.change(**given, by=by, at=at)
    except checkin_rhythm.CannotChangeRhythm as refusal:
        form.explain(refusal.problems)
        return None


def saved_words(ahead: checkin_rhythm.Ahead) -> str:
    if not ahead.turns:
        return _("Saved. Nobody is asked until it is switched on again.")
    told = [days.moment(turn.wall, get_language() or "en") for turn in ahead.turns]
    return _("Saved. The next two: %(first)s and %(second)s.") % {"first": told[0], "second": told[1]}
