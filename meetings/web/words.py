"""The words that the live screens need in the browser, in the reader's language or in both."""

from django.utils import translation
from django.utils.translation import gettext as _

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def kinds() -> dict[str, str]:
    """Part kind → word; an item with a single part needs none."""
    return {"report": _("Report"), "discuss": _("Discussion"), "break": "", "reading": "", "single": ""}


def screen() -> dict[str, str]:
    return {
        "draft": _("Starts at"),
        "ready": _("Starts at"),
        "lobby": _("Starts at"),
        "paused": _("Paused"),
        "closing": _("Closing"),
        "ended": _("Thank you"),
        "published": _("Thank you"),
        "cancelled": _("Cancelled"),
        "ends": _("Ends"),
        "next": _("Next"),
        "internal": _("Internal item"),
        "your_turn": _("You are up about {time}"),
        "nothing_next": _("Closing"),
        "part_of": _("Part {number} of {count}"),
        "decisions": _("Decisions"),
        "actions": _("Actions"),
        "topic": _("Agenda topic"),
    }


def both(words) -> dict[str, dict[str, str]]:
    """`words()` in both languages: the stage speaks to everybody at once."""
    found = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            found[short] = words()
    return found


def console() -> dict:
    """What elements say in the reader's own language; {braces} are filled in by the browser."""
    return {
        "live": _("live"),
        "polling": _("asking every 5 s"),
        "offline": _("offline since {time}, local estimate"),
        "unsent": _("{count} to send"),
        "unanswered": _("The server does not answer. Look again before you repeat the order."),
        "on_time": _("on time"),
        "tight": _("tight"),
        "behind": _("late"),
        "of_used": _("of {allot} · used {used}"),
        "over_note": _("over · of {allot}"),
        "starts_in": _("to the start"),
        "late_note": _("past the start"),
        "paused_note": _("paused for {time}"),
        "closing_note": _("until the end"),
        "ended_note": _("The meeting has ended."),
        "half": _("{part}: half time, {left} left"),
        "wrap_up": _("{part}: wrap up, {left} left"),
        "time_up": _("{part}: time is up"),
        "still_over": _("{part}: {over} over"),
        "now_on": _("Now: {part}"),
        "missing": {
            "owner": _("no owner"),
            "due_on": _("needs a date"),
            "link": _("no key result"),
            "text": _("no text"),
        },
        "capture": capture_kinds(),
        "outbox": _("Kept here until the connection is back."),
        "minutes": _("{number} min"),
        "present": _("{count} here"),
        "incomplete": _("{total} captured · {open} incomplete"),
    }


def capture_kinds() -> dict[str, str]:
    return {
        "decision": _("Decision"),
        "action": _("Action"),
        "issue": _("Issue"),
        "park": _("Parked"),
        "conflict": _("Conflict"),
        "data": _("Data doubt"),
        "risk": _("Risk"),
        "kudos": _("Thanks"),
        "vote": _("Vote"),
        "note": _("Note"),
    }
