"""A worker that is killed in the middle of an import leaves nothing half, and the next one finishes it once (F01)."""

import datetime as dt
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from metrics import importing
from metrics.models import ImportJob, Observation, RollUp, Submission
from tests.metrics import uploads
from tests.server import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def killed(point: str, job: ImportJob) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.metrics.crash", point, str(job.pk)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "reviewhub.settings"},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == -signal.SIGKILL, answer.stderr


@pytest.mark.parametrize("point", ["file saved", "checked", "half of the facts", "before commit"])
def test_nothing_is_half_in_and_the_next_worker_finishes_it_once(people, point, monkeypatch):
    job = uploads.receive(at=timezone.now()).job
    before = uploads.digest()
    killed(point, job)
    assert uploads.digest() == before
    job.refresh_from_db()
    assert (job.state, job.attempts, job.outcome) == ("running", 1, None)
    assert importing.run(job.pk, at=timezone.now()).attempts == 1

    woken = []
    monkeypatch.setattr(importing, "wake_worker", woken.append)
    later = timezone.now() + importing.LEASE + dt.timedelta(seconds=1)
    importing.sweep(at=later)
    assert woken == [job.pk]
    for _ in range(2):
        job = importing.run(job.pk, at=later)
    assert (job.state, job.attempts, job.submission.number) == ("done", 2, 1)
    assert Submission.objects.count() == 1
    assert sum(Observation.objects.filter(metric="SAL_ORD").values_list("value", flat=True)) == 2
    assert sum(RollUp.objects.filter(metric="SAL_ORD", grain="M").values_list("value", flat=True)) == 2


def test_a_worker_killed_after_the_commit_has_finished(people):
    job = uploads.receive(at=timezone.now()).job
    killed("after commit", job)
    job.refresh_from_db()
    assert (job.state, job.submission.number) == ("done", 1)
    before = uploads.digest()
    importing.run(job.pk, at=timezone.now() + importing.LEASE * 2)
    assert uploads.digest() == before and Submission.objects.count() == 1
