"""Definitions that changed ten days before the meeting; differences that wait; a source that is down; a new task."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import translation

from actions import followup
from metrics import cycle_notices, dictionary, feed_kinds, unsettled
from metrics.cycles import pin
from metrics.models import Feed, FeedOutage, Metric, Review
from reviewhub.notices import expanding, kinds, planning
from reviewhub.notices.models import Channel, Message, Occurrence, Watermark
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
MEETING = dt.datetime(2026, 12, 7, 9, 0, tzinfo=SHANGHAI)
T10 = dt.datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def run(kind, at):
    Watermark.objects.update_or_create(kind=kind, defaults={"planned_until": at - 5 * MINUTE})
    planning.plan_kind(kinds.find(kind), clock=lambda: at)
    expanding.expand(clock=lambda: at)


def told(kind) -> set[str]:
    rows = Message.objects.filter(channel=Channel.INAPP, occurrence__kind=kind)
    return set(rows.values_list("user__username", flat=True))


def content(kind, user=None) -> kinds.Content:
    return kinds.find(kind).render(Occurrence.objects.filter(kind=kind).latest("pk"), user)


@pytest.fixture
def review(people) -> Review:
    """The October review on 7 December, after one of September; definitions are pinned to both."""
    dictionary_of_today()
    before = make.review(code="2026-09", meeting_at=MEETING - dt.timedelta(days=30))
    Review.objects.filter(pk=before.pk).update(
        period_start=dt.date(2026, 9, 1), period_end=dt.date(2026, 10, 1), state=Review.State.FROZEN
    )
    row = make.review(meeting_at=MEETING)
    row.due_at = dt.datetime(2026, 11, 30, 18, 0, tzinfo=SHANGHAI)
    row.freeze_at = dt.datetime(2026, 12, 3, 12, 0, tzinfo=SHANGHAI)
    row.save()
    before.refresh_from_db()
    pin(before)
    pin(row)
    return row


def test_ten_days_before_the_meeting_it_is_told_which_definitions_are_others(people, review):
    run(cycle_notices.DEFINITIONS, T10 + MINUTE)
    assert told(cycle_notices.DEFINITIONS) == set()  # nothing changed, nothing is said
    aov = Metric.objects.get(code="SAL_AOV")
    dictionary.amend(
        aov,
        {"formula": "SAL_GROSS / SAL_ORD"},
        effective_from=dt.date(2026, 10, 1),
        by=None,
        at=AT,
        reason="Shipping out",
    )
    pin(review)
    run(cycle_notices.DEFINITIONS, T10 + 2 * MINUTE)
    assert told(cycle_notices.DEFINITIONS) == {"sales", "steward"}
    found = content(cycle_notices.DEFINITIONS)
    assert found.title == "Definitions of October 2026 review"
    assert found.lines[0] == "1 definition is another one than in the review before."
    assert [(one.title, one.note) for one in found.items] == [
        ("Average order value (ex-shipping) v2", "Shipping out")
    ]
    run(cycle_notices.DEFINITIONS, T10 + dt.timedelta(days=1))
    assert Occurrence.objects.filter(kind=cycle_notices.DEFINITIONS).count() == 1


def test_from_the_deadline_to_the_freeze_differences_wait_every_morning(people, review, monkeypatch):
    waiting = [("ID69", True), ("ID70", False)]
    monkeypatch.setattr(cycle_notices, "waiting", lambda review: list(waiting))
    for day, told_then in ((30, 0), (1, 1), (2, 2), (3, 3), (4, 3)):
        month = 11 if day == 30 else 12
        run(cycle_notices.CONFLICTS, dt.datetime(2026, month, day, 9, 1, tzinfo=SHANGHAI))
        assert Occurrence.objects.filter(kind=cycle_notices.CONFLICTS).count() == told_then, day
    assert told(cycle_notices.CONFLICTS) == {"steward"}
    found = content(cycle_notices.CONFLICTS)
    assert found.title == "Differences to decide: October 2026 review"
    assert found.lines[0] == "2 differences wait for a decision."
    assert found.lines[1].startswith("1 of them stop the freeze on") and found.urgent
    row = Occurrence.objects.filter(kind=cycle_notices.CONFLICTS).latest("pk")
    assert cycle_notices.still_waiting(row, people["steward"], AT) == ""
    waiting.clear()
    assert cycle_notices.still_waiting(row, people["steward"], AT) == "decided"
    Review.objects.filter(pk=review.pk).update(state=Review.State.FROZEN)
    assert cycle_notices.still_waiting(row, people["steward"], AT) == "frozen"


def test_nothing_waits_without_checks(people, review):
    assert cycle_notices.waiting(review) == []
    assert unsettled.is_settled("ID69", "2026-10", {}) is False


@pytest.fixture
def outage(people) -> FeedOutage:
    feed = Feed.objects.create(
        name="Orders",
        department=make.department("SAL"),
        kind="address",
        config={},
        covers="name",
        owner=people["owner"],
        made_at=AT,
        made_by=people["admin"],
        next_run_at=AT,
        last_success_at=AT,
    )
    return FeedOutage.objects.create(feed=feed, since=AT)


def test_a_source_that_is_down_for_half_an_hour_is_told_to_technology_once(people, outage):
    run(feed_kinds.DOWN, AT + 29 * MINUTE)
    assert told(feed_kinds.DOWN) == set()
    run(feed_kinds.DOWN, AT + 30 * MINUTE)
    run(feed_kinds.DOWN, AT + 300 * MINUTE)
    assert told(feed_kinds.DOWN) == {"tech", "owner"}
    assert Occurrence.objects.filter(kind=feed_kinds.DOWN).count() == 1
    found = content(feed_kinds.DOWN)
    assert found.title == "The source “Orders” is down"
    assert "data of Sales waits for it" in found.lines[0]
    row = Occurrence.objects.get(kind=feed_kinds.DOWN)
    FeedOutage.objects.update(until=AT + 40 * MINUTE)
    assert kinds.find(feed_kinds.DOWN).recheck(row, people["tech"], AT) == "over"


def test_a_task_given_outside_a_meeting_is_told_at_once_and_none_that_one_gives_oneself(people):
    given = {"due_on": dt.date(2026, 12, 5), "at": AT, "tell": True}
    followup.raise_action("Own", owner=people["sales"], by=people["sales"], **given)
    followup.raise_action(
        "Of the meeting", owner=people["owner"], by=people["sales"], **(given | {"tell": False})
    )
    assert not Occurrence.objects.filter(kind=followup.ASSIGNED).exists()
    task = followup.raise_action("Call the port", owner=people["owner"], by=people["sales"], **given)
    expanding.expand(clock=lambda: AT)
    assert told(followup.ASSIGNED) == {"owner"}
    found = content(followup.ASSIGNED, people["owner"])
    assert found.title == "Your task: Call the port" and found.path == f"/actions/{task.pk}/"
    assert found.lines == (f"{people['sales'].display_name} asks you for it.", "Due Sat 5 Dec 2026")
