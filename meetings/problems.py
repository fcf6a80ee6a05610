"""Why something cannot be done, as values: a code, its parameters, and the sentence for the reader."""

from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_noop

from meetings import refusals

SENTENCES = refusals.SENTENCES | {
    "not_the_facilitator": gettext_noop("Only the facilitator of this meeting can do that."),
    "may_not_capture": gettext_noop("Your role does not write in this meeting."),
    "cannot_facilitate": gettext_noop("%(name)s does not hold the role of a facilitator."),
    "may_not_plan": gettext_noop("Your role does not plan meetings."),
    "unknown_template": gettext_noop("There is no agenda template called “%(template)s”."),
    "in_the_past": gettext_noop("The start lies in the past."),
    "already_planned": gettext_noop("This review already has a meeting that is planned or running."),
    "not_ready": gettext_noop("The lobby of this meeting cannot be opened any more."),
    "not_open": gettext_noop("Nobody can sign in here now: the lobby is closed."),
    "not_cancellable": gettext_noop("A meeting that has begun cannot be cancelled."),
    "nothing_to_capture_in": gettext_noop("Notes are taken once the meeting has started, until it ends."),
    "empty_text": gettext_noop("Write a few words."),
    "text_too_long": gettext_noop("Write at most %(limit)s characters."),
    "client_id_taken": gettext_noop("This order was already given by another person."),
    "no_such_question": gettext_noop("This part has no such question."),
    "malformed": gettext_noop("The order cannot be read: %(field)s."),
}


@dataclass(frozen=True)
class Problem:
    """One reason. `str()` words it in the reader's language."""

    code: str
    params: dict = field(default_factory=dict)

    def __str__(self):
        return gettext(SENTENCES[self.code]) % self.params
