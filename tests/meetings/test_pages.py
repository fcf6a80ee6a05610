"""The pages of a meeting before, during and after it, for those who run it and those who take part."""

import json
import re
import uuid

import pytest
from django.urls import reverse

from meetings import logbook
from meetings.models import Capture

pytestmark = pytest.mark.django_db
PAGES = ("meeting", "meeting-stage")


@pytest.fixture
def enter(client):
    def signed_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def post(client, room, cmd, **given):
    body = {"cmd": cmd, "expected_seq": room.row().seq, "client_id": str(uuid.uuid4())} | given
    address = reverse("meeting-command", args=[room.meeting.pk])
    return client.post(address, json.dumps(body), content_type="application/json")


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    "name", ["meeting", "meeting-run", "meeting-stage", "meeting-state", "meeting-time", "meeting-stream"]
)
def test_nobody_gets_in_without_signing_in(client, room, name):
    answer = client.get(reverse(name, args=[room.meeting.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["meeting", "meeting-run", "meeting-stage", "meeting-state"])
def test_a_partner_without_an_item_of_its_own_sees_no_meeting(enter, room, people, name):
    client = enter(people["logistics"])
    assert client.get(reverse(name, args=[room.meeting.pk])).status_code == 404
    assert room.meeting.title_en not in words(client.get(reverse("meetings")))


@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_a_meeting_that_does_not_exist_is_not_found(enter, people, number):
    for name in ("meeting", "meeting-state"):
        assert enter(people["owner"]).get(reverse(name, args=[number])).status_code == 404


def test_the_lobby_shows_the_agenda_against_its_budget_and_lets_people_sign_in(enter, room, people):
    client = enter(people["owner"])
    page = client.get(reverse("meeting", args=[room.meeting.pk]), headers={"Accept-Language": "en"})
    assert "240 / 240" in words(page)
    assert "Supply chain 3 27 30" in words(page)
    assert "I am here" in words(page)
    assert "Start meeting" not in words(page)
    form = {"cmd": "present", "client_id": str(uuid.uuid4())}
    answer = client.post(reverse("meeting-command", args=[room.meeting.pk]), form, follow=True)
    assert answer.redirect_chain == [(reverse("meeting", args=[room.meeting.pk]), 302)]
    assert room.meeting.attendance.get().person == people["owner"]


def test_the_facilitator_starts_from_the_lobby_without_a_script(enter, room, people):
    client = enter(people["facilitator"])
    page = client.get(reverse("meeting", args=[room.meeting.pk])).content.decode()
    hidden = dict(
        re.findall(r'name="(expected_seq|client_id|page)" value="([^"]*)"', page.partition('id="start"')[2])
    )
    answer = client.post(reverse("meeting-command", args=[room.meeting.pk]), {"cmd": "start"} | hidden)
    assert (answer.status_code, answer["Location"]) == (302, reverse("meeting-run", args=[room.meeting.pk]))
    assert room.row().state == "running"


def test_the_console_is_for_the_facilitator_and_others_land_on_the_meeting(enter, room, people):
    address = reverse("meeting-run", args=[room.meeting.pk])
    assert enter(people["facilitator"]).get(address).status_code == 200
    answer = enter(people["scribe"]).get(address)
    assert (answer.status_code, answer["Location"]) == (302, reverse("meeting", args=[room.meeting.pk]))


def test_the_member_page_writes_down_only_for_those_who_may(enter, room, people):
    room.order("start")
    address = reverse("meeting", args=[room.meeting.pk])
    assert "<meeting-capture" in enter(people["scribe"]).get(address).content.decode()
    assert "<meeting-capture" not in enter(people["owner"]).get(address).content.decode()


def test_after_the_end_the_page_says_what_was_decided_and_where_the_minutes_went(enter, room, people):
    room.at(0).order("start")
    room.at(12).order("next")
    room.capture("/d 德国站提价3%")
    room.capture("/a @sales 完成德国站上线 ^2026-12-05")
    room.at(15).order("end")
    room.at(16).order("end", reason="Noon")
    page = words(
        enter(people["owner"]).get(
            reverse("meeting", args=[room.meeting.pk]), headers={"Accept-Language": "en"}
        )
    )
    assert "德国站提价3%" in page
    assert f"完成德国站上线 {people['sales'].name_latin} Sat 5 Dec" in page
    assert "Opening 10 12:00 +02:00" in page
    assert "Start to end 240 16:00" in page


def test_the_state_is_json_with_its_number_and_the_servers_time(enter, room, people):
    answer = enter(people["owner"]).get(reverse("meeting-state", args=[room.meeting.pk]))
    state = answer.json()
    assert (state["seq"], state["phase"]) == (1, "lobby")
    assert state["server_now"].endswith("+00:00")
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_an_order_answers_and_a_stale_one_gets_409_with_the_present_state(enter, room, people):
    client = enter(people["facilitator"])
    first = post(client, room, "start")
    assert (first.status_code, first.json()["seq"], first.json()["state"]["phase"]) == (200, 2, "running")
    stale = post(client, room, "next", expected_seq=1)
    assert (stale.status_code, stale.json()["error"]) == (409, "stale")
    assert (stale.json()["state"]["seq"], stale.json()["state"]["part"]) == (2, "OPEN")
    assert stale.json()["text"]


def test_an_order_out_of_turn_gets_409_and_one_against_the_rules_422_in_words(enter, room, people):
    client = enter(people["facilitator"])
    client.cookies["reviewhub_language"] = "en"
    early = post(client, room, "next")
    assert (early.status_code, early.json()["error"]) == (409, "not_running")
    post(client, room, "start")
    refused = post(client, room, "extend", seconds=9999)
    assert (refused.status_code, refused.json()["text"]) == (422, "Name between 1 and 1800 seconds.")
    assert post(client, room, "dance").status_code == 422
    assert post(client, room, "goto", part="X").json()["error"] == "unknown_part"


def test_who_may_not_order_gets_403(enter, room, people):
    answer = post(enter(people["ceo"]), room, "start")
    assert (answer.status_code, answer.json()["error"]) == (403, "not_the_facilitator")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"client_id": "7"}, "client_id"),
        ({"client_id": 7}, "client_id"),
        ({"cmd": None}, "cmd"),
        ({"expected_seq": "2"}, "expected_seq"),
        ({"seconds": "60"}, "seconds"),
        ({"seconds": True}, "seconds"),
        ({"pay": "buffer"}, "pay"),
        ({"pay": [1]}, "pay"),
    ],
)
def test_an_order_that_cannot_be_read_gets_400_and_names_the_field(enter, room, people, given, field):
    answer = post(enter(people["facilitator"]), room, given.pop("cmd", "start"), **given)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert field in answer.json()["text"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}", b" " * 70_000]
)
def test_a_body_that_is_no_order_gets_400(enter, room, people, body):
    address = reverse("meeting-command", args=[room.meeting.pk])
    answer = enter(people["facilitator"]).post(address, body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 18, "²", "-1", "x", ""])
def test_a_form_with_an_absurd_number_starts_nothing_and_is_answered(enter, room, people, number):
    form = {"cmd": "start", "expected_seq": number, "client_id": "x"}
    answer = enter(people["facilitator"]).post(reverse("meeting-command", args=[room.meeting.pk]), form)
    assert (answer.status_code, room.row().state) == (302, "lobby")


def test_a_capture_of_any_kind_of_text_is_one_capture(enter, room, people):
    room.order("start")
    client = enter(people["scribe"])
    number = str(uuid.uuid4())
    for _time in range(2):
        answer = post(client, room, "capture.add", text='/a <b>"x"</b> \x00\ud800 =1+1', client_id=number)
        assert answer.status_code == 200
    assert Capture.objects.get().text == '<b>"x"</b> =1+1'


def test_the_meeting_of_another_review_is_not_reached_through_this_address(enter, room, people):
    assert post(enter(people["logistics"]), room, "present").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("phase", ["ready", "lobby", "running", "paused", "closing", "ended"])
def test_every_page_draws_in_every_phase_and_language(enter, people, room, phase, language):
    if phase == "ready":
        room.meeting.events.all().delete()
        type(room.meeting).objects.filter(pk=room.meeting.pk).update(state="ready", seq=0)
    steps = {"running": ["start"], "paused": ["start", "pause"], "closing": ["start", "end"]}
    for step in steps.get(phase, ["start", "end", "end"] if phase == "ended" else []):
        room.order(step)
    client = enter(people["facilitator"])
    client.cookies["reviewhub_language"] = language
    for name in (*PAGES, "meeting-run"):
        answer = client.get(reverse(name, args=[room.meeting.pk]))
        assert answer.status_code == 200
        assert (
            room.meeting.title_zh if language == "zh-hans" else room.meeting.title_en
        ) in answer.content.decode()
        assert " style=" not in answer.content.decode()
    assert client.get(reverse("meetings")).status_code == 200


def test_a_meeting_page_asks_the_database_the_same_number_of_questions_however_much_is_in_it(
    enter, people, room, queries
):
    room.order("start")
    client = enter(people["owner"])
    address = reverse("meeting", args=[room.meeting.pk])
    few = queries(lambda: client.get(address))
    for number in range(5):
        room.capture(f"/a @sales {number}")
        room.order("next")
    assert queries(lambda: client.get(address)) == few


def offered(client, room, query):
    client.cookies["reviewhub_language"] = "en"
    return client.get(reverse("meeting-choices", args=[room.meeting.pk]) + query)


@pytest.fixture
def on_time(room, monkeypatch):
    """A meeting that was started on time, looked at five minutes later."""
    room.order("start")
    now = room.at(5).now
    monkeypatch.setattr(logbook, "instant", lambda: now)
    return room


def test_every_payer_is_offered_with_its_price_and_the_order_to_send(enter, on_time, people):
    answer = offered(enter(people["facilitator"]), on_time, "?do=extend&seconds=300").json()
    assert [(one["label"], one["cost"], one["detail"]) for one in answer["choices"]] == [
        ("The buffer pays", "Still ends 13:00", "Opening +5:00; Buffer −5:00"),
        ("Later parts get shorter", "Still ends 13:00", answer["choices"][1]["detail"]),
        ("The meeting ends later", "Ends 13:05 instead of 13:00", "Opening +5:00"),
        ("Park Opening: parking lot", "Still ends 13:00", "Opening −5:00; Buffer +5:00"),
    ]
    assert answer["choices"][1]["detail"].endswith("more")
    assert answer["choices"][2]["order"] == {"cmd": "extend", "seconds": 300, "pay": ["end"]}
    assert answer["seq"] == on_time.row().seq


def test_what_is_refused_is_offered_with_its_reason(enter, on_time, people):
    answer = offered(enter(people["facilitator"]), on_time, "?do=extend&seconds=1200").json()
    refused = answer["choices"][2]
    assert refused["refused"] == "This moves the end by 1200 seconds. An executive has to confirm."
    assert refused["cost"] == ""


def test_parts_and_people_are_offered_by_name(enter, on_time, people):
    client = enter(people["facilitator"])
    parts = offered(client, on_time, "?do=goto").json()["choices"]
    assert (parts[0]["label"], parts[0]["order"]) == ("Sales · Report", {"cmd": "goto", "part": "SAL.R"})
    on_time.order("present", by="ceo")
    holders = offered(client, on_time, "?do=fac.offer").json()["choices"]
    assert [(one["detail"], one["order"]["person"]) for one in holders] == [("here", people["ceo"].pk)]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?do=",
        "?do=dance",
        "?do=extend",
        "?do=extend&seconds=-1",
        "?do=extend&seconds=²",
        "?do=%00&seconds=9999999",
    ],
)
def test_a_question_without_sense_is_answered_without_a_price(enter, on_time, people, query):
    answer = offered(enter(people["facilitator"]), on_time, query)
    assert answer.status_code == 200
    assert all(
        one["refused"] and not one["cost"]
        for one in answer.json()["choices"]
        if one["order"]["cmd"] != "park"
    )


@pytest.mark.parametrize("who", ["ceo", "scribe", "observer"])
def test_prices_and_the_lease_are_for_who_holds_the_meeting(enter, on_time, people, who):
    client = enter(people[who])
    answer = offered(client, on_time, "?do=extend&seconds=300")
    assert (answer.status_code, answer.json()["error"]) == (403, "not_the_facilitator")
    assert client.post(reverse("meeting-presence", args=[on_time.meeting.pk])).status_code == 403
    assert on_time.row().lease_at != on_time.now


def test_the_facilitators_browser_says_that_it_is_there(enter, on_time, people):
    answer = enter(people["facilitator"]).post(reverse("meeting-presence", args=[on_time.meeting.pk]))
    assert (answer.status_code, on_time.row().lease_at) == (204, on_time.now)


def test_who_can_hold_a_meeting_finds_the_hand_over_on_the_meeting_page(enter, on_time, people):
    address = reverse("meeting", args=[on_time.meeting.pk])
    assert "<meeting-lease" in enter(people["ceo"]).get(address).content.decode()
    assert "<meeting-lease" not in enter(people["scribe"]).get(address).content.decode()
