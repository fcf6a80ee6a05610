"""The queue of administrators: what stands in it, what they can do, and that it shows no contents."""

import datetime as dt
import inspect
import re

import pytest
from django.utils import timezone

from reviewhub.health.models import Heartbeat
from reviewhub.notices import kinds, outbox, queue, reasons, restoring
from reviewhub.notices.models import Circuit, Delivery, Message, Occurrence, Quarantine
from reviewhub.people.models import Activity, User
from tests.make import AT
from tests.notices import told

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
STATES = {
    "waiting": "queued",
    "retry": "retry",
    "doubt": "in_doubt",
    "refused": "failed",
    "dead": "dead",
    "held": "held",
    "sent": "sent",
}


@pytest.fixture(autouse=True)
def in_english(people):
    User.objects.update(language="en", time_zone="Asia/Shanghai")


@pytest.fixture
def admin(people, signed_in):
    return signed_in(User.objects.get(username="admin"))


def text(answer) -> str:
    return answer.content.decode()


def rows(page: str) -> list[str]:
    return re.findall(r'id="delivery-([^"]*)"', page)


def lines_of(code: str) -> list[Activity]:
    return list(Activity.objects.filter(code=code))


@pytest.mark.parametrize(("tab", "state"), STATES.items())
def test_each_state_has_its_tab_and_its_count(admin, people, tab, state):
    for other in STATES.values():
        told.delivery(people["sales"], state=other)
    page = text(admin.get(f"/notices/queue/?tab={tab}"))
    assert rows(page) == [str(Delivery.objects.get(state=state).pk)]
    assert queue.counts()[tab] == 1


def test_what_is_being_sent_counts_as_waiting(people):
    told.delivery(people["sales"], state="sending")
    told.delivery(people["sales"], state="cancelled")
    assert queue.counts() == dict.fromkeys([*STATES, "aside", "not_sent"], 0) | {"waiting": 1}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("cannot_be_written", "It could not be written for a day."),
        ("sent_before_restore", "Dropped after a restore: it had gone out before."),
        ("published", "The adjustment was published."),
        ("nobody_worded_this", "nobody_worded_this"),
    ],
)
def test_what_was_not_sent_says_why(admin, people, register, code, words):
    register(told.kind("made", "The secret figure", label="Budget", reasons={"published": words}))
    told.message(people["sales"], kind="made", channel="email", state="suppressed", reason=code)
    told.message(people["sales"], kind="made", channel="email", state="packed")
    page = text(admin.get("/notices/queue/?tab=not_sent"))
    assert page.count("queue-plain") == 1 and words in page and "secret" not in page


def test_every_kind_words_the_reasons_that_it_gives():
    """What a re-check may answer is a string in its source: each is worded in its kind or by the outbox."""
    for kind in kinds.every():
        source = inspect.getsource(kind.recheck)
        codes = set(re.findall(r'return "(\w+)"|return "" if [^\n]* else "(\w+)"', source))
        for code in {first or second for first, second in codes}:
            assert reasons.words(kind.code, code) != code, (kind.code, code)


def test_an_unknown_tab_is_the_first_one(admin):
    assert 'aria-current="page">Waiting' in text(admin.get("/notices/queue/?tab=no\0such&page=x"))


def test_a_line_says_to_whom_what_kind_and_what_the_other_side_answered(admin, people, register):
    register(told.kind("made", "The secret figure is 12.3%", label="Budget reminder"))
    told.delivery(
        people["sales"],
        kind="made",
        state="failed",
        attempts=1,
        reply_code=550,
        error="5.1.1 no such mailbox",
    )
    page = text(admin.get("/notices/queue/?tab=refused"))
    for word in (people["sales"].display_name, "Budget reminder", ">550<", "5.1.1 no such mailbox"):
        assert word in page
    assert "12.3%" not in page


def test_a_secret_address_in_an_error_is_not_shown(admin, people):
    address = "https://open.feishu.cn/open-apis/bot/v2/hook/k3y-of-it"
    hook = told.hook(people["sales"], name="Sales room", audience="room")
    told.delivery(webhook=hook, channel="chat", state="retry", error=f"POST {address} timed out")
    told.delivery(webhook=hook, channel="chat", state="retry", error="feishu://k3y-of-it/ failed")
    page = text(admin.get("/notices/queue/?tab=retry"))
    assert "Sales room" in page and "timed out" in page and "k3y-of-it" not in page


def test_sending_again_puts_it_in_the_queue_once_and_is_noted(admin, people):
    row = told.delivery(people["sales"], state="failed", attempts=12, reply_code=550, error="no")
    answer = admin.post(f"/notices/queue/{row.pk}/again", {"tab": "refused"})
    assert (answer.status_code, answer["Location"]) == (302, "/notices/queue/?tab=refused")
    row.refresh_from_db()
    assert (row.state, row.attempts, row.handed_over_at) == ("queued", 0, None)
    (noted,) = lines_of("notice.resent")
    assert noted.actor == people["admin"]
    assert noted.params == {"person": "sales", "channel": "email", "state": "failed"}
    admin.post(f"/notices/queue/{row.pk}/again", {"tab": "refused"})
    assert len(lines_of("notice.resent")) == 1


@pytest.mark.parametrize("state", ["queued", "sending", "retry"])
def test_what_is_on_its_way_is_not_sent_again(people, state):
    row = told.delivery(people["sales"], state=state)
    with pytest.raises(queue.CannotSend):
        queue.send_again(row, by=people["admin"], at=AT)
    assert Delivery.objects.get().state == state


def test_nobody_who_left_and_no_switched_off_chat_is_sent_to_again(people):
    hook = told.hook(people["sales"], disabled_at=AT)
    chat = told.delivery(webhook=hook, channel="chat", state="dead")
    mail = told.delivery(people["tech"], state="dead")
    people["tech"].is_active = False
    people["tech"].save()
    for row in (chat, Delivery.objects.get(pk=mail.pk)):
        with pytest.raises(queue.CannotSend):
            queue.send_again(row, by=people["admin"], at=AT)


def test_in_doubt_says_that_it_may_come_twice(admin, people):
    told.delivery(people["sales"], state="in_doubt", doubts=1)
    page = text(admin.get("/notices/queue/?tab=doubt"))
    assert "Sending again may bring it twice" in page and "Press again: it may arrive twice" in page


def test_a_sent_again_mail_leaves_with_its_old_message_id(people, monkeypatch):
    from reviewhub.notices import channels  # noqa: PLC0415 - the door that is replaced
    from reviewhub.notices.channels import outcome  # noqa: PLC0415 - beside its use

    row = told.delivery(people["sales"], state="in_doubt", doubts=1, handed_over_at=AT)
    seen = []
    monkeypatch.setattr(channels, "send", lambda letter: seen.append(letter) or outcome.sent(250))
    queue.send_again(row, by=people["admin"], at=AT)
    outbox.deliver(clock=lambda: AT)
    assert [letter.delivery.message_id for letter in seen] == [row.message_id]
    assert Delivery.objects.get().state == "sent"


# --- After a restore --------------------------------------------------------------------------------------


@pytest.fixture
def restored(people):
    """Two mails and a message that had no mail yet, held after a restore; one mail was just being handed over."""
    told.delivery(people["sales"], state="queued")
    told.delivery(people["tech"], state="sending", handed_over_at=AT)
    told.message(people["finance"], channel="email")
    assert restoring.fence(at=AT) == 3


def test_what_is_held_is_listed_and_released(admin, restored):
    page = text(admin.get("/notices/queue/?tab=held"))
    assert len(rows(page)) == 2 and "3 notices are held after a restore." in page and "queue-plain" in page
    admin.post("/notices/queue/held", {"do": "release"})
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["in_doubt", "queued"]
    assert Message.objects.filter(state="held").count() == 0
    assert [line.params for line in lines_of("notice.released")] == [{"count": 2}]


def test_what_is_held_can_be_dropped_and_the_inbox_keeps_it(admin, restored):
    admin.post("/notices/queue/held", {"do": "drop"})
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["cancelled", "in_doubt"]
    assert [line.params for line in lines_of("notice.dropped")] == [{"count": 3}]
    admin.post("/notices/queue/held", {"do": "drop"})
    assert len(lines_of("notice.dropped")) == 1


# --- Doors, processes, what is put aside --------------------------------------------------------------------


def test_a_shut_door_says_why_and_opens_now(admin):
    Circuit.objects.create(
        channel="email",
        failures=7,
        opened_at=AT,
        probe_at=timezone.now() + MINUTE,
        error="connection refused",
    )
    page = text(admin.get("/notices/queue/"))
    assert "shut since Sun 22 Nov 17:00" in page and "connection refused" in page and "next try" in page
    admin.post("/notices/queue/door", {"channel": "email"})
    row = Circuit.objects.get()
    assert (row.failures, row.opened_at, row.probe_at) == (0, None, None)
    assert [line.params for line in lines_of("notice.door_opened")] == [{"channel": "email"}]


@pytest.mark.parametrize("channel", ["", "pigeon", "inapp", "email\0"])
def test_no_other_door_opens(admin, channel):
    Circuit.objects.create(channel="email", failures=7, opened_at=AT)
    assert admin.post("/notices/queue/door", {"channel": channel}).status_code == 302
    assert Circuit.objects.get().opened_at == AT and not lines_of("notice.door_opened")


def test_worker_and_schedule_show_their_age_and_version(admin):
    now = timezone.now()
    Heartbeat.objects.create(name="beat", at=now - 10 * MINUTE, version="0.0.9")
    Heartbeat.objects.create(name="worker celery@office", at=now - 10 * MINUTE, version="0.0.9")
    page = text(admin.get("/notices/queue/"))
    assert "celery@office" in page and "0.0.9" in page and "ticked 10:0" in page


def test_a_process_that_was_started_anew_is_one_process(admin):
    now = timezone.now()
    for name, age in (("schedule a:1", 600), ("schedule a:2", 5), ("worker w:1", 600), ("worker w:2", 900)):
        Heartbeat.objects.create(name=name, at=now - dt.timedelta(seconds=age), version="1")
    vitals = queue.vitals(at=now)
    assert [sign.name for sign in vitals["schedules"]] == ["a:2"]
    assert [sign.name for sign in vitals["workers"]] == ["w:1"]


def test_what_was_put_aside_is_listed_with_its_error(admin, people):
    Quarantine.objects.create(
        kind="gone.kind",
        subject_type="meetings.meeting",
        subject_id="7",
        since=AT,
        until=AT,
        error="KeyError: x",
    )
    row = told.message(people["sales"]).occurrence
    Occurrence.objects.filter(pk=row.pk).update(state="planned", error="ValueError: y", not_before=AT)
    page = text(admin.get("/notices/queue/?tab=aside"))
    assert "meetings.meeting 7" in page and "KeyError: x" in page and "ValueError: y" in page
    assert queue.counts()["aside"] == 2


# --- Banner -------------------------------------------------------------------------------------------------


def alarms(people, at=AT) -> list[str]:
    return [alarm.code for alarm in queue.alarms(people["admin"], at=at)]


@pytest.mark.parametrize(("silent_s", "found"), [(0, []), (180, []), (181, ["silent"]), (None, ["silent"])])
def test_silence_of_more_than_three_minutes_is_told(people, silent_s, found):
    if silent_s is not None:
        Heartbeat.objects.create(name="beat", at=AT - dt.timedelta(seconds=silent_s))
    assert alarms(people) == found


def test_a_shut_door_and_held_notices_are_told(people, restored):
    Heartbeat.objects.create(name="beat", at=AT)
    Circuit.objects.create(channel="email", failures=5, opened_at=AT)
    Circuit.objects.create(channel="chat", failures=4)
    assert alarms(people) == ["shut", "held"]


def test_the_banner_stands_on_the_home_of_administrators_alone(admin, people, signed_in):
    assert "have not shown themselves yet" in text(admin.get("/"))
    assert "have not shown themselves yet" not in text(signed_in(people["ceo"]).get("/"))


# --- Who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), [("sales", 403), ("ceo", 403), ("logistics", 404)])
def test_the_queue_is_the_administrators(people, signed_in, name, status):
    client = signed_in(people[name])
    row = told.delivery(people["sales"], state="failed")
    assert client.get("/notices/queue/").status_code == status
    for path in ("held", "door"):
        assert client.post(f"/notices/queue/{path}", {"do": "drop", "channel": "email"}).status_code == status
    assert client.post(f"/notices/queue/{row.pk}/again").status_code == 404
    assert Delivery.objects.get().state == "failed"


def test_no_verb_obeys_a_stranger(people):
    row = told.delivery(people["sales"], state="failed")
    for call in (
        lambda: queue.send_again(row, by=people["sales"], at=AT),
        lambda: queue.release_held(by=people["sales"], at=AT),
        lambda: queue.drop_held(by=people["sales"], at=AT),
        lambda: queue.open_door("email", by=people["sales"], at=AT),
    ):
        with pytest.raises(queue.CannotSend):
            call()


def test_the_fragment_is_the_part_of_the_page(admin, people):
    told.delivery(people["sales"], state="failed")
    path = "/notices/queue/?tab=refused"
    part = text(admin.get(path, headers={"HX-Request": "true", "HX-Target": "section#queue"}))
    bare = [
        re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", said) for said in (part, text(admin.get(path)))
    ]
    assert part.startswith('<section id="queue"') and bare[0].strip() in bare[1]


def test_one_line_or_three_take_the_same_queries(admin, people, queries):
    told.delivery(people["sales"], state="failed")
    one = queries(lambda: admin.get("/notices/queue/?tab=refused"))
    told.delivery(people["tech"], state="failed")
    hook = told.hook(people["sales"], audience="room")
    told.delivery(webhook=hook, channel="chat", state="failed")
    assert queries(lambda: admin.get("/notices/queue/?tab=refused")) == one


def test_a_kind_that_is_gone_is_named_by_its_code(admin, people):
    told.delivery(people["sales"], state="failed", kind="gone.long_ago")
    assert kinds.find("gone.long_ago") is None
    assert "gone · long ago" in text(admin.get("/notices/queue/?tab=refused"))
