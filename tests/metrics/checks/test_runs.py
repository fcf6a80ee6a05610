"""Runs of the checks: one for each state of what is handed in, by whoever holds it, and never a lost one."""

import datetime as dt

import pytest

from metrics import pair_checks
from metrics.checks import runs
from metrics.models import CheckRun, Metric, Submission
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
GROSS = [("SAL_GROSS", "2026-10-03", 100, {"platform": "web", "country": "Germany"})]


@pytest.fixture
def review(db):
    dictionary_of_today()
    return make.review()


def test_nothing_handed_in_is_not_checked(review):
    assert runs.ask(review, at=AT) is None and runs.sweep(at=AT) == 0


def test_the_same_figures_are_checked_once(review):
    figures(GROSS)
    first = runs.ask(review, at=AT)
    assert runs.ask(review, at=AT + MINUTE) == first and CheckRun.objects.count() == 1
    assert runs.run(first.pk, at=AT)
    assert not runs.run(first.pk, at=AT + MINUTE)
    done = CheckRun.objects.shown(review)
    assert (done.state, done.token, done.finished_at) == ("done", None, AT)
    assert len(runs.results(done)) > 300


@pytest.mark.parametrize("change", ["version", "certified", "switched off"])
def test_whatever_the_answer_depends_on_asks_again(review, change):
    row = figures(GROSS, state="handed_in")
    before = runs.basis(review)
    if change == "version":
        figures(GROSS, state="handed_in", number=2)
    elif change == "certified":
        Submission.objects.filter(pk=row.pk).update(state="certified", certified_at=AT)
    else:
        Metric.objects.filter(code="SAL_ORD").update(is_enabled=False)
    assert runs.basis(review) not in ("", before)


def test_a_run_that_is_held_is_left_alone_and_a_lost_one_taken_over(review):
    figures(GROSS)
    asked = runs.ask(review, at=AT)
    assert runs.claim(asked.pk, at=AT) is not None
    assert runs.claim(asked.pk, at=AT + MINUTE) is None
    assert runs.sweep(at=AT + MINUTE) == 0
    assert runs.sweep(at=AT + runs.LEASE + MINUTE) == 1
    assert runs.claim(asked.pk, at=AT + runs.LEASE + MINUTE).attempts == 2


def test_whoever_was_overtaken_writes_nothing(review, monkeypatch):
    figures(GROSS)
    asked = runs.ask(review, at=AT)
    late = AT + runs.LEASE + MINUTE
    overtaken = lambda *args, **more: runs.claim(asked.pk, at=late) and []  # noqa: E731
    monkeypatch.setattr(runs, "checks", overtaken)
    assert not runs.run(asked.pk, at=AT)
    assert CheckRun.objects.get().state == "running"


def test_a_run_that_kills_its_workers_is_given_up(review):
    figures(GROSS)
    asked = runs.ask(review, at=AT)
    CheckRun.objects.update(attempts=runs.ATTEMPTS)
    runs.sweep(at=AT)
    asked.refresh_from_db()
    assert (asked.state, asked.finished_at) == ("failed", AT)


def test_what_comes_in_while_it_runs_gets_a_run_of_its_own(review, monkeypatch):
    figures(GROSS)
    asked = runs.ask(review, at=AT)

    def slow(*args, **more):
        figures(GROSS, number=2, state="handed_in")
        return []

    monkeypatch.setattr(runs, "checks", slow)
    runs.run(asked.pk, at=AT)
    assert sorted(CheckRun.objects.values_list("state", flat=True)) == ["done", "queued"]


def test_without_a_worker_the_sweep_carries_them_out(review):
    figures(GROSS)
    runs.sweep(at=AT)
    assert (pair_checks.run_waiting(clock=lambda: AT), pair_checks.run_waiting(clock=lambda: AT)) == (1, 0)
    assert CheckRun.objects.get().state == "done"
