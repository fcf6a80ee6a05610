"""From messages to deliveries: one mail per person each half hour, six a day, nothing that is no longer wanted."""

import datetime as dt
import hashlib
import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from reviewhub.notices import kinds
from reviewhub.notices.backoff import GIVE_UP_AFTER
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.models import Channel, Delivery, Message
from reviewhub.people.models import Company, User
from reviewhub.people.preferences import zone_of

log = logging.getLogger(__name__)
APART = dt.timedelta(minutes=30)
ASIDE = dt.timedelta(hours=1)
A_DAY = 6
TEST = "test"
State = Message.State


def pack(*, clock) -> int:
    """Put everything that may leave now into deliveries; how many deliveries were made."""
    waiting = Message.objects.filter(state=State.QUEUED, not_before__lte=clock())
    people = waiting.filter(channel=Channel.EMAIL).order_by("user_id").values_list("user_id", flat=True)
    made = sum(pack_mail(user_id, clock=clock) for user_id in list(people.distinct()))
    posts = waiting.filter(channel=Channel.CHAT).order_by("webhook_id").values_list("webhook_id", flat=True)
    return made + sum(pack_chat(webhook_id, clock=clock) for webhook_id in list(posts.distinct()))


@transaction.atomic
def pack_mail(user_id: int, *, clock) -> int:
    """One mail for everything that waits for this person, at most one each half hour and six a day.

    What has to arrive by a moment (`latest_at`) does not wait for the half hour; past the sixth mail of the person's
    day only that still leaves: the others stay in the inbox and say so. When a mail goes, what waits for open hours
    goes with it.
    """
    # The row of the person is the lock: two packers cannot both make the sixth mail.
    user = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=user_id).first()
    if user is None:
        return 0
    at = clock()
    rows = locked(Message.objects.filter(user=user, channel=Channel.EMAIL))
    due = wanted([row for row in rows if row.not_before <= at], user, at=at)
    tests = [row for row in due if row.occurrence.kind == TEST]
    for row in tests:
        deliver([row], at=at, user=user, channel=Channel.EMAIL)  # asked for: neither digest nor limit
    made, due = len(tests), [row for row in due if row not in tests]
    if not due or rests(user, due, at=at):
        return made
    is_full = mails_today(user, at=at) >= A_DAY
    if is_full:
        suppress([row for row in due if not row.latest_at], "cap")
        due = [row for row in due if row.latest_at]
        if not due:
            return made
    along = [] if is_full else wanted([row for row in rows if row.not_before > at], user, at=at)
    deliver(due + along, at=at, user=user, channel=Channel.EMAIL)
    crashpoint("after_pack")
    return made + 1


def locked(rows) -> list[Message]:
    """The waiting ones of these, oldest first: a restore or a cancellation waits until they are packed."""
    mine = rows.filter(state=State.QUEUED).select_for_update(of=("self",))
    return list(
        mine.select_related("occurrence", "webhook", "user").order_by("occurrence__due_at", "occurrence_id")
    )


def rests(user: User, rows: list[Message], *, at: dt.datetime) -> bool:
    """Whether the last mail is less than half an hour old and nothing here is pressing."""
    last = mails(user).order_by("-created_at").values_list("created_at", flat=True).first()
    is_pressing = any(row.latest_at and row.latest_at <= at + APART for row in rows)
    return last is not None and at < last + APART and not is_pressing


@transaction.atomic
def pack_chat(webhook_id: int, *, clock) -> int:
    """One post for each message: a room reads one thing at a time."""
    made = 0
    at = clock()
    waiting = Message.objects.filter(webhook_id=webhook_id, channel=Channel.CHAT, not_before__lte=at)
    for row in locked(waiting):
        if row.webhook.disabled_at:
            suppress([row], "webhook_disabled")
        elif wanted([row], row.user, at=at):
            deliver([row], at=at, user=row.user, webhook=row.webhook, channel=Channel.CHAT)
            made += 1
    return made


def wanted(rows: list[Message], user: User | None, *, at: dt.datetime) -> list[Message]:
    """Those that still stand; the others are not sent, with the reason (F25).

    One whose re-check raises is put aside for an hour (F38), unless it makes up a whole delivery: that is retried.
    """
    kept = []
    for row in rows:
        try:
            with transaction.atomic():
                reason = unwanted(row, user, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # noqa: BLE001 - one poisoned row must not stop the others
            if row.delivery_id and len(rows) == 1:
                raise
            log.exception("message %s failed", row.idem)
            put_aside(row, at=at)
            continue
        if reason:
            suppress([row], reason)
        else:
            kept.append(row)
    return kept


def unwanted(row: Message, user: User | None, *, at: dt.datetime) -> str:
    """ "" or the code of why this message is not wanted any more."""
    kind = kinds.find(row.occurrence.kind)
    if kind is None:
        return "kind_gone"
    if user is not None and not user.is_active:
        return "left"
    return kind.recheck(row.occurrence, user, at)


def put_aside(row: Message, *, at: dt.datetime) -> None:
    """Back into the queue for an hour, out of the mail it was packed into; after a day it stays in the inbox."""
    if at - row.created_at >= GIVE_UP_AFTER:
        suppress([row], "cannot_be_written")
    else:
        waits = {"state": State.QUEUED, "not_before": at + ASIDE, "delivery": None}
        Message.objects.filter(pk=row.pk).update(**waits)


def suppress(rows: list[Message], reason: str) -> None:
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.SUPPRESSED, reason=reason, delivery=None
    )


def deliver(rows: list[Message], *, at: dt.datetime, channel: str, user=None, webhook=None) -> Delivery:
    """One delivery that carries `rows`; its Message-ID follows from what it carries and never changes."""
    first = rows[0].idem
    whole = hashlib.sha256("\n".join(sorted(row.idem for row in rows)).encode()).hexdigest()
    idem = first if len(rows) == 1 else f"digest:{whole}"
    name = hashlib.sha256(idem.encode()).hexdigest()[:32]
    found = [kinds.find(row.occurrence.kind) for row in rows]
    columns = {
        "user": user,
        "webhook": webhook,
        "channel": channel,
        "message_id": f"<{name}@{settings.MAIL_DOMAIN}>",
        "resend_in_doubt": any(kind.resend_in_doubt for kind in found),
        "state": Delivery.State.QUEUED,
        "not_before": at,
        "created_at": at,
        "attempts": 0,
        "finished_at": None,
    }
    # Messages that were all put aside while they were written come back as the delivery that was cancelled then.
    earlier = Delivery.objects.filter(idem=idem, state=Delivery.State.CANCELLED)
    is_back = earlier.update(**columns)
    delivery = Delivery.objects.get(idem=idem) if is_back else Delivery.objects.create(idem=idem, **columns)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.PACKED, delivery=delivery)
    return delivery


def mails(user: User):
    """The person's mails but for those that were not wanted any more and the tests that they asked for themselves."""
    gone = Delivery.objects.filter(user=user, channel=Channel.EMAIL).exclude(state=Delivery.State.CANCELLED)
    return gone.exclude(idem__startswith=f"{TEST}:")


def mails_today(user: User, *, at: dt.datetime) -> int:
    """How many mails were made for this person since midnight of theirs."""
    return mails(user).filter(created_at__gte=day_begins(user, at)).count()


def day_begins(user: User, at: dt.datetime) -> dt.datetime:
    """Midnight of the person's today."""
    local = at.astimezone(zone_of(user, Company.objects.first()))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def held_back(user: User, *, at: dt.datetime) -> int:
    """How many messages of today stay in the inbox because six mails went out: the page says so."""
    capped = Message.objects.filter(user=user, reason="cap", state=State.SUPPRESSED)
    return capped.filter(not_before__gte=day_begins(user, at)).count()
