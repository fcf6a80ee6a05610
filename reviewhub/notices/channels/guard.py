"""The only way out for chat: one request to an allowed host, at the very address that was checked (T23).

apprise's services ask `requests` to post. Those that are allowed here find this module's Requests in its place: it
prepares the request as requests does and carries it itself, so that no proxy, redirect, stored password, second name
look-up or option of the address changes where it goes.
"""

import contextlib
import contextvars
import http.client
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from django.conf import settings

from reviewhub.notices.channels import outcome
from reviewhub.notices.channels.addresses import is_loopback, is_public
from reviewhub.notices.channels.deadline import Deadline, connect, resolve
from reviewhub.notices.channels.outcome import Outcome
from reviewhub.notices.channels.smtp import tls

SECONDS = 5
LARGEST_ANSWER = 64 * 1024
# The services' own hosts; one that begins with a dot stands for every name below it.
HOSTS = {
    "open.feishu.cn",
    "open.larksuite.com",
    "oapi.dingtalk.com",
    "qyapi.weixin.qq.com",
    "hooks.slack.com",
    ".logic.azure.com",
    ".powerplatform.com",
}


class Refusal(requests.RequestException):
    """Not a request that may leave; apprise takes it for one that failed."""


@dataclass
class Conversation:
    """What became of one post. `only_look`: stop where the first byte would leave, `url` says where it would go."""

    only_look: bool = False
    headers: dict = field(default_factory=dict)
    url: str = ""
    outcome: Outcome | None = None
    status: int | None = None
    answer: bytes = b""
    is_whole: bool = False


_current: contextvars.ContextVar[Conversation | None] = contextvars.ContextVar("conversation", default=None)


class Requests:
    """Stands for the module `requests` inside the allowed services: the same names, another way out."""

    def __getattr__(self, name):
        if name in ("codes", "RequestException", "exceptions"):
            return getattr(requests, name)
        raise Refusal(f"requests.{name} is no way out")

    def post(self, url, **options):
        return self.request("POST", url, **options)

    def request(self, method, url, *, data=None, json=None, headers=None, params=None, auth=None, **_options):
        """Of the options only what makes up the request counts: neither `verify`, `timeout` nor redirects."""
        talk = _current.get()
        if talk is None or talk.url:
            raise Refusal("one request for each letter")
        wanted = requests.Request(
            method, url, data=data, json=json, headers=headers, params=params, auth=auth
        ).prepare()
        wanted.headers.update(talk.headers)
        talk.url = wanted.url
        if talk.only_look:
            raise Refusal("only looking")
        return carry(wanted, talk)


def converse(talk: Conversation, speak) -> Conversation:
    """Call `speak()` with this conversation as the one that its requests belong to."""
    token = _current.set(talk)
    try:
        speak()
    finally:
        _current.reset(token)
    return talk


def is_allowed(url: str) -> bool:
    """Whether `url` is an encrypted one on a host of the list; on a port of its own only where the list says so."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.username is not None and any(each in parts.netloc for each in "\\\t\r\n "):
        return False
    if settings.WEBHOOK_LOOPBACK and is_loopback(host):
        return parts.scheme in ("http", "https")
    if parts.scheme != "https" or not host:
        return False
    allowed = HOSTS | {each.lower() for each in settings.WEBHOOK_ALLOWED_HOSTS}
    if port not in (None, 443):
        return f"{host}:{port}" in allowed
    return host in allowed or any(each.startswith(".") and host.endswith(each) for each in allowed)


def carry(wanted: requests.PreparedRequest, talk: Conversation) -> requests.Response:
    """Send it and read what comes back, five seconds and 64 KiB of it at most."""
    if not is_allowed(wanted.url):
        talk.outcome = outcome.refused(None, "this host is not allowed", permanent=True)
        raise Refusal(talk.outcome.error)
    with Deadline(SECONDS) as deadline:
        try:
            line = dial(urlsplit(wanted.url), deadline)
        except OSError as error:
            talk.outcome = outcome.unreachable(reason(error, deadline))
            raise Refusal(talk.outcome.error) from None
        except ForbiddenAddress:
            talk.outcome = outcome.refused(
                None, "the name leads to an address of a private network", permanent=True
            )
            raise Refusal(talk.outcome.error) from None
        try:
            return ask(line, wanted, talk, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            talk.outcome = outcome.unknown(reason(error, deadline))
            raise Refusal(talk.outcome.error) from None
        finally:
            line.close()


class ForbiddenAddress(Exception):
    """The name of an allowed host leads into a private network."""


def dial(parts, deadline: Deadline) -> http.client.HTTPConnection:
    """A connection to the very addresses that were checked. OSError, ForbiddenAddress."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = resolve(parts.hostname, port, seconds=deadline.left())
    for *_family, address in found:
        allowed = is_public(address[0]) or settings.WEBHOOK_LOOPBACK and is_loopback(address[0])
        if not allowed:  # one bad address among good ones is one too many
            raise ForbiddenAddress
    sock = connect(found, seconds=deadline.left(), deadline=deadline)
    line = http.client.HTTPConnection(parts.hostname, port)
    line.default_port = 443 if parts.scheme == "https" else 80
    try:
        line.sock = (
            tls().wrap_socket(sock, server_hostname=parts.hostname) if parts.scheme == "https" else sock
        )
    except OSError:
        sock.close()
        raise
    return line


def ask(line, wanted: requests.PreparedRequest, talk: Conversation, deadline: Deadline) -> requests.Response:
    """From here on the letter may have arrived, whatever happens."""
    body = wanted.body.encode() if isinstance(wanted.body, str) else wanted.body
    line.request(wanted.method, wanted.path_url, body=body, headers=dict(wanted.headers))
    heard = line.getresponse()
    talk.status = heard.status
    with contextlib.suppress(OSError, http.client.HTTPException):
        talk.answer = heard.read(LARGEST_ANSWER)
        talk.is_whole = not deadline.is_over
    answer = requests.Response()
    answer.status_code, answer.url, answer._content = talk.status, wanted.url, talk.answer
    return answer


def reason(error: Exception, deadline: Deadline) -> str:
    """What went wrong, without the address: it is a secret."""
    if deadline.is_over or isinstance(error, TimeoutError):
        return f"no answer in {SECONDS} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"
    return type(error).__name__
