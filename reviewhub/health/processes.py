"""Whether broker, workers, beat and mail server live (M4, M5, M6, F08, F36)."""

import datetime as dt
import smtplib
import ssl
import time
from collections.abc import Iterable

import redis
from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext_noop as _

from reviewhub import __version__
from reviewhub.health import pulse
from reviewhub.health.checks import FINE, MEND, NOTE, Finding

LOOKS_EVERY_S = 15
SILENT_AFTER_S = 180
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def broker_trouble(seconds: float = 1) -> str:
    """Why Redis does not answer within `seconds`; "" when it does, and where there is none."""
    if not settings.REDIS_URL:
        return ""
    try:
        link = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds
        )
    except ValueError as error:  # no address at all
        return str(error).splitlines()[0]
    try:
        link.ping()
    except (redis.RedisError, OSError) as error:
        return str(error) or type(error).__name__
    finally:
        link.close()
    return ""


_troubles: tuple[float, list[str]] = (float("-inf"), [])


def troubles(*, at: dt.datetime) -> list[str]:
    """What an administrator should know at once about the background work, as msgids (F10).

    Looked up at most every 15 seconds in a process, for half a second at most.
    """
    global _troubles
    looked, found = _troubles
    if time.monotonic() - looked > LOOKS_EVERY_S:
        age = pulse.tick_age_s(at=at)
        found = []
        if broker_trouble(0.5):
            found.append(
                _("Redis does not answer. Nothing is lost: background work starts with the next sweep.")
            )
        if age is not None and age > SILENT_AFTER_S:
            found.append(
                _("No worker has shown itself for more than three minutes: uploads and notices wait.")
            )
        _troubles = time.monotonic(), found
    return found


def broker_answers(at: dt.datetime) -> Iterable[Finding]:
    if not settings.REDIS_URL:
        return
    if trouble := broker_trouble(3):
        yield Finding(
            "REDIS",
            MEND,
            _("Redis does not answer: %(error)s"),
            _(
                "Nothing is lost: work starts with the next sweep. Check REDIS_URL, the password and the server."
            ),
            {"error": trouble},
        )
    else:
        yield Finding("REDIS", FINE, _("Redis answers."))


def background_lives(at: dt.datetime) -> Iterable[Finding]:
    """A worker carries out ticks, one beat sends them, and all run the code that this command runs."""
    try:
        age = pulse.tick_age_s(at=at)
        schedules = [sign for sign in pulse.signs(pulse.SCHEDULE, at=at) if sign.is_fresh]
        workers = [sign for sign in pulse.signs(pulse.WORKER, at=at) if sign.is_fresh]
    except DatabaseError:
        return  # said above
    if age is None or age > pulse.STALE_AFTER_S:
        yield Finding(
            "TICK",
            MEND,
            _("No worker has carried out a tick of the schedule for %(age)s s."),
            _("Start worker and beat; without them let cron run python manage.py sweep every minute."),
            {"age": "∞" if age is None else age},
        )
    else:
        yield Finding(
            "TICK", FINE, _("Worker and schedule live; the last tick is %(age)s s old."), values={"age": age}
        )
    if len(schedules) > 1:
        yield Finding(
            "SEVERAL_BEATS",
            MEND,
            _("%(count)s schedules run: %(names)s"),
            _("Nothing is sent twice, but keep one beat and stop the others."),
            {"count": len(schedules), "names": ", ".join(sign.name for sign in schedules)},
        )
    for sign in workers:
        if sign.version != __version__:
            yield Finding(
                "WORKER_VERSION",
                MEND,
                _(
                    "%(name)s runs version %(theirs)s, this is %(ours)s: it throws away work that it does not know."
                ),
                _("Start that worker again."),
                {"name": sign.name, "theirs": sign.version, "ours": __version__},
            )


def mail_server_answers(at: dt.datetime) -> Iterable[Finding]:
    """EHLO, TLS and sign-in as a letter would need them; no letter is sent."""
    if settings.EMAIL_BACKEND != SMTP:
        yield Finding(
            "MAIL_NONE",
            NOTE,
            _("No mail server is set: letters are printed to the log."),
            _("Set EMAIL_HOST and its companions (docs/settings.md)."),
        )
        return
    values = {"server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"}
    try:
        _greet()
    except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
        yield Finding(
            "MAIL",
            MEND,
            _("The mail server %(server)s refuses us: %(error)s"),
            _("Check EMAIL_HOST, EMAIL_PORT, TLS, user name and password."),
            values | {"error": _reason(error)},
        )
    else:
        yield Finding("MAIL", FINE, _("The mail server %(server)s takes letters."), values=values)


def _greet() -> None:
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    with kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT) as link:
        link.ehlo()
        if settings.EMAIL_USE_TLS:
            link.starttls(context=ssl.create_default_context())
            link.ehlo()
        if settings.EMAIL_HOST_USER:
            link.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return (str(error) or type(error).__name__).splitlines()[0]
