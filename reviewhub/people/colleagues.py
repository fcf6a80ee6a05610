"""Who works where: the people of a department with their roles, and who holds a role for the whole company."""

from django.db.models import Prefetch, Q

from reviewhub.people.models import Assignment, Department, Role, User


def of(department: Department, *, reader) -> list[User]:
    """Those who work in `department` or hold a role for it, as far as `reader` may see them.

    Each has `current`: the roles held for this department or the whole company.
    """
    here = Q(department=department) | Q(assignments__department=department, assignments__ended_at=None)
    roles = (
        Assignment.objects.filter(Q(department=None) | Q(department=department), ended_at=None)
        .select_related("role")
        .order_by("role__position")
    )
    return list(
        User.objects.visible_to(reader)
        .active()
        .filter(here)
        .distinct()
        .prefetch_related(Prefetch("assignments", roles, to_attr="current"))
    )


def departments(*, reader):
    """The active departments that `reader` may see, each with `colleagues`."""
    people = User.objects.visible_to(reader).active()
    found = Department.objects.visible_to(reader).active()
    return found.prefetch_related(Prefetch("people", people, to_attr="colleagues"))


def company_roles(*, reader) -> list[Role]:
    """The roles that somebody holds for the whole company, each with its `holders`; nothing for a partner."""
    if reader.is_partner:
        return []
    held = Assignment.objects.filter(ended_at=None, department=None, user__is_active=True)
    held = held.select_related("user").order_by("user_id")
    roles = Role.objects.prefetch_related(Prefetch("assignments", held, to_attr="holders"))
    return [role for role in roles if role.holders]
