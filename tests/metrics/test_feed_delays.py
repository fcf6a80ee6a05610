"""A source that was down moves the deadline of the lines that it feeds, by itself and once."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from metrics import checklist, data_notices, deadlines, feed_delays, feeds, league, pulling, tasks
from metrics.feeding.fetched import Failed
from metrics.models import Extension, Feed, FeedOutage, Review
from reviewhub.notices.models import Occurrence
from reviewhub.people import activity_text
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
FED = {"S1", "S2", "S3", "S4", "S6"}  # what a file of daily sales brings figures for


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def prepared(people, meeting_at=make.AT + 8 * DAY):
    dictionary_of_today()
    review = make.review(meeting_at=meeting_at)
    feed = Feed.objects.create(
        name="Export",
        department=make.department("SAL"),
        kind="query",
        covers="last_month",
        profile="sales-daily",
        owner=people["sales"],
        made_at=make.AT - 30 * DAY,
        made_by=people["admin"],
        next_run_at=meeting_at + DAY,
        last_success_at=make.AT - HOUR,
    )
    return review, feed


@pytest.fixture
def both(people):
    return prepared(people)


def down(feed, review, since, until):
    """Times as hours from the deadline."""
    moment = [None if one is None else review.due_at + one * HOUR for one in (since, until)]
    return FeedOutage.objects.create(feed=feed, since=moment[0], until=moment[1])


def due(review, code="SAL"):
    found = checklist.of(review, make.department(code))
    return {item.line.code: (item.due.at - review.due_at) // MINUTE for item in found.items}


def moved(review):
    return {code for code, minutes in due(review).items() if minutes}


@pytest.mark.django_db
def test_exactly_the_lines_fed_by_it_are_due_later_and_the_log_says_why(both):
    review, feed = both
    down(feed, review, -5, -2.5)
    assert feed_delays.sweep(at=review.due_at - HOUR) == 1
    assert feed_delays.fed_by(feed) == FED
    assert due(review) == {code: 150 if code in FED else 0 for code in due(review)} and moved(review) == FED
    assert deadlines.of(review, make.department("SAL")).at == review.due_at
    assert set(due(review, "MKT").values()) == {0}
    row = Extension.objects.get(department__code="SAL")
    assert (row.given_by, row.reason, row.cause["minutes"]) == (None, "", 150)
    line = Activity.objects.get(code="review.delayed")
    assert (line.actor, line.department, line.params["feeds"], line.params["minutes"]) == (
        None,
        make.department("SAL"),
        ["Export"],
        150,
    )
    assert line.after == {"due_at": (review.due_at + 150 * MINUTE).isoformat()}
    said = activity_text.sentence(line, activity_text.names_in([line]))
    assert "due 150 min later: Export down since" in said


@pytest.mark.django_db
def test_the_same_outage_never_moves_it_twice_and_a_further_one_adds_its_own(both):
    review, feed = both
    down(feed, review, -5, -4)
    assert [feed_delays.sweep(at=review.due_at - 3 * HOUR) for _time in range(3)] == [1, 0, 0]
    down(feed, review, -2, None)
    assert feed_delays.sweep(at=review.due_at - HOUR) == 0
    assert [feed_delays.sweep(at=review.due_at + hours * HOUR) for hours in (0, 1, 5)] == [1, 0, 0]
    assert due(review)["S1"] == 180
    assert [row.cause["minutes"] for row in Extension.objects.all()] == [60, 180]


@pytest.mark.django_db
def test_nothing_moves_behind_the_freeze_or_once_the_figures_are_frozen(both):
    review, feed = both
    down(feed, review, -72, None)
    Review.objects.update(freeze_at=review.due_at + 10 * HOUR)
    review.refresh_from_db()
    feed_delays.sweep(at=review.due_at)
    assert due(review)["S1"] == 600
    Extension.objects.all().delete()
    Review.objects.update(state="frozen")
    assert feed_delays.sweep(at=review.due_at) == 0 and not Extension.objects.exists()
    review.refresh_from_db()
    assert feed_delays.move(review, at=review.due_at) == 0


@pytest.mark.django_db
def test_before_t_minus_10_it_does_not_count(both):
    review, feed = both
    start = feed_delays.begins_at(review)
    assert start.astimezone(dt.timezone(8 * HOUR)).timetz().replace(tzinfo=None) == dt.time()
    FeedOutage.objects.create(feed=feed, since=start - 9 * HOUR, until=start + 7 * MINUTE)
    feed_delays.sweep(at=review.due_at - HOUR)
    assert due(review)["S1"] == 7


@pytest.mark.django_db
def test_what_was_agreed_counts_where_it_is_later(both, people):
    review, feed = both
    down(feed, review, -3, -1)
    feed_delays.sweep(at=review.due_at)
    deadlines.extend(
        review, make.department("SAL"), review.due_at + HOUR, "Bank", by=people["ceo"], at=make.AT
    )
    assert (due(review)["S1"], due(review)["S5"]) == (120, 60)
    deadlines.extend(
        review, make.department("SAL"), review.due_at + 9 * HOUR, "Bank", by=people["ceo"], at=make.AT
    )
    assert set(due(review).values()) == {540}


@pytest.mark.django_db
def test_data_within_the_moved_deadline_is_on_time_everywhere(both):
    from metrics.models import Metric  # noqa: PLC0415

    review, feed = both
    Metric.objects.exclude(code__in=("SAL_GROSS", "SAL_DISC", "SAL_REF")).update(is_enabled=False)
    totals = dict.fromkeys(("SAL_GROSS", "SAL_DISC", "SAL_REF"), "1")
    row = make.submission(
        "SAL", state="certified", handed_in_at=review.due_at + HOUR, certified_at=make.AT, totals=totals
    )
    found = checklist.of(review, make.department("SAL"))
    assert deadlines.is_late(row, review)
    assert league.verdict(found, 0, at=review.due_at + 2 * HOUR).outcome == "late"
    down(feed, review, -2, None)
    feed_delays.sweep(at=review.due_at + 2 * HOUR)
    review = Review.objects.get()
    found = checklist.of(review, make.department("SAL"))
    assert league.verdict(found, 0, at=review.due_at + 2 * HOUR).outcome == "extended"
    assert not deadlines.is_late(row, review) and not deadlines.mark_late([row])[0].is_late
    after = make.submission(
        "SAL", number=2, state="handed_in", handed_in_at=review.due_at + 121 * MINUTE, totals=totals
    )
    assert deadlines.is_late(after, review)
    other = make.submission(
        "SAL", number=3, state="handed_in", handed_in_at=review.due_at + HOUR, totals={"SAL_TOP20_SHARE": "1"}
    )
    assert deadlines.is_late(other, review)


@pytest.mark.django_db
def test_lines_that_were_in_before_or_are_set_aside_stay(both, people):
    review, feed = both
    make.exemption(review, people["steward"], item="S6")
    totals = dict.fromkeys(("SAL_ORD", "SAL_UNITS"), "1")
    make.submission("SAL", state="handed_in", handed_in_at=review.due_at - 9 * HOUR, totals=totals)
    down(feed, review, -5, -4)
    feed_delays.sweep(at=review.due_at)
    assert moved(review) & {"S2", "S6"} == set() and "S1" in moved(review)


@pytest.mark.django_db
def test_reminders_follow_the_moved_lines(both):
    review, feed = both
    down(feed, review, -5, -4)
    feed_delays.sweep(at=review.due_at)
    later = review.due_at + HOUR
    wanted = {
        plan.params["due_at"]
        for plan in data_notices.plans(review, later, later)
        if plan.params["step"] == "over" and plan.params["department"] == "SAL"
    }
    assert wanted == {review.due_at.isoformat(), later.isoformat()}
    row = Extension.objects.get()
    told = Occurrence.objects.get(kind=deadlines.EXTENDED)
    assert told.subject_id == str(row.pk)
    content = data_notices.extended_content(told, None)
    assert content.title.startswith(f"Data of Sales, {', '.join(row.items)}: due ")
    assert (
        content.lines[0] == f"1 h more for {review.title}." and "“Export” was down from" in content.lines[1]
    )


@pytest.mark.django_db
def test_a_move_of_minutes_is_written_down_and_nobody_is_written_to(both):
    review, feed = both
    down(feed, review, -5, -5 + 29 / 60)
    feed_delays.sweep(at=review.due_at - HOUR)
    assert due(review)["S1"] == 29 and Activity.objects.filter(code="review.delayed").exists()
    assert not Occurrence.objects.filter(kind=deadlines.EXTENDED).exists()


@pytest.mark.django_db
def test_an_agreement_has_a_person_or_a_cause(both):
    review, _feed = both
    said = {"review": review, "department": make.department("SAL"), "due_at": make.AT, "given_at": make.AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(**said)


# --- When a source is down ----------------------------------------------------------------------------------


def run(feed, monkeypatch, at, failure=None):
    def gone_through(_feed, _run, _clock):
        if failure:
            raise failure

    monkeypatch.setattr(pulling, "_gone_through", gone_through)
    pulling.pull(feed.pk, clock=lambda: at, reason="pressed")


def outages():
    return [((row.since - make.AT) // MINUTE, row.until and (row.until - make.AT) // MINUTE)
            for row in FeedOutage.objects.all()]  # fmt: skip


AWAY = Failed("DATABASE_AWAY", permanent=False)


@pytest.mark.django_db
def test_a_source_is_down_from_its_first_failure_to_its_next_success(both, monkeypatch):
    _review, feed = both
    for minutes, failure in ((0, AWAY), (5, AWAY), (9, None), (12, AWAY)):
        run(feed, monkeypatch, make.AT + minutes * MINUTE, failure)
    assert outages() == [(0, 9), (12, None)]


@pytest.mark.django_db
def test_a_bad_file_in_a_folder_is_no_outage_and_a_bad_answer_of_a_query_is(both, monkeypatch):
    _review, feed = both
    bad = Failed("REFUSED", file="x.csv", findings=3)
    Feed.objects.update(kind="folder")
    run(feed, monkeypatch, make.AT, bad)
    assert outages() == []
    Feed.objects.update(kind="query")
    run(feed, monkeypatch, make.AT + MINUTE, bad)
    assert outages() == [(1, None)]


@pytest.mark.django_db
def test_what_never_worked_is_not_down_and_pausing_ends_an_outage(both, people, monkeypatch):
    _review, feed = both
    Feed.objects.update(last_success_at=None)
    run(feed, monkeypatch, make.AT, AWAY)
    assert outages() == []
    Feed.objects.update(last_success_at=make.AT)
    run(feed, monkeypatch, make.AT + MINUTE, AWAY)
    feeds.pause(feed, by=people["sales"], at=make.AT + 4 * MINUTE)
    run(feed, monkeypatch, make.AT + 5 * MINUTE, AWAY)
    assert outages() == [(1, 4)]


@pytest.mark.django_db
def test_a_source_that_nobody_asks_is_late_since_its_moment(both, monkeypatch):
    _review, feed = both
    Feed.objects.update(next_run_at=make.AT)
    assert feed_delays.sweep(at=make.AT + 15 * MINUTE) == 0 and outages() == []
    feed_delays.sweep(at=make.AT + 16 * MINUTE)
    feed_delays.sweep(at=make.AT + 17 * MINUTE)
    assert outages() == [(0, None)]
    run(feed, monkeypatch, make.AT + 40 * MINUTE)
    assert outages() == [(0, 40)]
    Feed.objects.update(next_run_at=make.AT + 50 * MINUTE)
    run(feed, monkeypatch, make.AT + 90 * MINUTE)
    assert outages() == [(0, 40), (50, 90)]


@pytest.mark.django_db
def test_the_sweep_of_the_minute_does_it(both, monkeypatch):
    review, feed = both
    down(feed, review, -5, -4)
    monkeypatch.setattr(tasks.timezone, "now", lambda: review.due_at - HOUR)
    assert tasks.move_deadlines() == 1


# --- On the page --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "1 h 30 min later: a source was down."), ("zh-hans", "延后 1 小时 30 分钟")],
)
def test_the_checklist_says_what_is_due_later_and_why(people, signed_in, language, says):
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)  # pages read the clock: the review lies around it
    review, feed = prepared(people, meeting_at=now + 8 * DAY)
    down(feed, review, -5, -3.5)
    feed_delays.sweep(at=review.due_at - HOUR)
    people["sales"].language = language
    people["sales"].save()
    text = " ".join(signed_in(people["sales"]).get("/submissions/").content.decode().split())
    assert says in text and "“Export”" in text


# --- Two workers --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_move_it_once(people):
    review, feed = prepared(people)
    down(feed, review, -5, -4)
    ready, made = threading.Barrier(2), []

    def work():
        try:
            ready.wait(10)
            made.append(feed_delays.move(review, at=review.due_at - HOUR))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _one in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    assert sorted(made) == [0, 1] and Extension.objects.count() == 1
