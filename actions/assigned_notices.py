"""Whoever is given a task outside a meeting is told at once; of what a meeting gave them the recap tells."""

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from actions import followup, handover
from actions.models import Action
from reviewhub.notices import kinds
from reviewhub.people.models import User
from reviewhub.ui import days


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=followup.ASSIGNED,
            label=gettext_lazy("You were given a task"),
            note=gettext_lazy("By somebody else, outside a meeting; tasks of a meeting stand in its recap."),
            recipients=owner,
            recheck=recheck,
            render=content,
            visible=visible,
            reasons={
                "closed": gettext_lazy("The action was closed."),
                "not_visible": gettext_lazy("The reader may not see it any more."),
            },
        )
    )


def action_of(occurrence) -> Action | None:
    """None where it was taken back since."""
    return Action.objects.select_related("owner", "raised_by").filter(pk=occurrence.subject_id).first()


def owner(occurrence) -> list[User]:
    """Whose task it is by now, unless they gave it to themselves."""
    action = action_of(occurrence)
    found = action.owner if action and action.owner_id != action.raised_by_id else None
    return [found] if found and found.is_active else []


def recheck(occurrence, user, at) -> str:
    action = action_of(occurrence)
    if action is None or action.status in handover.OVER:
        return "closed"
    return "" if user is None or visible(occurrence, user) else "not_visible"


def visible(occurrence, user) -> bool:
    return Action.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def content(occurrence, user) -> kinds.Content:
    action = action_of(occurrence)
    said = []
    if action.raised_by:
        said.append(_("%(name)s asks you for it.") % {"name": action.raised_by.display_name})
    if action.due_on:
        said.append(_("Due %(day)s") % {"day": days.day(action.due_on, get_language() or "en")})
    return kinds.Content(
        title=_("Your task: %(title)s") % {"title": action.title},
        lines=tuple(said),
        action=_("Accept it, or say what has to change"),
        path=reverse("action", args=[action.pk]),
        thread=f"action:{action.pk}",
    )
