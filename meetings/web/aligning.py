"""Planning the alignment meeting of a cycle: the agenda that it would have, and one button."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from meetings import aligning, scheduling
from meetings.web.opening import checked
from okr.models import Cycle
from reviewhub.people import preferences, roster, zones
from reviewhub.people.models import User
from reviewhub.ui.htmx import UNPROCESSABLE

TEN = dt.time(10)


class AlignmentForm(forms.Form):
    meeting_on = forms.DateField(
        label=gettext_lazy("Date of the meeting"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=gettext_lazy("Start"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    facilitator = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Facilitator"))

    def __init__(self, *args, reader: User, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["facilitator"].queryset = roster.holding("meeting.run", reader=reader)

    @property
    def moment(self) -> dt.datetime | None:
        """The first of two equal hours; None for one that the clocks skip."""
        given = self.cleaned_data
        found = zones.instants(dt.datetime.combine(given["meeting_on"], given["starts"]), self.zone.key)
        return found[0] if found else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, code):
    checked(request)
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user), code=code)
    zone, at = preferences.zone_of(None, request.company), timezone.now()
    day = timezone.localdate(at, zone) + dt.timedelta(days=1)
    day += dt.timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
    start = {"meeting_on": day, "starts": TEN, "facilitator": request.user.pk}
    form = AlignmentForm(request.POST or None, initial=start, reader=request.user, zone=zone)
    if request.method == "POST" and form.is_valid():
        if form.moment is None:
            form.add_error("starts", _("Clocks are put forward then: there is no such time."))
        else:
            given = {"scheduled_at": form.moment, "facilitator": form.cleaned_data["facilitator"]}
            try:
                meeting = aligning.plan(cycle, **given, by=request.user, at=at)
            except scheduling.CannotPlan as refusal:
                for problem in refusal.problems:
                    form.add_error("meeting_on" if problem.code == "in_the_past" else None, str(problem))
            else:
                messages.success(request, _("The alignment meeting is planned."))
                return redirect("meeting", pk=meeting.pk)
    context = {
        "okr_cycle": cycle,
        "form": form,
        "zone": zone.key,
        "draft": aligning.draft(cycle, by=request.user, on=timezone.localdate(at, zone)),
    }
    return render(request, "meetings/alignment.html", context, status=UNPROCESSABLE if form.is_bound else 200)
