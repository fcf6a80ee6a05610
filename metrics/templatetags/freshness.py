"""The light of the sources behind a figure, as templates put it beside the figure."""

from dataclasses import dataclass

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics import feed_lights
from metrics.feed_lights import Light
from reviewhub.ui import figures

register = template.Library()
MARKS = {"good": "pass", "paused": "na", "late": "warn", "down": "fail"}


@dataclass(frozen=True)
class Shown:
    """A light in the reader's words; `html` is how it looks."""

    state: str
    said: str
    mark: str
    url: str

    @property
    def html(self) -> str:
        return render_to_string("metrics/_freshness.html", {"light": self})


@register.simple_tag(takes_context=True)
def freshness(context, page, codes, link=True) -> Shown | None:
    """`{% freshness page block.metrics as light %}`: the worst light among the sources of these figures, None without.

    `page.fed(codes)` names the series that they are made from; every page has `feed_lights` (reviewhub.shell).
    Without `link` it leads nowhere, for places that are links themselves.
    """
    known = context.get("feed_lights")
    light = feed_lights.worst(known(), page.fed(codes)) if known and codes else None
    if light is None:
        return None
    url = reverse("source", args=[light.feed]) if link and opens(context["user"], light) else ""
    return Shown(light.state, worded(light), MARKS[light.state], url)


def worded(light: Light) -> str:
    """“Amazon orders: 6 h late”."""
    language = get_language() or "en"
    told = {
        "name": light.name,
        "age": figures.rough(light.age.total_seconds(), language),
        "late": figures.rough(light.late.total_seconds(), language),
    }
    if light.state == "good":
        return _("%(name)s: asked %(age)s ago") % told
    if light.state == "paused":
        return _("%(name)s: paused, last data %(age)s ago") % told
    if light.state == "down":
        return _("%(name)s: no data for %(age)s") % told
    return _("%(name)s: %(late)s late") % told if light.late else _("%(name)s: a file was refused") % told


def opens(reader, light) -> bool:
    """Whether this person finds the source's page: as Feed.visible_to says, without a query."""
    held = reader.abilities
    departments = {department for department, _profile in light.series}
    return (
        bool(held.get("submission.read_any"))
        or None in held.get("people.manage", ())
        or bool({None, *departments} & set(held.get("submission.edit", ())))
    )
