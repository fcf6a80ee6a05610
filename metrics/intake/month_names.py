"""Months and zones as platforms write them, in the languages of their exports. Pure."""

import datetime as dt
import re

_MONTHS = (
    "jan january januar janvier janv ene enero gen gennaio jän jänner",
    "feb february februar février févr fév febrero febbraio",
    "mar march märz mär mrz mars marzo",
    "apr april avril avr abr abril aprile",
    "may mai mayo mag maggio",
    "jun june juni juin junio giu giugno",
    "jul july juli juillet juil julio lug luglio",
    "aug august août aou ago agosto",
    "sep sept september septembre septiembre set settembre",
    "oct october oktober okt octobre octubre ott ottobre",
    "nov november novembre noviembre",
    "dec december dezember dez décembre déc dic diciembre dicembre",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}

# Minutes east of Greenwich.
ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("BST", "CET", "MEZ", "WEST"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET"), 120),
    **dict.fromkeys(("JST", "KST"), 540),
    **dict.fromkeys(("ICT",), 420),
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "AEST": 600,
    "AEDT": 660,
}
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2}):?([0-9]{2})?")


def month_number(word: str) -> int | None:
    """1…12 for a month's name or abbreviation, with or without a full stop."""
    return MONTHS.get(word.casefold().rstrip("."))


def zone_named(written: str) -> dt.timezone | None:
    """The zone of a stamp: an offset, or one of the abbreviations above; None when nobody knows it."""
    if (minutes := ZONES.get(written)) is not None:
        return dt.timezone(dt.timedelta(minutes=minutes))
    match = _OFFSET.fullmatch(written)
    if match is None:
        return None
    offset = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return dt.timezone(offset if match[1] == "+" else -offset)
