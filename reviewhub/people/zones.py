"""Pure. Time zones as people look for them: IANA name, today's offset, country and city in their language."""

import datetime as dt
import functools
import zoneinfo
from dataclasses import dataclass

from babel.dates import get_timezone_location

# Not places where somebody lives: the machine's own file, and the placeholder of the database.
NOT_FOR_PEOPLE = {"localtime", "Factory"}


@dataclass(frozen=True)
class Zone:
    """`name` Asia/Shanghai, `offset` UTC+08:00, `place` 中国（上海）时间."""

    name: str
    offset: str
    place: str


@functools.cache
def names() -> tuple[str, ...]:
    """Every IANA zone, by name. Kept: the standard library walks through the files of all zones each time."""
    return tuple(sorted(zoneinfo.available_timezones() - NOT_FOR_PEOPLE))


def is_zone(name: str) -> bool:
    return name in names()


def offset(name: str, at: dt.datetime) -> str:
    """The zone's distance from UTC at that moment: `UTC+05:30`, `UTC−03:00`."""
    seconds = int(at.astimezone(zoneinfo.ZoneInfo(name)).utcoffset().total_seconds())
    sign = "−" if seconds < 0 else "+"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{sign}{hours:02d}:{minutes:02d}"


@functools.lru_cache(maxsize=2048)
def place(name: str, language: str) -> str:
    """Country and city in `language`; empty for zones that are no place (UTC, Etc/GMT+8)."""
    if "/" not in name or name.startswith("Etc/"):
        return ""
    return get_timezone_location(name, locale="zh_Hans_CN" if language.startswith("zh") else "en")


def instants(local: dt.datetime, name: str) -> list[dt.datetime]:
    """The moments at which clocks of the zone show `local` (naive): none in the gap of spring, two in autumn's hour.

    In order; both of an ambiguous pair carry the zone, the later one with `fold` 1.
    """
    zone = zoneinfo.ZoneInfo(name)
    both = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    if both[0].utcoffset() == both[1].utcoffset():
        return both[:1]
    return [each for each in both if each.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == local]


def listed(language: str, at: dt.datetime) -> list[Zone]:
    """All zones with their offset at `at`, by name."""
    return [Zone(name, offset(name, at), place(name, language)) for name in names()]
