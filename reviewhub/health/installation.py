"""Whether the settings of an installation are safe and agree with each other (T31, T32)."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop as _

from reviewhub.health.checks import FINE, MEND, NOTE, Finding

KEY_LENGTH = 50
KEY_VARIETY = 10
HERE = ("127.0.0.1", "localhost", "::1")


def settings_agree(at: dt.datetime) -> Iterable[Finding]:
    """The secret key, DEBUG, the public address, HTTPS and the proxy, the sender of letters."""
    found = [*_secrets(), *_address(), *_mail()]
    if not any(each.level == MEND for each in found):
        found.append(
            Finding(
                "SETTINGS",
                FINE,
                _("The settings agree; the address is %(url)s."),
                values={"url": settings.BASE_URL},
            )
        )
    return found


def _secrets():
    key = settings.SECRET_KEY
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY:
        yield Finding(
            "SECRET_KEY",
            MEND,
            _("SECRET_KEY is too short to keep sessions and links safe."),
            _(
                "Put at least 50 random characters there: sh docker/secrets.sh makes some. Everybody signs in again."
            ),
        )
    if settings.DEBUG:
        yield Finding(
            "DEBUG",
            MEND,
            _("DEBUG is on: an error shows code and settings to whoever meets it."),
            _("Remove DEBUG from the environment."),
        )


def _address():
    public = urlsplit(settings.BASE_URL)
    host = public.hostname or ""
    values = {"url": settings.BASE_URL, "host": host}
    if public.scheme not in ("http", "https") or not host:
        yield Finding(
            "BASE_URL",
            MEND,
            _("BASE_URL is no address: %(url)s"),
            _("Write it as https://review.example.com."),
            values,
        )
        return
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(
            "ANY_HOST",
            MEND,
            _("ALLOWED_HOSTS takes every host name."),
            _("Name the hosts, or leave it out: then it is the host of BASE_URL."),
        )
    elif not any(_fits(host, pattern) for pattern in settings.ALLOWED_HOSTS):
        yield Finding(
            "BASE_URL_HOST",
            MEND,
            _("Links in mails lead to %(host)s, and ALLOWED_HOSTS refuses that name."),
            _("Make BASE_URL and ALLOWED_HOSTS agree."),
            values,
        )
    secure = public.scheme == "https"
    if secure and not settings.HTTPS:
        yield Finding(
            "HTTPS",
            MEND,
            _("The address begins with https and HTTPS is 0: cookies would travel in the clear."),
            _("Set HTTPS=1 or leave it out."),
        )
    elif not secure and settings.HTTPS:
        yield Finding(
            "HTTPS",
            MEND,
            _("HTTPS is 1 and the address begins with http: nobody could sign in."),
            _("Write BASE_URL with https."),
        )
    elif not secure and host not in HERE:
        yield Finding(
            "PLAIN_HTTP",
            NOTE,
            _("%(url)s is not encrypted: whoever shares the network reads along."),
            _("Give the proxy a domain: SITE_ADDRESS in .env."),
            values,
        )
    if secure and not settings.TRUSTED_PROXY:
        yield Finding(
            "TRUSTED_PROXY",
            MEND,
            _(
                "A proxy ends HTTPS in front of this site and is not believed: forms and addresses of clients go wrong."
            ),
            _("Set TRUSTED_PROXY=1 when, and only when, nobody reaches the web process past your proxy."),
        )
    if f"{public.scheme}://{public.netloc}" not in settings.CSRF_TRUSTED_ORIGINS and secure:
        yield Finding(
            "CSRF_ORIGIN",
            MEND,
            _("CSRF_TRUSTED_ORIGINS lacks %(url)s: forms would be refused."),
            _("Add it, or leave the variable out."),
            values,
        )


def _fits(host: str, pattern: str) -> bool:
    pattern = pattern.lower().strip("[]")
    return host == pattern or (pattern.startswith(".") and (host.endswith(pattern) or host == pattern[1:]))


def _mail():
    if settings.EMAIL_USE_TLS and settings.EMAIL_USE_SSL:
        yield Finding(
            "MAIL_TLS",
            MEND,
            _("EMAIL_USE_TLS and EMAIL_USE_SSL exclude each other."),
            _("Port 587 wants EMAIL_USE_TLS=1, port 465 EMAIL_USE_SSL=1."),
        )
    if settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        yield Finding(
            "MAIL_FROM",
            MEND,
            _("Letters would come from %(sender)s, which other servers refuse."),
            _("Set EMAIL_FROM to an address of your domain."),
            {"sender": settings.DEFAULT_FROM_EMAIL},
        )
