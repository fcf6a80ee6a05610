"""Pure. Working days: Monday to Friday of a time zone. Public holidays are not known and count as working days."""

import datetime as dt
import zoneinfo

from reviewhub.notices.hours import instant
from reviewhub.notices.ladder import is_working_day, next_working_day


def working_days_after(at: dt.datetime, days: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The same wall time `days` weekdays later, UTC. What begins at a weekend begins on Monday at midnight."""
    wall = at.astimezone(zone).replace(tzinfo=None)
    if not is_working_day(wall.date()):
        wall = dt.datetime.combine(next_working_day(wall.date()), dt.time())
    for _day in range(days):
        wall = dt.datetime.combine(next_working_day(wall.date()), wall.time())
    return instant(wall, zone)
