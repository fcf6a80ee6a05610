"""Words that templates have for people: the doors of a demonstration on the sign-in page."""

from django import template
from django.conf import settings

from reviewhub.people import demo_entry

register = template.Library()


@register.inclusion_tag("people/_demo_people.html", takes_context=True)
def demo_people(context):
    """A button for each demo person, or nothing at all where demo sign-in does not exist."""
    request = context["request"]
    open_here = demo_entry.is_open(
        getattr(request, "company", None),
        bound_to=settings.BIND_HOST,
        asked_from=request.META.get("REMOTE_ADDR", ""),
    )
    return {
        "people": demo_entry.offered() if open_here else [],
        "next": request.GET.get("next", ""),
        "csrf_token": context.get("csrf_token"),
        "request": request,
    }
