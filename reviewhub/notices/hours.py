"""Pure. When a person may be reached, and when the next open minute is, in local wall time."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass


@dataclass(frozen=True)
class Hours:
    """Open from `opens` to `closes` (exclusive), wall time of `zone`; Saturday and Sunday only with `weekends`."""

    zone: zoneinfo.ZoneInfo
    opens: dt.time = dt.time(8)
    closes: dt.time = dt.time(20)
    weekends: bool = False

    def is_open(self, at: dt.datetime) -> bool:
        local = at.astimezone(self.zone)
        return (self.weekends or local.weekday() < 5) and self.opens <= local.time() < self.closes

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """`at` itself when open, else the next opening, UTC."""
        if self.is_open(at):
            return at
        local = at.astimezone(self.zone)
        for days in range(9):
            day = local.date() + dt.timedelta(days=days)
            opening = instant(dt.datetime.combine(day, self.opens), self.zone)
            if opening >= at and self.is_open(opening):
                return opening
        raise ValueError(f"{self} never opens")


def reach(hours: Hours, due_at: dt.datetime, latest_at: dt.datetime | None = None) -> dt.datetime:
    """When mail about something due at `due_at` may leave: the next open minute, never after `latest_at`."""
    wanted = hours.next_open(due_at)
    return wanted if latest_at is None else max(due_at, min(wanted, latest_at))


def instant(wall: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The instant (UTC) at which clocks in `zone` show `wall`.

    Where they show it twice (autumn), the first; where they skip it (spring), the moment of the jump plus the
    part of the hour that was asked for, which is what `zoneinfo` with fold=0 means.
    """
    return wall.replace(tzinfo=zone).astimezone(dt.UTC)
