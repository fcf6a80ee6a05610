"""Who is expected, who came, and the way in by a phone's camera (F80)."""

import re
import uuid

import pytest
from django.urls import reverse

from meetings import attending, logbook, running, screens
from meetings.models import Attendance
from meetings.web import invitation

pytestmark = pytest.mark.django_db


def here(room):
    return {seat.person_id: seat.present_at for seat in Attendance.objects.filter(meeting=room.meeting)}


def test_one_says_i_am_here_twice_and_is_here_once(room, people):
    first = running.sign_in(room.meeting.pk, by=people["owner"], client_id=uuid.uuid4(), at=room.at(-5).now)
    again = running.sign_in(room.meeting.pk, by=people["owner"], client_id=uuid.uuid4(), at=room.at(-2).now)
    assert first.event == again.event
    assert here(room) == {people["owner"].pk: room.at(-5).now}


def test_the_facilitator_marks_who_came_without_a_phone_and_takes_the_mark_back(room, people):
    room.at(-3).order("attend", person=people["sales"].pk)
    assert here(room) == {people["sales"].pk: room.now}
    assert screens.state_for(room.row(), reader=people["owner"], at=room.now)["present"]["ids"] == [
        people["sales"].pk
    ]
    room.at(-2).order("attend", person=people["sales"].pk, to="absent")
    assert here(room) == {}


def test_the_rows_say_what_the_log_says(room, people):
    for who in ("sales", "owner", "scribe"):
        room.order("attend", person=people[who].pk)
    room.order("attend", person=people["owner"].pk, to="absent")
    running.sign_in(room.meeting.pk, by=people["owner"], client_id=uuid.uuid4(), at=room.at(1).now)
    assert attending.seated(room.meeting.events.order_by("seq")) == here(room)
    assert set(here(room)) == {people[who].pk for who in ("sales", "owner", "scribe")}


REFUSED = [("sales", "here_already", ""), ("owner", "not_here", "absent"), (None, "nobody_of_that_name", "")]


@pytest.mark.parametrize(("who", "code", "to"), REFUSED)
def test_a_mark_that_makes_no_sense_is_refused(room, people, who, code, to):
    room.order("attend", person=people["sales"].pk)
    events = room.events()
    with pytest.raises(running.Refused, match=code):
        room.order("attend", person=people[who].pk if who else None, to=to)
    assert room.events() == events


def test_nobody_else_marks_people(room, people):
    for who in ("owner", "sales", "ceo"):
        with pytest.raises(running.NotAllowed):
            room.order("attend", by=who, person=people["owner"].pk)


def test_expected_are_the_facilitator_who_presents_and_the_leads_of_the_agenda(room, people):
    room.meeting.segments.filter(code="FIN").update(presenter=people["hr"])
    names = attending.expected(room.meeting, logbook.parts_of(room.meeting))
    assert names[0] == people["facilitator"]
    assert people["sales"] in names and people["hr"] in names
    assert len(names) == len({one.pk for one in names})
    assert people["ceo"] not in names


def test_the_lobby_shows_the_code_who_is_missing_and_marks_without_script(client, room, people):
    client.force_login(people["facilitator"])
    page = client.get(reverse("meeting", args=[room.meeting.pk])).content.decode()
    assert page.count('<svg viewBox="0 0') >= 1 and 'class="qr-code"' in page
    assert "style=" not in re.search(r'<svg[^>]*class="qr-code".*?</svg>', page, re.S)[0]
    assert invitation.address(room.meeting) in page
    sent = {"cmd": "attend", "person": str(people["sales"].pk), "client_id": str(uuid.uuid4())}
    room.meeting.refresh_from_db()
    client.post(reverse("meeting-command", args=[room.meeting.pk]), sent)
    assert set(here(room)) == {people["sales"].pk}


def test_opening_the_address_of_the_code_signs_nobody_in(client, room, people):
    client.force_login(people["owner"])
    path = reverse("meeting", args=[room.meeting.pk])
    assert invitation.address(room.meeting).endswith(path)
    assert client.get(path).status_code == 200
    assert here(room) == {}


def test_a_partner_is_not_told_who_is_expected(client, room, people):
    from meetings.models import Segment  # noqa: PLC0415
    from reviewhub.people.models import Department  # noqa: PLC0415

    Segment.objects.filter(meeting=room.meeting, code="SC").update(
        department=Department.objects.get(code="LOG")
    )
    people["sales"].name = people["sales"].name_latin = "CANARY"
    people["sales"].save()
    room.order("attend", person=people["sales"].pk)
    client.force_login(people["logistics"])
    page = client.get(reverse("meeting", args=[room.meeting.pk])).content.decode()
    assert "CANARY" not in page and 'id="expected"' not in page
