"""Mail: one letter for one person; never raises, and says what became of it."""

import logging
from email.utils import parseaddr

from django.conf import settings
from django.core.mail.message import sanitize_address

from reviewhub.notices.channels import outcome, smtp
from reviewhub.notices.channels.composing import compose
from reviewhub.notices.channels.letters import Letter
from reviewhub.notices.channels.outcome import Outcome
from reviewhub.notices.crashpoints import crashpoint

__all__ = ["compose", "send"]

log = logging.getLogger(__name__)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def send(letter: Letter) -> Outcome:
    """Hand it to the mail server, or to the backend of a demo (console) or of a test (memory)."""
    message = letter.body or compose(letter)
    if not message.to:
        return outcome.refused(None, "nobody can be reached at this address", permanent=True)
    if settings.EMAIL_BACKEND == SMTP:
        written = message.message().as_bytes(linesep="\r\n")
        return smtp.send(address(message.from_email), address(message.to[0]), written)
    return through_backend(message)


def address(text: str) -> str:
    """The bare address of `Name <address>`, its domain in ASCII."""
    return sanitize_address(parseaddr(text)[1], "utf-8")


def through_backend(message) -> Outcome:
    """Console, memory, file: what they take has arrived."""
    crashpoint("before_data")
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - a backend of somebody else's may raise anything
        log.warning("mail backend", exc_info=True)
        return outcome.unknown(f"{type(error).__name__}: {error}")
    crashpoint("after_250")
    return outcome.sent()
