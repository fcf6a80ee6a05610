"""A block that nobody answers goes up: to the lead when its clock has run out, two working days later to the
executives too. Each step is told once; a promise of help moves the clock and begins the ladder anew."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from actions import blockers
from actions.models import ANSWERS_FOR, Blocker
from reviewhub.notices import kinds
from reviewhub.people.models import Confidentiality, User
from reviewhub.people.permissions import may
from reviewhub.ui import days

KIND = "blocker.late"
LEAD, EXECUTIVES = "lead", "executives"
State = Blocker.State


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=KIND,
            label=gettext_lazy("Nobody answers a block"),
            note=gettext_lazy("After three working days the lead, after five also the executives."),
            subjects=late,
            plans=steps,
            recipients=recipients,
            recheck=recheck,
            visible=visible,
            render=render,
            reasons={
                "answered": gettext_lazy("It was answered."),
                "ended": gettext_lazy("Nobody waited any more."),
                "not_visible": gettext_lazy("The reader may not see it any more."),
            },
        )
    )


def late(since: dt.datetime, until: dt.datetime) -> Iterable[Blocker]:
    """The blocks for which a step falls into (since, until]."""
    step = Q(due_at__gt=since, due_at__lte=until) | Q(escalates_at__gt=since, escalates_at__lte=until)
    return Blocker.objects.unanswered(until).filter(step).order_by("pk")


def steps(blocker: Blocker, since: dt.datetime, until: dt.datetime) -> Iterable[kinds.Plan]:
    """The steps of the window. The key holds the clock: another promise begins anew."""
    for step, moment in ((LEAD, blocker.due_at), (EXECUTIVES, blocker.escalates_at)):
        if moment and since < moment <= until:
            yield kinds.Plan(
                cycle_key=f"{int(blocker.due_at.timestamp())}+{step}",
                due_at=moment,
                params={"due": blocker.due_at.isoformat(), "step": step},
            )


def blocker_of(occurrence) -> Blocker | None:
    rows = Blocker.objects.select_related("action", "raised_by", "department", "person")
    return rows.filter(pk=occurrence.subject_id).first()


def recipients(occurrence) -> list[User]:
    """The lead of the department that is asked, or of the person's; at the second step the executives besides."""
    row = blocker_of(occurrence)
    if row is None:
        return []
    department = row.department_id or row.person.department_id
    colleagues = User.objects.active().order_by("pk")
    leads = colleagues.filter(
        assignments__department=department,
        assignments__role__code__in=ANSWERS_FOR,
        assignments__ended_at=None,
    )
    told = list(leads.distinct()) if department else []
    if occurrence.params["step"] == EXECUTIVES:
        told += [one for one in colleagues.with_role("executive") if may(one, "budget.approve")]
    return list(dict.fromkeys(told))


def recheck(occurrence, user: User | None, at: dt.datetime) -> str:
    """ "" while nobody has answered since."""
    row = blocker_of(occurrence)
    if row is None or not Blocker.objects.standing().filter(pk=row.pk).exists():
        return "ended"
    if row.state == State.REFUSED or row.due_at.isoformat() != occurrence.params["due"]:
        return "answered"
    return "" if user is None or visible(occurrence, user) else "not_visible"


def visible(occurrence, user: User) -> bool:
    return Blocker.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def render(occurrence, user: User | None) -> kinds.Content:
    row = blocker_of(occurrence)
    secret = row.action.confidentiality > Confidentiality.INTERNAL
    due = timezone.localtime(dt.datetime.fromisoformat(occurrence.params["due"]))
    said = {
        "asked": row.named,
        "name": row.raised_by.display_name,
        "title": blockers.title_for(row, None if secret else user),
        "when": days.short_moment(due, get_language() or "en"),
    }
    if row.state == State.ACCEPTED:
        title = _("Promised help has not come: %(title)s") % said
        line = _("%(asked)s promised %(name)s help by %(when)s.") % said
    else:
        title = _("%(asked)s has not answered: %(title)s") % said
        line = _("%(name)s asked for help; an answer was due %(when)s.") % said
    return kinds.Content(
        title=title,
        lines=(line,) if secret else (line, row.wanted),
        action=_("Answer"),
        path=reverse("checkin-blocker", args=[row.pk]),
        thread=f"blocker:{row.pk}",
        state="warn",
        urgent=occurrence.params["step"] == EXECUTIVES,
    )
