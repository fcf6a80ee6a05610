"""Dates and moments as text: `2026-10-12 周一`, `Mon 12 Oct 2026`. Pure.

A moment is shown in the zone of the aware datetime it comes as; a page says its zone once.
"""

import datetime

from babel.dates import format_date

from reviewhub.ui.figures import NONE, is_chinese

FULL = {"zh": "yyyy-MM-dd EEE", "en": "EEE d MMM yyyy"}
SHORT = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
MONTH = {"zh": "yyyy年M月", "en": "MMM yyyy"}


def formatted(patterns: dict[str, str], on, language: str) -> str:
    if not on:
        return NONE
    if isinstance(on, datetime.datetime):
        on = on.date()
    key = "zh" if is_chinese(language) else "en"
    return format_date(on, patterns[key], locale="zh_Hans_CN" if key == "zh" else "en")


def day(on, language: str = "en") -> str:
    return formatted(FULL, on, language)


def short_day(on, language: str = "en") -> str:
    return formatted(SHORT, on, language)


def month(on, language: str = "en") -> str:
    return formatted(MONTH, on, language)


def moment(at: datetime.datetime | None, language: str = "en") -> str:
    """`2026-10-12 周一 09:00`, `Mon 12 Oct 2026, 09:00`."""
    if not at:
        return NONE
    comma = "" if is_chinese(language) else ","
    return f"{day(at, language)}{comma} {at:%H:%M}"


def short_moment(at: datetime.datetime | None, language: str = "en") -> str:
    """Without the year, for lists and the cycle strip."""
    if not at:
        return NONE
    return f"{short_day(at, language)} {at:%H:%M}"


def period(start, end, language: str = "en") -> str:
    """The days from `start` up to, not including, `end`: `2026年10月`, `Oct 2026`, or first and last day."""
    if not start or not end:
        return NONE
    last = end - datetime.timedelta(days=1)
    if start == last:
        return day(start, language)
    if start.day == 1 and end.day == 1 and (start.year, start.month) == (last.year, last.month):
        return month(start, language)
    return f"{day(start, language)} – {day(last, language)}"
