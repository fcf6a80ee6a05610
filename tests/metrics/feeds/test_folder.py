"""A watched folder: what is finished goes in once and ends in done/ or failed/; nothing outside it is ever read."""

import os
import threading

import pytest
from django.db import connection

from metrics import feeds, pulling
from metrics.feeding import folder
from metrics.feeding.fetched import Failed
from metrics.models import Feed, FeedRun, ImportJob, Submission
from tests.metrics.feeds import given
from tests.metrics.feeds.given import AT
from tests.metrics.uploads import csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(tmp_path, settings):
    settings.SOURCES_ROOT = str(tmp_path)
    place = tmp_path / "sales"
    place.mkdir()
    return place


@pytest.fixture
def feed(people, watched):
    return given.entered(people, "folder", {"path": "sales"})


def lay(place, content=None, *, age=600):
    place.write_bytes(csv() if content is None else content)
    os.utime(place, (AT.timestamp() - age,) * 2)
    return place


def names(place) -> list[str]:
    return sorted(one.name.split("-", 2)[-1] for one in place.iterdir()) if place.exists() else []


def test_a_finished_file_becomes_a_version_and_lies_in_done(feed, watched):
    lay(watched / "orders 2010-12.csv")
    run = given.pulled(feed)
    version = Submission.objects.get()
    assert (run.state, run.files, run.rows) == ("done", 1, version.rows_used)
    assert version.department == feed.department and version.uploaded_by is None
    assert str(version.period_start) == "2010-12-01" and names(watched / "done") == ["orders 2010-12.csv"]
    assert [one.name for one in watched.iterdir() if one.is_file()] == []
    assert (feed.last_success_at, feed.last_rows, feed.failures) == (AT, version.rows_used, 0)
    assert feed.next_run_at == AT + given.dt.timedelta(minutes=60) and feed.token is None


def test_what_is_still_written_waits(feed, watched, settings):
    settings.SOURCE_STABLE_S = 30
    lay(watched / "new 2010-12.csv", age=29)
    for name in ("a 2010-12.csv.part", ".hidden 2010-12.csv", "~$x 2010-12.csv", "b 2010-12.tmp"):
        lay(watched / name)
    assert given.pulled(feed).state == "unchanged" and not ImportJob.objects.exists()
    assert len([one for one in watched.iterdir() if one.is_file()]) == 5


def test_a_bad_file_lies_in_failed_and_the_good_one_beside_it_goes_in(feed, watched):
    lay(watched / "a 2010-12.csv", b"nonsense,row\n1,2\n")
    lay(watched / "b 2010-12.csv")
    run = given.pulled(feed)
    assert (run.state, run.files, feed.failures, feed.hopeless) == ("failed", 2, 1, 1)
    assert names(watched / "failed") == ["a 2010-12.csv"] and names(watched / "done") == ["b 2010-12.csv"]
    assert Submission.objects.count() == 1 and feed.problem["code"] == "REFUSED"


def test_a_name_without_a_period_fails_in_words(feed, watched):
    lay(watched / "orders.csv")
    run = given.pulled(feed)
    assert run.problem == {"code": "NO_PERIOD", "params": {"name": "orders.csv"}}
    assert names(watched / "failed") == ["orders.csv"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("orders 2010-12.csv", "2010-12"),
        ("2010-W50_orders.csv", "2010-W50"),
        ("x-2010-12-31.csv", "2010-12-31"),
        ("x 2010-12-01..2010-12-15 y.csv", "2010-12-01..2010-12-15"),
        ("x 2010-Q4.csv", "2010-Q4"),
    ],
)
def test_a_name_says_its_period(name, text):
    assert pulling.period_of(Feed(covers="name"), name, on=AT.date()).text == text


@pytest.mark.parametrize(
    "name", ["orders.csv", "2010-13.csv", "20101-12.csv", "2010-12-99.csv", "2010-W60.csv"]
)
def test_a_name_that_says_none_is_refused(name):
    with pytest.raises(Failed):
        pulling.period_of(Feed(covers="name"), name, on=AT.date())


@pytest.mark.parametrize(
    ("covers", "text"),
    [
        ("yesterday", "2011-01-19"),
        ("this_week", "2011-W03"),
        ("last_week", "2011-W02"),
        ("this_month", "2011-01"),
        ("last_month", "2010-12"),
    ],
)
def test_a_period_is_told_from_the_day(covers, text):
    assert pulling.period_of(Feed(covers=covers), "", on=AT.date()).text == text


def test_links_pipes_and_folders_are_left_alone(feed, watched, tmp_path):
    secret = lay(tmp_path / "secret 2010-12.csv")
    (watched / "link 2010-12.csv").symlink_to(secret)
    os.link(secret, watched / "hard 2010-12.csv")
    os.mkfifo(watched / "pipe 2010-12.csv")
    (watched / "folder 2010-12.csv").mkdir()
    assert given.pulled(feed).state == "unchanged" and not ImportJob.objects.exists()
    assert secret.exists() and (watched / "link 2010-12.csv").is_symlink()


@pytest.mark.parametrize(
    "path", ["..", "../etc", "sales/../..", "/etc", "", "out", "out/sub", "sales\0", "nothing"]
)
def test_a_path_that_leads_out_is_refused(people, watched, tmp_path, path):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    (outside / "sub").mkdir(parents=True)
    (tmp_path / "out").symlink_to(outside)
    with pytest.raises(feeds.CannotKeep) as refusal:
        given.entered(people, "folder", {"path": path})
    assert "path" in refusal.value.problems and not Feed.objects.exists()


def test_a_folder_that_becomes_a_link_later_is_not_followed(feed, watched, tmp_path):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    watched.rename(outside)
    watched.symlink_to(outside)
    lay(outside / "orders 2010-12.csv")
    assert given.pulled(feed).problem["code"] == "PATH_FORBIDDEN" and not ImportJob.objects.exists()


def test_without_a_root_there_are_no_folders(feed, watched, settings):
    settings.SOURCES_ROOT = ""
    assert given.pulled(feed).problem["code"] == "NO_ROOT"


def test_what_a_killed_run_had_taken_goes_in_with_the_next(feed, watched):
    lay(watched / "orders 2010-12.csv")
    assert [one.name for one in folder.finished("sales", at=AT)] == ["orders 2010-12.csv"]
    assert not (watched / "orders 2010-12.csv").exists()  # taken, and nobody went on
    assert given.pulled(feed).state == "done" and names(watched / "done") == ["orders 2010-12.csv"]


def test_the_same_file_again_makes_no_second_version(feed, watched):
    for at in (AT, AT + given.dt.timedelta(hours=1)):
        lay(watched / "orders 2010-12.csv")
        run = given.pulled(feed, at)
    assert run.state == "unchanged" and Submission.objects.count() == 1
    assert len(list((watched / "done").iterdir())) == 2


def test_a_run_that_is_held_by_another_worker_is_not_begun(feed, watched):
    assert pulling._claimed(feed.pk, at=AT, due_only=False)
    assert pulling.pull(feed.pk, clock=lambda: AT, reason="pressed") is None
    later = AT + pulling.LEASE + given.dt.timedelta(seconds=1)
    assert given.pulled(feed, later).state == "unchanged"


@pytest.mark.django_db(transaction=True)
def test_of_six_workers_one_takes_the_file(people, watched):
    feed = given.entered(people, "folder", {"path": "sales"})
    lay(watched / "orders 2010-12.csv")
    gate, runs = threading.Barrier(6), []

    def work():
        try:
            gate.wait()
            runs.append(pulling.pull(feed.pk, clock=lambda: AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([run for run in runs if run]) == 1 == FeedRun.objects.count()
    assert ImportJob.objects.count() == Submission.objects.count() == 1


def test_a_name_whose_bytes_are_no_text_goes_in_too(feed, watched):
    lay(watched / os.fsdecode(b"orders \xff 2010-12.csv"))
    lay(watched / os.fsdecode(b"none \xfe.csv"))
    assert given.pulled(feed).problem == {"code": "NO_PERIOD", "params": {"name": "none ?.csv"}}
    assert names(watched / "done") == ["orders ? 2010-12.csv"] and names(watched / "failed") == ["none ?.csv"]
