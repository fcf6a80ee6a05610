"""An overdue promise: its owner is told the morning after, then the department's lead, then the executives (F101).

The ladder: 1 day after the due date the owner · 3 days: also the lead of the owner's department · 7 days: also the
executives · then every 7 days all of them, until it is done, dropped or has another date.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from actions.models import Action, waits_now
from reviewhub.notices import kinds, ladder
from reviewhub.people.models import Company, User
from reviewhub.people.permissions import may
from reviewhub.ui import days

KIND = "action.overdue"
AT = dt.time(8, 30)
RUNGS, EVERY = (1, 3, 7), 7
LEAD_FROM, EXECUTIVES_FROM = 3, 7


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=KIND,
            label=gettext_lazy("Overdue actions"),
            note=gettext_lazy("The morning after; after 3 days also the lead, after 7 also the executives."),
            subjects=late_actions,
            plans=steps,
            recipients=recipients,
            recheck=recheck,
            visible=visible,
            render=render,
            reasons={
                "closed": gettext_lazy("The action was closed."),
                "another_date": gettext_lazy("It has another date now."),
                "waits": gettext_lazy("It waits for another task: its clock stands still."),
                "not_visible": gettext_lazy("The reader may not see it any more."),
            },
        )
    )


def zone() -> zoneinfo.ZoneInfo:
    company = Company.objects.first()
    return zoneinfo.ZoneInfo(company.time_zone if company else "UTC")


def late_actions(since: dt.datetime, until: dt.datetime) -> Iterable[Action]:
    """The open actions for which a step falls into (since, until]; none but around half past eight."""
    mornings = ladder.mornings(AT, zone(), since, until)
    if not mornings:
        return []
    return Action.objects.overdue(on=mornings[-1][0]).filter(owner__is_active=True).order_by("pk")


def steps(action: Action, since: dt.datetime, until: dt.datetime) -> Iterable[kinds.Plan]:
    """The rungs that `action` reached in the window. The key holds the due date: another date begins anew."""
    for day, moment in ladder.mornings(AT, zone(), since, until):
        late = (day - action.due_on).days
        if ladder.rung(late, RUNGS, EVERY):
            yield kinds.Plan(
                cycle_key=f"{action.due_on.isoformat()}+{late}d",
                due_at=moment,
                params={"due_on": action.due_on.isoformat(), "days": late},
                wall_time=f"{day.isoformat()} {AT:%H:%M}",
                time_zone=zone().key,
            )


def action_of(occurrence) -> Action | None:
    return Action.objects.select_related("owner", "department").filter(pk=occurrence.subject_id).first()


def recipients(occurrence) -> list[User]:
    """Owner; from the third day the lead of the action's department; from the seventh the executives."""
    action, late = action_of(occurrence), occurrence.params["days"]
    if action is None:
        return []
    told = [action.owner] if action.owner else []
    colleagues = User.objects.active().order_by("pk")
    if late >= LEAD_FROM and action.department:
        leads = colleagues.filter(assignments__role__code="lead", assignments__ended_at=None)
        told += leads.filter(assignments__department=action.department).distinct()
    if late >= EXECUTIVES_FROM:
        told += [one for one in colleagues.with_role("executive") if may(one, "action.edit_any")]
    return list(dict.fromkeys(told))


def recheck(occurrence, user: User | None, at: dt.datetime) -> str:
    """ "" while it is still overdue since that date and the reader may see it."""
    action = action_of(occurrence)
    if action is None or action.status in (Action.Status.DONE, Action.Status.DROPPED):
        return "closed"
    if action.due_on is None or action.due_on.isoformat() != occurrence.params["due_on"]:
        return "another_date"
    if Action.objects.filter(waits_now(), pk=action.pk).exists():
        return "waits"
    return "" if user is None or visible(occurrence, user) else "not_visible"


def visible(occurrence, user: User) -> bool:
    return Action.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def render(occurrence, user: User | None) -> kinds.Content:
    action, late = action_of(occurrence), occurrence.params["days"]
    title = action.title if action else "–"
    due = days.day(dt.date.fromisoformat(occurrence.params["due_on"]), get_language() or "en")
    said = {
        "title": title,
        "due": due,
        "name": action.owner if action and action.owner else "–",
        "days": late,
    }
    if action and user and action.owner_id == user.pk:
        lines = (_("It was due on %(due)s. Move it, give it another date, or say what blocks it.") % said,)
    else:
        lines = (_("%(name)s promised it for %(due)s.") % said,)
    overdue = ngettext("“%(title)s” is %(days)s day overdue", "“%(title)s” is %(days)s days overdue", late)
    return kinds.Content(
        title=overdue % said,
        lines=lines,
        action=_("Open the actions"),
        path=reverse("actions")
        + ("?mine=1" if action and user and action.owner_id == user.pk else "?overdue=1"),
        thread=f"action:{occurrence.subject_id}",
        state="warn",
        urgent=late >= EXECUTIVES_FROM,
    )
