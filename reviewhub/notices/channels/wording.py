"""Words and addresses that every channel needs, in the active language."""

import datetime as dt
import unicodedata

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reviewhub.people import zones

SETTINGS = "/notices/settings/"
LONGEST_NAME = 60


def absolute(path: str) -> str:
    """`path` at the configured address (B121); home, where it is no path of ours."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return settings.BASE_URL + (path if plain and " " not in path else "/")


def late(by: dt.timedelta) -> str:
    """ "sent late by 2 d 3 h": two units, down to the minute."""
    minutes = int(by.total_seconds()) // 60
    told = {"days": minutes // 1440, "hours": minutes // 60 % 24, "minutes": minutes % 60}
    if told["days"]:
        return _("sent late by %(days)s d %(hours)s h") % told
    if told["hours"]:
        return _("sent late by %(hours)s h %(minutes)s min") % told
    return _("sent late by %(minutes)s min") % told


def zone_line(zone: dt.tzinfo, at: dt.datetime) -> str:
    """Which clock the times are of, said once."""
    name = str(zone)
    place = zones.place(name, get_language() or "en") or name
    return _("Times: %(place)s, %(offset)s.") % {"place": place, "offset": zones.offset(name, at)}


def one_line(text: str) -> str:
    """`text` without line breaks and control characters: fit for a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in str(text)).split())


def clean_name(name: str) -> str:
    """A person's name as it may stand before an address: nothing that looks like an address, quotes or breaks (T25)."""
    kept = [" " if each in '<>@"\\,;:()[]' or not each.isprintable() else each for each in name]
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())[:LONGEST_NAME].strip()
