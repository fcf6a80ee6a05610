"""One mail for a person each half hour, six a day, nothing that is no longer wanted."""

import datetime as dt

import pytest

from reviewhub.notices import choices, expanding, packing
from reviewhub.notices.models import Delivery, Message
from tests import make
from tests.notices.stage import DAY, MINUTE, mails, states
from tests.notices.test_expanding import MORNING, NIGHT, hook

pytestmark = pytest.mark.django_db


@pytest.fixture
def raised(stage, wang):
    """`raised("a", "b")` raises these for everybody."""
    stage.kind(series=None)

    def several(*cycles, code="matter", **fields):
        for cycle in cycles:
            stage.raised(make.department("SAL"), code, cycle_key=cycle, **fields)

    return several


def test_one_message_is_one_mail_whose_id_follows_from_it(stage, raised, settings):
    settings.MAIL_DOMAIN = "review.example.com"
    raised("a")
    stage.tick()
    sent, message = Delivery.objects.get(), Message.objects.get(channel="email")
    assert sent.idem == message.idem
    assert (sent.message_id[0], sent.message_id[33:]) == ("<", "@review.example.com>")
    assert message.delivery == sent and message.state == "packed"


def test_what_comes_together_goes_in_one_mail(stage, raised):
    raised("a", "b", "c")
    stage.tick()
    assert stage.subjects == ["matter a + matter b + matter c"]


def test_everybody_gets_a_mail_of_their_own(stage, raised, chen):
    raised("a", "b")
    stage.tick()
    assert sorted(letter.user.username for letter in stage.sent) == ["chen", "wang"]


def test_within_half_an_hour_of_the_last_mail_things_are_collected(stage, raised):
    raised("a")
    stage.tick()
    for cycle in ("b", "c", "d"):
        stage.later(minutes=9)
        raised(cycle)
        stage.tick()
    assert stage.subjects == ["matter a"]
    stage.later(minutes=3)
    stage.tick()
    assert stage.subjects == ["matter a", "matter b + matter c + matter d"]


def test_what_presses_does_not_wait_for_the_half_hour_and_takes_the_rest_along(stage, raised):
    stage.kind("pressing", series=None, latest=lambda occurrence: occurrence.due_at + 20 * MINUTE)
    raised("a")
    stage.tick()
    stage.later(minutes=5)
    raised("b")
    stage.tick()
    stage.later(minutes=1)
    raised("now", code="pressing")
    stage.tick()
    assert stage.subjects == ["matter a", "matter b + pressing now"]


def test_a_mail_that_goes_at_night_takes_along_what_waits_for_the_morning(stage, raised):
    """One mail instead of two (F06)."""
    stage.kind("pressing", series=None, latest=lambda occurrence: occurrence.due_at)
    stage.now = NIGHT
    raised("a")
    raised("now", code="pressing")
    stage.tick()
    assert sorted(stage.subjects[0].split(" + ")) == ["matter a", "pressing now"]
    stage.now = MORNING
    stage.tick()
    assert len(stage.sent) == 1


def test_a_mail_that_was_not_wanted_any_more_starts_no_half_hour(stage, raised):
    raised("a")
    stage.packed()
    stage.kind(
        series=None, recheck=lambda occurrence, user, at: "done" if occurrence.cycle_key == "a" else ""
    )
    stage.tick()
    assert states() == ["cancelled"]
    raised("b")
    stage.tick()
    assert stage.subjects == ["matter b"]


def test_the_seventh_mail_of_a_day_stays_in_the_inbox_and_the_page_says_so(stage, raised, wang):
    for hour in range(8):
        raised(str(hour))
        stage.tick()
        stage.later(hours=1)
    assert stage.subjects == [f"matter {hour}" for hour in range(6)]
    assert mails()[-2:] == [("suppressed", "cap")] * 2
    assert Message.objects.filter(channel="inapp", state="shown").count() == 8
    assert packing.held_back(wang, at=stage.now) == 2


def test_past_the_sixth_mail_only_what_has_to_arrive_by_a_moment_still_leaves(stage, raised):
    """The 48-hour budget does not wait for tomorrow; what waits beside it stays in the inbox."""
    stage.kind("budget", series=None, latest=lambda occurrence: occurrence.due_at + 60 * MINUTE)
    for hour in range(6):
        raised(str(hour))
        stage.tick()
        stage.later(hours=1)
    raised("late")
    raised("due", code="budget")
    stage.tick()
    assert stage.subjects[6:] == ["budget due"]
    assert sorted(mails()[-2:]) == [("packed", ""), ("suppressed", "cap")]


def test_the_next_day_of_the_person_begins_at_their_midnight(stage, raised, wang):
    choices.set_hours(wang, dt.time(0), dt.time(23, 59), weekends=True)
    stage.now = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)  # 18:00 in Shanghai
    for hour in range(7):
        raised(str(hour))
        stage.tick()
        stage.later(hours=1)
    assert stage.subjects == [f"matter {hour}" for hour in range(7)]
    assert packing.held_back(wang, at=stage.now) == 0


def test_a_test_that_one_asked_for_goes_at_once_beside_all_rules(stage, raised, wang):
    stage.now = NIGHT
    for number in range(7):
        stage.raised(wang, packing.TEST, cycle_key=str(number))
        stage.tick()
    assert len(stage.sent) == 7
    stage.now = MORNING
    raised("a")
    stage.tick()
    assert stage.subjects[-1] == "matter a"


def test_what_is_not_wanted_any_more_does_not_leave(stage, raised, wang):
    """F25: between deciding and packing."""
    raised("a", "b")
    stage.now = NIGHT
    stage.tick()
    stage.kind(
        series=None, recheck=lambda occurrence, user, at: "closed" if occurrence.cycle_key == "a" else ""
    )
    stage.now = MORNING
    stage.tick()
    assert stage.subjects == ["matter b"]
    assert mails() == [("packed", ""), ("suppressed", "closed")]


def test_who_left_meanwhile_gets_nothing(stage, raised, wang):
    stage.now = NIGHT
    raised("a")
    stage.tick()
    wang.is_active = False
    wang.save()
    stage.now = MORNING
    stage.tick()
    assert (stage.sent, mails()) == ([], [("suppressed", "left")])


def test_a_recheck_that_raises_puts_its_message_aside_and_the_others_go(stage, raised):
    """F38"""

    def recheck(occurrence, user, at):
        if occurrence.cycle_key == "b" and at == MORNING:
            raise AttributeError("owner")
        return ""

    stage.kind(series=None, recheck=recheck)
    stage.now = NIGHT
    raised("a", "b")
    stage.tick()
    stage.now = MORNING
    stage.tick()
    assert stage.subjects == ["matter a"]
    assert mails() == [("packed", ""), ("queued", "")]
    stage.later(minutes=60)
    stage.tick()
    assert stage.subjects == ["matter a", "matter b"]


def test_each_chat_post_says_one_thing(stage, raised, wang):
    stage.kind(series=None, chat=True, mail=False)
    hook(wang, audience="person")
    raised("a", "b")
    expanding.expand(clock=stage.clock)
    assert packing.pack(clock=stage.clock) == 2
    assert [row.messages.count() for row in Delivery.objects.all()] == [1, 1]


def test_a_chat_address_that_was_disabled_meanwhile_gets_nothing(stage, raised, wang):
    stage.kind(series=None, chat=True, mail=False)
    address = hook(wang, audience="person")
    stage.now = NIGHT
    raised("a")
    stage.tick()
    address.disabled_at = NIGHT
    address.save()
    stage.now = MORNING
    stage.tick()
    assert Message.objects.get(channel="chat").reason == "webhook_disabled"


def test_what_waited_for_a_worker_for_three_days_goes_and_says_how_late_it_is(stage, raised, wang):
    stage.now = NIGHT
    raised("a")
    stage.tick()
    stage.now = MORNING + 3 * DAY
    stage.tick()
    assert stage.subjects == ["matter a"]
    assert stage.sent[0].notices[0].late_by == 3 * DAY
