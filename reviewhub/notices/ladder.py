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


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday; public holidays are not known here."""
    return day.weekday() < 5


def next_working_day(day: dt.date) -> dt.date:
    """The first Monday-to-Friday day after `day`."""
    day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def rung(days: int, rungs: tuple[int, ...], every: int) -> bool:
    """Whether something is told `days` after it was due: on the `rungs`, then `every` so many days after the last."""
    return days in rungs or (days > rungs[-1] and (days - rungs[-1]) % every == 0)
