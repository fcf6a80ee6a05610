"""The morning mail: what waits for this person today, from the same list as their home page (F115)."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from reviewhub import inbox
from reviewhub.notices import choices, kinds, ladder
from reviewhub.people.company_days import working_days
from reviewhub.people.models import Company, User
from reviewhub.people.preferences import zone_of
from reviewhub.ui import days

KIND = "digest.daily"
AT = dt.time(8, 30)
LINES = 12


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=KIND,
            label=gettext_lazy("What waits for you today"),
            note=gettext_lazy("Every working day at 08:30 your time; nothing when nothing is due."),
            subjects=readers,
            plans=plans,
            recipients=lambda occurrence: User.objects.filter(pk=occurrence.subject_id),
            recheck=recheck,
            verdict=verdict,
            render=render,
            inbox=False,
            reasons={"nothing_due": gettext_lazy("Nothing was due any more.")},
        )
    )


def readers(since: dt.datetime, until: dt.datetime) -> Iterable[User]:
    """Active people in whose zone a working morning falls into (since, until]."""
    company = Company.objects.first()
    if company is None:
        return []
    calendar = working_days()
    zones = User.objects.active().order_by("time_zone").values_list("time_zone", flat=True).distinct()
    awake = [
        name
        for name in zones
        if any(
            calendar.has(day) for day, _moment in ladder.mornings(AT, zone_named(name, company), since, until)
        )
    ]
    return User.objects.active().filter(time_zone__in=awake).order_by("pk") if awake else []


def zone_named(name: str, company: Company) -> zoneinfo.ZoneInfo:
    return zone_of(User(time_zone=name), company)


def plans(user: User, since: dt.datetime, until: dt.datetime) -> Iterable[kinds.Plan]:
    hours = choices.hours(user)
    zone = hours.zone
    for day, moment in ladder.mornings(AT, zone, since, until):
        if hours.days.has(day):
            yield kinds.Plan(
                day.isoformat(), moment, wall_time=f"{day.isoformat()} {AT:%H:%M}", time_zone=zone.key
            )


def verdict(occurrence, at: dt.datetime) -> str:
    """This morning's is for today: the next day it is too late."""
    zone = zoneinfo.ZoneInfo(occurrence.time_zone)
    is_over = at.astimezone(zone).date().isoformat() > occurrence.cycle_key
    return kinds.EXPIRE if is_over else kinds.SEND


def due(occurrence, user: User, at: dt.datetime) -> list[inbox.Card]:
    """The cards that are urgent, overdue, or due before the next working day begins."""
    zone = zoneinfo.ZoneInfo(occurrence.time_zone)
    today = dt.date.fromisoformat(occurrence.cycle_key)
    horizon = dt.datetime.combine(working_days().following(today), dt.time(), zone)
    return [card for card in inbox.of(user, at=at, zone=zone).now if is_due(card, horizon, zone)]


def is_due(card: inbox.Card, horizon: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    if card.due_at:
        return card.urgent or card.due_at < horizon
    return card.urgent or bool(card.due_on and inbox.end_of(card.due_on, zone) <= horizon)


def recheck(occurrence, user: User, at: dt.datetime) -> str:
    return "" if due(occurrence, user, at) else "nothing_due"


def render(occurrence, user: User) -> kinds.Content:
    """The cards of the morning; the moment is that of the occurrence: it is the same letter on every attempt."""
    cards = due(occurrence, user, occurrence.due_at)
    zone, language = timezone.get_current_timezone(), get_language() or "en"
    count = len(cards)
    return kinds.Content(
        title=ngettext("%(count)s thing waits for you today", "%(count)s things wait for you today", count)
        % {"count": count},
        items=tuple(
            kinds.Item(card.title, note(card, zone, language), card.url or reverse("home"))
            for card in cards[:LINES]
        ),
        lines=(_("Only what is due before the next working day, or overdue."),),
        action=_("Open my review"),
        path=reverse("home"),
        thread=f"digest:{user.pk}",
    )


def note(card: inbox.Card, zone, language: str) -> str:
    if card.due_at:
        return _("due %(when)s") % {"when": days.short_moment(card.due_at.astimezone(zone), language)}
    return _("due %(when)s") % {"when": days.short_day(card.due_on, language)} if card.due_on else card.note
