"""Pure. Dates that come again: every so many days at a local wall time, across DST and New Year."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from reviewhub.notices.hours import instant


@dataclass(frozen=True)
class Cycle:
    """One turn. `key` is the ISO week ("2026-W14"), `at` the instant (UTC), `wall` the local time it stands for."""

    key: str
    at: dt.datetime
    wall: dt.datetime


def week_key(day: dt.date) -> str:
    """ISO year and week: 2026-W14."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def cycles(
    anchor: dt.date,
    at: dt.time,
    zone: zoneinfo.ZoneInfo,
    since: dt.datetime,
    until: dt.datetime,
    *,
    days: int = 14,
) -> list[Cycle]:
    """The turns in (since, until], oldest first: `anchor`, and every `days` after it, at `at` on the wall of `zone`.

    Before the anchor there is none. The local time never moves: clocks do, the instant follows them (M23, F24).
    """
    first = since.astimezone(zone).date() - dt.timedelta(days=1)
    steps = max(0, (first - anchor).days // days)
    found = []
    day = anchor + dt.timedelta(days=steps * days)
    while True:
        wall = dt.datetime.combine(day, at)
        moment = instant(wall, zone)
        if moment > until:
            return found
        if moment > since:
            found.append(Cycle(week_key(day), moment, wall))
        day += dt.timedelta(days=days)


def following(
    anchor: dt.date, at: dt.time, zone: zoneinfo.ZoneInfo, after: dt.datetime, *, days: int = 14
) -> Cycle:
    """The first turn later than `after`."""
    until = max(after, instant(dt.datetime.combine(anchor, at), zone)) + dt.timedelta(days=days + 2)
    return cycles(anchor, at, zone, after, until, days=days)[0]


def elapsed(since: dt.datetime, *, hours: int) -> dt.datetime:
    """`hours` on a stopwatch after `since`, UTC. Adding them to a local time would count hours of the wall (F23)."""
    return since.astimezone(dt.UTC) + dt.timedelta(hours=hours)
