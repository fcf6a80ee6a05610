"""The database's side of it: who is to be told, ticks as the beat sends them, and what became of each message.

A process that answers lines: `seed N`, `pack`, `watch SECONDS [flushall|flushdb]`, `judge FILE`; each answer is JSON.
"""

import collections
import contextlib
import json
import sys
import time

import django
import redis
from django.conf import settings

TICK_EVERY_S, FLUSH_EVERY_S = 0.5, 2


def seed(messages: int) -> None:
    """So many people, half of each kind, in a company."""
    from reviewhub.people.models import Company, User  # noqa: PLC0415 - django.setup() first
    from tests.faults.outbox.apps import KINDS  # noqa: PLC0415

    Company.objects.get_or_create(pk=1, defaults={"name": "远帆", "name_en": "Farsail"})
    codes = list(KINDS)
    names = [f"{codes[number % 2]}-{number}" for number in range(messages)]
    User.objects.bulk_create(User(username=name, email=f"{name}@example.com") for name in names)


def pack() -> None:
    """Everything up to the deliveries, for workers that only send."""
    from django.utils import timezone  # noqa: PLC0415

    from reviewhub.notices import expanding, packing, planning  # noqa: PLC0415

    planning.plan(clock=timezone.now)
    expanding.expand(clock=timezone.now)
    packing.pack(clock=timezone.now)


def watch(seconds: float, flushing: str = "") -> dict:
    """Send a tick as the beat does, more often, until nothing is open; empty Redis every 2 s if asked."""
    from reviewhub.celery import app  # noqa: PLC0415

    began, flushed, rest = time.monotonic(), 0.0, 1
    while rest and time.monotonic() - began < seconds:
        with contextlib.suppress(Exception):
            app.send_task("reviewhub.notices.tasks.tick")
        if flushing and time.monotonic() - flushed > FLUSH_EVERY_S:
            getattr(redis.Redis.from_url(settings.REDIS_URL), flushing)()
            flushed = time.monotonic()
        time.sleep(TICK_EVERY_S)
        rest = still_open()
    return {"open": rest, "seconds": round(time.monotonic() - began, 1)}


def still_open() -> int:
    """Messages that are not at their end: not planned, not told, not packed or not sent."""
    from reviewhub.notices.models import Delivery  # noqa: PLC0415
    from reviewhub.people.models import User  # noqa: PLC0415

    final = Delivery.objects.filter(state__in=Delivery.FINAL, token=None).count()
    return User.objects.filter(username__startswith="fault.").count() - final


def judge(path: str) -> dict:
    """What the mail server accepted beside what the database says."""
    from reviewhub.notices.models import Delivery, Message, Occurrence  # noqa: PLC0415

    with open(path) as file:
        accepted = collections.Counter(line.split()[0] for line in file)
    found = collections.Counter()
    rows = list(Delivery.objects.filter(channel="email", idem__startswith="fault."))
    for row in rows:
        times = accepted[row.message_id]
        promised = 1 + (row.resend_in_doubt and row.doubts > 0)
        found[f"state {row.state}"] += 1
        found["delivered"] += times > 0
        found["in_doubt"] += row.doubts > 0
        found["in_doubt_not_delivered"] += row.state == Delivery.State.IN_DOUBT and times == 0
        found["lost_silently"] += row.state == Delivery.State.SENT and times == 0
        found["duplicates"] += max(0, times - 1)
        found["duplicates_unplanned"] += max(0, times - promised)
        found["duplicates_after_resend"] += min(max(0, times - 1), promised - 1)
        found["leases_left"] += row.token is not None or row.lease_until is not None
        found["not_final"] += row.state not in Delivery.FINAL
    known = {row.message_id for row in rows}
    mails = Message.objects.filter(channel="email", occurrence__kind__startswith="fault.")
    return found | {
        "occurrences": Occurrence.objects.filter(kind__startswith="fault.").count(),
        "messages": mails.count(),
        "messages_without_delivery": mails.filter(delivery=None).count(),
        "deliveries": len(rows),
        "accepted_by_server": sum(accepted.values()),
        "accepted_unknown": sum(count for name, count in accepted.items() if name not in known),
    }


def answer(words: list[str]) -> dict | None:
    match words:
        case ["seed", count]:
            return seed(int(count))
        case ["pack"]:
            return pack()
        case ["watch", seconds, *flushing]:
            return watch(float(seconds), *flushing)
        case ["judge", path]:
            return judge(path)
    raise ValueError(words)


if __name__ == "__main__":
    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(line.split())), flush=True)
