"""Two of everything at the same time, a process that dies between commit and wake-up, a Redis that forgets."""

import os
import signal
import subprocess
import sys
import threading
from email.utils import parseaddr

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from reviewhub.notices import outbox, packing, planning, tasks
from reviewhub.notices.models import Delivery, Occurrence
from reviewhub.people.models import User
from tests import make
from tests.faults.outbox.planner import BEGIN, HOUR
from tests.ports import free_port
from tests.server import database_url
from tests.services import stop
from tests.worker import Worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("outbox")]


def at_once(act, count=8) -> list:
    """`act()` in so many threads that start together; what each gave."""
    barrier, said = threading.Barrier(count), []

    def one():
        try:
            barrier.wait(10)
            said.append(act())
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            said.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def waiting(count: int) -> None:
    """So many deliveries that may leave now."""
    make.company()
    for number in range(count):
        person = make.user(username=f"p{number}", email=f"p{number}@example.com")
        planning.raise_occurrence("test", person, at=timezone.now())
    tasks.expanding.expand(clock=timezone.now)


def process(*words, **environment) -> subprocess.Popen:
    """A Python process of ours on the test database."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_eight_claim_one_delivery_and_one_gets_it():
    """F03"""
    waiting(1)
    packing.pack(clock=timezone.now)
    claimed = at_once(lambda: outbox.claim(clock=timezone.now))
    assert len([one for one in claimed if one is not None]) == 1
    assert Delivery.objects.get().attempts == 1


def test_eight_claim_eight_deliveries_and_each_gets_its_own():
    waiting(8)
    packing.pack(clock=timezone.now)
    claimed = at_once(lambda: outbox.claim(clock=timezone.now))
    got = [one.pk for one in claimed if one is not None]
    assert len(got) == len(set(got))
    while rest := outbox.claim(clock=timezone.now):
        got.append(rest.pk)
    assert sorted(got) == sorted(Delivery.objects.values_list("pk", flat=True))


def test_eight_pack_and_each_message_is_in_one_delivery():
    waiting(20)
    at_once(lambda: packing.pack(clock=timezone.now))
    packing.pack(clock=timezone.now)
    assert Delivery.objects.count() == 20
    assert set(Delivery.objects.values_list("messages__channel", flat=True)) == {"email"}


def test_eight_expand_and_each_person_is_told_once():
    make.company()
    for number in range(20):
        planning.raise_occurrence("test", make.user(username=f"p{number}"), at=timezone.now())
    at_once(lambda: tasks.expanding.expand(clock=timezone.now))
    tasks.expanding.expand(clock=timezone.now)
    assert [person.messages.count() for person in User.objects.all()] == [1] * 20


def test_two_planners_of_a_thousand_ticks_make_the_rows_of_one():
    """F07, M6"""
    make.company()
    planners = [process("-m", "tests.faults.outbox.planner", "1000") for _ in range(2)]
    for planner in planners:
        assert planner.stdout.readline() == b"ready\n"
    for planner in planners:
        planner.stdin.write(b"go\n")
        planner.stdin.flush()
    assert [planner.wait(240) for planner in planners] == [0, 0]
    rows = Occurrence.objects.filter(kind="fault.hourly").order_by("due_at")
    assert list(rows.values_list("due_at", flat=True)) == [BEGIN + number * HOUR for number in range(1000)]


DIES = """
import os, signal, sys, django
django.setup()
from django.db import transaction
from django.utils import timezone
from reviewhub.notices import planning
from reviewhub.people.models import User
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    planning.raise_occurrence("test", User.objects.get(), at=timezone.now())
"""


def test_who_dies_between_commit_and_wake_up_has_told_it_and_the_next_tick_sends(mailoutbox, settings):
    """F02"""
    make.company()
    make.user(username="wang", email="wang@example.com")
    died = process("-c", DIES, DJANGO_SETTINGS_MODULE="reviewhub.settings")
    assert died.wait(60) == -signal.SIGKILL
    assert Occurrence.objects.get().state == "planned"
    tasks.tick()
    assert [parseaddr(letter.to[0])[1] for letter in mailoutbox] == ["wang@example.com"]


def test_a_redis_that_forgot_every_wake_up_costs_nothing(tmp_path):
    """F09, M3: ten wake-ups are queued, FLUSHDB, then a worker comes and its first tick finds the ten rows."""
    queue = redis.Redis.from_url(os.environ["REDIS_URL"])
    queue.flushdb()
    make.company()
    for number in range(10):
        person = make.user(username=f"p{number}", email=f"p{number}@example.com")
        planning.raise_occurrence("test", person, at=timezone.now())
    assert queue.llen("reviewhub") == 10
    queue.flushdb()
    port, taken = free_port(), tmp_path / "taken.txt"
    sink = process("-m", "tests.faults.outbox.sink", str(port), str(taken))
    assert sink.stdout.readline() == b"ready\n"
    smtp = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "MAIL_PER_SECOND": "0"}
    backend = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
    worker = Worker(tmp_path / "worker.log", **smtp, **backend)
    try:
        worker.start()
        until(lambda: Delivery.objects.filter(state="sent").count() == 10)
    finally:
        worker.stop()
        stop(sink)
    sent = Delivery.objects.values_list("message_id", flat=True)
    assert sorted(taken.read_text().split("\n")[:-1]) == sorted(f"{name} first" for name in sent)


def until(holds, seconds=60):
    """Ask again and again; fail when time is up."""
    waited = threading.Event()
    for _turn in range(int(seconds * 10)):
        if holds():
            return
        waited.wait(0.1)
    raise AssertionError("it did not come to hold")
