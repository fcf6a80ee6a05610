"""What a meeting never reached comes back: proposed to the next agenda, with a link to where it was left."""

import datetime as dt

import pytest

from meetings import agenda, proposals
from meetings.models import Improvement, Segment
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(room, people):
    """The agenda of the meeting after one that ended early: opening and sales were heard, marketing parked."""
    room.at(0).order("start")
    room.at(10).order("next")
    room.at(20).order("park", part="MKT.R")
    room.order("park", part="MKT.D")
    room.order("skip", part="BREAK")
    room.at(30).order("end")
    room.at(31).order("end")
    later = room.start + dt.timedelta(days=28)
    return make.meeting(
        people, review=make.review("2026-11", meeting_at=later), scheduled_at=later, at=room.now
    )


def unheard(coming, person):
    found = proposals.of(coming, agenda.read(coming), person)
    return {one.item: one for one in found if one.is_unheard}


def test_items_without_a_second_are_proposed_for_the_same_item(room, people, coming):
    found = unheard(coming, people["facilitator"])
    assert set(found) == {"SC", "FIN", "TEC", "XDEP", "PLAN"}
    one = found["SC"]
    assert (one.meeting, one.key) == (room.meeting.pk, f"unheard-{room.meeting.pk}-SC")
    segment = room.meeting.segments.get(code="SC")
    assert one.question == {
        "zh": f"上次没有讨论到：{segment.title_zh}",
        "en": f"Not reached last time: {segment.title_en}",
    }


def test_an_internal_item_is_proposed_to_an_internal_item_only(people, coming):
    Segment.objects.filter(meeting=coming, code="FIN").update(is_private=False)
    assert "FIN" not in unheard(coming, people["facilitator"])


def test_the_builder_links_back_and_takes_it_once(room, people, coming, signed_in):
    client, url = signed_in(people["facilitator"]), f"/meetings/{coming.pk}/agenda/"
    page = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert f'<a href="/meetings/{room.meeting.pk}/">not reached</a>' in page


def test_the_improvement_of_the_last_meeting_comes_first_and_stands_in_the_opening(
    room, people, coming, signed_in
):
    better = {"text": "销售汇报不超过2分钟", "owner": people["sales"], "set_by": people["ceo"]}
    made = Improvement.objects.create(meeting=room.meeting, set_at=room.now, **better)
    one = proposals.of(coming, agenda.read(coming), people["facilitator"])[0]
    assert (one.key, one.item, one.meeting) == (f"improve-{made.pk}", "OPEN", room.meeting.pk)
    assert one.question == {
        "zh": "这次要改进：销售汇报不超过2分钟",
        "en": "To do better this time: 销售汇报不超过2分钟",
    }
    client, url = signed_in(people["facilitator"]), f"/meetings/{coming.pk}/agenda/"
    page = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert f'<a href="/meetings/{room.meeting.pk}/">agreed last time</a>' in page
    partner = proposals.of(coming, agenda.read(coming), people["logistics"])
    assert not any(each.is_improvement for each in partner)
