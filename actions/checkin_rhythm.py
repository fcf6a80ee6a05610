"""When the company checks in: the turns of its rhythm, which one runs, and moving it without doubling or losing one."""

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from actions.models import CheckInRhythm
from metrics.models import PeakSeason
from reviewhub.notices.hours import instant
from reviewhub.notices.models import Occurrence
from reviewhub.notices.recurring import Cycle, cycles, following
from reviewhub.people import activity
from reviewhub.people.models import Company, User
from reviewhub.people.permissions import may
from reviewhub.people.preferences import company, zone_of

KIND = "checkin"
KEY = re.compile(r"[0-9]{4}-W[0-9]{2}")
TUESDAY = 1
# From then on answers belong to the coming turn, and whoever answered is not asked (F94).
EARLY = dt.timedelta(days=2)
# Clocks of the world are at most 26 hours apart: that far may a turn move when the company changes its zone.
APART = dt.timedelta(hours=26)
EVERY = (7, 14, 21, 28)
WEEK = 7
FIELDS = ("anchor_on", "at", "every_days", "weekly_in_peaks", "is_on")
FARTHEST = dt.timedelta(days=366)


class CannotChangeRhythm(Exception):
    """The rhythm stays; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Ahead:
    """The coming turns that will be asked for, and what is unusual about the first of them.

    `seasons`: key of a turn → the peak season in which it lies.
    """

    turns: list[Cycle]
    last: Cycle | None
    days_between: int | None
    is_moved: bool
    seasons: dict[str, PeakSeason]

    @property
    def told(self) -> list[tuple[Cycle, PeakSeason | None]]:
        return [(turn, self.seasons.get(turn.key)) for turn in self.turns]


def company_zone() -> zoneinfo.ZoneInfo:
    return zone_of(None, company())


def by_default(at: dt.datetime) -> CheckInRhythm:
    """Every second Tuesday at half past nine, from the next Tuesday after `at` on; not saved."""
    today = at.astimezone(company_zone()).date()
    days = (TUESDAY - today.weekday() - 1) % 7 + 1
    return CheckInRhythm(pk=1, anchor_on=today + dt.timedelta(days=days), changed_at=at)


def kept(at: dt.datetime) -> CheckInRhythm:
    """The rhythm of the company; before it was settled the one that would be settled now."""
    return CheckInRhythm.objects.first() or by_default(at)


def settled(at: dt.datetime) -> CheckInRhythm | None:
    """The rhythm, made with the first look after the company was set up; None before."""
    found = CheckInRhythm.objects.first()
    if found or not Company.objects.exists():
        return found
    default = by_default(at)
    given = {"anchor_on": default.anchor_on, "changed_at": at}
    return CheckInRhythm.objects.get_or_create(pk=1, defaults=given)[0]


def turns(rhythm: CheckInRhythm, since: dt.datetime, until: dt.datetime) -> list[Cycle]:
    """The turns in (since, until], none before the rhythm was last changed."""
    return between(rhythm, max(since, rhythm.changed_at), until)


def between(rhythm: CheckInRhythm, since: dt.datetime, until: dt.datetime) -> list[Cycle]:
    """The turns in (since, until]: those of the rhythm, and in peak seasons those of the weeks between."""
    usual = _grid(rhythm, since, until, rhythm.every_days)
    if rhythm.every_days == WEEK or not rhythm.weekly_in_peaks:
        return usual
    weekly = _grid(rhythm, since, until, WEEK)
    if len(weekly) == len(usual):
        return usual
    keys = {turn.key for turn in usual} | in_seasons(weekly).keys()
    return [turn for turn in weekly if turn.key in keys]


def _grid(rhythm: CheckInRhythm, since: dt.datetime, until: dt.datetime, every: int) -> list[Cycle]:
    return cycles(rhythm.anchor_on, rhythm.at, company_zone(), since, until, days=every)


def in_seasons(found: list[Cycle]) -> dict[str, PeakSeason]:
    """Key → the peak season in which a turn lies. A season asks for no turn that was past when it was set."""
    if not found:
        return {}
    first, last = found[0].wall.date(), found[-1].wall.date()
    seasons = list(PeakSeason.objects.filter(prepares_on__lte=last, settles_on__gt=first))
    return {
        turn.key: season
        for turn in found
        for season in seasons
        if season.prepares_on <= turn.wall.date() < season.settles_on and season.changed_at < turn.at
    }


def next_turn(rhythm: CheckInRhythm, after: dt.datetime) -> Cycle:
    usual = following(rhythm.anchor_on, rhythm.at, company_zone(), after, days=rhythm.every_days)
    return between(rhythm, after, usual.at)[0]


def asked(keys) -> dict[str, Occurrence]:
    """Those of the turns `keys` that have been asked for, by key."""
    rows = Occurrence.objects.filter(kind=KIND, cycle_key__in=keys).order_by("due_at")
    return {row.cycle_key: row for row in rows}


def due(rhythm: CheckInRhythm, at: dt.datetime) -> Cycle | None:
    """The turn that was asked for last, or whose moment has come since; None before the first.

    What was asked for before the rhythm was moved stays asked for, until the next turn.
    """
    found = turns(rhythm, at - dt.timedelta(days=2 * rhythm.every_days), at)
    last = last_asked(at)
    return max([*found[-1:], *([last] if last else [])], key=lambda turn: turn.at, default=None)


def last_asked(at: dt.datetime) -> Cycle | None:
    row = Occurrence.objects.filter(kind=KIND, due_at__lte=at).order_by("-due_at").first()
    return as_turn(row) if row else None


def as_turn(row: Occurrence) -> Cycle:
    wall = dt.datetime.fromisoformat(row.wall_time)
    return Cycle(row.cycle_key, row.due_at, wall)


def current(rhythm: CheckInRhythm, at: dt.datetime) -> Cycle:
    """The turn that answers belong to: the last due, or the coming one from two days before."""
    coming, last = next_turn(rhythm, at), due(rhythm, at)
    if last is None:
        return coming
    return coming if rhythm.is_on and coming.at - at <= EARLY and coming.key != last.key else last


def named(key: str, rhythm: CheckInRhythm) -> Cycle | None:
    """The turn of a key like 2026-W14: as it was asked for, else on the present weekday of the rhythm; None: no key."""
    return next(iter(all_named([key], rhythm)), None)


def all_named(keys: list[str], rhythm: CheckInRhythm) -> list[Cycle]:
    """The turns of `keys` in this order; what is no key is left out."""
    keys = [key for key in keys if KEY.fullmatch(key)]
    known, zone = asked(keys), company_zone()
    return [
        turn for key in keys if (turn := as_turn(known[key]) if key in known else fallen(key, rhythm, zone))
    ]


def fallen(key: str, rhythm: CheckInRhythm, zone: zoneinfo.ZoneInfo) -> Cycle | None:
    """When the turn of this week falls due by the present rhythm; None where the calendar has no such week."""
    try:
        day = dt.date.fromisocalendar(int(key[:4]), int(key[6:]), rhythm.anchor_on.isoweekday())
    except ValueError:
        return None
    wall = dt.datetime.combine(day, rhythm.at)
    return Cycle(key, instant(wall, zone), wall) if 2000 < day.year < 2200 else None


def ahead(rhythm: CheckInRhythm, at: dt.datetime, count: int = 2) -> Ahead:
    """What comes next by `rhythm` (kept or not): its turns after `at` that were not asked for already.

    A turn is named by its week: one that was asked for this week is not asked for again, whatever day it moved to.
    """
    found, after = [], max(at, rhythm.changed_at)
    while rhythm.is_on and len(found) < count:
        turn = next_turn(rhythm, after)
        after = turn.at
        if turn.key not in asked([turn.key]):
            found.append(turn)
    last, seasons = last_asked(at), in_seasons(found) if rhythm.weekly_in_peaks else {}
    apart = (found[0].wall.date() - last.wall.date()).days if found and last else None
    return Ahead(
        found, last, apart, apart is not None and not _is_usual(apart, rhythm, found, seasons), seasons
    )


def _is_usual(apart: int, rhythm: CheckInRhythm, found: list[Cycle], seasons: dict) -> bool:
    """Whether so many days lie between two turns; where a peak season begins or ends, whole weeks do."""
    return apart == rhythm.every_days or (
        bool(seasons) and apart % WEEK == 0 and apart < rhythm.every_days and found[0].key in seasons
    )


def may_change(person: User) -> bool:
    return may(person, "agenda.edit") or may(person, "people.manage")


def problems_with(
    anchor_on: dt.date | None, at_time: dt.time | None, every_days: int | None, *, by: User, at: dt.datetime
) -> dict[str, str]:
    """Field → what stands against it."""
    found = {} if may_change(by) else {"": _("Only the facilitator and administrators set the check-in.")}
    today = at.astimezone(company_zone()).date()
    if anchor_on is None:
        found["anchor_on"] = _("Choose the first day.")
    elif abs(anchor_on - today) > FARTHEST:
        found["anchor_on"] = _("Choose a day within a year from today.")
    if at_time is None:
        found["at"] = _("Choose a time of day, like 09:30.")
    if every_days not in EVERY:
        found["every_days"] = _("Choose every week, or every second, third or fourth week.")
    return found


@transaction.atomic
def change(
    *,
    anchor_on: dt.date,
    at_time: dt.time,
    every_days: int,
    weekly_in_peaks: bool,
    is_on: bool,
    by: User,
    at: dt.datetime,
) -> CheckInRhythm:
    """Keep another rhythm from `at` on; what was asked for stays asked for. Raises CannotChangeRhythm."""
    if problems := problems_with(anchor_on, at_time, every_days, by=by, at=at):
        raise CannotChangeRhythm(problems)
    settled_before = CheckInRhythm.objects.select_for_update().first()
    before = facts(settled_before) if settled_before else None
    row = settled_before or by_default(at)
    given = dict(zip(FIELDS, (anchor_on, at_time, every_days, weekly_in_peaks, is_on), strict=True))
    if before and all(getattr(row, field) == value for field, value in given.items()):
        return row
    for field, value in given.items():
        setattr(row, field, value)
    row.changed_at, row.changed_by = at, by
    row.save()
    activity.record("checkin.rhythm", row, by=by, at=at, before=before, after=facts(row))
    return row


def facts(row: CheckInRhythm) -> dict:
    """What the activity log keeps: JSON values."""
    kept_values = {"anchor_on": row.anchor_on.isoformat(), "at": row.at.isoformat("minutes")}
    return kept_values | {name: getattr(row, name) for name in ("every_days", "weekly_in_peaks", "is_on")}
