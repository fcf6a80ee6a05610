"""The queue as administrators see it: who is reached and who not, and what they can do about it. No contents."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewhub import __version__
from reviewhub.health import pulse
from reviewhub.notices import circuits, inbox, outbox, reasons, restoring, waking
from reviewhub.notices.models import Channel, Circuit, Delivery, Message, Occurrence, Quarantine
from reviewhub.people import activity
from reviewhub.people.models import Company, Confidentiality, User
from reviewhub.people.staffing import may_manage

State = Delivery.State
# Background processes that showed nothing for so long are reported to administrators.
SILENT_S = 180
TABS = {
    "waiting": (gettext_lazy("Waiting"), (State.QUEUED, State.SENDING)),
    "retry": (gettext_lazy("Tried again"), (State.RETRY,)),
    "doubt": (gettext_lazy("In doubt"), (State.IN_DOUBT,)),
    "refused": (gettext_lazy("Refused"), (State.FAILED,)),
    "dead": (gettext_lazy("Given up"), (State.DEAD,)),
    "held": (gettext_lazy("Held after a restore"), (State.HELD,)),
    "sent": (gettext_lazy("Sent"), (State.SENT,)),
    "aside": (gettext_lazy("Put aside"), ()),
    "not_sent": (gettext_lazy("Not sent"), ()),
}
SECRET_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


class CannotSend(Exception):
    """Nothing was changed; `problems` says why, in words."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Line:
    """One delivery without its contents: to whom, what kinds, and what the other side said."""

    delivery: Delivery
    to: str
    labels: list[str]
    words: str
    problems: list[str]


@dataclass(frozen=True)
class Held:
    """One message that had no delivery yet when the backup was restored."""

    to: str
    label: str
    channel: str
    due_at: dt.datetime


@dataclass(frozen=True)
class NotSent:
    """One message that did not leave, and why."""

    to: str
    label: str
    channel: str
    created_at: dt.datetime
    words: str


@dataclass(frozen=True)
class Aside:
    """Something that could not be planned or decided: its kind, where it is to be found, and the error."""

    label: str
    subject: str
    until: dt.datetime | None
    words: str


@dataclass(frozen=True)
class Door:
    """The way to a channel; `words` is why it failed last."""

    circuit: Circuit
    words: str


@dataclass(frozen=True)
class Alarm:
    """What an administrator should know on coming in; `code` is worded by the page."""

    code: str
    count: int = 0
    minutes: int = 0
    channel: str = ""


def counts() -> dict[str, int]:
    """How many deliveries stand in each tab; "held" counts messages too."""
    states = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
    found = {tab: sum(states.get(state, 0) for state in wanted) for tab, (_label, wanted) in TABS.items()}
    found["held"] += Message.objects.filter(state=Message.State.HELD).count()
    found["aside"] = Quarantine.objects.count() + put_aside().count()
    found["not_sent"] = suppressed().count()
    return found


def put_aside():
    """Occurrences that raised when they were decided, and wait for another try."""
    return Occurrence.objects.waiting().exclude(error="")


def suppressed():
    """Mails and posts that were not sent for a reason, the latest first; the inbox may have them all the same."""
    found = Message.objects.filter(state=Message.State.SUPPRESSED).exclude(channel=Channel.INAPP)
    return found.order_by("-created_at", "-id")


def rows(tab: str):
    """The deliveries of a tab: the next one first where something is still to happen, else the latest."""
    wanted = TABS[tab][1]
    found = Delivery.objects.filter(state__in=wanted).select_related("user", "webhook")
    found = found.prefetch_related("messages__occurrence")
    if tab in ("waiting", "retry"):
        return found.order_by("not_before", "id")
    return found.order_by("-finished_at", "-created_at", "id")


def line(delivery: Delivery) -> Line:
    said = [inbox.label(message.occurrence.kind) for message in delivery.messages.all()]
    to = delivery.user.display_name if delivery.user else ""
    if delivery.webhook:
        to = f"{to} · {delivery.webhook.name}" if to else delivery.webhook.name
    return Line(delivery, to, sorted(set(said)), worded(delivery.error), problems(delivery))


def worded(error: str) -> str:
    """What the other side said. An address in it may be a secret (C3)."""
    return SECRET_ADDRESS.sub("…", error)


def held() -> list[Held]:
    """Messages that wait for a decision and have no delivery, oldest first."""
    rows = Message.objects.filter(state=Message.State.HELD).select_related("user", "webhook", "occurrence")
    return [
        Held(
            row.user.display_name if row.user else row.webhook.name,
            inbox.label(row.occurrence.kind),
            row.get_channel_display(),
            row.occurrence.due_at,
        )
        for row in rows.order_by("created_at", "id")[:200]
    ]


def not_sent() -> list[NotSent]:
    """The last 200 that were not sent, with the reason in words."""
    rows = suppressed().select_related("user", "webhook", "occurrence")[:200]
    return [
        NotSent(
            row.user.display_name if row.user else row.webhook.name,
            inbox.label(row.occurrence.kind),
            row.get_channel_display(),
            row.created_at,
            reasons.words(row.occurrence.kind, row.reason),
        )
        for row in rows
    ]


def aside() -> list[Aside]:
    """What is put aside after an error, planned or not yet."""
    planning = [
        Aside(inbox.label(row.kind), f"{row.subject_type} {row.subject_id}", row.until, worded(row.error))
        for row in Quarantine.objects.order_by("until")[:200]
    ]
    deciding = [
        Aside(
            inbox.label(row.kind), f"{row.subject_type} {row.subject_id}", row.not_before, worded(row.error)
        )
        for row in put_aside()[:200]
    ]
    return planning + deciding


def doors() -> list[Door]:
    """Mail and chat: open, or shut after failures. One that was never used is open."""
    known = {row.channel: row for row in Circuit.objects.all()}
    rows = [known.get(channel) or Circuit(channel=channel) for channel in (Channel.EMAIL, Channel.CHAT)]
    return [Door(row, worded(row.error)) for row in rows]


def vitals(*, at: dt.datetime) -> dict:
    """The last signs of workers and schedules, and of a whole tick; `version` is that of the pages."""
    tick = pulse.tick_age_s(at=at)
    return {
        "tick_age_s": tick,
        "is_silent": tick is None or tick > SILENT_S,
        "workers": living(pulse.signs(pulse.WORKER, at=at)),
        "schedules": living(pulse.signs(pulse.SCHEDULE, at=at)),
        "version": __version__,
    }


def living(signs: list[pulse.Sign]) -> list[pulse.Sign]:
    """Those that live; when none does, the one that was seen last."""
    return [sign for sign in signs if sign.is_fresh] or signs[:1]


def alarms(by: User, *, at: dt.datetime) -> list[Alarm]:
    """What whoever looks after the queue should know now; nothing for everybody else."""
    if not may_manage(by):
        return []
    found = []
    tick = pulse.tick_age_s(at=at)
    if tick is None or tick > SILENT_S:
        found.append(Alarm("silent", minutes=tick // 60 if tick else 0))
    for door in Circuit.objects.filter(opened_at__isnull=False):
        found.append(Alarm("shut", channel=door.channel))
    if waiting := sum(restoring.held().values()):
        found.append(Alarm("held", count=waiting))
    return found


def problems(delivery: Delivery) -> list[str]:
    """What stands against sending this once more."""
    if delivery.state not in (*Delivery.FINAL, State.HELD):
        return [_("It is on its way already.")]
    if delivery.user and not delivery.user.is_active:
        return [_("This account is closed.")]
    if delivery.webhook and delivery.webhook.disabled_at:
        return [_("This chat address is switched off.")]
    return []


@transaction.atomic
def send_again(delivery: Delivery, *, by: User, at: dt.datetime) -> None:
    """Once more, whatever became of it: who got the first one may get it twice. Raises CannotSend."""
    _refuse_stranger(by)
    found = problems(delivery)
    if found or not outbox.again(delivery, at=at):
        raise CannotSend(found or [_("It is on its way already.")])
    to = {"person": delivery.user.username} if delivery.user else {"person": delivery.webhook.name}
    _record("notice.resent", delivery, by, at, to | {"channel": delivery.channel, "state": delivery.state})
    transaction.on_commit(waking.wake, robust=True)


@transaction.atomic
def release_held(*, by: User, at: dt.datetime) -> int:
    """Send what was held after a restore; how many."""
    _refuse_stranger(by)
    freed = restoring.release(at=at)
    if freed:
        _record("notice.released", Company.objects.get(), by, at, {"count": freed})
    return freed


@transaction.atomic
def drop_held(*, by: User, at: dt.datetime) -> int:
    """Do not send what was held: it went out before the restore; how many."""
    _refuse_stranger(by)
    dropped = restoring.drop(at=at)
    if dropped:
        _record("notice.dropped", Company.objects.get(), by, at, {"count": dropped})
    return dropped


@transaction.atomic
def open_door(channel: str, *, by: User, at: dt.datetime) -> None:
    """Try a shut door now instead of at its next probe. Raises CannotSend."""
    _refuse_stranger(by)
    if channel not in (Channel.EMAIL, Channel.CHAT):
        raise CannotSend([_("There is no such channel.")])
    if Circuit.objects.filter(channel=channel, opened_at__isnull=False).exists():
        circuits.worked(channel)
        _record("notice.door_opened", Company.objects.get(), by, at, {"channel": channel})
        transaction.on_commit(waking.wake, robust=True)


def _refuse_stranger(by: User) -> None:
    if not may_manage(by):
        raise CannotSend([_("Only an administrator looks after the queue.")])


def _record(code, subject, by, at, params: dict) -> None:
    activity.record(code, subject, by=by, at=at, params=params, confidentiality=Confidentiality.CONFIDENTIAL)
