"""The departments, and one page for each: what it answers for, who works there, what it promised."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from reviewhub.people import colleagues
from reviewhub.people.models import Department, Duty

LATEST = 5


def departments(request):
    context = {
        "departments": colleagues.departments(reader=request.user),
        "roles": colleagues.company_roles(reader=request.user),
    }
    return render(request, "people/departments.html", context)


def department(request, slug):
    row = get_object_or_404(Department.objects.visible_to(request.user), slug=slug)
    today = timezone.localdate()
    metrics = row.owned_metrics.visible_to(request.user).effective(today).filter(metric__is_enabled=True)
    context = {
        "department": row,
        "duties": duties(row),
        "people": colleagues.of(row, reader=request.user),
        "metrics": metrics.select_related("metric").order_by("metric__position"),
        "actions": row.actions.visible_to(request.user).open().select_related("owner"),
        "submissions": row.submissions.visible_to(request.user)[:LATEST],
        "today": today,
    }
    return render(request, "people/department.html", context)


def duties(department: Department) -> list[tuple[str, list[Duty]]]:
    """The lines of each kind, in the order reports, analyses, proposes, contributes."""
    lines = list(department.duties.order_by("position"))
    return [(label, [line for line in lines if line.kind == kind]) for kind, label in Duty.Kind.choices]
