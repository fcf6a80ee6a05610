"""The ways out: each delivery becomes a letter in its reader's language and goes by mail or to a chat."""

import logging

from reviewhub.notices.channels.ending import ended_badly
from reviewhub.notices.channels.letters import Letter, letter
from reviewhub.notices.channels.outcome import Outcome
from reviewhub.notices.models import Channel

log = logging.getLogger(__name__)

__all__ = ["Letter", "Outcome", "ended_badly", "letter", "send"]


def send(letter: Letter) -> Outcome:
    """Hand the letter over; never raises. What the other side said, or that nobody knows."""
    from reviewhub.notices.channels import chat, mail  # noqa: PLC0415 - apprise is slow to import and only workers send

    ways = {Channel.EMAIL: mail.send, Channel.CHAT: chat.send}
    try:
        return ways[letter.channel](letter)
    except Exception as error:  # noqa: BLE001 - it was marked as handed over: nobody knows how far it came
        log.exception("delivery %s", letter.delivery.pk)
        return Outcome("unknown", None, f"{type(error).__name__}: {error}")
