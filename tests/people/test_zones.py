"""Time zones: all of them, with the offset of the day and the name of the place."""

import datetime as dt
import zoneinfo

import pytest

from reviewhub.people import zones

WINTER = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
SUMMER = dt.datetime(2026, 7, 15, tzinfo=dt.UTC)


def test_every_iana_zone_is_on_offer():
    assert set(zones.names()) >= zoneinfo.available_timezones() - {"localtime", "Factory"}
    assert zones.is_zone("Asia/Shanghai") and not zones.is_zone("Asia/Nowhere")


@pytest.mark.parametrize(
    ("name", "at", "shown"),
    [
        ("Asia/Shanghai", WINTER, "UTC+08:00"),
        ("Europe/Berlin", WINTER, "UTC+01:00"),
        ("Europe/Berlin", SUMMER, "UTC+02:00"),
        ("Asia/Kolkata", WINTER, "UTC+05:30"),
        ("America/St_Johns", WINTER, "UTC−03:30"),
        ("UTC", WINTER, "UTC+00:00"),
    ],
)
def test_the_offset_is_that_of_the_day(name, at, shown):
    assert zones.offset(name, at) == shown


def test_places_are_named_in_the_readers_language():
    assert "上海" in zones.place("Asia/Shanghai", "zh-hans")
    assert "Shanghai" in zones.place("Asia/Shanghai", "en")
    assert zones.place("Etc/GMT+8", "en") == ""


def test_the_list_holds_each_zone_once_by_name():
    listed = [zone.name for zone in zones.listed("en", WINTER)]
    assert listed == sorted(set(listed)) and len(listed) > 400
