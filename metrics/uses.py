"""Where a metric is used besides formulas and rules: import profiles, pages, and what upper apps register.

An app that hangs on metrics (key results, commission plans, a deck) registers a finder in AppConfig.ready():
`uses.register(finder)`, finder(codes, user) → the Uses that this reader may know.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from metrics import sales
from reviewhub.people.permissions import may


@dataclass(frozen=True)
class Use:
    """One place that would show or act on another figure: what it is ("Import profile"), its name and address."""

    kind: str | Promise
    title: str
    code: str
    path: str = ""


Finder = Callable[[set[str], object], Iterable[Use]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Add a finder; the same one again changes nothing."""
    if finder not in _finders:
        _finders.append(finder)


def register_own() -> None:
    register(profiles)
    register(pages)


def of(codes: Iterable[str], user) -> list[Use]:
    """Every use of one of `codes` that `user` may know, in the order of registration."""
    wanted = set(codes)
    return [use for finder in _finders for use in finder(wanted, user)]


def profiles(codes: set[str], user) -> list[Use]:
    """The kinds of files that bring one of `codes`."""
    from metrics import known_profiles  # noqa: PLC0415 - profiles load numpy; pages start without it

    language = get_language() or "en"
    path = reverse("submissions") if may(user, "submission.edit") or may(user, "submission.read_any") else ""
    return [
        Use(gettext_lazy("Kind of file"), known.title(language), code, path)
        for known in known_profiles.everything()
        for code in known.profile.metrics
        if code in codes
    ]


def pages(codes: set[str], user) -> list[Use]:
    """The pages of this app that show one of `codes`."""
    shown = dict.fromkeys((*sales.TILES, sales.TARGET))
    kind = gettext_lazy("Page")
    return [Use(kind, _("Sales"), code, reverse("sales")) for code in shown if code in codes]
