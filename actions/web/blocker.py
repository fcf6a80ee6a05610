"""The page of one block: who waits for what, and the answer: help by a day, a refusal with why, or help given."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions import blockers
from actions.checkin_answers import one_line
from actions.checkin_rhythm import company_zone
from actions.models import LONGEST, Blocker
from reviewhub.ui.htmx import UNPROCESSABLE

State = Blocker.State
ANSWERS = [
    (State.ACCEPTED, gettext_lazy("I help, by a day that I name")),
    (State.REFUSED, gettext_lazy("I cannot help, and say why")),
    (State.HELPED, gettext_lazy("It is done")),
]


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("Your answer"), choices=ANSWERS, widget=forms.RadioSelect, required=False
    )
    until = forms.DateField(
        label=gettext_lazy("Help comes by"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    said = forms.CharField(
        label=gettext_lazy("Your sentence"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "maxlength": LONGEST}),
        help_text=gettext_lazy("Why not, or what was done or decided. Whoever waits reads it."),
    )

    def given(self) -> blockers.Answer:
        kept = self.cleaned_data
        return blockers.Answer(kept.get("state", ""), one_line(kept.get("said", "")), kept.get("until"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blocker(request, pk):
    rows = Blocker.objects.visible_to(request.user).select_related(
        "action__owner", "department", "person", "raised_by", "ended_by", "answered_by"
    )
    row, now = get_object_or_404(rows, pk=pk), timezone.now()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = blockers.answer(row, form.given(), by=request.user, at=now, zone=company_zone())
            messages.success(request, _("%(name)s is told.") % {"name": row.raised_by.display_name})
            return redirect("home")
        except blockers.CannotAnswer as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field or None, sentence)
    context = {
        "blocker": row,
        "title": blockers.title_for(row, request.user),
        "may_answer": row.ended_at is None and blockers.may_answer(row, request.user, now),
        "is_late": row.ended_at is None and row.state != State.REFUSED and now > row.due_at,
        "form": form,
        "answers": ANSWERS,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "actions/checkin_blocker.html", context, status=status)
