"""Pages of joint projects: the list, one project with its tasks and history, opening, changing and closing it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import projects as joint
from actions.checkin_answers import one_line
from actions.models import Project
from okr.models import KeyResult
from okr.models.cascade import six
from reviewhub.people import activity_text
from reviewhub.people.models import Department, User
from reviewhub.ui.htmx import UNPROCESSABLE

MANY = forms.CheckboxSelectMultiple


class ProjectForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("project", "Name"), max_length=120)
    goal = forms.CharField(
        label=gettext_lazy("Goal"),
        max_length=300,
        help_text=gettext_lazy("One sentence: what shall be reached, by when."),
    )
    departments = forms.ModelMultipleChoiceField(
        Department.objects.none(), label=gettext_lazy("Departments"), widget=MANY
    )
    lead = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Lead"))
    members = forms.ModelMultipleChoiceField(
        User.objects.none(), label=gettext_lazy("Members"), widget=MANY, required=False
    )
    results = forms.ModelMultipleChoiceField(
        KeyResult.objects.none(),
        label=gettext_lazy("Key results that it serves"),
        widget=MANY,
        required=False,
    )

    def __init__(self, *args, reader: User, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.visible_to(reader).active().order_by("pinyin", "pk")
        self.fields["departments"].queryset = Department.objects.visible_to(reader).active()
        self.fields["departments"].label_from_instance = lambda one: one.name
        self.fields["lead"].queryset = people
        self.fields["members"].queryset = people
        standing = KeyResult.objects.visible_to(reader).standing().exclude(cycle__state="closed")
        self.fields["results"].queryset = standing

    def wish(self) -> joint.Wish:
        kept = self.cleaned_data
        many = {name: tuple(kept.get(name) or ()) for name in ("departments", "members", "results")}
        name, goal = (one_line(kept.get(field, "")) for field in ("name", "goal"))
        return joint.Wish(name, goal, kept.get("lead"), **many)


class TaskForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Task"), max_length=500)
    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Owner"))
    due_on = forms.DateField(
        label=gettext_lazy("Due"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, reader: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.visible_to(reader).active().order_by("pinyin", "pk")


class CloseForm(forms.Form):
    sentence = forms.CharField(label=gettext_lazy("Result"), max_length=300)
    measure = forms.CharField(
        label=gettext_lazy("What was measured"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("With its unit, e.g. delivery time in days."),
    )
    before = forms.DecimalField(label=gettext_lazy("Before"), max_digits=18, decimal_places=6, required=False)
    after = forms.DecimalField(label=gettext_lazy("After"), max_digits=18, decimal_places=6, required=False)

    def given(self) -> joint.Outcome:
        kept = self.cleaned_data
        texts = [one_line(kept.get(name, "")) for name in ("sentence", "measure")]
        return joint.Outcome(*texts, kept.get("before"), kept.get("after"))


def seen(request, pk) -> Project:
    rows = Project.objects.visible_to(request.user).select_related("lead", "review", "opened_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


def worded(form: forms.Form, refusal: joint.CannotKeep) -> None:
    for field, sentence in refusal.problems.items():
        form.add_error(field or None, sentence)


def effect_of(row) -> dict | None:
    """What was measured, with its numbers as they are written."""
    if not row.measure:
        return None
    before, after = (f"{six(value).normalize():,f}" for value in (row.before, row.after))
    found = {"measure": row.measure, "before": before, "after": after}
    if getattr(row, "metric_id", None):
        months = [f"{day:%Y-%m}" for day in (row.before_on, row.after_on)]
        found |= {"code": row.metric.code, "months": months}
    return found


@never_cache
@require_GET
def projects(request):
    rows = Project.objects.visible_to(request.user).select_related("lead").prefetch_related("departments")
    cards = []
    for row in rows.prefetch_related("actions"):
        cards.append({"row": row, "effect": effect_of(row), "progress": joint.progress(row.actions.all())})
    context = {
        "open": [one for one in cards if one["row"].closed_at is None],
        "closed": [one for one in cards if one["row"].closed_at],
        "may_open": joint.may_open(request.user),
    }
    return render(request, "actions/projects.html", context)


@never_cache
@require_GET
def project(request, pk):
    return page(request, seen(request, pk))


def page(request, row: Project, *, task_form=None, close_form=None):
    reader = request.user
    rows, lines = joint.tasks(row, reader), [] if reader.is_partner else joint.history(row)
    names = activity_text.names_in(lines)
    failed = (task_form and task_form.errors) or (close_form and close_form.errors)
    context = {
        "project": row,
        "departments": row.departments.all(),
        "members": row.members.order_by("department__position", "pinyin", "pk").select_related("department"),
        "results": [] if reader.is_partner else row.results.select_related("cycle"),
        "tasks": rows,
        "progress": joint.progress(rows),
        "blocked": joint.blocked(row, reader),
        "history": [{"line": one, "text": activity_text.sentence(one, names)} for one in lines],
        "effect": effect_of(row),
        "task_form": (task_form or TaskForm(reader=reader)) if joint.may_add(row, reader) else None,
        "close_form": (close_form or CloseForm()) if joint.may_change(row, reader) else None,
        "is_closing": close_form is not None,
        "today": timezone.localdate(),
    }
    return render(request, "actions/project.html", context, status=UNPROCESSABLE if failed else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    if request.user.is_partner:
        raise Http404
    if not joint.may_open(request.user):
        raise PermissionDenied(_("Leads, executives and the facilitator open joint projects."))
    start = {"lead": request.user.pk, "departments": [request.user.department_id]}
    form = ProjectForm(request.POST or None, initial=start, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = joint.open_project(form.wish(), by=request.user, at=timezone.now())
            messages.success(request, _("The project is open."))
            return redirect("project", row.pk)
        except joint.CannotKeep as refusal:
            worded(form, refusal)
    return form_page(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    row = seen(request, pk)
    if not joint.may_change(row, request.user):
        raise Http404
    sets = {
        name: [one.pk for one in getattr(row, name).all()] for name in ("departments", "members", "results")
    }
    start = {"name": row.name, "goal": row.goal, "lead": row.lead_id} | sets
    form = ProjectForm(request.POST or None, initial=start, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            joint.change(row, form.wish(), by=request.user, at=timezone.now())
            return redirect("project", row.pk)
        except joint.CannotKeep as refusal:
            worded(form, refusal)
    return form_page(request, form, row)


def form_page(request, form: ProjectForm, row: Project | None):
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "actions/project_form.html", {"form": form, "project": row}, status=status)


@require_POST
def task(request, pk):
    row = seen(request, pk)
    form = TaskForm(request.POST, reader=request.user)
    if form.is_valid():
        kept = form.cleaned_data
        try:
            joint.add_task(
                row,
                one_line(kept["title"]),
                owner=kept["owner"],
                due_on=kept["due_on"],
                by=request.user,
                at=timezone.now(),
            )
            return redirect("project", row.pk)
        except joint.CannotKeep as refusal:
            worded(form, refusal)
    return page(request, row, task_form=form)


@require_POST
def close(request, pk):
    row = seen(request, pk)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            joint.close(row, form.given(), by=request.user, at=timezone.now())
            messages.success(request, _("The project is closed."))
            return redirect("project", row.pk)
        except joint.CannotKeep as refusal:
            worded(form, refusal)
    return page(request, row, close_form=form)
