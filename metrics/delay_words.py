"""Why lines are due later by themselves, in the reader's words."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from metrics.models import Extension
from reviewhub.ui import days


def length(minutes: int) -> str:
    """As hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)s h") % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(n)s min", "%(n)s min", rest) % {"n": rest})
    return " ".join(parts)


def because(row: Extension) -> list[str]:
    """One sentence for each time that a source was down."""
    return [
        _("“%(feed)s” was down from %(since)s to %(until)s.")
        % {"feed": one["feed"], "since": _moment(one["since"]), "until": _moment(one["until"])}
        for one in row.cause["downtimes"]
    ]


def by_how_much(row: Extension) -> str:
    return length(row.cause["minutes"])


def _moment(text: str) -> str:
    return days.short_moment(timezone.localtime(dt.datetime.fromisoformat(text)), get_language() or "en")
