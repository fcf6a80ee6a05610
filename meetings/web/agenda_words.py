"""What the builder calls its fits, its changes and the items that can be added."""

from dataclasses import asdict

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meetings.recommending import Advice

# In the order in which they are offered: what is kindest to the room first (experience §4).
FITS = {
    "S7": (
        _("Headlines, break and buffer"),
        _("Reports shrink to headlines inside the slot; needs the pre-read."),
    ),
    "S6": (_("Pre-read and silent reading"), _("Everybody reads for 15 minutes in the room; no reports.")),
    "S5": (_("Pre-read only"), _("No reports, no reading time: works only where everybody has read.")),
    "S1": (_("Everything in proportion"), _("Every part gives its share, also those that lead to action.")),
    "S1b": (_("In proportion, by five minutes"), _("The same on a grid of five minutes.")),
    "S2": (
        _("Protect discussions"),
        _("Departments stay whole; problems across departments and the plan pay."),
    ),
    "S3": (_("Protect cross-department and plan"), _("What leads to action stays whole; departments pay.")),
    "S4": (_("Protect both"), _("Opening and reports pay for everything.")),
    "S8": (_("Finance and technology in writing"), _("Both are reviewed on paper and leave the room.")),
    "S9": (_("Stay long, with a break"), _("Nothing is cut; the end moves and has to be accepted.")),
    "S0": (_("As it is"), _("Nothing changes.")),
}
ADVICE = {
    "read": _(
        "%(read)s %% of the people expected have read the pre-read: "
        "reports can shrink to headlines, and there is time for a break."
    ),
    "headlines": _(
        "Cross-department and plan stay whole, with a break and a buffer. "
        "It needs the pre-read: once it is out and fewer than four in five have read it, "
        "silent reading in the room is better."
    ),
    "unread": _(
        "Only %(read)s %% of the people expected have read the pre-read: "
        "reading in the room replaces the reports, all discussions stay whole."
    ),
    "reading": _(
        "Headlines would take from cross-department or plan; reading in the room leaves both whole."
    ),
    "cheapest": _(
        "It takes the least: %(action)s minutes from cross-department and plan, "
        "%(discussion)s from discussions, %(rest)s from the rest."
    ),
}
CHANGES = {
    "planned": _("as planned"),
    "edit": _("edited"),
    "order": _("moved an item"),
    "added": _("added an item"),
    "removed": _("took an item out"),
    "template": _("took a template"),
    "proposal": _("took a proposal"),
} | {f"fit-{code}": label for code, (label, _why) in FITS.items()}
KINDS = {
    "report": _("Report"),
    "discuss": _("Discussion"),
    "break": pgettext_lazy("agenda", "Break"),
    "reading": _("Silent reading"),
    "single": _("Length"),
}
# What can always be added: stem of the code → name.
FURTHER = {
    "BREAK": pgettext_lazy("agenda", "Break"),
    "X": _("Guest or other item"),
    "D": _("Report and discussion"),
}
SHIPPED = {
    "default-240": _("Default: 240 minutes with a break and a buffer"),
    "published": _("Published: 295 minutes, 55 over"),
}


def advised(found: Advice) -> str:
    """Why this fit is recommended."""
    known = {"read": found.read, **asdict(found.cost)}
    return str(ADVICE[found.reason]) % known


def said(zh: str, en: str) -> str:
    """A title in the reader's language, the other where one is empty."""
    return (zh or en) if (get_language() or "").startswith("zh") else (en or zh)
