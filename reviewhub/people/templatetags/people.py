"""Words that templates have for people: the doors of a demonstration on the sign-in page."""

from django import template
from django.conf import settings

from reviewhub.people import demo_entry

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_doors(context) -> list[dict]:
    """`{key, name, role}` of each demo person, or nothing at all where demo sign-in does not exist."""
    request = context["request"]
    asked_from = request.META.get("REMOTE_ADDR", "")
    if not demo_entry.is_open(request.company, bound_to=settings.BIND_HOST, asked_from=asked_from):
        return []
    return [
        {"key": person.username, "name": person.display_name, "role": role_line(person)}
        for person in demo_entry.offered()
    ]


def role_line(person) -> str:
    """`Department lead · Sales`: the roles that stand in `person.current`, and the home department."""
    named = [assignment.role.name for assignment in person.current]
    if person.department:
        named.append(person.department.name)
    return " · ".join(named)
