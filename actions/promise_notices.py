"""Who is told of the promise of a task: the side whose word is waited for, after a day of silence both, and what was
answered. Being asked is no notice by itself: it stands at home, on the phone and in the recap of the meeting."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from actions import handover, promise_steps, promising
from actions.models import Action, PromiseStep
from actions.promise_steps import OWNER
from reviewhub.notices import kinds
from reviewhub.people.models import User
from reviewhub.ui import days

SILENT = "promise.silent"
A_DAY = dt.timedelta(hours=24)
ANSWERED = {
    "answered": gettext_lazy("It was answered."),
    "closed": gettext_lazy("The action was closed."),
    "not_visible": gettext_lazy("The reader may not see it any more."),
}


def register() -> None:
    shared = {"visible": visible, "reasons": ANSWERED}
    kinds.register(
        kinds.Kind(
            code=promising.WAITS,
            label=gettext_lazy("Another date or owner was proposed, or a task declined"),
            note=gettext_lazy("Whose word is waited for."),
            recipients=waited_for,
            recheck=recheck,
            render=waits_content,
            **shared,
        )
    )
    kinds.register(
        kinds.Kind(
            code=promising.ANSWERED,
            label=gettext_lazy("A proposal about a task was answered"),
            note=gettext_lazy("Who proposed it, and whose task it is."),
            recipients=concerned,
            recheck=may_see,
            render=answered_content,
            **shared,
        )
    )
    kinds.register(
        kinds.Kind(
            code=SILENT,
            label=gettext_lazy("A task waits for an answer for a day"),
            note=gettext_lazy("Who has not answered, and who asked."),
            subjects=asked_before,
            plans=plans,
            recipients=both,
            recheck=recheck,
            render=silent_content,
            **shared,
        )
    )


def action_of(occurrence) -> Action:
    return Action.objects.select_related("owner", "raised_by", "department").get(pk=occurrence.subject_id)


def last_of(action: Action) -> PromiseStep | None:
    return promising.latest([action]).get(action.pk)


def asker(action: Action) -> User | None:
    """Who answers for the side that asked: who raised it, else the lead of its department."""
    found = action.raised_by if action.raised_by and action.raised_by.is_active else None
    return found or (handover.lead_of(action.department) if action.department else None)


def silent(action: Action, last: PromiseStep | None) -> User | None:
    """Whose word is waited for now; None where nobody's is."""
    if action.status in handover.OVER or action.owner is None:
        return None
    now = promising.standing(action, last)
    if now.proposed is not None:
        return asker(action) if last.side == OWNER else action.owner
    if now.state == promise_steps.DECLINED:
        return asker(action)
    asked = action.raised_by_id not in (None, action.owner_id) or last is not None
    return action.owner if now.state == promise_steps.ASKED and asked else None


def waited_for(occurrence) -> list[User]:
    action = action_of(occurrence)
    found = silent(action, last_of(action))
    return [found] if found and found.is_active else []


def both(occurrence) -> list[User]:
    """Who is silent, and whoever asked for the task: the word is theirs to get."""
    action = action_of(occurrence)
    people = [*waited_for(occurrence), asker(action)]
    return list(dict.fromkeys(one for one in people if one and one.is_active))


def concerned(occurrence) -> list[User]:
    """Both sides but the one who spoke; after a change of hands also who held the task before."""
    action, step = action_of(occurrence), step_of(occurrence)
    before = PromiseStep.objects.filter(action=action, pk__lt=step.pk).select_related("by").last()
    people = [action.owner, asker(action), before.by if before else None]
    return list(dict.fromkeys(one for one in people if one and one.is_active and one.pk != step.by_id))


def step_of(occurrence) -> PromiseStep:
    return PromiseStep.objects.select_related("by", "owner").get(pk=occurrence.params["step"])


def recheck(occurrence, user, at: dt.datetime) -> str:
    """ "" while the same question stands."""
    action = action_of(occurrence)
    last = last_of(action)
    if action.status in handover.OVER:
        return "closed"
    if (last.pk if last else 0) != occurrence.params["step"] or silent(action, last) is None:
        return "answered"
    return may_see(occurrence, user, at)


def may_see(occurrence, user, at: dt.datetime) -> str:
    return "" if user is None or visible(occurrence, user) else "not_visible"


def visible(occurrence, user) -> bool:
    return Action.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def asked_before(since: dt.datetime, until: dt.datetime):
    """Open tasks about which something was asked a day before the window, and in the day before that."""
    window = (since - 2 * A_DAY, until - A_DAY)
    spoken = PromiseStep.objects.filter(at__range=window).values("action")
    rows = Action.objects.open().filter(owner__is_active=True)
    return rows.filter(Q(raised_at__range=window) | Q(pk__in=spoken)).order_by("pk")


def plans(action: Action, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    last = last_of(action)
    due_at = (last.at if last else action.raised_at) + A_DAY
    if due_at > until or silent(action, last) is None:
        return []
    step = last.pk if last else 0
    return [kinds.Plan(str(step), due_at, {"step": step})]


def terms(step: PromiseStep) -> str:
    """Whose and by when, as a step names it."""
    day = days.day(step.due_on, get_language() or "en") if step.due_on else _("no date")
    return " · ".join(filter(None, [step.owner.display_name if step.owner else "", day]))


def content(occurrence, title: str, lines: list[str]) -> kinds.Content:
    return kinds.Content(
        title=title,
        lines=tuple(filter(None, lines)),
        action=_("Open the task"),
        path=f"{reverse('action', args=[occurrence.subject_id])}#agreement",
        thread=f"action:{occurrence.subject_id}",
    )


def waits_content(occurrence, user) -> kinds.Content:
    action, step = action_of(occurrence), step_of(occurrence)
    said = {"name": step.by.display_name, "title": action.title}
    if step.kind == PromiseStep.Kind.DECLINED:
        return content(occurrence, _("%(name)s declined “%(title)s”") % said, [step.reason])
    title = _("%(name)s proposes another date or owner: %(title)s") % said
    return content(occurrence, title, [terms(step), step.reason])


def answered_content(occurrence, user) -> kinds.Content:
    action, step = action_of(occurrence), step_of(occurrence)
    said = {"name": step.by.display_name, "title": action.title}
    words = {
        PromiseStep.Kind.ACCEPTED: _("%(name)s accepted: %(title)s"),
        PromiseStep.Kind.KEPT: _("%(name)s keeps it as it was: %(title)s"),
        PromiseStep.Kind.OVERRULED: _("%(name)s decided: %(title)s"),
    }
    return content(occurrence, words[step.kind] % said, [terms(step), step.reason])


def silent_content(occurrence, user) -> kinds.Content:
    action = action_of(occurrence)
    waits = silent(action, last_of(action)) or action.owner
    if user is not None and user.pk == waits.pk:
        title = _("Your answer is waited for since yesterday: %(title)s") % {"title": action.title}
    else:
        said = {"name": waits.display_name, "title": action.title}
        title = _("%(name)s has not answered for a day: %(title)s") % said
    day = _("Due %(day)s") % {"day": days.day(action.due_on, get_language() or "en")} if action.due_on else ""
    return content(occurrence, title, [day])
