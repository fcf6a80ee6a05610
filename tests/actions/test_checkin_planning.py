"""The check-in comes by itself: every second Tuesday at half past nine, once, to those who have something to say.

AT is Sunday 22 November 2026, 17:00 in Shanghai; the first turn is Tuesday the 24th, 01:30 UTC.
"""

import datetime as dt

import pytest
from django.core import mail
from django.utils import translation

from actions import checkin_answers, checkin_rhythm, followup
from actions.checkin_rows import Said
from actions.models import CheckInRhythm
from reviewhub.notices import expanding, kinds, outbox, packing, planning
from reviewhub.notices.models import Delivery, Message, Occurrence
from reviewhub.people.models import Company
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
DUE = dt.datetime(2026, 11, 24, 1, 30, tzinfo=dt.UTC)
State = Occurrence.State


@pytest.fixture(autouse=True)
def nothing_else_is_told(monkeypatch):
    """Other kinds would fill the inbox of these people as well."""
    monkeypatch.setattr(kinds, "_kinds", {"checkin": kinds.find("checkin")})


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def owner(people):
    """Somebody with one open task and an address."""
    make.rhythm()
    people["owner"].email = "owner@farsail.example"
    people["owner"].save()
    make.action(owner=people["owner"])
    return people["owner"]


def tick(at):
    """What the clock of the house does once a minute."""
    planning.plan(clock=lambda: at)
    expanding.expand(clock=lambda: at)
    packing.pack(clock=lambda: at)


def asked():
    rows = Occurrence.objects.filter(kind="checkin")
    return [(row.subject_id, row.cycle_key, row.state) for row in rows.order_by("due_at", "id")]


def answer(owner, at, **fields):
    """The owner confirms every task."""
    turn = checkin_rhythm.current(CheckInRhythm.objects.get(), at)
    rows = followup.Action.objects.of(owner).open()
    said = [Said(row.pk, f"{row.status}.0", row.status, **fields) for row in rows]
    return checkin_answers.answer(owner, turn, said, at=at)


def test_each_owner_of_open_tasks_is_asked_once_on_the_tuesday(owner, people):
    make.action(owner=owner)
    make.action(owner=people["logistics"])
    make.action("done", owner=people["sales"], status="done", done_at=make.AT)
    make.action("of nobody")
    for at in (make.AT, DUE - dt.timedelta(seconds=1)):
        tick(at)
    assert asked() == []
    for at in (DUE, DUE + dt.timedelta(minutes=1), DUE + HOUR):
        tick(at)
    wanted = sorted(
        [(str(owner.pk), "2026-W48", State.FIRED), (str(people["logistics"].pk), "2026-W48", "fired")]
    )
    assert sorted(asked()) == wanted
    row = Occurrence.objects.filter(subject_id=owner.pk).get()
    assert (row.due_at, row.wall_time, row.time_zone) == (DUE, "2026-11-24T09:30", "Asia/Shanghai")
    assert Message.objects.inbox().filter(user=owner).count() == 1


def test_it_comes_again_after_fourteen_days(owner):
    tick(make.AT)
    for days in range(43):
        tick(DUE + days * DAY)
    assert [key for _owner, key, _state in asked()] == ["2026-W48", "2026-W50", "2026-W52", "2027-W01"]
    assert Message.objects.filter(user=owner, channel="inapp").count() == 4


def test_the_mail_says_how_many_the_three_most_urgent_and_brings_one_link(owner):
    for number, due in enumerate(["2026-12-20", "2026-12-01", "2026-12-10", None]):
        make.action(f"task {number}", owner, due=due)
    make.action("a secret", owner, due="2026-11-25", confidentiality=2)
    tick(make.AT)
    tick(DUE)
    row = Message.objects.get(user=owner, channel="email")

    content = kinds.find("checkin").render(row.occurrence, owner)
    assert content.title == "Your check-in: 6 tasks"
    assert [item.title for item in content.items] == ["task 1", "Launch the German site", "task 2"]
    assert content.items[0].note == "due Tue 1 Dec"
    assert content.link == ("checkin", "people.user", str(owner.pk), "2026-W48")
    assert content.path == "/checkin/"
    assert "secret" not in repr(content)


def test_whoever_answered_in_the_last_two_days_is_not_asked(owner):
    tick(make.AT)
    answer(owner, DUE - 2 * DAY)
    tick(DUE)
    assert asked()[0][2] == State.FIRED
    assert not Message.objects.exists()


def test_an_answer_that_is_a_second_older_does_not_count(owner):
    tick(make.AT - DAY)
    answer(owner, DUE - 2 * DAY - dt.timedelta(seconds=1))
    tick(DUE)
    assert Message.objects.filter(user=owner, channel="inapp").count() == 1


def kind_recheck(owner, at):
    return kinds.find("checkin").recheck(Occurrence.objects.get(kind="checkin"), owner, at)


def test_an_answer_between_planning_and_sending_stops_the_mail(owner):
    """Due at 09:30 in Shanghai, 02:30 in Berlin: the mail waits for the morning there, the answer comes first (F25)."""
    owner.time_zone = "Europe/Berlin"
    owner.save()
    tick(make.AT)
    tick(DUE)
    answer(owner, DUE + HOUR)
    assert kind_recheck(owner, DUE + HOUR) == "answered"
    tick(DUE + 6 * HOUR)
    row = Message.objects.get(user=owner, channel="email")
    assert (row.state, row.reason) == ("suppressed", "answered")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("what", ["closed", "given away", "left", "switched off"])
def test_what_changes_between_planning_and_sending_stops_it_with_a_reason(owner, people, what):
    """F25."""
    tick(make.AT)
    planning.plan(clock=lambda: DUE)
    expanding.expand(clock=lambda: DUE)
    action = owner.actions.get()
    if what == "closed":
        followup.set_status(action, "done", by=owner, at=DUE)
    elif what == "given away":
        action.owner = people["sales"]
        action.save()
    elif what == "left":
        owner.is_active = False
        owner.save()
    else:
        CheckInRhythm.objects.update(is_on=False)
    packing.pack(clock=lambda: DUE)
    reason = {"left": "left", "switched off": "off"}.get(what, "no_tasks")
    row = Message.objects.get(user=owner, channel="email")
    assert (row.state, row.reason) == ("suppressed", reason)
    assert not Delivery.objects.exists()


def test_a_task_that_closes_after_it_was_packed_stops_the_letter(owner):
    tick(make.AT)
    tick(DUE)
    delivery = Delivery.objects.get()
    followup.set_status(owner.actions.get(), "done", by=owner, at=DUE)
    outbox.deliver(clock=lambda: DUE)
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.CANCELLED
    assert mail.outbox == []


def test_who_moves_to_another_zone_is_written_to_in_the_morning_there(owner):
    """F25: the hours are asked when it is told, not when it was planned."""
    tick(make.AT)
    planning.plan(clock=lambda: DUE)
    owner.time_zone = "America/New_York"  # 20:30 on Monday there
    owner.save()
    expanding.expand(clock=lambda: DUE)
    row = Message.objects.get(user=owner, channel="email")
    assert row.not_before == dt.datetime(2026, 11, 24, 13, 0, tzinfo=dt.UTC)


def test_with_the_beat_down_for_three_days_each_owner_is_asked_once(owner, people):
    make.action(owner=people["sales"])
    tick(make.AT)
    tick(DUE + 3 * DAY)
    tick(DUE + 3 * DAY + HOUR)
    assert sorted(asked()) == sorted(
        (str(person.pk), "2026-W48", State.FIRED) for person in (owner, people["sales"])
    )
    assert Message.objects.filter(channel="inapp").count() == 2


def test_after_five_weeks_only_the_newest_is_asked(owner):
    tick(make.AT)
    tick(DUE + 35 * DAY)
    assert asked() == [
        (str(owner.pk), "2026-W48", State.COALESCED),
        (str(owner.pk), "2026-W50", State.COALESCED),
        (str(owner.pk), "2026-W52", State.FIRED),
    ]
    assert Message.objects.filter(channel="inapp").count() == 1


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (DAY, State.FIRED),
        (12 * DAY - dt.timedelta(seconds=1), State.FIRED),
        (12 * DAY, State.FIRED),
        (12 * DAY + dt.timedelta(seconds=1), State.COALESCED),  # the next one is less than 48 hours away
    ],
)
def test_too_late_it_merges_into_the_next_one(owner, late, state):
    tick(make.AT)
    tick(DUE + late)
    assert asked() == [(str(owner.pk), "2026-W48", state)]
    tick(DUE + 14 * DAY)
    assert asked()[1] == (str(owner.pk), "2026-W50", State.FIRED)


def test_a_check_in_in_doubt_is_not_sent_again():
    assert kinds.find("checkin").resend_in_doubt is False


def test_switched_off_nobody_is_asked(owner):
    CheckInRhythm.objects.update(is_on=False)
    tick(make.AT)
    tick(DUE)
    assert asked() == []


def test_two_planners_plan_the_same(owner):
    for _planner in range(2):
        planning.plan(clock=lambda: make.AT)
    planning.plan(clock=lambda: DUE)
    planning.Watermark.objects.update(planned_until=make.AT)  # the second one started from the same mark
    planning.plan(clock=lambda: DUE)
    assert len(asked()) == 1


def test_a_new_company_begins_with_the_next_tuesday(people):
    make.action(owner=people["owner"])
    tick(make.AT)
    row = CheckInRhythm.objects.get()
    assert (row.anchor_on, row.at, row.every_days) == (dt.date(2026, 11, 24), dt.time(9, 30), 14)
    assert row.is_on and row.changed_by is None
    tick(DUE)
    assert len(asked()) == 1


def test_set_up_on_a_tuesday_it_begins_a_week_later():
    make.company()
    assert checkin_rhythm.by_default(DUE - HOUR).anchor_on == dt.date(2026, 12, 1)
    assert checkin_rhythm.by_default(DUE - 2 * HOUR).anchor_on == dt.date(2026, 12, 1)
    assert checkin_rhythm.by_default(DUE - 10 * HOUR).anchor_on == dt.date(2026, 11, 24)  # still Monday there


def test_without_a_company_there_is_no_rhythm(db):
    tick(make.AT)
    assert not CheckInRhythm.objects.exists()


@pytest.mark.parametrize(
    ("zone", "moved_at", "due"),
    [
        ("Europe/Berlin", DUE - HOUR, DUE + 7 * HOUR),  # later that day, there
        ("Pacific/Auckland", DUE - HOUR, DUE - 5 * HOUR),  # there it was due five hours ago: asked now
    ],
)
def test_when_the_company_moves_to_another_zone_no_turn_is_lost(owner, zone, moved_at, due):
    tick(make.AT)
    tick(moved_at - dt.timedelta(minutes=1))
    Company.objects.update(time_zone=zone)
    for minutes in range(0, 900, 30):
        tick(moved_at + dt.timedelta(minutes=minutes))
    assert asked() == [(str(owner.pk), "2026-W48", State.FIRED)]
    row = Occurrence.objects.get(kind="checkin")
    assert (row.due_at, row.wall_time, row.time_zone) == (due, "2026-11-24T09:30", zone)


def test_when_the_company_moves_after_it_was_asked_it_is_not_asked_twice(owner):
    tick(make.AT)
    tick(DUE)
    Company.objects.update(time_zone="Europe/Berlin")
    tick(DUE + 8 * HOUR)
    assert len(asked()) == 1
