"""The day of every row of a file that does not say it: the period handed in, or a date given with the upload. Pure."""

import datetime as dt
import re

from metrics.intake.days import DayReader, day_number, day_of
from metrics.intake.findings import FileRefused, finding
from metrics.intake.profile import Profile
from metrics.intake.profile_parts import DateForm
from metrics.intake.value_lists import CURRENCIES

NUMBERS = re.compile(r"(?<![0-9])([0-9]{1,2})[-._]([0-9]{1,2})[-._]([0-9]{4}|[0-9]{2})(?![0-9])")
ISO = re.compile(r"(?<![0-9])([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?![0-9])")


class _RangeReader(DayReader):
    """Reads the days of a range as reports write them above their header."""

    def day(self, text: str) -> dt.date | None:
        number, _ = self._day(text, False)
        return None if number is None else day_of(number)


_READER = _RangeReader(DateForm(month_names=True), "UTC")


def given_day(profile: Profile, settings: dict, period: tuple | None, file_name: str) -> int | None:
    """The day as a number; None where a column has it. Raises FileRefused when it is missing or cannot be."""
    source = profile.day_source
    if source is None or source.how == "column":
        return None
    if source.how == "setting":
        return day_number(_set_day(source.setting, profile, settings, period))
    if period is None:
        raise FileRefused(finding("PERIOD_NEEDED"))
    first, end = period
    last = end - dt.timedelta(days=1)
    if (first.year, first.month) != (last.year, last.month) and (end - first).days > 7:
        raise FileRefused(finding("PERIOD_TOO_LONG", first=first.isoformat(), end=end.isoformat()))
    named = days_in_name(file_name)
    if named and max(named) < first:
        params = {"named": max(named).isoformat(), "first": first.isoformat()}
        raise FileRefused(finding("FILE_OLDER_THAN_PERIOD", value=file_name, **params))
    return day_number(first)


def stated_range(rows) -> tuple[dt.date, dt.date] | None:
    """First and last day of the range that a line above the header states; None where none does."""
    for cells in rows:
        line = ",".join(cells).strip(" ,#")
        halves = re.split(r"\s+[-–~至]\s+|(?<=[0-9]{8})-(?=[0-9]{8})", line)
        if len(halves) == 2:
            days = [_READER.day(half.strip(' "')) for half in halves]
            if None not in days and days[0] <= days[1]:
                return days[0], days[1]
    return None


def day_of_range(stated, period) -> int:
    """The day of rows without one, by the range that their file states. Raises FileRefused when that is not inside
    the period handed in."""
    first, last = stated
    if period is not None and not (period[0] <= first and last < period[1]):
        params = {"first": first.isoformat(), "last": last.isoformat()}
        raise FileRefused(finding("RANGE_OUTSIDE", **params))
    if (first.year, first.month) != (last.year, last.month) and (last - first).days >= 7:
        raise FileRefused(finding("PERIOD_TOO_LONG", first=first.isoformat(), end=last.isoformat()))
    return day_number(first)


def _set_day(name: str, profile: Profile, settings: dict, period) -> dt.date:
    """The date of a setting; without one the only day of the period handed in."""
    written = str(settings.get(name) or profile.settings[name]["default"]).strip()
    if not written and period is not None and (period[1] - period[0]).days == 1:
        return period[0]
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise FileRefused(finding("DAY_NEEDED", value=written, setting=name)) from None
    if period is not None and not period[0] <= day < period[1]:
        params = {"first": period[0].isoformat(), "end": period[1].isoformat()}
        raise FileRefused(finding("PERIOD_MISMATCH", value=written, **params))
    return day


def require_settings(profile: Profile, settings: dict) -> None:
    """Raises FileRefused when a rate of tax that was set is no number of percent, or a currency no code of one."""
    named = profile.currency.setting if profile.currency is not None else ""
    code = str(settings.get(named) or "").strip().upper() if named else ""
    if code and code not in CURRENCIES:
        raise FileRefused(finding("CURRENCY_INVALID", value=settings[named], setting=named))
    for name in {one.net_of for one in profile.aggregates.values() if one.net_of}:
        written = str(settings.get(name) or profile.settings[name]["default"] or "0").strip()
        if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,4})?", written):
            raise FileRefused(finding("RATE_INVALID", value=written, setting=name))


def days_in_name(file_name: str) -> set[dt.date]:
    """Every day that the numbers of a file name can mean."""
    found = set()
    for year, month, day in ISO.findall(file_name):
        found.add(_day(int(year), int(month), int(day)))
    for first, second, year in NUMBERS.findall(file_name):
        full = int(year) + (2000 if len(year) == 2 else 0)
        found |= {_day(full, int(first), int(second)), _day(full, int(second), int(first))}
    return found - {None}


def _day(year, month, day):
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
