"""The chat services that can be told, and what their answers mean: several say 200 and mean no."""

import functools
import importlib
import json
import logging
import re
from dataclasses import dataclass

import apprise
from apprise.common import PersistentStoreMode
from django.conf import settings

from reviewhub.notices.channels import outcome
from reviewhub.notices.channels.guard import Conversation, Requests
from reviewhub.notices.channels.outcome import Outcome

# Its debug lines carry addresses, which are secrets.
logging.getLogger("apprise").setLevel(logging.CRITICAL)

TEMPORARY = {408, 425, 429}


@dataclass(frozen=True)
class Service:
    """`schemes` of its apprise addresses; `options` that may stand behind the question mark; where the answer is JSON,
    the field of its code and the codes that pass by themselves (too many at once, busy)."""

    name: str
    module: str
    notifier: str
    schemes: tuple[str, ...]
    options: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    busy: frozenset[int] = frozenset()
    takes_headers: bool = False


FEISHU = {"codes": ("code", "StatusCode"), "busy": frozenset({11232, 9499000, 99991400})}
TEAMS = frozenset({"pa", "powerautomate", "route", "routeid", "ver", "api-version", "wrap"})
SERVICES = (
    Service("Feishu", "feishu", "NotifyFeishu", ("feishu",), **FEISHU),
    Service("Lark", "lark", "NotifyLark", ("lark",), **FEISHU),
    Service(
        "DingTalk",
        "dingtalk",
        "NotifyDingTalk",
        ("dingtalk",),
        codes=("errcode",),
        busy=frozenset({-1, 130101, 410100}),
    ),
    Service(
        "WeCom",
        "wecombot",
        "NotifyWeComBot",
        ("wecombot",),
        codes=("errcode",),
        busy=frozenset({-1, 45009, 45033}),
    ),
    Service("Slack", "slack", "NotifySlack", ("slack",)),
    Service("Teams", "workflows", "NotifyWorkflows", ("workflows", "workflow"), options=TEAMS),
    Service("JSON", "custom_json", "NotifyJSON", ("jsons", "json"), takes_headers=True),
)
# What the services' own pages give to copy.
SHOWN = (
    (r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?", "feishu://{0}/"),
    (r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([\w-]+)/?", "lark://{0}/"),
    (r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)", "dingtalk://{0}/"),
    (r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([\w-]+)", "wecombot://{0}/"),
    (r"https://hooks\.slack\.com/services/(\w+)/(\w+)/(\w+)", "slack://{0}/{1}/{2}/"),
    (
        r"https://([\w.-]+)(?::443)?/workflows/([\w-]+)/triggers/manual/paths/invoke/?\?(?:[^#]*&)?sig=([\w-]+)(?:&[^#]*)?",
        "workflows://{0}/{1}/{2}/",
    ),
    (
        r"https://([\w.-]+)(?::443)?/powerautomate/automations/direct/workflows/([\w-]+)/triggers/manual/paths/invoke/?"
        r"\?(?:[^#]*&)?sig=([\w-]+)(?:&[^#]*)?",
        "workflows://{0}/{1}/{2}/?pa=yes",
    ),
)


def of(url: str) -> Service | None:
    """The service of an apprise address."""
    scheme = url.split("://", 1)[0].lower()
    return next((each for each in SERVICES if scheme in each.schemes), None)


def as_apprise(url: str) -> str:
    """An address as its service shows it ("https://open.feishu.cn/…/hook/…") in apprise's form; others as they are."""
    for pattern, form in SHOWN:
        if found := re.fullmatch(pattern, url.strip(), re.ASCII):
            return form.format(*found.groups(default=""))
    return url.strip()


@functools.cache
def plugin(service: Service):
    """apprise's class for a service, with our way out in the place of `requests`; only its own file is loaded."""
    module = importlib.import_module(f"apprise.plugins.{service.module}")
    found = getattr(module, service.notifier)
    # What it inherits from has no `requests` of its own (a test holds it).
    module.requests = Requests()
    return found


def open_at(service: Service, url: str):
    """apprise's object for an address; None where it cannot read it."""
    notifier = plugin(service)
    asset = apprise.AppriseAsset(
        app_id="ReviewHub",
        app_desc="ReviewHub",
        app_url=settings.BASE_URL,
        image_url_mask="",
        image_url_logo="",
        allow_templates=False,
        secure_logging=True,
        plugin_paths=[],
        storage_mode=PersistentStoreMode.MEMORY,
    )
    try:
        read = notifier.parse_url(url)
        found = notifier(**(read | {"asset": asset})) if read else None
    except (TypeError, ValueError):  # apprise's own errors are TypeErrors
        return None
    if found:
        found.request_rate_per_sec = 0  # the outbox keeps the pace; a service must not sleep here
    return found


def judged(service: Service, talk: Conversation) -> Outcome:
    """What the service meant by its answer."""
    if talk.outcome:
        return talk.outcome
    if talk.status is None:
        return outcome.refused(None, "this address cannot be written to", permanent=True)
    if talk.status in TEMPORARY or talk.status >= 500:
        return outcome.refused(talk.status, f"HTTP {talk.status}", permanent=False)
    if not 200 <= talk.status < 300:
        return outcome.refused(talk.status, f"HTTP {talk.status}", permanent=True)
    if service.codes and not talk.is_whole:
        return outcome.unknown(f"HTTP {talk.status}, and no end of the answer")
    code = code_of(service, talk.answer)
    if code:
        return outcome.refused(talk.status, f"{service.name} {code}", permanent=code not in service.busy)
    return outcome.sent(talk.status)


def code_of(service: Service, answer: bytes) -> int:
    """The number by which the service says no within a 200; 0 where it says yes, or nothing."""
    if not service.codes:
        return 0
    try:
        said = json.loads(answer)
    except ValueError:
        return 0
    for name in service.codes:
        value = said.get(name) if isinstance(said, dict) else None
        if isinstance(value, int) and value:
            return value
    return 0
