"""How a source is doing: kept with every run, switched off after five hopeless failures, and its owner told."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from metrics import feed_words, feeds, importing, pulling, tasks
from metrics.models import Feed, FeedRun, Submission
from reviewhub.notices import kinds
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity
from tests.metrics import uploads
from tests.metrics.feeds import given
from tests.metrics.feeds.given import AT
from tests.metrics.feeds.test_folder import lay

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def watched(tmp_path, settings):
    settings.SOURCES_ROOT = str(tmp_path)
    place = tmp_path / "sales"
    place.mkdir()
    return place


@pytest.fixture
def feed(people, watched):
    return given.entered(people, "folder", {"path": "sales"})


def command(*arguments):
    out = StringIO()
    try:
        call_command("pull", *arguments, "--json", "--language", "en", stdout=out)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def fail(feed, times, *, start=AT):
    for number in range(times):
        at = start + number * HOUR
        lay(given_place(feed) / f"no period {number}.csv")
        given.pulled(feed, at)


def given_place(feed):
    from metrics.feeding import places  # noqa: PLC0415 - where the settings of the test say

    return places.folder(feed.config["path"])


def test_after_five_hopeless_failures_it_is_switched_off_and_its_owner_told(feed, people):
    fail(feed, 4)
    assert (feed.hopeless, feed.disabled_at) == (4, None)
    fail(feed, 1, start=AT + 4 * HOUR)
    assert feed.disabled_at == AT + 4 * HOUR and not Feed.objects.due(AT + 99 * HOUR).exists()
    told = Occurrence.objects.get(kind=pulling.NOTICE)
    kind = kinds.find(pulling.NOTICE)
    assert list(kind.recipients(told)) == [people["sales"]]
    content = kind.render(told, people["sales"])
    assert "Export" in content.title and content.path == f"/sources/{feed.pk}/"
    assert kind.recheck(told, people["sales"], AT) == ""
    assert feeds.resume(feed, by=people["sales"], at=AT + 5 * HOUR)
    assert kind.recheck(told, people["sales"], AT) == "over"


def test_one_success_forgets_the_failures(feed, watched):
    fail(feed, 4)
    lay(watched / "orders 2010-12.csv")
    given.pulled(feed, AT + 5 * HOUR)
    assert (feed.failures, feed.hopeless, feed.problem, feed.last_success_at) == (0, 0, None, AT + 5 * HOUR)
    assert feed.last_failure_at == AT + 3 * HOUR
    assert feeds.freshness(feed, at=AT + 7 * HOUR) == 2 * HOUR


def test_passing_failures_are_tried_again_soon_and_then_less_often(feed, monkeypatch):
    def away(feed, run, clock):
        raise pulling.Failed("DATABASE_AWAY", permanent=False)

    monkeypatch.setattr(pulling, "_gone_through", away)
    waits = []
    for _each in range(5):
        given.pulled(feed)
        waits.append((feed.next_run_at - AT).total_seconds() / 60)
    assert waits == [1, 5, 15, 60, 60] and feed.disabled_at is None


def test_what_nobody_foresaw_is_kept_with_a_number_and_frees_the_source(feed, monkeypatch):
    monkeypatch.setattr(importing, "receive", None)
    lay(given_place(feed) / "orders 2010-12.csv")
    run = given.pulled(feed)
    assert run.problem["code"] == "BROKE" and (feed.token, feed.lease_until) == (None, None)
    monkeypatch.undo()


def test_a_run_whose_worker_died_is_closed_by_the_next(feed):
    FeedRun.objects.create(feed=feed, reason="schedule", started_at=AT)
    Feed.objects.update(lease_until=AT - HOUR)
    given.pulled(feed)
    states = {run.state: run.problem for run in FeedRun.objects.all()}
    assert states == {"failed": {"code": "LOST", "params": {}}, "unchanged": None}


def test_a_paused_source_is_asked_by_hand_only(feed, people):
    assert feeds.pause(feed, by=people["sales"], at=AT) and not feeds.pause(feed, by=people["sales"], at=AT)
    assert pulling.pull(feed.pk, clock=lambda: AT) is None
    assert given.pulled(feed).state == "unchanged"
    assert feeds.resume(feed, by=people["sales"], at=AT) and not feeds.resume(feed, by=people["sales"], at=AT)
    codes = set(Activity.objects.filter(code__startswith="source.").values_list("code", flat=True))
    assert codes == {"source.entered", "source.paused", "source.resumed"}


def test_only_what_is_due_is_asked_on_schedule(feed):
    given.pulled(feed)
    assert pulling.pull(feed.pk, clock=lambda: AT + HOUR / 2) is None
    assert pulling.pull(feed.pk, clock=lambda: AT + HOUR).state == "unchanged"


def test_the_history_does_not_grow_for_ever(feed, monkeypatch):
    monkeypatch.setattr(pulling, "KEPT_RUNS", 3)
    for hours in range(6):
        given.pulled(feed, AT + hours * HOUR)
    assert [run.started_at for run in feed.runs.all()] == [AT + hours * HOUR for hours in (5, 4, 3)]


def test_the_minute_wakes_what_is_due(feed, monkeypatch):
    woken = []
    monkeypatch.setattr("reviewhub.health.waking.wake", lambda task, *args: woken.append((task, *args)))
    assert tasks.pull_sources() == 1 and woken == [("metrics.tasks.pull_source", feed.pk)]
    tasks.pull_source(feed.pk)
    assert FeedRun.objects.get().reason == "schedule" and tasks.pull_sources() == 0


def test_the_command_asks_one_or_all_that_are_due(feed, watched):
    place = lay(watched / "orders 2010-12.csv")
    assert place.exists()
    status, said = command("Export")
    version = Submission.objects.get()
    assert (status, said["status"]) == (0, "done")
    assert said["runs"] == [
        {"source": "Export", "state": "done", "files": 1, "rows": version.rows_used, "problem": ""}
        | {"submissions": [version.pk]}
    ]
    assert command()[1] == {"status": "done", "runs": []}  # just asked: nothing is due
    lay(watched / "orders.csv")
    status, said = command(str(feed.pk))
    assert (status, said["status"]) == (1, "failed") and "says no period" in said["runs"][0]["problem"]
    assert command("nothing")[0] == command(str(2**70))[0] == 2


def test_a_command_of_all_is_for_cron(feed, watched):
    Feed.objects.update(next_run_at=timezone.now() - HOUR)
    lay(watched / "orders 2010-12.csv")
    assert command()[1]["runs"][0]["state"] == "done"


def test_every_reason_has_words_in_both_languages():
    known = {
        "path",
        "why",
        "name",
        "host",
        "status",
        "seconds",
        "limit",
        "file",
        "findings",
        "code",
        "incident",
    }
    for code in feed_words.TEXTS:
        assert feed_words.worded({"code": code, "params": dict.fromkeys(known, "x")})
    assert feed_words.worded(None) == ""


def test_the_sweep_does_it_without_a_worker(feed, watched, people, capsys, monkeypatch):
    monkeypatch.setattr("reviewhub.health.waking.wake", lambda *args: False)
    Feed.objects.update(next_run_at=timezone.now() - HOUR)
    lay(watched / "orders 2010-12.csv")
    waiting = uploads.receive(at=timezone.now(), by=people["sales"], settings={"encoding": "utf-8"})
    call_command("sweep", "--json")
    said = {job["job"]: job for job in json.loads(capsys.readouterr().out)["jobs"]}
    assert (said["uploads"]["result"], said["fetching"]["result"]) == (1, 1)
    waiting.job.refresh_from_db()
    assert waiting.job.state == "done" and FeedRun.objects.get().state == "done"
