"""Who is reminded of the budget adjustment and when, and who is told that it is published."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from actions import budget, budget_clock, budget_stops
from actions.models import FINANCE, BudgetAdjustment
from reviewhub.notices import kinds
from reviewhub.people.models import Assignment, Department, Role, User
from reviewhub.people.permissions import may
from reviewhub.ui import days, figures

HOUR = dt.timedelta(hours=1)
STALE = dt.timedelta(days=7)


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=budget.DUE,
            label=gettext_lazy("Budget adjustment is due"),
            note=gettext_lazy("24, 36, 44 and 48 hours after the meeting, then daily until it is published."),
            subjects=running,
            plans=plans,
            recipients=asked,
            recheck=recheck,
            latest=latest,
            render=due_content,
            resend_in_doubt=True,
            required=True,
            concerns=concerned,
            reasons={
                "cancelled": gettext_lazy("The meeting was opened again."),
                "published": gettext_lazy("The adjustment was published."),
                "stopped": gettext_lazy("The clock was stopped."),
                "not_asked": gettext_lazy("Somebody else was asked."),
                "overtaken": gettext_lazy("A later step took its place."),
            },
        )
    )
    kinds.register(
        kinds.Kind(
            code=budget.PUBLISHED,
            label=gettext_lazy("Budget adjustment is published"),
            note=gettext_lazy("Who published it, and whether in time."),
            recipients=told,
            verdict=news,
            render=published_content,
            mail=False,
            rooms=True,
            concerns=lambda user: not user.is_partner,
        )
    )


def running(since: dt.datetime, until: dt.datetime):
    """The open clocks that may have reached a step; one that stands still reaches none."""
    first = until - budget_clock.BEFORE_DUE[0] * HOUR
    return BudgetAdjustment.objects.open().filter(opened_at__lte=first, stopped_at=None).order_by("pk")


def plans(adjustment: BudgetAdjustment, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    """The steps since, and those of the day before: giving one twice does no harm, losing one does."""
    since -= budget_clock.DAY_H * HOUR
    return [
        kinds.Plan(f"{hours}h", at, {"hours": hours})
        for hours, at in budget_clock.steps(
            adjustment.opened_at, since, until, budget_stops.spans(adjustment)
        )
    ]


def subject(occurrence) -> BudgetAdjustment:
    return BudgetAdjustment.objects.select_related("review", "published_by").get(pk=occurrence.subject_id)


def holders(ability: str, department: Department | None = None):
    """Active colleagues who hold `ability` for the whole company, or for `department`."""
    roles = [role.pk for role in Role.objects.all() if ability in role.abilities]
    bound = Q(department=None) | Q(department=department) if department else Q(department=None)
    held = Assignment.objects.filter(bound, role__in=roles, ended_at=None)
    people = User.objects.active().filter(pk__in=held.values("user"))
    return people.exclude(department__kind=Department.Kind.PARTNER)


def asked(occurrence):
    """Finance, and from the 48th hour on the executives; where Finance is nobody, the executives at once."""
    finance = holders("budget.publish", Department.objects.filter(code=FINANCE).first())
    if occurrence.params["hours"] >= budget_clock.DAILY_FROM or not finance.exists():
        return finance | holders("budget.approve")
    return finance


def concerned(user: User) -> bool:
    """Whether a step could ever reach `user`."""
    finance = Department.objects.filter(code=FINANCE).first()
    return not user.is_partner and (may(user, "budget.publish", finance) or may(user, "budget.approve"))


def recheck(occurrence, user, at: dt.datetime) -> str:
    """Whether it is still to be told. A step that waited until a stronger one was due gives way to it."""
    adjustment = BudgetAdjustment.objects.filter(pk=occurrence.subject_id).first()
    if adjustment is None or adjustment.cancelled_at:
        return "cancelled"
    if adjustment.published_at:
        return "published"
    if adjustment.stopped_at:
        return "stopped"
    if user is not None and not asked(occurrence).filter(pk=user.pk).exists():
        return "not_asked"
    stops = budget_stops.spans(adjustment)
    if budget_clock.strongest(adjustment.opened_at, at, stops) > occurrence.params["hours"]:
        return "overtaken"
    return ""


def latest(occurrence) -> dt.datetime | None:
    """No quiet hour holds a step past the 48th hour, and none the 48th at all; the daily ones wait."""
    left = budget_clock.DAILY_FROM - occurrence.params["hours"]
    return occurrence.due_at + left * HOUR if left >= 0 else None


def due_content(occurrence, user) -> kinds.Content:
    """Time left or late by, in the reader's zone; no amounts: mails travel."""
    adjustment, hours = subject(occurrence), occurrence.params["hours"]
    left = budget_clock.DAILY_FROM - hours
    said = {
        "review": adjustment.review.title,
        "due": shown(adjustment.due_at),
        "at": shown(occurrence.due_at),
    }
    if left > 0:
        title = _("Budget adjustment: %(review)s, due %(due)s") % said
        passed = ngettext("%(at)s: %(hours)s hour left.", "%(at)s: %(hours)s hours left.", left)
        passed %= said | {"hours": left}
    else:
        title = _("Budget adjustment: %(review)s, overdue since %(due)s") % said
        passed = _("The 48 hours after the meeting are over.")
    if left < 0:
        late = ngettext("%(at)s: late by %(hours)s hour.", "%(at)s: late by %(hours)s hours.", -left)
        passed = late % (said | {"hours": -left})
    return kinds.Content(
        title=title,
        lines=(passed, _("It was due %(due)s.") % said if left < 0 else _("Due %(due)s.") % said),
        action=_("Open the budget adjustment"),
        path=reverse("budget", args=[adjustment.review.code]),
        thread=f"budget:{adjustment.review.code}",
        urgent=left <= 4,
        state="queued" if left > 4 else "warn" if left > 0 else "fail",
    )


def news(occurrence, at: dt.datetime) -> str:
    """After a week it is no news any more."""
    return kinds.SEND if at - occurrence.due_at <= STALE else kinds.EXPIRE


def told(occurrence):
    """Executives, facilitators and the leads, but for who did it."""
    codes = ("executive", "facilitator", "lead")
    held = Assignment.objects.filter(role__code__in=codes, ended_at=None)
    people = User.objects.active().filter(pk__in=held.values("user"))
    people = people.exclude(department__kind=Department.Kind.PARTNER)
    return people.exclude(pk=subject(occurrence).published_by_id)


def published_content(occurrence, user) -> kinds.Content:
    adjustment = subject(occurrence)
    readable = user is None or BudgetAdjustment.objects.visible_to(user).filter(pk=adjustment.pk).exists()
    said = {"review": adjustment.review.title, "name": adjustment.published_by.display_name}
    return kinds.Content(
        title=_("Budget adjustment published: %(review)s") % said,
        lines=(_("Published by %(name)s.") % said, in_time(adjustment)),
        action=_("Open the budget adjustment") if readable else "",
        path=reverse("budget", args=[adjustment.review.code]) if readable else "/",
        thread=f"budget:{adjustment.review.code}",
        state="warn" if adjustment.late_s else "pass",
    )


def in_time(adjustment: BudgetAdjustment) -> str:
    """ "In time." or by how much it was late, to the second."""
    if not adjustment.late_s:
        return _("In time.")
    return _("Late by %(span)s.") % {"span": figures.duration(adjustment.late_s, get_language() or "en")}


def shown(at: dt.datetime) -> str:
    """Date and time in the reader's zone and language."""
    return days.short_moment(timezone.localtime(at), get_language() or "en")
