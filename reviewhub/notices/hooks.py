"""Chat addresses: an administrator enters them; the address itself is a secret (C3) and is never shown again."""

import datetime as dt
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewhub.notices import kinds, queue, trying
from reviewhub.notices.channels.ending import why
from reviewhub.notices.models import Delivery, Message, Webhook
from reviewhub.notices.packing import TEST
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, Department, User
from reviewhub.people.staffing import may_manage

Audience = Webhook.Audience
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# What is read in an address → the service. Hosts end with it, schemes are it.
HOSTS = {
    "feishu.cn": gettext_lazy("Feishu"),
    "larksuite.com": gettext_lazy("Lark"),
    "dingtalk.com": gettext_lazy("DingTalk"),
    "weixin.qq.com": gettext_lazy("WeCom"),
    "slack.com": "Slack",
    "webhook.office.com": "Teams",
    "logic.azure.com": "Teams",
    "api.powerplatform.com": "Teams",
}
SCHEMES = {
    "feishu": gettext_lazy("Feishu"),
    "lark": gettext_lazy("Lark"),
    "dingtalk": gettext_lazy("DingTalk"),
    "wecombot": gettext_lazy("WeCom"),
    "slack": "Slack",
    "msteams": "Teams",
    "workflow": "Teams",
    "workflows": "Teams",
}


class CannotHook(Exception):
    """Nothing was changed; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Details:
    """What is known of a chat address. `url` empty on a change: the kept one stays."""

    name: str
    url: str
    audience: str
    owner: User | None
    department: Department | None = None
    kinds: list[str] = field(default_factory=list)
    language: str = "zh-hans"


@dataclass(frozen=True)
class Shown:
    """A chat address without its secret; `last` is its newest post."""

    hook: Webhook
    service: str
    place: str
    reason: str
    labels: list[str]
    last: Delivery | None = None
    words: str = ""
    is_moving: bool = False


def service(url: str) -> str:
    """The chat service that an address belongs to, as people call it."""
    scheme, host = scheme_and_host(url)
    if scheme in SCHEMES:
        return str(SCHEMES[scheme])
    for known, name in HOSTS.items():
        if host == known or host.endswith(f".{known}"):
            return str(name)
    return _("Other")


def place(url: str) -> str:
    """What may be shown of an address: where it leads, never what opens it."""
    scheme, host = scheme_and_host(url)
    if scheme in SCHEMES:
        return f"{scheme}://…"  # the host of such an address is its key
    return f"{host or '–'}/…"


def scheme_and_host(url: str) -> tuple[str, str]:
    """Both in small letters; empty where nobody can read the address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""


def listed(by: User, *, at: dt.datetime) -> list[Shown]:
    """Every address that `by` may see, those of rooms first, by name; with its newest post, and whether a test that
    was asked for just now is still on its way."""
    rows = list(Webhook.objects.visible_to(by).select_related("owner", "department"))
    rows.sort(key=lambda hook: (hook.audience != Audience.ROOM, hook.name, hook.pk))
    newest = Delivery.objects.filter(webhook=OuterRef("pk")).order_by("-created_at", "id")
    keys = dict(
        Webhook.objects.annotate(newest=Subquery(newest.values("pk")[:1])).values_list("pk", "newest")
    )
    posts = Delivery.objects.in_bulk([key for key in keys.values() if key])
    tests = Message.objects.filter(occurrence__kind=TEST, created_at__gt=at - trying.WATCHED_FOR)
    waits = Q(state=Message.State.QUEUED) | Q(delivery__state__in=trying.MOVING)
    moving = set(tests.filter(waits, webhook__isnull=False).values_list("webhook_id", flat=True))
    return [shown(hook, posts.get(keys.get(hook.pk)), is_moving=hook.pk in moving) for hook in rows]


def shown(hook: Webhook, last: Delivery | None = None, *, is_moving: bool = False) -> Shown:
    names = [str(kind.label) for kind in kinds.every() if kind.code in hook.kinds]
    words = queue.worded(last.error) if last else ""
    return Shown(hook, service(hook.url), place(hook.url), reason(hook), names, last, words, is_moving)


def reason(hook: Webhook) -> str:
    """Why it is off, in words: what happened there, or that somebody switched it off."""
    if not hook.disabled_at:
        return ""
    return why(hook) or _("by an administrator")


def for_rooms() -> list[kinds.Kind]:
    """The kinds that a room can be told about."""
    return [kind for kind in kinds.every() if kind.rooms]


def problems(details: Details, *, by: User, hook: Webhook | None = None) -> dict[str, str]:
    """What stands against keeping this address (`hook` None: a new one)."""
    found = {} if may_manage(by) else {"": _("Only an administrator enters chat addresses.")}
    if not details.name.strip():
        found["name"] = _("Give it a name, such as that of the room.")
    if details.audience not in Audience.values:
        found["audience"] = _("Choose a person or a room.")
    if details.owner is None or not details.owner.is_active:
        found["owner"] = _("Choose who looks after it.")
    if details.language not in LANGUAGES:
        found["language"] = _("This language is not available.")
    if details.audience == Audience.ROOM and not set(details.kinds) & {kind.code for kind in for_rooms()}:
        found["kinds"] = _("Choose at least one kind for the room.")
    if details.audience == Audience.PERSON and details.owner and details.owner.is_partner:
        found["owner"] = _("People of a partner have no chat address here.")
    if sentence := _url_problem(details.url, hook):
        found["url"] = sentence
    return found


def _url_problem(url: str, hook: Webhook | None) -> str:
    if not url:
        return "" if hook else _("Enter the address that the chat program gave you.")
    from reviewhub.notices.channels import chat  # noqa: PLC0415 - apprise is slow to import

    return " ".join(str(problem) for problem in chat.problems(url))


@transaction.atomic
def add(details: Details, *, by: User, at: dt.datetime) -> Webhook:
    """A new address, switched on. Raises CannotHook."""
    _refuse(problems(details, by=by))
    hook = Webhook(created_at=at)
    _fill(hook, details)
    _record("chat.added", hook, by, at, after=_facts(hook))
    return hook


@transaction.atomic
def change(hook: Webhook, details: Details, *, by: User, at: dt.datetime) -> Webhook:
    """Other details; a new address switches it on again. Raises CannotHook."""
    hook = Webhook.objects.select_for_update(of=("self",)).get(pk=hook.pk)
    _refuse(problems(details, by=by, hook=hook))
    before, old = _facts(hook), hook.url
    _fill(hook, details)
    after = _facts(hook)
    if hook.url != old:
        before, after = before | {"address": ""}, after | {"address": "changed"}
    if before != after:
        _record("chat.changed", hook, by, at, before=before, after=after)
    return hook


@transaction.atomic
def switch_off(hook: Webhook, *, by: User, at: dt.datetime) -> None:
    """Nothing is posted there any more. Raises CannotHook."""
    _refuse_stranger(by)
    if Webhook.objects.enabled().filter(pk=hook.pk).update(disabled_at=at, disabled_reason=""):
        _record("chat.switched_off", hook, by, at)


@transaction.atomic
def switch_on(hook: Webhook, *, by: User, at: dt.datetime) -> None:
    """Posts go there again, with its failures forgotten. Raises CannotHook."""
    _refuse_stranger(by)
    off = Webhook.objects.filter(pk=hook.pk, disabled_at__isnull=False)
    if off.update(disabled_at=None, disabled_reason="", failures=0):
        _record("chat.switched_on", hook, by, at)


@transaction.atomic
def remove(hook: Webhook, *, by: User, at: dt.datetime) -> None:
    """The address and what was posted there are forgotten; the log keeps its name. Raises CannotHook."""
    _refuse_stranger(by)
    _record("chat.removed", hook, by, at, before=_facts(hook), after={})
    hook.delete()


def test_problems(hook: Webhook) -> list[str]:
    """What stands against a test post."""
    return [_("It is switched off.")] if hook.disabled_at else []


def test(hook: Webhook, *, by: User, at: dt.datetime) -> None:
    """A test post to this address, at once. Raises CannotHook."""
    _refuse_stranger(by)
    if found := test_problems(hook):
        raise CannotHook({"": " ".join(found)})
    trying.send_to(hook, by=by, at=at)


def _refuse(found: dict[str, str]) -> None:
    if found:
        raise CannotHook(found)


def _refuse_stranger(by: User) -> None:
    if not may_manage(by):
        raise CannotHook({"": _("Only an administrator enters chat addresses.")})


def _fill(hook: Webhook, details: Details) -> None:
    hook.name, hook.audience, hook.owner = details.name.strip(), details.audience, details.owner
    hook.department, hook.language = details.department, details.language
    offered = {kind.code for kind in for_rooms()}
    hook.kinds = sorted(offered & set(details.kinds)) if details.audience == Audience.ROOM else []
    if details.url and details.url != hook.url:
        hook.url = details.url
        hook.failures, hook.disabled_at, hook.disabled_reason = 0, None, ""
    hook.save()


def _facts(hook: Webhook) -> dict:
    return {
        "name": hook.name,
        "audience": hook.audience,
        "owner": hook.owner.username,
        "department": hook.department.code if hook.department else "",
        "kinds": hook.kinds,
        "language": hook.language,
    }


def _record(code, hook, by, at, **sides) -> None:
    params, secret = {"name": hook.name}, Confidentiality.CONFIDENTIAL
    activity.record(code, hook, by=by, at=at, params=params, confidentiality=secret, **sides)
