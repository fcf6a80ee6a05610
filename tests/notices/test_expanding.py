"""Who is told, on which channel and when; what comes too late, and what a stronger one covers."""

import datetime as dt

import pytest
from django.db import OperationalError

from reviewhub.notices import choices, expanding, kinds, planning
from reviewhub.notices.models import Fence, Message, Occurrence, Webhook
from reviewhub.people.models import User
from tests import make
from tests.notices.stage import DAY, HOUR, MINUTE, TUESDAY

pytestmark = pytest.mark.django_db
NIGHT = TUESDAY.replace(hour=14)  # 22:00 in Shanghai
MORNING = dt.datetime(2026, 11, 25, 0, 0, tzinfo=dt.UTC)


def by_channel():
    return sorted(Message.objects.values_list("channel", "state"))


def mail():
    return Message.objects.get(channel="email")


def hook(owner, **fields):
    url = "json://chat.example.com/x"
    return Webhook.objects.create(name="hook", url=url, owner=owner, created_at=TUESDAY, **fields)


def test_it_stands_in_the_inbox_at_once_and_waits_to_go_by_mail(stage, wang):
    stage.kind()
    stage.raised(wang)
    assert expanding.expand(clock=stage.clock) == 1
    assert by_channel() == [("email", "queued"), ("inapp", "shown")]
    assert Occurrence.objects.get().state == "fired"
    assert expanding.expand(clock=stage.clock) == 0


def test_nobody_without_an_address_gets_mail_and_nobody_who_left_gets_anything(stage):
    stage.kind(recipients=lambda occurrence: User.objects.order_by("pk"))
    stage.raised(make.user(username="no-address"))
    make.user(username="left", email="left@example.com", is_active=False)
    expanding.expand(clock=stage.clock)
    assert by_channel() == [("inapp", "shown")]


def test_what_the_recheck_refuses_is_not_told(stage, wang, chen):
    stage.kind(recheck=lambda occurrence, user, at: "answered" if user == chen else "")
    stage.raised(wang)
    expanding.expand(clock=stage.clock)
    assert set(Message.objects.values_list("user__username", flat=True)) == {"wang"}


@pytest.mark.parametrize(
    ("kind", "chosen", "told"),
    [
        ({}, {}, {"inapp", "email"}),
        ({"mail": False}, {}, {"inapp"}),
        ({"mail": False}, {"email": True}, {"inapp", "email"}),
        ({}, {"email": False}, {"inapp"}),
        ({"required": True}, {"email": False}, {"inapp", "email"}),
        ({}, {"chat": True}, {"inapp", "email", "chat"}),
        ({"chat": True}, {"chat": False}, {"inapp", "email"}),
    ],
)
def test_people_choose_the_channel_but_for_what_is_required(stage, wang, kind, chosen, told):
    stage.kind(**kind)
    hook(wang, audience="person")
    choices.Preference.objects.bulk_create(
        choices.Preference(user=wang, kind="matter", channel=channel, wanted=wanted)
        for channel, wanted in chosen.items()
    )
    stage.raised(wang)
    expanding.expand(clock=stage.clock)
    assert set(Message.objects.values_list("channel", flat=True)) == told


def test_a_person_with_two_chat_addresses_is_told_on_both_but_for_a_disabled_one(stage, wang):
    stage.kind(chat=True, mail=False)
    for disabled_at in (None, None, TUESDAY):
        hook(wang, audience="person", disabled_at=disabled_at)
    stage.raised(wang)
    expanding.expand(clock=stage.clock)
    assert by_channel() == [("chat", "queued"), ("chat", "queued"), ("inapp", "shown")]


def test_a_room_is_told_about_its_kinds_once(stage, wang):
    stage.kind(rooms=True, mail=False)
    stage.kind("other", rooms=True, mail=False)
    room = hook(wang, audience="room", kinds=["matter"])
    stage.raised(wang)
    stage.raised(wang, "other")
    expanding.expand(clock=stage.clock)
    told = Message.objects.get(channel="chat")
    assert (told.webhook, told.user, told.occurrence.kind) == (room, None, "matter")


def test_at_night_mail_waits_for_the_morning(stage, wang):
    stage.kind()
    stage.now = NIGHT
    stage.raised(wang)
    expanding.expand(clock=stage.clock)
    assert mail().not_before == MORNING


def test_what_has_to_arrive_by_a_moment_goes_at_that_moment_even_at_night(stage, wang):
    stage.kind(latest=lambda occurrence: NIGHT + 3 * HOUR)
    stage.now = NIGHT
    stage.raised(wang)
    expanding.expand(clock=stage.clock)
    assert (mail().not_before, mail().latest_at) == (NIGHT + 3 * HOUR, NIGHT + 3 * HOUR)


def test_a_moment_that_has_passed_means_now(stage, wang):
    stage.kind(latest=lambda occurrence: NIGHT - DAY)
    stage.now = NIGHT
    stage.raised(wang)
    expanding.expand(clock=stage.clock)
    assert mail().not_before == NIGHT


def steps(*hours):
    """One subject whose steps fell due so many hours after TUESDAY − 3 days."""
    begin = TUESDAY - 3 * DAY
    return lambda subject, since, until: [
        kinds.Plan(f"{hour}h", begin + hour * HOUR) for hour in hours if since < begin + hour * HOUR <= until
    ]


def after_an_outage(stage, **kind):
    """The planner of TUESDAY − 3 days, then nothing for three days, then a minute of today."""
    stage.now = TUESDAY - 3 * DAY
    planning.plan(clock=stage.clock)
    stage.now = TUESDAY
    stage.tick()


def decided():
    return dict(Occurrence.objects.values_list("cycle_key", "state"))


def test_after_an_outage_only_the_strongest_step_is_told(stage, wang):
    """F06"""
    stage.kind(subjects=lambda since, until: [wang], plans=steps(24, 36, 44, 48, 72))
    after_an_outage(stage)
    assert decided() == {hour: "coalesced" for hour in ("24h", "36h", "44h", "48h")} | {"72h": "fired"}
    assert stage.subjects == ["matter 72h"]
    assert Message.objects.filter(channel="inapp").count() == 1


def test_a_step_that_expires_covers_no_earlier_one(stage, wang):
    """Else nobody would be told anything."""
    stage.kind(
        subjects=lambda since, until: [wang],
        plans=steps(24, 48),
        verdict=lambda occurrence, at: kinds.EXPIRE if occurrence.cycle_key == "48h" else kinds.SEND,
    )
    after_an_outage(stage)
    assert decided() == {"24h": "fired", "48h": "expired"}


def test_a_step_that_was_put_aside_covers_no_earlier_one(stage, wang):
    def recipients(occurrence):
        if occurrence.cycle_key == "48h":
            raise ValueError("no finance department")
        return [wang]

    stage.kind(subjects=lambda since, until: [wang], plans=steps(24, 48), recipients=recipients)
    after_an_outage(stage)
    assert decided() == {"24h": "fired", "48h": "planned"}
    assert Occurrence.objects.get(cycle_key="48h").error == "ValueError: no finance department"


def test_steps_of_different_series_do_not_cover_each_other(stage, wang):
    stage.kind(subjects=lambda since, until: [wang], plans=steps(24, 48), series=lambda row: row.cycle_key)
    after_an_outage(stage)
    assert set(decided().values()) == {"fired"}
    assert stage.subjects == ["matter 24h + matter 48h"]


def test_a_kind_without_series_tells_each(stage, wang):
    stage.kind(subjects=lambda since, until: [wang], plans=steps(24, 48), series=None)
    after_an_outage(stage)
    assert set(decided().values()) == {"fired"}


def test_the_kind_says_what_is_too_late_or_merged(stage, wang):
    stage.kind(verdict=lambda occurrence, at: occurrence.params["say"])
    for say in ("send", "expire", "coalesce"):
        stage.raised(make.department("SAL"), cycle_key=say, params={"say": say})
        stage.later(seconds=-1)
    stage.now = TUESDAY
    expanding.expand(clock=stage.clock)
    assert decided() == {"send": "fired", "expire": "expired", "coalesce": "coalesced"}


def test_an_occurrence_that_raises_is_put_aside_for_an_hour_and_the_others_are_told(stage, wang):
    """F38"""
    bad = []

    def recipients(occurrence):
        if occurrence.cycle_key in bad:
            raise ZeroDivisionError("share")
        return [wang]

    stage.kind(recipients=recipients, series=None)
    bad.append("5")
    for number in range(9):
        stage.raised(wang, cycle_key=str(number))
    assert expanding.expand(clock=stage.clock) == 8
    aside = Occurrence.objects.get(state="planned")
    assert (aside.cycle_key, aside.error, aside.not_before) == (
        "5",
        "ZeroDivisionError: share",
        TUESDAY + HOUR,
    )
    bad.clear()
    stage.later(minutes=59)
    assert expanding.expand(clock=stage.clock) == 0
    stage.later(minutes=1)
    assert expanding.expand(clock=stage.clock) == 1


def test_a_kind_that_no_app_tells_any_more_waits_and_says_so(stage, wang):
    stage.kind()
    stage.raised(wang)
    stage.monkeypatch.delitem(kinds._kinds, "matter")
    expanding.expand(clock=stage.clock)
    assert Occurrence.objects.get().error == "LookupError: no app tells 'matter'"


def test_a_database_in_trouble_puts_nothing_aside(stage, wang):
    def recipients(occurrence):
        raise OperationalError("deadlock detected")

    stage.kind(recipients=recipients)
    stage.raised(wang)
    with pytest.raises(OperationalError):
        expanding.expand(clock=stage.clock)
    assert Occurrence.objects.get().not_before is None


def test_what_fell_due_before_a_restore_is_held_and_what_happens_after_it_is_not(stage, wang):
    """F35: the lost installation may have sent it. The inbox, which is ours, has it."""
    stage.kind(series=None)
    stage.raised(wang, cycle_key="before")
    Fence.objects.create(restored_at=TUESDAY + MINUTE)
    stage.later(minutes=2)
    stage.raised(wang, cycle_key="after")
    expanding.expand(clock=stage.clock)
    told = dict(Message.objects.filter(channel="email").values_list("occurrence__cycle_key", "state"))
    assert told == {"before": "held", "after": "queued"}
    assert Message.objects.filter(channel="inapp", state="shown").count() == 2


def test_a_batch_takes_the_same_queries_however_many_are_told(stage, queries):
    people = [User(username=f"u{number}", email=f"u{number}@example.com") for number in range(100)]
    people = User.objects.bulk_create(people)
    stage.kind(recipients=lambda occurrence: [people[int(occurrence.cycle_key.split("-")[1])]], series=None)

    def told(count):
        turn = Occurrence.objects.count()
        Occurrence.objects.bulk_create(
            Occurrence(
                kind="matter",
                subject_type="x",
                subject_id="1",
                cycle_key=f"{turn}-{number}",
                due_at=TUESDAY,
                planned_at=TUESDAY,
            )
            for number in range(count)
        )
        return expanding.expand(clock=stage.clock)

    few = queries(lambda: told(10))
    assert queries(lambda: told(100)) <= few + 6  # SQLite inserts and counts in parts
