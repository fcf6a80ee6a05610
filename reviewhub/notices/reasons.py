"""Why a notice was not sent, in words: reasons of the outbox itself, and those that kinds bring along."""

from django.utils.translation import gettext_lazy

from reviewhub.notices import kinds

OWN = {
    "cap": gettext_lazy("Six mails had gone out that day; it stands in the list of notices."),
    "kind_gone": gettext_lazy("This kind of notice does not exist any more."),
    "left": gettext_lazy("The account was closed."),
    "webhook_disabled": gettext_lazy("The chat address was switched off."),
    "cannot_be_written": gettext_lazy("It could not be written for a day."),
    "cancelled": gettext_lazy("It was called off."),
    "sent_before_restore": gettext_lazy("Dropped after a restore: it had gone out before."),
}


def words(kind: str, code: str) -> str:
    """The reason in the active language; the code itself where nobody worded it."""
    found = kinds.find(kind)
    return str((found.reasons if found else {}).get(code) or OWN.get(code) or code)
