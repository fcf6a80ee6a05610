"""One conversation with the mail server, each stage judged by itself: only after the body can anything be in doubt.

Robustness §6.3. What the server says about itself (421, a closed door, a password it does not take) is nobody's fault
among the recipients: the letter waits. What it says about this letter is a refusal, for now (4xx) or for good (5xx).
"""

import contextlib
import functools
import re
import smtplib
import ssl

from django.conf import settings

from reviewhub.notices.channels import outcome
from reviewhub.notices.channels.deadline import Deadline, connect, resolve
from reviewhub.notices.channels.outcome import Outcome
from reviewhub.notices.crashpoints import crashpoint

# Not now, not for us, not without a password: about the server or our account with it, not about the letter.
ABOUT_US = {421, 432, 454, 530, 534, 535, 538}
FAREWELL = 2  # seconds that the good-bye may take


@functools.cache
def tls() -> ssl.SSLContext:
    """Certificates are checked. Kept: reading those of the machine takes longer than a letter."""
    return ssl.create_default_context()


class Line(smtplib.SMTP):
    """A connection whose every wait ends with the deadline."""

    def __init__(self, deadline: Deadline):
        self.deadline = deadline
        super().__init__(local_hostname=settings.MAIL_DOMAIN)

    def _get_socket(self, host, port, timeout):
        seconds = min(settings.EMAIL_TIMEOUT, self.deadline.left())
        found = connect(resolve(host, port, seconds=seconds), seconds=seconds, deadline=self.deadline)
        return tls().wrap_socket(found, server_hostname=host) if settings.EMAIL_USE_SSL else found

    def enter(self) -> None:
        """Connect, greet, encrypt, sign in. OSError (SMTPException is one) wherever that ends."""
        self._host = settings.EMAIL_HOST  # the name that the certificate must bear after STARTTLS
        code, text = self.connect(settings.EMAIL_HOST, settings.EMAIL_PORT)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        self.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            self.starttls(context=tls())
            self.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            self.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)

    def getreply(self):
        """A reply; what was cut off by the deadline is none, though it may begin like one."""
        reply = super().getreply()
        self.deadline.left()
        return reply

    def leave(self) -> None:
        """Say good-bye, without waiting long for an answer."""
        with contextlib.suppress(OSError, ValueError):
            if self.sock:
                self.sock.settimeout(FAREWELL)
                self.docmd("QUIT")
        self.close()


def send(sender: str, recipient: str, message: bytes) -> Outcome:
    """Hand `message` (CRLF, at most 998 octets a line) over for one recipient; never raises for what a server does."""
    with Deadline(settings.EMAIL_CONVERSATION_SECONDS) as deadline:
        line = Line(deadline)
        try:
            line.enter()
        except OSError as error:
            line.close()
            return outcome.unreachable(said(error, deadline), getattr(error, "smtp_code", None))
        found = envelope(line, sender, recipient) or body(line, message)
        line.leave() if not deadline.is_over else line.close()
        return found


def envelope(line: Line, sender: str, recipient: str) -> Outcome | None:
    """From whom, to whom, and leave to begin: None when the body may follow."""
    steps = (("MAIL", lambda: line.mail(sender)), ("RCPT", lambda: line.rcpt(recipient)))
    steps += (("DATA", lambda: line.docmd("DATA")),)
    for name, ask in steps:
        try:
            code, text = ask()
        except OSError as error:
            return outcome.unreachable(said(error, line.deadline))
        if name == "DATA" and code == 354 or name != "DATA" and code in (250, 251):
            continue
        # Before it has heard of the recipient it can only be displeased with us.
        return judged(code, f"{name}: {code} {words(text)}", about_us=name == "MAIL" and code >= 500)
    return None


def body(line: Line, message: bytes) -> Outcome:
    """The letter itself. From its first byte on, silence means that nobody knows."""
    crashpoint("before_data")
    try:
        line.send(dotted(message))
        code, text = line.getreply()
    except OSError as error:
        return outcome.unknown(said(error, line.deadline))
    if code == 250:
        crashpoint("after_250")
        return outcome.sent(code)
    if not 400 <= code < 600:
        return outcome.unknown(f"end of data: {code} {words(text)}")
    return judged(code, f"end of data: {code} {words(text)}")


def judged(code: int, error: str, *, about_us: bool = False) -> Outcome:
    """A definite answer other than yes."""
    if about_us or code in ABOUT_US or not 400 <= code < 600:
        return outcome.unreachable(error, code if 100 <= code < 1000 else None)
    return outcome.refused(code, error, permanent=code >= 500)


def dotted(message: bytes) -> bytes:
    """As it goes over the wire: lines that begin with a dot get another, and a dot alone ends it (RFC 5321 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", message.rstrip(b"\r\n") + b"\r\n") + b".\r\n"


def said(error: OSError, deadline: Deadline) -> str:
    """What went wrong, in the words of whoever looks after the server."""
    if deadline.is_over:
        return f"no end after {deadline.seconds:g} s"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {words(error.smtp_error)}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def words(text: bytes | str) -> str:
    """A reply on one line, without control characters."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(each if each.isprintable() else " " for each in plain).split())
