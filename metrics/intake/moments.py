"""Moments of a block of rows (local seconds), and the days, parts and differences made from them. Pure."""

from dataclasses import dataclass

import numpy as np

from metrics.intake.columns import SIGNS, Days, Exact

DAY_SECONDS = 86_400
PARTS = ("year", "month", "weekday", "hour")


@dataclass(frozen=True)
class Moments:
    """One local time of day per row, in seconds from 1970-01-01 00:00 of the profile's zone."""

    seconds: np.ndarray
    known: np.ndarray


def day_of_moment(column: Moments | Days) -> Days:
    """The calendar day."""
    if isinstance(column, Days):
        return column
    return Days((column.seconds // DAY_SECONDS).astype(np.int32), column.known)


def seconds_of(column: Moments | Days) -> np.ndarray:
    if isinstance(column, Moments):
        return column.seconds
    return column.days.astype(np.int64) * DAY_SECONDS


def seconds_between(later: Moments | Days, earlier: Moments | Days) -> Exact:
    """`later` − `earlier` in seconds; a date counts as its midnight."""
    return Exact(seconds_of(later) - seconds_of(earlier), 0, later.known & earlier.known)


def days_between(later: Moments | Days, earlier: Moments | Days) -> Exact:
    """`later` − `earlier` in calendar days, whatever the time of day."""
    days = day_of_moment(later).days.astype(np.int64) - day_of_moment(earlier).days
    return Exact(days, 0, later.known & earlier.known)


def compare_moments(a: Moments | Days, sign: str, b: Moments | Days) -> np.ndarray:
    return SIGNS[sign](seconds_of(a), seconds_of(b)) & a.known & b.known


def part_of(name: str, column: Moments | Days) -> Exact:
    """The year, month (1–12), weekday (1 = Monday) or hour of each row."""
    if name == "hour":
        return Exact(seconds_of(column) // 3600 % 24, 0, column.known)
    days = day_of_moment(column).days.astype("datetime64[D]")
    if name == "weekday":
        return Exact((days.astype(np.int64) + 3) % 7 + 1, 0, column.known)
    years = days.astype("datetime64[Y]")
    if name == "year":
        return Exact(years.astype(np.int64) + 1970, 0, column.known)
    months = days.astype("datetime64[M]").astype(np.int64) - years.astype("datetime64[M]").astype(np.int64)
    return Exact(months + 1, 0, column.known)
