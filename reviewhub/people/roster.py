"""The people of the company as an administrator looks for them: by name, pinyin, department and role."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q

from reviewhub.people.models import Assignment, Role, User
from reviewhub.people.names import folded


@dataclass(frozen=True)
class Search:
    """What is asked for; an empty field asks for nothing. `department` is a slug, `role` a code."""

    text: str = ""
    department: str = ""
    role: str = ""

    @classmethod
    def of(cls, given) -> "Search":
        """From the parameters of an address."""
        q, department, role = (given.get(name, "").replace("\0", "") for name in ("q", "department", "role"))
        return cls(q.strip()[:80], department[:40], role[:30])

    def __bool__(self) -> bool:
        return any((self.text, self.department, self.role))

    def people(self, reader):
        """Those whom `reader` may see and who answer, each with `current`: the roles they hold now."""
        found = User.objects.visible_to(reader).select_related("department")
        if needle := folded(self.text):
            found = found.filter(Q(pinyin__contains=needle) | Q(email__icontains=self.text))
        if self.department:
            found = found.filter(department__slug=self.department)
        if self.role:
            found = found.with_role(self.role)
        return found.prefetch_related(Prefetch("assignments", current(), to_attr="current")).order_by(
            "department__position", "name", "username"
        )


def current():
    """The roles that are held now, in the order of the roles."""
    return (
        Assignment.objects.filter(ended_at=None)
        .select_related("role", "department", "granted_by")
        .order_by("role__position", "department__position")
    )


def holding(ability: str, *, reader):
    """Active people who hold `ability` by one of their current roles, as far as `reader` may see them."""
    roles = [role.pk for role in Role.objects.all() if ability in role.abilities]
    held = Assignment.objects.filter(role__in=roles, ended_at=None)
    return (
        User.objects.visible_to(reader)
        .active()
        .filter(pk__in=held.values("user"))
        .order_by("name", "username")
    )
