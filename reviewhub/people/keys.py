"""The single keys of the screens, and which others a person presses in their place.

Kept of a person: {"off": True, "meeting": {"n": "x"}, "pages": {…}}, only what differs from the list here. Digits,
arrows, Space, Esc and keys with Ctrl stay as they are. Turned off, no single key does anything (WCAG 2.1.4).
"""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyz,.;'/[]-=+\\`")
# Screen → key → what it does there.
COMMANDS = {
    "meeting": {
        "n": gettext_lazy("Start, next part"),
        "b": gettext_lazy("Back to the part before"),
        "e": gettext_lazy("More time: then 1, 2 or 5"),
        "+": gettext_lazy("One minute more"),
        "-": gettext_lazy("One minute less"),
        "w": gettext_lazy("Who pays for more time"),
        "o": gettext_lazy("Borrow from a later part"),
        "s": gettext_lazy("Skip this part"),
        "g": gettext_lazy("Go to a part"),
        "p": gettext_lazy("Park a part"),
        "u": gettext_lazy("Undo, for 15 seconds"),
        "h": gettext_lazy("Hand the console over"),
        "l": gettext_lazy("Lock or unlock the queue"),
        "v": gettext_lazy("Ask the room"),
        "q": gettext_lazy("Next question on the stage; with Shift the one before"),
        "k": gettext_lazy("Park the question on the stage"),
        ".": gettext_lazy("Blank the stage"),
        "/": gettext_lazy("Write something down"),
        "d": gettext_lazy("Write down a decision"),
        "a": gettext_lazy("Write down an action"),
        "i": gettext_lazy("Write down an issue"),
        "t": gettext_lazy("Say the time left aloud"),
        "m": gettext_lazy("Sounds on or off"),
        "f": gettext_lazy("Full screen"),
    },
    "pages": {
        "j": gettext_lazy("Next card"),
        "k": gettext_lazy("Previous card"),
        "g": gettext_lazy("Go to a page of the menu: then its number"),
        "/": gettext_lazy("Search on this page"),
        "f": gettext_lazy("Full screen"),
    },
}


class CannotChoose(Exception):
    """Nothing was kept; `problems` says why: (screen, key) → sentence."""

    def __init__(self, problems: dict[tuple[str, str], str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def pressed(kept: Mapping, screen: str) -> dict[str, str]:
    """Every key of a screen → the one that the person presses for it."""
    own = kept.get(screen, {})
    return {key: own.get(key, key) for key in COMMANDS[screen]}


def chosen(wanted: Mapping[tuple[str, str], str], *, off: bool = False) -> dict:
    """What is to be kept of (screen, key) → the text typed for it; empty is the key itself. Raises CannotChoose."""
    typed = {
        (screen, key): unicodedata.normalize("NFKC", wanted.get((screen, key), "")).strip().lower() or key
        for screen, commands in COMMANDS.items()
        for key in commands
    }
    problems = {}
    for (screen, key), own in typed.items():
        if own not in ALLOWED:
            problems[screen, key] = _("Choose one letter or one of %(signs)s.") % {
                "signs": ", . ; ' / [ ] - = + \\ `"
            }
            continue
        rival = next(
            (
                other
                for (where, other), its in typed.items()
                if where == screen and its == own and other != key
            ),
            None,
        )
        if rival:
            problems[screen, key] = _("“%(key)s” is already the key of: %(command)s") % {
                "key": own.upper(), "command": COMMANDS[screen][rival]
            }  # fmt: skip
    if problems:
        raise CannotChoose(problems)
    found: dict = {"off": True} if off else {}
    for screen in COMMANDS:
        if own := {key: text for (where, key), text in typed.items() if where == screen and text != key}:
            found[screen] = own
    return found
