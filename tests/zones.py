"""Every time zone of the world, and when its clocks are moved."""

import datetime as dt
import functools
import zoneinfo

from reviewhub.notices.hours import jump

# Not places: the machine's own file, and the placeholder of the database.
ALL = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
WEEK = dt.timedelta(days=7)


@functools.cache
def changes(name: str) -> tuple[dt.datetime, ...]:
    """The moments of 2024 to 2034 at which the offset of the zone changes, UTC.

    Looked for week by week: no zone moves its clocks there and back within seven days.
    """
    zone, found = zoneinfo.ZoneInfo(name), []
    moment, end = dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(2035, 1, 1, tzinfo=dt.UTC)
    offset = moment.astimezone(zone).utcoffset()
    while moment < end:
        later = moment + WEEK
        after = later.astimezone(zone).utcoffset()
        if after != offset:
            found.append(jump(zone, moment, later))
        moment, offset = later, after
    return tuple(found)
