"""What a partner's screens are never sent of the very item that it presents: private items, confidential lines."""

import json

import pytest
from django.utils import timezone

from meetings import decisions, outcome, screens
from meetings.framing import Framer
from meetings.models import Capture, Meeting, Segment
from reviewhub.people.models import Confidentiality, Department
from tests.meetings.rooms import Room
from tests.meetings.test_framing import viewers

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(people):
    """A live meeting in which the partner presents supply chain, and finance privately."""
    room = Room(people, timezone.now().replace(microsecond=0))
    partner = Department.objects.get(code="LOG")
    Segment.objects.filter(meeting=room.meeting, code__in=["SC", "FIN"]).update(department=partner)
    room.order("start")
    return room


def said_in(room, part, *lines):
    room.order("goto", part=part)
    return [Capture.objects.get(pk=room.capture(text).event.payload["capture"]) for text in lines]


def everything_sent(room, client, person) -> bytes:
    client.force_login(person)
    pages = [
        client.get(f"/meetings/{room.meeting.pk}/{page}").content
        for page in ("", "state", "lines", "stage/", "choices")
    ]
    listed = [
        client.get("/meetings/").content,
        client.get(f"/reviews/{room.row().review.code}/decisions/").content,
    ]
    (viewer,) = viewers(room, person)
    ((_status, frame, _seq),) = Framer().admitted([viewer])
    return b"".join([*pages, *listed, frame])


def test_confidential_lines_and_private_items_stay_in_the_house(room, client, people):
    _open, closed = said_in(room, "SC.D", "/d JOINT-DECISION", "/d CANARY-MARGIN ^2026-12-05")
    Capture.objects.filter(pk=closed.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    said_in(room, "FIN.D", "/d CANARY-PRIVATE", "/a @logistics CANARY-TASK")
    Segment.objects.filter(meeting=room.meeting, code="FIN").update(
        title_en="CANARY-TITLE", title_zh="CANARY-TITLE"
    )
    sent = everything_sent(room, client, people["logistics"])
    assert b"JOINT-DECISION" in sent
    assert b"CANARY" not in sent
    assert [row.text for row in screens.visible_captures(room.meeting, people["logistics"])] == [
        "JOINT-DECISION"
    ]
    assert [row.text for row in decisions.of([room.meeting], reader=people["logistics"])] == [
        "JOINT-DECISION"
    ]


def test_colleagues_see_the_private_item_and_not_the_confidential_line(room, client, people):
    _open, closed = said_in(room, "SC.D", "/d JOINT-DECISION", "/d CANARY-MARGIN")
    Capture.objects.filter(pk=closed.pk).update(confidentiality=Confidentiality.SECRET)
    said_in(room, "FIN.D", "/d OF-THE-HOUSE")
    sent = everything_sent(room, client, people["owner"])
    assert b"OF-THE-HOUSE" in sent and b"JOINT-DECISION" in sent and b"CANARY" not in sent


def test_after_the_meeting_the_item_is_internal_and_its_lines_are_not_there(room, people):
    said_in(room, "FIN.D", "/d CANARY-PRIVATE")
    shown = screens.standing(room.row())
    items = {one.part.segment.code: one.is_internal for one in outcome.items(shown, people["logistics"])}
    assert (items["FIN"], items["SC"], items["SAL"]) == (True, False, False)
    assert "CANARY" not in json.dumps(
        [row.text for rows in outcome.written(room.meeting, people["logistics"]).values() for row in rows]
    )


def test_a_partner_with_nothing_but_a_private_item_is_not_invited(room, people):
    Segment.objects.filter(meeting=room.meeting, code="SC").update(is_private=True)
    assert not Meeting.objects.visible_to(people["logistics"]).exists()


def test_the_answer_to_an_order_of_a_partner_is_the_state_of_their_screens(room, client, people):
    client.force_login(people["logistics"])
    page = f"/meetings/{room.meeting.pk}"
    order = {"cmd": "tangent", "client_id": "5f1b1c0e-9a07-4f60-8b5d-9f8d0c1f3a22"}
    answer = client.post(f"{page}/command", order, content_type="application/json").json()
    shown = client.get(f"{page}/state").json()
    assert answer["event"] == "tangent.pressed"
    assert {part["id"] for part in answer["state"]["parts"]} == {part["id"] for part in shown["parts"]}
    assert "FIN." not in json.dumps(answer) and "ledger_s" not in answer["state"]
