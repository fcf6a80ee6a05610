"""A scheduled download: one GET to an allowed host, at the very address that was checked, for what is new (T23)."""

import datetime as dt
import http.client
import ssl
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings

from metrics.feeding import secrets
from metrics.feeding.fetched import Failed, Fetched
from reviewhub.notices.channels import guard
from reviewhub.notices.channels.addresses import is_loopback
from reviewhub.notices.channels.deadline import Deadline

SECONDS = 120
BLOCK = 1 << 16
NOT_MODIFIED = 304


def is_allowed(url: str) -> bool:
    """Whether `url` is an encrypted one on a host of SOURCE_ALLOWED_HOSTS, with its port where it is not 443."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or not url.isascii() or any(sign <= " " for sign in url):
        return False
    if settings.WEBHOOK_LOOPBACK and is_loopback(host):
        return parts.scheme in ("http", "https")
    if parts.scheme != "https":
        return False
    allowed = {each.lower() for each in settings.SOURCE_ALLOWED_HOSTS}
    if port not in (None, 443):
        return f"{host}:{port}" in allowed
    return host in allowed or any(each.startswith(".") and host.endswith(each) for each in allowed)


def fetch(config: dict, target: Path, *, marks: dict, limit: int, seen: dict | None = None) -> Fetched | None:
    """The file at the address; None when it has not changed since `marks`. Failed.

    `seen` is given the last day of the server's certificate as `certificate_until`.
    """
    url = config["url"]
    if not is_allowed(url):
        raise Failed("HOST_FORBIDDEN", host=host_of(url))
    headers = {"User-Agent": "ReviewHub", "Accept": "*/*", "Accept-Encoding": "identity"}
    if config.get("secret"):
        headers["Authorization"] = secrets.value(config["secret"])
    if marks.get("etag"):
        headers["If-None-Match"] = marks["etag"]
    if marks.get("modified"):
        headers["If-Modified-Since"] = marks["modified"]
    with Deadline(SECONDS) as deadline:
        try:
            return asked(urlsplit(url), headers, target, limit, deadline, {} if seen is None else seen)
        except guard.ForbiddenAddress:
            raise Failed("ADDRESS_PRIVATE", host=host_of(url)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = guard.reason(error, deadline) if not deadline.is_over else f"{SECONDS} s"
            raise Failed("ADDRESS_AWAY", permanent=False, host=host_of(url), why=why) from None


def asked(parts, headers: dict, target: Path, limit: int, deadline: Deadline, seen: dict) -> Fetched | None:
    line = guard.dial(parts, deadline)
    try:
        if day := last_day(line.sock):
            seen["certificate_until"] = day
        line.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=headers)
        heard = line.getresponse()
        if heard.status == NOT_MODIFIED:
            return None
        if heard.status != 200:
            passing = heard.status >= 500 or heard.status in (408, 425, 429)
            raise Failed("ANSWERED", permanent=not passing, status=heard.status, host=parts.hostname)
        return kept(heard, target, name_of(parts.path), limit, deadline)
    finally:
        line.close()


def last_day(sock) -> dt.date | None:
    """Until when the certificate of the other side holds; None where the line is not encrypted."""
    known = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    if not known or "notAfter" not in known:
        return None
    return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(known["notAfter"]), dt.UTC).date()


def kept(heard, target: Path, name: str, limit: int, deadline: Deadline) -> Fetched:
    path, size = target / "download", 0
    with path.open("wb") as out:
        while block := heard.read(BLOCK):
            size += len(block)
            if size > limit:
                raise Failed("TOO_LARGE", limit=limit)
            out.write(block)
    promised = heard.getheader("Content-Length")
    if deadline.is_over or (promised and promised.isdecimal() and int(promised) != size):
        raise OSError("the answer broke off")
    marks = {"etag": heard.getheader("ETag") or "", "modified": heard.getheader("Last-Modified") or ""}
    return Fetched(path, name, {key: value[:200] for key, value in marks.items()})


def name_of(path: str) -> str:
    """A file name by which its kind is told; .csv where the address ends in none."""
    name = PurePosixPath(unquote(path)).name or "download"
    return name if PurePosixPath(name).suffix else f"{name}.csv"


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "–")[:100]
    except ValueError:
        return "–"
