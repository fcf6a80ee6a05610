"""Looking back: what took how long and who paid, the replay of any minute, and one improvement for next time."""

import datetime as dt

import pytest

from meetings import rating, retro
from meetings.models import Improvement
from meetings.problems import Refused
from tests import make

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


@pytest.fixture
def held(room, people):
    """Opening took 12 of 10 minutes, sales was given two minutes; the meeting ended after 40 minutes."""
    room.at(0).order("start")
    room.at(12).order("next")
    room.at(14).capture("/d @sales Raise the price")
    room.at(15).order("extend", seconds=120, pay=["buffer"])
    room.at(16).order("tangent", by="sales")
    room.at(20).order("doubt.add", by="sales", text="Clicks or visits?")
    room.at(24).order("doubt.close")
    room.at(40).order("end")
    room.at(41).order("end")
    room.row()
    return room


def test_it_says_who_gave_time_and_what_the_doubts_took(held, people):
    found = retro.of(held.meeting, people["ceo"])
    assert (found.length_s, found.tangents, found.doubts, found.doubts_s) == (41 * 60, 1, 1, 240)
    assert (found.decisions, found.per_hour, found.actions) == (1, 1.5, 0)
    assert retro.compared(held.meeting) is None
    assert found.paid["BUFFER"] >= 120
    assert sum(found.paid.values()) == 240  # two minutes of the opening, two that sales was given
    by_code = {item.part.segment.code: item for item in found.items}
    assert (by_code["OPEN"].planned_s, by_code["OPEN"].used_s) == (600, 720)
    assert found.on_time == sum(0 < item.used_s <= item.planned_s for item in found.items)


def test_any_minute_is_replayed_as_it_was(held, people):
    first, later = (retro.moment(held.meeting, minute, people["ceo"]) for minute in (5, 18))
    assert (first.part.code, first.elapsed_s, first.allot_s, first.lines) == ("OPEN", 300, 600, [])
    assert (later.part.code, later.elapsed_s) == ("SAL.R", 360)
    assert [row.text for row in later.lines] == ["Raise the price"]
    assert later.at == held.start + dt.timedelta(minutes=18)
    code = dict(held.meeting.segments.values_list("pk", "code"))
    assert {code[pk]: used for pk, used in later.used.items() if used} == {"OPEN": 720, "SAL": 360}
    items = retro.of(held.meeting, people["ceo"]).items
    by_plan = [retro.by_plan(items, 60 * minute) for minute in (9, 10, 240)]
    assert [item and item.part.segment.code for item in by_plan] == ["OPEN", "SAL", None]


def test_one_improvement_with_an_owner_is_shown_next_time_and_judged(held, people, signed_in):
    url = f"/meetings/{held.meeting.pk}/retro/"
    client = signed_in(people["facilitator"])
    assert client.get(url, headers=EN).status_code == 200
    refused = client.post(f"{url}improve", {"text": "Cap the headline", "owner": ""}, headers=EN)
    assert refused.status_code == 422 and 'value="Cap the headline"' in refused.content.decode()
    given = {"text": "Cap the headline", "owner": people["sales"].pk}
    assert client.post(f"{url}improve", given).status_code == 302
    later = held.start + dt.timedelta(days=28)
    coming = make.meeting(
        people, review=make.review("2026-11", meeting_at=later), scheduled_at=later, at=held.now
    )
    page = client.get(f"/meetings/{coming.pk}/", headers=EN).content.decode()
    assert "From last time" in page and "Cap the headline" in page
    assert (
        signed_in(people["sales"]).post(f"/meetings/{coming.pk}/retro/judge", {"verdict": "kept"}).status_code
        == 404
    )
    client = signed_in(people["facilitator"])
    assert client.post(f"/meetings/{coming.pk}/retro/judge", {"verdict": "kept"}).status_code == 302
    assert Improvement.objects.get().verdict == "kept"
    with pytest.raises(Refused) as judged:
        retro.settle(held.meeting, "Other", people["sales"], by=people["facilitator"], at=held.now)
    assert judged.value.problem.code == "judged_already"


def test_the_slider_asks_for_one_minute(held, people, signed_in):
    asked = {"HX-Request": "true", "HX-Target": "section#replay"} | EN
    answer = signed_in(people["owner"]).get(f"/meetings/{held.meeting.pk}/retro/?minute=18", headers=asked)
    text = answer.content.decode()
    assert "Raise the price" in text and "06:00" in text and "By plan: Sales." in text and "<html" not in text
    far = signed_in(people["owner"]).get(f"/meetings/{held.meeting.pk}/retro/?minute=999999", headers=EN)
    assert far.status_code == 200 and 'value="41"' in far.content.decode()


def test_sentences_have_no_names_and_partners_and_running_meetings_no_page(held, room, people, signed_in):
    for who in ("sales", "marketing", "ceo"):
        rating.rate(held.meeting, 4, f"Good {who}", by=people[who], at=held.now)
    page = signed_in(people["owner"]).get(f"/meetings/{held.meeting.pk}/retro/", headers=EN).content.decode()
    assert "4.0" in page and "Good ceo" in page
    held.meeting.segments.filter(code="SC").update(department=make.department("LOG"))
    assert signed_in(people["logistics"]).get(f"/meetings/{held.meeting.pk}/").status_code == 200
    assert signed_in(people["logistics"]).get(f"/meetings/{held.meeting.pk}/retro/").status_code == 404


def test_it_is_compared_with_the_meeting_before(held, people, signed_in):
    rating.rate(held.row(), 9, "", by=people["sales"], at=held.now)
    rating.rate(held.row(), 6, "", by=people["ceo"], at=held.now)
    later = held.start + dt.timedelta(days=28)
    coming = make.meeting(
        people, review=make.review("2026-11", meeting_at=later), scheduled_at=later, at=held.now
    )
    before = retro.compared(coming)
    assert (before.rated.mean, before.tangents, before.doubts_s) == (7.5, 1, 240)
