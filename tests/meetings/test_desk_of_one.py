"""What the facilitator alone has: prices before the press, a private note; and the scribe's screen (A6)."""

import json

import pytest
from django.urls import reverse

from meetings import clock, noting, running, screens
from meetings.models import Segment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(room, people):
    room.order("start")
    room.at(10).order("next")
    return room


def prices(client, room, at, monkeypatch):
    monkeypatch.setattr("meetings.logbook.instant", lambda: at)
    return client.get(reverse("meeting-prices", args=[room.meeting.pk])).json()["prices"]


def test_next_back_and_skip_say_their_price_and_it_is_what_they_then_cost(client, sales, people, monkeypatch):
    client.force_login(people["facilitator"])
    for seconds in (60, 180, 400):
        said = prices(client, sales, sales.at(10, seconds).now, monkeypatch)
        assert set(said) == {"next", "back", "skip"}
        before = clock.projected_end(*standing(sales), sales.now)
        answer = sales.order("next")
        after = clock.projected_end(*standing(sales), sales.now)
        assert (said["next"]["cost"].startswith("仍在")) == (before == after)
        paid = answer.event.deltas.get("BUFFER", 0)
        assert ("缓冲" in said["next"]["detail"]) == bool(paid)
        sales.order("undo")


def test_an_unused_minute_is_named_before_it_is_given_back(client, sales, people, monkeypatch):
    client.force_login(people["facilitator"])
    said = prices(client, sales, sales.at(12).now, monkeypatch)
    assert said["next"]["detail"] == "销售部 · 汇报 −1:00; 缓冲 +1:00"
    assert said["back"]["detail"] == ""


def standing(room):
    from meetings import logbook  # noqa: PLC0415

    return logbook.standing(room.row())


@pytest.mark.parametrize("who", ["ceo", "scribe", "owner"])
def test_prices_are_for_who_holds_the_meeting(client, sales, people, who):
    client.force_login(people[who])
    assert client.get(reverse("meeting-prices", args=[sales.meeting.pk])).status_code == 403


def test_before_the_start_nothing_has_a_price(client, room, people):
    client.force_login(people["facilitator"])
    assert client.get(reverse("meeting-prices", args=[room.meeting.pk])).json()["prices"] == {}


def test_a_private_note_is_shown_to_its_writer_and_to_nobody_else(client, sales, people):
    sales.order("note.set", text="CANARY: the CFO leaves 12:30")
    address = reverse("meeting-run", args=[sales.meeting.pk])
    client.force_login(people["facilitator"])
    assert "CANARY: the CFO leaves 12:30" in client.get(address).content.decode()
    for who in ("facilitator", "ceo", "scribe", "owner"):
        assert "CANARY" not in json.dumps(screens.state_for(sales.row(), reader=people[who], at=sales.now))
    sales.order("fac.claim", by="ceo")
    client.force_login(people["ceo"])
    page = client.get(address)
    assert page.status_code == 200 and "CANARY" not in page.content.decode()
    assert noting.note_of(sales.meeting, people["facilitator"]).startswith("CANARY")


def test_an_empty_note_takes_it_away_and_too_long_a_one_is_refused(sales, people):
    sales.order("note.set", text="a")
    sales.order("note.set", text="")
    assert noting.note_of(sales.meeting, people["facilitator"]) == ""
    with pytest.raises(running.Refused, match="text_too_long"):
        sales.order("note.set", text="x" * 1001)
    with pytest.raises(running.NotAllowed):
        sales.order("note.set", by="owner", text="a")


def test_the_reason_of_a_pause_stands_on_every_screen(sales, people):
    from meetings.web import words  # noqa: PLC0415

    sales.order("pause", reason="technical")
    reason = screens.state_for(sales.row(), reader=people["owner"], at=sales.now)["pause_reason"]
    assert {lang: said[f"pause_{reason}"] for lang, said in words.both(words.screen).items()} == {
        "zh": "技术故障", "en": "Technical trouble",
    }  # fmt: skip


def test_the_scribe_sees_every_line_and_what_it_lacks(client, sales, people):
    for number in range(7):
        sales.capture(f"/d decision {number}")
    sales.capture("/a call the carrier")
    client.force_login(people["scribe"])
    page = client.get(reverse("meeting-scribe", args=[sales.meeting.pk])).content.decode()
    assert all(f"decision {number}" in page for number in range(7))
    lines = client.get(reverse("meeting-lines", args=[sales.meeting.pk])).content.decode()
    assert lines.index("call the carrier") < lines.index("decision 6") < lines.index("decision 0")
    assert lines.count("data-lacks") == 8 and "缺负责人" in lines  # somebody answers for every decision
    state = screens.state_for(sales.row(), reader=people["scribe"], at=sales.now)
    assert state["captures"]["incomplete"] == 8
    sales.capture("/d @sales decision 8")
    lines = client.get(reverse("meeting-lines", args=[sales.meeting.pk])).content.decode()
    assert lines.count("data-lacks") == 8


def test_a_partner_is_told_when_its_item_comes_and_when_it_is_on(sales, people):
    Segment.objects.filter(meeting=sales.meeting, code="SC").update(department=make.department("LOG"))
    told = []
    for code in sales.meeting.parts.order_by("position").values_list("code", flat=True)[2:]:
        state = screens.state_for(sales.row(), reader=people["logistics"], at=sales.now)
        told.append(state["your_turn_at"] and state["your_turn_at"] > state["server_now"])
        if code.startswith("FIN."):
            break
        sales.order("next")
    assert told[0] is True and told.count(False) == 2 and told[-1] is None


@pytest.mark.parametrize("who", ["owner", "ceo"])
def test_who_does_not_write_is_led_to_the_meeting(client, sales, people, who):
    client.force_login(people[who])
    answer = client.get(reverse("meeting-scribe", args=[sales.meeting.pk]))
    assert answer.headers["Location"] == reverse("meeting", args=[sales.meeting.pk])
