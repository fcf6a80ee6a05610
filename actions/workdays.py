"""Pure. Working days: Monday to Friday of a time zone. Public holidays are not known and count as working days."""

import datetime as dt
import zoneinfo

from reviewhub.notices.hours import instant


def working_days_after(at: dt.datetime, days: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The same wall time `days` weekdays later, UTC. What begins at a weekend begins on Monday at midnight."""
    wall = at.astimezone(zone).replace(tzinfo=None)
    while wall.weekday() >= 5:
        wall = dt.datetime.combine(wall.date() + dt.timedelta(days=1), dt.time())
    for _day in range(days):
        wall += dt.timedelta(days=3 if wall.weekday() == 4 else 1)
    return instant(wall, zone)
