"""Pure. When a person may be reached, and when the next open minute is, in local wall time."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from reviewhub.people.workdays import DAY, WEEK, WorkingDays


@dataclass(frozen=True)
class Hours:
    """Open from `opens` to `closes` (exclusive), wall time of `zone`, on the working `days`; with `weekends` on all."""

    zone: zoneinfo.ZoneInfo
    opens: dt.time = dt.time(8)
    closes: dt.time = dt.time(20)
    weekends: bool = False
    days: WorkingDays = WEEK

    def is_open(self, at: dt.datetime) -> bool:
        local = at.astimezone(self.zone)
        return (self.weekends or self.days.has(local.date())) and self.opens <= local.time() < self.closes

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """`at` itself when open, else the first open moment after it, UTC.

        It opens when the wall shows `opens` (twice where an hour comes twice), or when clocks jump over that.
        """
        if self.is_open(at):
            return at.astimezone(dt.UTC)
        day = at.astimezone(self.zone).date()
        for _number in range(9):
            wall = dt.datetime.combine(day, self.opens)
            openings = [moment for moment in self._openings(wall) if moment >= at and self.is_open(moment)]
            if openings:
                return min(openings)
            day = day + DAY if self.weekends else self.days.following(day)
        raise ValueError(f"{self} never opens")

    def _openings(self, wall: dt.datetime) -> list[dt.datetime]:
        """The moments around `wall` at which it may open: both readings of it, and a jump of the clocks that day."""
        day = dt.datetime.combine(wall.date(), dt.time())
        found = [wall.replace(tzinfo=self.zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
        found.append(jump(self.zone, instant(day, self.zone), instant(day + dt.timedelta(days=1), self.zone)))
        return [moment for moment in found if moment]


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


def jump(zone: zoneinfo.ZoneInfo, since: dt.datetime, until: dt.datetime) -> dt.datetime | None:
    """The first moment of the new offset when clocks of `zone` are moved in (since, until], UTC; None when not."""
    before = since.astimezone(zone).utcoffset()
    if until.astimezone(zone).utcoffset() == before:
        return None
    while until - since > dt.timedelta(seconds=1):
        middle = since + (until - since) // 2
        since, until = (middle, until) if middle.astimezone(zone).utcoffset() == before else (since, middle)
    return until.replace(microsecond=0)
