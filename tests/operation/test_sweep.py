"""`manage.py sweep`: everything that beat and workers do, once, for installations that have only cron."""

import datetime as dt
import json
import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from reviewhub.management.commands import sweep
from reviewhub.notices import kinds, planning
from reviewhub.notices.models import Delivery, Watermark
from reviewhub.people.models import User
from tests import make
from tests.ports import free_port
from tests.server import database_url
from tests.services import stop


@pytest.fixture
def due(db, monkeypatch):
    """A kind of which one notice fell due a second ago, for wang."""
    make.company()
    wang = make.user(username="wang", email="wang@example.com")
    plan = kinds.Plan("48h", timezone.now() - dt.timedelta(seconds=1))
    kind = kinds.Kind(
        code="due",
        label="due",
        note="",
        subjects=lambda since, until: User.objects.filter(pk=wang.pk),
        plans=lambda user, since, until: [plan] if since < plan.due_at <= until else [],
        recipients=lambda occurrence: [wang],
        render=lambda occurrence, user: kinds.Content(title="The adjustment is due"),
        latest=lambda occurrence: occurrence.due_at,
    )
    monkeypatch.setitem(kinds._kinds, "due", kind)


def swept(capsys, *words) -> dict:
    call_command("sweep", "--json", *words)
    return json.loads(capsys.readouterr().out)


def test_what_is_due_goes_out(due, mailoutbox, capsys):
    said = swept(capsys)
    assert (said["status"], said["failed"]) == ("done", [])
    assert [letter.subject for letter in mailoutbox] == ["The adjustment is due"]
    assert Delivery.objects.get().state == "sent"


def test_again_it_does_nothing(due, mailoutbox, capsys):
    swept(capsys)
    swept(capsys)
    assert len(mailoutbox) == 1


def test_it_runs_every_job_of_the_schedule_the_notices_last(db, capsys):
    make.company()
    names = [job["job"] for job in swept(capsys)["jobs"]]
    assert set(names) == set(settings.CELERY_BEAT_SCHEDULE) | {"outbox", "uploads", "fetching", "checking"}
    assert names[-3:] == ["notices", "checking", "outbox"]


def test_a_job_that_fails_is_named_and_stops_no_other(due, mailoutbox, capsys, settings):
    broken = {"broken": {"task": "no.such.task", "schedule": 60.0}}
    settings.CELERY_BEAT_SCHEDULE = broken | settings.CELERY_BEAT_SCHEDULE
    with pytest.raises(SystemExit, match="1"):
        call_command("sweep")
    said = capsys.readouterr()
    assert "broken: NotRegistered: 'no.such.task'" in said.out
    assert said.err == "Failed: broken\n"
    assert len(mailoutbox) == 1


def test_wake_ups_that_no_worker_took_are_thrown_away(db, capsys, settings, tmp_path):
    make.company()
    settings.BROKER_DIR = tmp_path
    (tmp_path / "queue").mkdir()
    for name, age in (("old", sweep.NOBODY_CAME_S + 60), ("new", 60)):
        path = tmp_path / "queue" / f"{name}.reviewhub.msg"
        path.touch()
        os.utime(path, (time.time() - age, time.time() - age))
    swept(capsys)
    assert [path.name for path in (tmp_path / "queue").iterdir()] == ["new.reviewhub.msg"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_from_the_command_line_with_no_broker_at_all(tmp_path):
    """Redis is refused, no worker and no beat live: the letter goes to a real mail server."""
    make.company()
    wang = make.user(username="wang", email="wang@example.com")
    planning.raise_occurrence("test", wang, at=timezone.now())
    port, taken = free_port(), tmp_path / "taken.txt"
    command = [sys.executable, "-m", "tests.faults.outbox.sink", str(port), str(taken)]
    sink = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE)
    assert sink.stdout.readline() == b"ready\n"
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
        "REVIEWHUB_DATA": str(tmp_path),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    }
    try:
        command = [sys.executable, "manage.py", "sweep", "--json"]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    finally:
        stop(sink)
    assert done.returncode == 0, done.stdout + done.stderr
    sent = Delivery.objects.get()
    assert (sent.state, sent.reply_code) == ("sent", 250)
    assert taken.read_text() == f"{sent.message_id} first\n"
    assert Watermark.objects.exists()
