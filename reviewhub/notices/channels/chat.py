"""Chat: one post to one address through apprise; never raises, and says what became of it."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from reviewhub.notices.channels import guard, outcome, providers, wording
from reviewhub.notices.channels.letters import Letter
from reviewhub.notices.channels.outcome import Outcome
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.models import Webhook

LONGEST = 1500  # characters; the smallest service takes 2,048 bytes of Chinese or 20,000 of everything
MOST_ITEMS = 10
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}")
OURS = {"host", "content-length", "transfer-encoding", "connection", "x-reviewhub-delivery"}


@dataclass(frozen=True)
class Post:
    """What stands in the room."""

    title: str
    body: str


def send(letter: Letter) -> Outcome:
    """Post it. A permanent no switches the address off afterwards (channels.ending)."""
    hook = letter.delivery.webhook
    found = deliver(hook.url, letter.body or compose(letter), idem=letter.delivery.idem)
    hooks = Webhook.objects.filter(pk=hook.pk)
    hooks.update(failures=0) if found.is_sent else hooks.update(failures=F("failures") + 1)
    return found


def deliver(url: str, post: Post, *, idem: str) -> Outcome:
    """`post` to `url`; receivers of our own JSON find `idem` in a header and can tell a second copy."""
    url = providers.as_apprise(url)
    service = providers.of(url)
    if service is None or problems(url):
        return outcome.refused(None, "this address is not allowed", permanent=True)
    headers = {"X-ReviewHub-Delivery": idem} if service.takes_headers else {}
    target = providers.open_at(service, url)
    crashpoint("before_data")
    talk = guard.converse(
        guard.Conversation(headers=headers),
        lambda: target.notify(body=post.body, title=post.title, overflow="truncate", body_format="text"),
    )
    crashpoint("after_250")
    return providers.judged(service, talk)


def compose(letter: Letter) -> Post:
    """Plain words with a link that asks for signing in: a room gets no personal link."""
    with translation.override(letter.language), timezone.override(letter.zone):
        blocks = [words(notice) for notice in letter.notices]
        title = letter.notices[0].content.title
        body = "\n\n".join([*blocks, wording.zone_line(letter.zone, letter.at)])
    return Post(plain(wording.one_line(title)), plain(body)[:LONGEST])


def words(notice) -> str:
    """One notice below its title: how late, what, the first lines of its list, where to go."""
    content, address = notice.content, wording.absolute(notice.content.path)
    lines = [wording.late(notice.late_by)] if notice.late_by else []
    lines += content.lines
    lines += [
        f"- {item.title}" + (f" · {item.note}" if item.note else "") for item in content.items[:MOST_ITEMS]
    ]
    more = len(content.items) - MOST_ITEMS
    lines += [_("… and %(count)s more") % {"count": more}] if more > 0 else []
    lines.append(f"{content.action}: {address}" if content.action else address)
    return "\n".join(map(str, lines))


def plain(text: str) -> str:
    """Without what a chat program would take for a command: <!channel>, <at user_id="all">, <@U123>."""
    return text.replace("<", "‹").replace(">", "›")


def problems(url: str) -> list[str]:
    """Why nothing can be posted to this address, in words; nothing where something can (B120)."""
    url = providers.as_apprise(url)
    service = providers.of(url)
    if service is None:
        known = " · ".join(f"{each.schemes[0]}://" for each in providers.SERVICES)
        return [_("An address begins with one of these: %(schemes)s") % {"schemes": known}]
    if len(url) > Webhook._meta.get_field("url").max_length or not url.isprintable() or "\\" in url:
        return [_("This address cannot be read.")]
    if unknown := sorted(set(options(url)) - service.options - headers_of(service, url)):
        return [_("This part of the address is not allowed: %(names)s") % {"names": ", ".join(unknown)}]
    target = providers.open_at(service, url)
    if target is None:
        return [_("This is not an address of %(service)s.") % {"service": service.name}]
    talk = guard.converse(guard.Conversation(only_look=True), lambda: target.send(body="–", title="–"))
    if not talk.url:
        return [_("This is not an address of %(service)s.") % {"service": service.name}]
    if not guard.is_allowed(talk.url):
        host = urlsplit(talk.url).hostname or "–"
        return [
            _("Nothing is posted to %(host)s: only to encrypted addresses of known services.")
            % {"host": host}
        ]
    return []


def options(url: str) -> list[str]:
    """The names behind the question mark."""
    return [
        name for name, _value in parse_qsl(url.partition("?")[2].partition("#")[0], keep_blank_values=True)
    ]


def headers_of(service: providers.Service, url: str) -> set[str]:
    """Those options that ask for a header ("+X-Token=…") where the service takes some."""
    if not service.takes_headers:
        return set()
    # A plus sign is a space to parse_qsl, as it is to apprise.
    found = {name for name in options(url) if name[:1] in ("+", " ")}
    return {name for name in found if HEADER.fullmatch(name[1:]) and name[1:].lower() not in OURS}
