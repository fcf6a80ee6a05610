"""After a restore nobody is told twice without somebody having decided it (F35)."""

import pytest

from reviewhub.notices import outbox, planning, restoring
from reviewhub.notices.models import Delivery, Message
from tests import make
from tests.notices.stage import Killed, kill, mails, states
from tests.notices.test_expanding import MORNING, NIGHT
from tests.notices.test_planning import hourly

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored(stage, wang):
    """`restored(state)`: a backup with one delivery in that state, restored three hours later."""

    def at_state(state="queued"):
        stage.kind(resend_in_doubt=state == "resent")
        stage.raised(wang)
        stage.packed()
        if state == "retry":
            Delivery.objects.update(state="retry", attempts=1)
        if state in ("sending", "resent"):
            stage.crash("after_marker", kill)
            with pytest.raises(Killed):
                outbox.deliver(clock=stage.clock)
        if state == "sent":
            outbox.deliver(clock=stage.clock)
        stage.later(hours=3)
        return restoring.fence(at=stage.now)

    return at_state


@pytest.mark.parametrize("state", ["queued", "retry", "sending"])
def test_what_was_on_its_way_when_the_backup_was_made_is_held(stage, restored, state):
    assert restored(state) == 1
    stage.tick()
    assert (states(), stage.sent) == (["held"], [])
    assert restoring.held() == {"messages": 0, "deliveries": 1}


def test_what_had_been_sent_is_not_touched(stage, restored):
    assert restored("sent") == 0
    stage.tick()
    assert (states(), len(stage.sent)) == (["sent"], 1)


def test_what_waited_for_the_morning_is_held(stage, wang):
    stage.kind()
    stage.now = NIGHT
    stage.raised(wang)
    stage.tick()
    assert restoring.fence(at=stage.now) == 1
    stage.now = MORNING
    stage.tick()
    assert (stage.sent, mails()) == ([], [("held", "")])


def test_what_fell_due_between_backup_and_restore_is_planned_shown_and_held(stage, wang):
    """The lost installation may have told it; the one that was restored does not know."""
    stage.kind(subjects=lambda since, until: [wang], plans=hourly, series=None)
    planning.plan(clock=stage.clock)
    stage.later(hours=3)
    restoring.fence(at=stage.now)
    stage.tick()
    assert restoring.held()["messages"] == 4
    assert Message.objects.filter(channel="inapp", state="shown").count() == 4
    stage.later(hours=1)
    stage.tick()
    assert stage.subjects == ["matter 11-24T06"]


def test_released_it_goes_in_one_mail(stage, wang):
    stage.kind(subjects=lambda since, until: [wang], plans=hourly, series=None)
    planning.plan(clock=stage.clock)
    stage.later(hours=2)
    restoring.fence(at=stage.now)
    stage.tick()
    stage.later(minutes=30)
    assert restoring.release(at=stage.now) == 3
    stage.tick()
    assert len(stage.sent) == 1 and len(stage.sent[0].notices) == 3
    assert restoring.held() == {"messages": 0, "deliveries": 0}


@pytest.mark.parametrize("state", ["queued", "retry"])
def test_a_released_delivery_is_sent_however_old_it_is(stage, restored, state):
    restored(state)
    stage.later(days=3)
    assert restoring.release(at=stage.now) == 1
    stage.tick()
    assert states() == ["sent"]


def test_released_while_it_was_being_sent_it_is_in_doubt(stage, restored):
    restored("sending")
    assert restoring.release(at=stage.now) == 0
    stage.tick()
    assert (states(), stage.sent, Delivery.objects.get().doubts) == (["in_doubt"], [], 1)


def test_released_while_it_was_being_sent_it_goes_again_where_losing_it_is_worse(stage, restored):
    restored("resent")
    assert restoring.release(at=stage.now) == 1
    stage.tick()
    assert (states(), len(stage.sent), Delivery.objects.get().doubts) == (["sent"], 1, 1)


def test_dropped_it_stays_in_the_inbox(stage, restored, wang):
    restored("queued")
    assert restoring.drop(at=stage.now) == 1
    stage.later(seconds=1)
    stage.raised(make.department("SAL"), cycle_key="later")
    stage.tick()
    assert states() == ["cancelled", "sent"]
    assert Message.objects.filter(channel="inapp", state="shown").count() == 2
    assert stage.subjects == ["matter later"]


@pytest.mark.parametrize("state", ["sending", "resent"])
def test_dropped_while_it_was_being_sent_it_is_in_doubt_and_goes_no_more(stage, restored, state):
    restored(state)
    assert restoring.drop(at=stage.now) == 1
    stage.tick()
    assert (states(), stage.sent, Delivery.objects.get().doubts) == (["in_doubt"], [], 1)


def test_a_worker_of_before_the_restore_confirms_nothing(stage, wang):
    stage.kind()
    stage.raised(wang)
    stage.packed()
    claimed = outbox.claim(clock=stage.clock)
    restoring.fence(at=stage.now)
    assert not outbox.mark(claimed, clock=stage.clock)
    assert states() == ["held"]
