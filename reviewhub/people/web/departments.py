"""The departments, and one page for each: what it answers for, who works there, what it promised."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from reviewhub.people.models import Assignment, Department, Duty, Role, User

LATEST = 5


def departments(request):
    people = User.objects.visible_to(request.user).active()
    found = (
        Department.objects.visible_to(request.user)
        .active()
        .prefetch_related(Prefetch("people", people, to_attr="colleagues"))
    )
    return render(request, "people/departments.html", {"departments": found, "roles": company_roles(request.user)})


def department(request, slug):
    row = get_object_or_404(Department.objects.visible_to(request.user), slug=slug)
    today = timezone.localdate()
    actions = row.actions.visible_to(request.user).open()
    context = {
        "department": row,
        "duties": duties(row),
        "people": colleagues(row, request.user),
        "metrics": row.owned_metrics.visible_to(request.user)
        .effective(today)
        .filter(metric__is_enabled=True)
        .select_related("metric")
        .order_by("metric__position"),
        "actions": actions.select_related("owner"),
        "submissions": row.submissions.visible_to(request.user)[:LATEST],
        "today": today,
    }
    return render(request, "people/department.html", context)


def duties(department: Department) -> list[tuple[str, list[Duty]]]:
    """The lines of each kind, in the order reports, analyses, proposes, contributes."""
    lines = list(department.duties.order_by("position"))
    return [(label, [line for line in lines if line.kind == kind]) for kind, label in Duty.Kind.choices]


def colleagues(department: Department, reader) -> list[User]:
    """Those who work here or hold a role for it, each with `current` roles."""
    current = Assignment.objects.filter(ended_at=None).select_related("role").order_by("role__position")
    here = User.objects.filter(department=department) | User.objects.filter(
        assignments__department=department, assignments__ended_at=None
    )
    return list(
        User.objects.visible_to(reader)
        .active()
        .filter(pk__in=here.values("pk"))
        .prefetch_related(Prefetch("assignments", current, to_attr="current"))
    )


def company_roles(reader) -> list[Role]:
    """The roles that somebody holds for the whole company, with `holders`."""
    if reader.is_partner:
        return []
    held = Assignment.objects.filter(ended_at=None, department=None, user__is_active=True).select_related("user")
    roles = Role.objects.prefetch_related(Prefetch("assignments", held.order_by("user_id"), to_attr="holders"))
    return [role for role in roles if role.holders]
