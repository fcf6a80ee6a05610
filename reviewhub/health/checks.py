"""What `manage.py doctor` asks: a list of checks, each answering with findings. Upper apps add theirs in `ready()`."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from reviewhub.health.logs import masked

log = logging.getLogger(__name__)

FINE, NOTE, MEND = "fine", "note", "mend"
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Finding:
    """One answer of a check: `mend` makes the installation unfit, a `note` is worth knowing.

    `text` and `advice` are msgids; `values` fill their %(name)s.
    """

    code: str
    level: str
    text: str
    advice: str = ""
    values: dict = field(default_factory=dict)

    def said(self, language: str) -> tuple[str, str]:
        """(what is so, what to do) in `language`, zh or en. Passwords in values are hidden."""
        with translation.override(LANGUAGES[language]):
            values = {name: masked(str(value)) for name, value in self.values.items()}
            return gettext(self.text) % values, (gettext(self.advice) % values if self.advice else "")


Check = Callable[[dt.datetime], Iterable[Finding]]
_registered: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """`check(at)` gives findings; it may take seconds, and what it raises becomes a finding itself."""
    _registered[name] = check


def findings(*, at: dt.datetime) -> list[Finding]:
    """The answers of every check at `at`, in the order in which they were registered."""
    found = []
    for name, check in _registered.items():
        try:
            found += check(at)
        except Exception as error:  # a check may meet anything; the doctor names it and goes on
            log.debug("check %s", name, exc_info=True)
            found.append(
                Finding(
                    "UNCHECKED",
                    MEND,
                    _("%(name)s could not be checked: %(error)s"),
                    values={"name": name, "error": _first_line(error)},
                )
            )
    return found


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
