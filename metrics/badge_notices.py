"""Who is told of badges: data owners what waits, the owner what was decided, and both times that a quarter ends."""

import datetime as dt
import zoneinfo

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from metrics import badges, data_notices
from metrics.models import Badge
from metrics.proposal_checks import GOVERNING
from reviewhub.notices import kinds
from reviewhub.people.models import Company, Department, User
from reviewhub.people.permissions import may
from reviewhub.ui import days

MORNING = dt.time(9)
SOON, OVER = "soon", "over"
LOOKED_BACK = dt.timedelta(days=14)  # how long after its moment a reminder still says something


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=badges.EXPIRES,
            label=gettext_lazy("The badge of your metric expires"),
            note=gettext_lazy(
                "A fortnight before the quarter ends and when it has ended, to whoever hands in for the owner."
            ),
            subjects=given,
            plans=plans,
            recipients=lambda occurrence: owners(badge_of(occurrence)),
            recheck=recheck,
            verdict=verdict,
            render=expiry_content,
            concerns=lambda user: may(user, "submission.hand_in") and not user.is_partner,
            reasons={
                "renewed": gettext_lazy("It was asked for again, or renewed."),
                "ended": gettext_lazy("It was taken back."),
                "off": gettext_lazy("The metric was switched off."),
            },
        )
    )
    kinds.register(
        kinds.Kind(
            code=badges.ASKED,
            label=gettext_lazy("A badge is asked for"),
            note=gettext_lazy("To the data owners of Finance and Technology: the owner stands by a metric."),
            recipients=deciders,
            recheck=lambda occurrence, user, at: "" if _is_waiting(occurrence) else "decided",
            render=asked_content,
            series=None,
            concerns=lambda user: not user.is_partner and may(user, "dictionary.govern"),
            reasons={"decided": gettext_lazy("It was decided meanwhile.")},
        )
    )
    kinds.register(
        kinds.Kind(
            code=badges.DECIDED,
            label=gettext_lazy("A badge was decided"),
            note=gettext_lazy("To whoever asked for it: until when it holds, or why not."),
            recipients=lambda occurrence: User.objects.active().filter(pk=badge_of(occurrence).asked_by_id),
            render=decided_content,
            series=None,
            concerns=lambda user: may(user, "submission.hand_in") and not user.is_partner,
        )
    )


def badge_of(occurrence) -> Badge:
    rows = Badge.objects.select_related("metric", "version__owner_dept", "asked_by", "given_by", "ended_by")
    return rows.get(pk=occurrence.subject_id)


def owners(row: Badge):
    found = data_notices.hands_in(row.version.owner_dept)
    return found.exclude(department__kind=Department.Kind.PARTNER)


def deciders(occurrence):
    """Who governs the dictionary for the company, Finance or Technology, but for who asks."""
    found = data_notices.holders("dictionary.govern")
    for department in Department.objects.filter(code__in=GOVERNING):
        found |= data_notices.holders("dictionary.govern", department)
    found = found.exclude(department__kind=Department.Kind.PARTNER)
    return found.exclude(pk=badge_of(occurrence).asked_by_id)


# --- The quarter ends ---------------------------------------------------------------------------------------


def given(since: dt.datetime, until: dt.datetime):
    """Badges whose quarter ends, or ended, around now."""
    first, last = since.date() - LOOKED_BACK, until.date() + badges.RENEWAL + dt.timedelta(days=1)
    return Badge.objects.standing().filter(until__gte=first, until__lte=last).order_by("pk")


def plans(row: Badge, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    """At nine in the company's zone: a fortnight before, and on the first day without it."""
    company = Company.objects.first()
    zone = zoneinfo.ZoneInfo(company.time_zone) if company else dt.UTC
    found = []
    for step, day in ((SOON, row.until - badges.RENEWAL), (OVER, row.until)):
        moment = dt.datetime.combine(day, MORNING, zone).astimezone(dt.UTC)
        if since - LOOKED_BACK < moment <= until and moment >= row.given_at:
            found.append(kinds.Plan(step, moment, {"step": step}))
    return found


def recheck(occurrence, user, at: dt.datetime) -> str:
    row = badge_of(occurrence)
    if row.ended_at:
        return "ended"
    if not row.metric.is_enabled:
        return "off"
    later = Badge.objects.filter(metric=row.metric_id, ended_at=None, asked_at__gt=row.asked_at)
    return "renewed" if later.exists() else ""


def verdict(occurrence, at: dt.datetime) -> str:
    return kinds.EXPIRE if at - occurrence.due_at > LOOKED_BACK else kinds.SEND


def expiry_content(occurrence, user) -> kinds.Content:
    row, is_over = badge_of(occurrence), occurrence.params["step"] == OVER
    said = {"metric": row.version.name, "last": day(badges.last_of(row))}
    title = (
        _("%(metric)s was certified until %(last)s")
        if is_over
        else _("%(metric)s is certified until %(last)s")
    )
    line = (
        _(
            "The metric is no longer marked as certified. Look at definition and source, then ask for the badge again."
        )
        if is_over
        else _("Look at definition and source, then ask for the badge of the next quarter.")
    )
    return content(row, title % said, (line,), state="warn" if is_over else "queued", action=_("Renew"))


# --- Asked and decided --------------------------------------------------------------------------------------


def _is_waiting(occurrence) -> bool:
    return Badge.objects.waiting().filter(pk=occurrence.subject_id).exists()


def asked_content(occurrence, user) -> kinds.Content:
    row = badge_of(occurrence)
    title = _("%(name)s asks for the badge of %(metric)s") % {
        "name": row.asked_by.display_name,
        "metric": row.version.name,
    }
    return content(row, title, (row.sentence,), action=_("Look and decide"))


def decided_content(occurrence, user) -> kinds.Content:
    row = badge_of(occurrence)
    said = {"metric": row.version.name, "last": day(badges.last_of(row)) if row.until else ""}
    if row.ended_at is None:
        said["name"] = row.given_by.display_name
        title = _("%(metric)s is certified until %(last)s") % said
        return content(row, title, (_("By %(name)s.") % said,), state="pass")
    said["name"] = row.ended_by.display_name
    worded = (
        _("The badge of %(metric)s was taken back")
        if row.given_at
        else _("The badge of %(metric)s was not given")
    )
    return content(row, worded % said, (_("By %(name)s.") % said, row.reason), state="warn")


def content(row: Badge, title: str, lines: tuple, *, state="queued", action="") -> kinds.Content:
    """No figures: mails travel."""
    return kinds.Content(
        title=title,
        lines=lines,
        action=action or _("Open the metric"),
        path=reverse("metric", args=[row.metric.code]) + "#trust",
        thread=f"badge:{row.metric.code}",
        state=state,
    )


def day(on: dt.date) -> str:
    return days.day(on, get_language() or "en")
