"""From messages to deliveries: one mail per person each half hour, six a day, nothing that is no longer wanted."""

import datetime as dt
import hashlib

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from reviewhub.notices import kinds
from reviewhub.notices.choices import hours
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.models import Channel, Delivery, Message
from reviewhub.people.models import User

APART = dt.timedelta(minutes=30)
A_DAY = 6
TEST = "test"
State = Message.State


def pack(*, clock) -> int:
    """Put everything that may leave now into deliveries; how many deliveries were made."""
    at = clock()
    waiting = Message.objects.filter(state=State.QUEUED, not_before__lte=at)
    people = waiting.filter(channel=Channel.EMAIL).order_by("user_id").values_list("user_id", flat=True)
    made = sum(pack_mail(user_id, clock=clock) for user_id in list(people.distinct()))
    posts = waiting.filter(channel=Channel.CHAT).order_by("webhook_id").values_list("webhook_id", flat=True)
    return made + sum(pack_chat(webhook_id, clock=clock) for webhook_id in list(posts.distinct()))


@transaction.atomic
def pack_mail(user_id: int, *, clock) -> int:
    """One mail for everything that waits for this person, at most one each half hour and six a day.

    What has to arrive by a moment (`latest_at`) does not wait for the half hour; past the sixth mail of the person's
    day the messages stay in the inbox only and say so.
    """
    # The row of the person is the lock: two packers cannot both make the sixth mail.
    user = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=user_id).first()
    if user is None:
        return 0
    at = clock()
    rows = list(
        Message.objects.filter(user=user, channel=Channel.EMAIL, state=State.QUEUED, not_before__lte=at)
        .select_related("occurrence")
        .order_by("occurrence__due_at", "id")
    )
    rows = wanted(rows, user, at=at)
    for row in [row for row in rows if row.occurrence.kind == TEST]:
        deliver([row], at=at, user=user, channel=Channel.EMAIL)  # asked for: neither digest nor limit
        rows.remove(row)
    if not rows:
        return 0
    earlier = mails(user)
    last = earlier.order_by("-created_at").values_list("created_at", flat=True).first()
    pressing = any(row.latest_at and row.latest_at <= at + APART for row in rows)
    if last and at < last + APART and not pressing:
        return 0
    if mails_today(user, at=at) >= A_DAY:
        suppress(rows, "cap")
        return 0
    deliver(rows, at=at, user=user, channel=Channel.EMAIL)
    crashpoint("after_pack")
    return 1


@transaction.atomic
def pack_chat(webhook_id: int, *, clock) -> int:
    """One post for each message: a room reads one thing at a time."""
    at = clock()
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("occurrence")
    rows = rows.filter(webhook_id=webhook_id, channel=Channel.CHAT, state=State.QUEUED, not_before__lte=at)
    made = 0
    for row in rows.select_related("occurrence", "webhook", "user").order_by("created_at", "id"):
        if row.webhook.disabled_at:
            suppress([row], "webhook_disabled")
        elif wanted([row], row.user, at=at):
            deliver([row], at=at, user=row.user, webhook=row.webhook, channel=Channel.CHAT)
            made += 1
    return made


def wanted(rows: list[Message], user: User | None, *, at: dt.datetime) -> list[Message]:
    """Those that still stand; the others are not sent, with the reason (F25)."""
    kept = []
    for row in rows:
        if reason := unwanted(row, user, at=at):
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
    if row.occurrence.state == row.occurrence.State.CANCELLED:
        return "cancelled"
    return kind.recheck(row.occurrence, user, at)


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
    delivery = Delivery.objects.create(
        user=user,
        webhook=webhook,
        channel=channel,
        idem=idem,
        message_id=f"<{name}@{settings.MAIL_DOMAIN}>",
        resend_in_doubt=any(kind.resend_in_doubt for kind in found),
        not_before=at,
        created_at=at,
    )
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.PACKED, delivery=delivery)
    return delivery


def mails(user: User):
    """The person's mails but for the tests that they asked for themselves."""
    return Delivery.objects.filter(user=user, channel=Channel.EMAIL).exclude(idem__startswith=f"{TEST}:")


def mails_today(user: User, *, at: dt.datetime) -> int:
    """How many mails were made for this person since midnight of theirs."""
    return mails(user).filter(created_at__gte=day_begins(user, at)).count()


def day_begins(user: User, at: dt.datetime) -> dt.datetime:
    """Midnight of the person's today."""
    local = at.astimezone(hours(user).zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def held_back(user: User, *, at: dt.datetime) -> int:
    """How many messages of today stay in the inbox because six mails went out: the page says so."""
    return Message.objects.filter(
        Q(user=user, reason="cap", state=State.SUPPRESSED, created_at__gte=day_begins(user, at))
    ).count()
