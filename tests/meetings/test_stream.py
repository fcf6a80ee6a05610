"""Live screens: full states to everybody who may see them, and to nobody else (T18, F16, M14)."""

import asyncio
import datetime as dt
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session

from meetings import live, logbook, waking
from meetings.models import Segment
from reviewhub.people.models import Department
from tests.meetings.rooms import Room
from tests.server import Server, Stream, session_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def on_now(people):
    """A meeting that has just been started, by the real clock."""
    room = Room(people, logbook.instant().replace(microsecond=0))
    room.now = None
    room.order("start")
    return room


def stream(server, room, user):
    return Stream(server, f"/meetings/{room.meeting.pk}/stream", session_of(user))


def test_a_stream_begins_with_the_whole_state(server, on_now, people):
    watching = stream(server, on_now, people["owner"])
    assert watching.answer.status == 200
    assert watching.answer.headers["X-Accel-Buffering"] == "no"
    assert watching.answer.headers["Cache-Control"] == "no-store"
    assert watching.answer.headers["Content-Type"].startswith("text/event-stream")
    state = watching.next()
    assert (state["seq"], state["phase"], state["part"]) == (2, "running", "OPEN")
    assert watching.bytes.startswith(b"retry: 2000\n\n")


def test_strangers_are_refused_without_a_redirect(server, on_now, people):
    path = f"/meetings/{on_now.meeting.pk}/stream"
    assert server.ask("GET", path)[0] == 401
    assert server.ask("GET", path, Cookie="sessionid=nonsense")[0] == 401
    assert server.ask("GET", path, people["logistics"])[0] == 404
    assert server.ask("GET", "/meetings/999999/stream", people["owner"])[0] == 404
    assert server.ask("GET", f"/meetings/{10**30}/stream", people["owner"])[0] == 404
    assert server.ask("POST", path, people["owner"])[0] == 405
    assert server.ask("GET", path, people["owner"], **{"Last-Event-ID": "\x7f' or 1=1"})[0] == 200


@pytest.mark.parametrize("redis", [True, False], ids=["redis", "database"])
def test_an_order_given_in_another_process_reaches_every_screen(on_now, people, tmp_path, redis):
    server = Server(tmp_path / "server.log", **({} if redis else {"REDIS_URL": ""})).start()
    try:
        watching = [stream(server, on_now, people[who]) for who in ("owner", "ceo", "facilitator")]
        for each in watching:
            each.next()
        time.sleep(0.3)  # the subscription of a process that has just started
        sent = time.monotonic()
        on_now.order("next")
        for each in watching:
            state, at = each.after(2)
            assert (state["seq"], state["part"]) == (3, "SAL.R")
            assert at - sent < 12  # before the next heartbeat would bring it anyway
    finally:
        server.stop()


def test_a_command_through_the_site_answers_and_reaches_the_screens(server, on_now, people):
    watching = stream(server, on_now, people["owner"])
    watching.next()
    body = f'{{"cmd": "next", "expected_seq": 2, "client_id": "{uuid.uuid4()}"}}'
    cookie = f"sessionid={session_of(people['facilitator'])}; csrftoken={'a' * 32}"
    headers = {"Content-Type": "application/json", "X-CSRFToken": "a" * 32, "Cookie": cookie}
    status, _headers, _read = server.ask(
        "POST", f"/meetings/{on_now.meeting.pk}/command", body=body, **headers
    )
    assert status == 200
    assert watching.after(2)[0]["part"] == "SAL.R"


def test_who_signed_out_gets_a_goodbye_instead_of_the_next_state(server, on_now, people):
    watching = stream(server, on_now, people["owner"])
    watching.next()
    Session.objects.all().delete()
    on_now.order("next")
    assert watching.next("bye") == {"reason": "signed_out"}
    watching.next("closed")
    assert b"SAL.R" in watching.bytes
    assert watching.seqs == {2}


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another"}, {"department": "LOG"}])
def test_who_was_disabled_or_moved_to_a_partner_gets_no_more_states(server, on_now, people, change):
    watching = stream(server, on_now, people["owner"])
    watching.next()
    for field, value in change.items():
        value = Department.objects.get(code=value) if field == "department" else value
        setattr(people["owner"], field, value)
    people["owner"].save()
    on_now.order("next")
    assert watching.next("bye") == {"reason": "signed_out"}
    assert watching.seqs == {2}


def test_a_session_holds_three_streams_and_not_four(server, on_now, people):
    session = session_of(people["owner"])
    path = f"/meetings/{on_now.meeting.pk}/stream"
    three = [Stream(server, path, session) for _ in range(3)]
    assert [each.answer.status for each in three] == [200, 200, 200]
    assert Stream(server, path, session).answer.status == 429


def test_a_partner_never_receives_a_byte_of_internal_items(server, on_now, people):
    meeting = on_now.meeting
    Segment.objects.filter(meeting=meeting, code="SC").update(department=Department.objects.get(code="LOG"))
    Segment.objects.filter(meeting=meeting, code="FIN").update(
        title_zh="机密甲", title_en="CANARY-TITLE", questions=[{"zh": "机密乙", "en": "CANARY-QUESTION"}]
    )
    people["sales"].name = people["sales"].name_latin = "CANARY-NAME"
    people["sales"].save()
    watching = stream(server, on_now, people["logistics"])
    inside = stream(server, on_now, people["owner"])
    first = watching.next()
    assert first["your_turn_at"] is not None
    on_now.order("present", by="sales")
    for code in [part.code for part in meeting.parts.order_by("position")][1:]:
        on_now.order("next")
        on_now.order("queue.join", by="sales")
        on_now.order("queue.call")
        on_now.order("note.set", text=f"CANARY-NOTE {code}")
        if not code.startswith("SC."):
            on_now.order("doubt.add", by="sales", text=f"CANARY-DOUBT {code}")
            on_now.order("topic.park")
        on_now.capture(
            f"/a @sales CANARY-CAPTURE {code}" if not code.startswith("SC.") else "/d JOINT-DECISION"
        )
    watching.next("state")
    while watching.next()["seq"] < on_now.row().seq:
        pass
    page = server.ask("GET", f"/meetings/{meeting.pk}/", people["logistics"])[2]
    shown = server.ask("GET", f"/meetings/{meeting.pk}/state", people["logistics"])[2]
    stage = server.ask("GET", f"/meetings/{meeting.pk}/stage/", people["logistics"])[2]
    lines = server.ask("GET", f"/meetings/{meeting.pk}/lines", people["logistics"])[2]
    for sent in (watching.bytes, page, shown, stage, lines):
        for canary in ("CANARY", "机密", "FIN.", "\\u673a\\u5bc6"):
            assert canary.encode() not in sent
    assert b"JOINT-DECISION" in watching.bytes
    while inside.next()["seq"] < on_now.row().seq:
        pass
    assert b"CANARY-TITLE" in inside.bytes and b"CANARY-DOUBT" in inside.bytes
    assert b"CANARY-NOTE" not in inside.bytes and b"desk" not in inside.bytes


def test_after_a_kill_and_a_restart_the_time_left_goes_on(server, on_now, people):
    before = stream(server, on_now, people["owner"]).next()
    server.kill()
    server.start()
    after = stream(server, on_now, people["owner"]).next()
    assert after["since"] == before["since"]
    gone = dt.datetime.fromisoformat(after["server_now"]) - dt.datetime.fromisoformat(before["server_now"])
    assert abs((before["remaining_s"] - after["remaining_s"]) - gone.total_seconds()) <= 1
    on_now.order("next")


def test_the_heartbeat_sends_away_who_signed_out_without_waiting_for_an_event(on_now, people, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.1)
    keys = [session_of(people["owner"]), session_of(people["ceo"])]

    async def story():
        hub = live.Hub()
        (status, leaver), (_status, stayer) = [await hub.join(key, on_now.meeting.pk) for key in keys]
        assert status == 200
        await hub.loop.run_in_executor(hub.worker, Session.objects.filter(session_key=keys[0]).delete)
        await asyncio.wait_for(_until(lambda: leaver.bye), 5)
        await asyncio.wait_for(_until(lambda: "beat" in stayer.frames), 5)
        assert (leaver.bye, stayer.bye) == ("signed_out", "")
        await hub.close()

    played(story)


def test_a_slow_reader_keeps_only_the_newest_state(on_now, people):
    key = session_of(people["owner"])

    async def story():
        hub = live.Hub()
        _status, viewer = await hub.join(key, on_now.meeting.pk)
        for _number in range(20):
            await hub._refresh(on_now.meeting.pk)
        assert viewer.take().count(b"event: state") == 1
        await hub.close()

    played(story)


def played(story):
    """Run a story in a loop of its own; a browser test may hold the loop of this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story()).result(30)


async def _until(question):
    while not question():
        await asyncio.sleep(0.01)


def test_orders_work_while_redis_is_away(on_now, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    waking._redis.cache_clear()
    assert on_now.order("next").event.type == "part.next"
    waking._redis.cache_clear()
