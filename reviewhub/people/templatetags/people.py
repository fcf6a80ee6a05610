"""Words that templates have for people: the doors of a demonstration on the sign-in page."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

from reviewhub.people import demo_entry, letters

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


@register.simple_tag
def can_mail() -> bool:
    """Whether a letter with a new password would reach anybody."""
    return letters.can_send()


@register.simple_tag(takes_context=True)
def single_sign_on(context) -> dict | None:
    """`{name, url}` of the company's own provider of identities, where one is set up."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    if not apps:
        return None
    asked = context.get("redirect_field_value")
    url = reverse("openid_connect_login", kwargs={"provider_id": apps[0]["provider_id"]})
    return {"name": apps[0]["name"], "url": f"{url}?{urlencode({'next': asked})}" if asked else url}
