"""The ways out: each delivery becomes a letter in its reader's language and goes by mail or to a chat."""

import datetime as dt
import logging
from dataclasses import replace

from reviewhub.notices.channels import letters, outcome
from reviewhub.notices.channels.ending import ended_badly
from reviewhub.notices.channels.letters import Letter
from reviewhub.notices.channels.outcome import Outcome
from reviewhub.notices.models import Channel, Delivery

log = logging.getLogger(__name__)

__all__ = ["Letter", "Outcome", "ended_badly", "letter", "send"]


def letter(delivery: Delivery, *, at: dt.datetime) -> Letter | None:
    """The letter of this delivery, composed: what cannot be written is found out before anything leaves.

    None when nothing in it is wanted any more. Raises whatever a renderer or a template raises.
    """
    found = letters.letter(delivery, at=at)
    return found and replace(found, body=way(found).compose(found))


def send(letter: Letter) -> Outcome:
    """Hand the letter over; never raises. What the other side said, or that nobody knows."""
    try:
        return way(letter).send(letter)
    except Exception as error:  # noqa: BLE001 - it was marked as handed over: nobody knows how far it came
        log.exception("delivery %s", letter.delivery.pk)
        return outcome.unknown(f"{type(error).__name__}: {error}")


def way(letter: Letter):
    """The module that sends it; apprise is slow to import, and only workers send."""
    if letter.channel == Channel.EMAIL:
        from reviewhub.notices.channels import mail  # noqa: PLC0415

        return mail
    from reviewhub.notices.channels import chat  # noqa: PLC0415

    return chat
