"""Pure. Mornings: at which instants a local time of day comes up in a window, and the steps of an escalation."""

import datetime as dt
import zoneinfo

from reviewhub.notices.hours import instant


def mornings(
    at: dt.time, zone: zoneinfo.ZoneInfo, since: dt.datetime, until: dt.datetime
) -> list[tuple[dt.date, dt.datetime]]:
    """(local date, instant UTC) of every `at` on the wall of `zone` in (since, until], oldest first."""
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    found = []
    while day <= last:
        moment = instant(dt.datetime.combine(day, at), zone)
        if since < moment <= until:
            found.append((day, moment))
        day += dt.timedelta(days=1)
    return found


def rung(days: int, rungs: tuple[int, ...], every: int) -> bool:
    """Whether something is told `days` after it was due: on the `rungs`, then `every` so many days after the last."""
    return days in rungs or (days > rungs[-1] and (days - rungs[-1]) % every == 0)
