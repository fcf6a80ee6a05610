"""Whose task waited for another one is told once that is over and nothing else holds it up."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from actions import followup
from actions.models import Action, waits_now
from reviewhub.notices import kinds
from reviewhub.people.models import User
from reviewhub.ui import days


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=followup.GOES_ON,
            label=gettext_lazy("A task that waited goes on"),
            note=gettext_lazy("For its owner, once what it waited for is over."),
            recipients=owner,
            recheck=recheck,
            render=content,
            visible=visible,
            reasons={
                "closed": gettext_lazy("The action was closed."),
                "waits": gettext_lazy("It waits for another task: its clock stands still."),
                "not_visible": gettext_lazy("The reader may not see it any more."),
            },
        )
    )


def action_of(occurrence) -> Action:
    return Action.objects.select_related("owner").get(pk=occurrence.subject_id)


def owner(occurrence) -> list[User]:
    found = action_of(occurrence).owner
    return [found] if found and found.is_active else []


def recheck(occurrence, user, at: dt.datetime) -> str:
    action = action_of(occurrence)
    if action.status in (Action.Status.DONE, Action.Status.DROPPED):
        return "closed"
    if Action.objects.filter(waits_now(), pk=action.pk).exists():
        return "waits"
    return "" if user is None or visible(occurrence, user) else "not_visible"


def visible(occurrence, user) -> bool:
    return Action.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def content(occurrence, user) -> kinds.Content:
    """Names what it waited for only to who may see that too."""
    action = action_of(occurrence)
    seen = Action.objects.filter(pk=occurrence.params["awaited"])
    awaited = (seen if user is None else seen.visible_to(user)).first()
    over = _("“%(title)s” is over.") % {"title": awaited.title} if awaited and user is not None else ""
    due = _("Due %(day)s") % {"day": days.day(action.due_on, get_language() or "en")} if action.due_on else ""
    return kinds.Content(
        title=_("“%(title)s” waits no more") % {"title": action.title},
        lines=tuple(filter(None, [over, due])),
        action=_("Open the task"),
        path=reverse("action", args=[action.pk]),
        thread=f"action:{action.pk}",
    )
