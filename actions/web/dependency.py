"""What a task waits for, how urgent it is and who works along: said on its page."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from actions import dependencies, followup
from actions.models import Action
from actions.web import action as pages
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE


class DetailsForm(forms.Form):
    priority = forms.TypedChoiceField(label=gettext_lazy("Priority"), choices=Action.PRIORITIES, coerce=int)
    collaborators = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=gettext_lazy("Work along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, row: Action, reader, **kwargs):
        start = {"priority": row.priority, "collaborators": [one.pk for one in row.collaborators.all()]}
        super().__init__(*args, initial=start, **kwargs)
        others = Department.objects.visible_to(reader).active().exclude(pk=row.department_id)
        self.fields["collaborators"].queryset = others
        self.fields["collaborators"].label_from_instance = lambda one: one.name


def of(row: Action, reader, form: DetailsForm | None = None, problem: str = "") -> dict:
    """What the page of a task shows of it."""
    waits, awaited_by = dependencies.of(row, reader)
    may_say = dependencies.may_say(row, reader)
    is_open = row.status not in dependencies.OVER
    return {
        "waits_on": waits,
        "awaited_by": awaited_by,
        "may_say": may_say,
        "could_wait_for": dependencies.choices(row, by=reader) if may_say and is_open else [],
        "wait_problem": problem,
        "details": (form or DetailsForm(row=row, reader=reader)) if may_say else None,
        "along": [one.name for one in row.collaborators.all()],
    }


@require_POST
def wait(request, pk):
    row = pages.seen(request, pk)
    given = request.POST.get("awaited", "")
    seen = Action.objects.visible_to(request.user)
    awaited = (
        seen.filter(pk=int(given)).first()
        if given.isascii() and given.isdecimal() and len(given) < 10
        else None
    )
    try:
        dependencies.wait(row, awaited, by=request.user, at=timezone.now())
    except dependencies.CannotWait as refusal:
        more = of(row, request.user, problem=refusal.sentence)
        return pages.page(request, row, more=more, status=UNPROCESSABLE)
    messages.success(request, _("Its clock stands still until that task is over."))
    return redirect("action", pk)


@require_POST
def end(request, pk, dependency):
    row = pages.seen(request, pk)
    try:
        dependencies.end(row, dependency, by=request.user, at=timezone.now())
    except dependencies.CannotWait as refusal:
        more = of(row, request.user, problem=refusal.sentence)
        return pages.page(request, row, more=more, status=UNPROCESSABLE)
    messages.success(request, _("Its clock runs again."))
    return redirect("action", pk)


@require_POST
def details(request, pk):
    row = get_object_or_404(Action.objects.visible_to(request.user), pk=pk)
    form = DetailsForm(request.POST, row=row, reader=request.user)
    if not form.is_valid():
        return pages.page(
            request, pages.seen(request, pk), more=of(row, request.user, form), status=UNPROCESSABLE
        )
    try:
        offered = set(form.fields["collaborators"].queryset)
        followup.detail(row, **form.cleaned_data, offered=offered, by=request.user, at=timezone.now())
    except followup.CannotChange as refusal:
        form.add_error(None, " ".join(refusal.problems))
        return pages.page(
            request, pages.seen(request, pk), more=of(row, request.user, form), status=UNPROCESSABLE
        )
    messages.success(request, _("Saved."))
    return redirect("action", pk)
