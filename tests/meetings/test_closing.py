"""Closing: nothing half said leaves the room unseen; owners answer, and everybody rates."""

import datetime as dt
import uuid

import pytest

from actions import handover, promising
from actions.models import Action
from meetings import closing, minutes, minutes_copy, rating, running
from meetings.floor_screen import named
from meetings.models import Capture, Rating, Segment
from meetings.problems import Refused
from reviewhub.people.models import Activity, Department
from tests import make

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


@pytest.fixture
def ending(room):
    """The meeting when its last part is over."""
    room.at(0).order("start")
    room.at(60)
    return room


def said(room, text, **who) -> Capture:
    return Capture.objects.get(pk=room.capture(text, **who).event.payload["capture"])


def over(room):
    room.at(61).order("end")
    return room.at(62)


def test_a_meeting_with_everything_said_ends_without_a_reason(ending, people):
    said(ending, "/a @sales Launch #KR2 ^2026-12-05")
    over(ending).order("end")
    assert ending.row().state == "ended"
    assert ending.meeting.events.get(type="meeting.ended").payload == {}


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("/a Launch", ("owner", "due_on", "link")),
        ("/a @sales Launch ^2026-12-05", ("link",)),
        ("/a @nobody-known Launch #KR2 ^2026-12-05", ("owner",)),
        ("/a @sales #KR2 ^2026-12-05", ("text",)),
        ("/d Raise the price", ("owner",)),
        ("/d @sales Raise the price", ()),
        ("/p Staff restaurant", ()),
    ],
)
def test_what_a_line_lacks(ending, line, lacks):
    assert closing.lacks(said(ending, line)) == lacks


def test_with_something_missing_it_ends_with_a_reason_only(ending, people):
    said(ending, "/a Launch")
    said(ending, "/d Raise the price")
    with pytest.raises(Refused) as refused:
        over(ending).order("end")
    assert (refused.value.problem.code, refused.value.problem.params) == ("gate_open", {"count": 2})
    assert ending.row().state == "closing"
    ending.order("end", reason="The room has to be left")
    assert ending.row().state == "ended"
    assert ending.meeting.events.get(type="meeting.ended").payload == {"reason": "The room has to be left"}


def test_ending_the_last_part_asks_nothing_yet(ending):
    said(ending, "/a Launch")
    assert over(ending).row().state == "closing"


def test_a_line_is_completed_with_its_action_and_the_log_knows(ending, people):
    _objective, result = make.cascade(people)
    row = said(ending, "/a Launch")
    filled = {"capture": row.pk, "owner": people["sales"].pk, "due_on": "2026-12-05", "result": result.pk}
    over(ending).order(closing.FILL, by="scribe", **filled)
    action, row = Action.objects.get(), Capture.objects.get(pk=row.pk)
    assert (action.owner, action.due_on, action.result) == (people["sales"], dt.date(2026, 12, 5), result)
    assert (action.original_due_on, action.department.code) == (dt.date(2026, 12, 5), "SAL")
    assert (row.owner, row.parsed["missing"], closing.lacks(row)) == (people["sales"], [], ())
    assert ending.meeting.events.last().payload == {
        "capture": row.pk,
        "owner": people["sales"].pk,
        "due_on": "2026-12-05",
        "missing": [],
    }
    assert Activity.objects.filter(code="action.completed", actor=people["scribe"]).count() == 1
    ending.order("end")
    assert ending.row().state == "ended"


def test_the_date_that_was_promised_first_stays_and_every_owner_is_told(ending, people):
    row = said(ending, "/a @sales Launch ^2026-12-01")
    asked = {
        "capture": row.pk,
        "owner": people["marketing"].pk,
        "due_on": "2026-12-05",
        "excuse": "House keeping",
    }
    over(ending).order(closing.FILL, by="scribe", **asked)
    action = Action.objects.get()
    assert (action.due_on, action.original_due_on) == (dt.date(2026, 12, 5), dt.date(2026, 12, 1))
    assert [one.owner for one in handover.holders(action)] == [people["sales"], people["marketing"]]


def test_a_reason_stands_for_a_key_result_and_words_for_a_line_without_any(ending, people):
    row = said(ending, "/a @sales ^2026-12-05")
    asked = {"capture": row.pk, "owner": people["sales"].pk, "due_on": "2026-12-05"}
    over(ending).order(closing.FILL, text="Clear the cellar", excuse="House keeping", **asked)
    row = Capture.objects.get(pk=row.pk)
    assert (row.text, row.excuse, row.action.title, closing.lacks(row)) == (
        "Clear the cellar",
        "House keeping",
        "Clear the cellar",
        (),
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"owner": -1}, "nobody_of_that_name"),
        ({"due_on": "tomorrow"}, "not_a_date"),
        ({"result": 99}, "no_such_result"),
        ({"capture": 0}, "no_such_line"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(ending, given, code):
    row = said(ending, "/a Launch")
    with pytest.raises(Refused) as refused:
        over(ending).order(closing.FILL, **{"capture": row.pk} | given)
    assert refused.value.problem.code == code
    assert Action.objects.get().owner is None


@pytest.mark.parametrize(
    ("who", "may"), [("scribe", True), ("facilitator", True), ("sales", False), ("ceo", False)]
)
def test_facilitator_and_scribe_complete_what_others_wrote(ending, people, who, may):
    row = said(ending, "/a Launch")
    assert running.may_complete(ending.meeting, people[who]) is may
    if not may:
        with pytest.raises(running.NotAllowed):
            ending.order(closing.FILL, by=who, capture=row.pk)


def test_after_the_end_lines_are_not_completed_any_more(ending, people):
    row = said(ending, "/a Launch")
    over(ending).order("end", reason="Late")
    with pytest.raises(Refused) as refused:
        ending.order(closing.FILL, capture=row.pk, due_on="2026-12-05")
    assert refused.value.problem.code == "nothing_to_capture_in"


def test_the_owner_accepts_or_says_what_else(ending, people):
    row = said(ending, "/a @sales Launch #KR2 ^2026-12-05")
    ending.order(closing.ANSWER, by="sales", capture=row.pk, to="accepted")
    assert Capture.objects.get(pk=row.pk).answer == "accepted"
    with pytest.raises(Refused) as refused:
        ending.order(closing.ANSWER, by="sales", capture=row.pk, to="countered")
    assert refused.value.problem.code == "say_what_else"
    ending.order(
        closing.ANSWER, by="sales", capture=row.pk, to="countered", text="In January", due_on="2027-01-10"
    )
    row.refresh_from_db()
    assert (row.answer, row.answer_text, row.answered_at) == ("countered", "In January", ending.now)
    with pytest.raises(Refused) as refused:
        ending.order(closing.ANSWER, by="marketing", capture=row.pk, to="accepted")
    assert refused.value.problem.code == "not_yours_to_answer"


@pytest.mark.parametrize(
    ("given", "stays"),
    [
        ({"due_on": "2026-12-05", "excuse": "House keeping"}, True),
        ({"due_on": "2026-12-12"}, False),
        ({"due_on": "2026-12-05", "owner": "marketing"}, False),
    ],
)
def test_an_answer_to_another_owner_or_date_does_not_stand(ending, people, given, stays):
    row = said(ending, "/a @sales Launch #KR2 ^2026-12-05")
    ending.order(
        closing.ANSWER, by="sales", capture=row.pk, to="countered", text="In January", due_on="2027-01-10"
    )
    owner = people[given.get("owner", "sales")]
    over(ending).order(closing.FILL, by="scribe", **{"capture": row.pk} | given | {"owner": owner.pk})
    row.refresh_from_db()
    assert (row.answer, row.answer_text, bool(row.answered_at)) == (
        ("countered", "In January", True) if stays else ("", "", False)
    )
    ((line, _item),) = minutes_copy.lines_of(minutes.document(ending.row()), "action")
    assert (line["owner"], line["answer"]) == (named(owner), "countered" if stays else "")


def test_a_former_owner_answers_no_more_and_lends_nobody_an_answer(ending, people):
    row = said(ending, "/a @sales Launch #KR2 ^2026-12-05")
    ending.order(closing.ANSWER, by="sales", capture=row.pk, to="accepted")
    asked, other = Action.objects.get(), promising.Said("propose", people["marketing"], reason="On leave")
    promising.say(asked, other, by=people["sales"], at=ending.now)
    promising.say(asked, promising.Said("accept"), by=people["scribe"], at=ending.now)
    ((line, _item),) = minutes_copy.lines_of(minutes.document(ending.row()), "action")
    assert (line["owner"], line["answer"]) == (named(people["marketing"]), "")
    with pytest.raises(Refused) as refused:
        ending.order(closing.ANSWER, by="sales", capture=row.pk, to="accepted")
    assert refused.value.problem.code == "not_yours_to_answer"
    ending.order(closing.ANSWER, by="marketing", capture=row.pk, to="declined", text="No budget")
    row.refresh_from_db()
    ((line, _item),) = minutes_copy.lines_of(minutes.document(ending.row()), "action")
    assert (row.owner, row.answer) == (people["marketing"], "declined")
    assert [list(Capture.objects.held_by(people[who])) for who in ("sales", "marketing")] == [[], [row]]
    assert (line["owner"], line["answer_text"]) == (named(people["marketing"]), "No budget")


def test_what_was_accepted_in_the_room_stands_in_the_trail_and_the_gate_leaves_it(ending, people):
    row = said(ending, "/a @sales Launch #KR2 ^2026-12-05")
    ending.order(closing.ANSWER, by="sales", capture=row.pk, to="accepted")
    (step,) = promising.trail(Action.objects.get())
    assert (step.kind, step.by, step.at, step.owner, step.due_on) == (
        "accepted",
        people["sales"],
        ending.now,
        people["sales"],
        dt.date(2026, 12, 5),
    )
    filled = {"capture": row.pk, "owner": people["sales"].pk, "due_on": "2026-12-09", "excuse": "x"}
    for do, by, given, code in (
        (closing.FILL, "scribe", filled, "accepted_already"),
        (closing.ANSWER, "sales", {"capture": row.pk, "to": "declined", "text": "x"}, "cannot_say"),
    ):
        with pytest.raises(Refused) as refused:
            ending.order(do, by=by, **given)
        assert refused.value.problem.code == code
    row.refresh_from_db()
    assert (row.answer, Action.objects.get().due_on) == ("accepted", dt.date(2026, 12, 5))


def test_ratings_are_averaged_and_sentences_wait_for_three(ending, people):
    with pytest.raises(Refused):
        rating.rate(ending.row(), 5, "", by=people["sales"], at=ending.now)
    over(ending)
    for who, points in (("sales", 10), ("marketing", 8), ("sales", 7)):
        rating.rate(ending.row(), points, f"Said {points}", by=people[who], at=ending.now)
    assert rating.of(ending.meeting) == rating.Rated(2, 7.5)
    rating.rate(ending.row(), 4, "", by=people["ceo"], at=ending.now)
    assert rating.of(ending.meeting) == rating.Rated(3, 6.3, ("Said 7", "Said 8"))
    assert [row.points for row in Rating.objects.visible_to(people["marketing"])] == [8]
    for wrong in (0, 11, None):
        with pytest.raises(Refused):
            rating.rate(ending.row(), wrong, "", by=people["ceo"], at=ending.now)


def test_the_gate_is_filled_in_place_and_keeps_what_was_typed(ending, people, signed_in):
    row = said(ending, "/a Launch")
    over(ending)
    client, url = signed_in(people["facilitator"]), f"/meetings/{ending.meeting.pk}/close/"
    page = client.get(url, headers=EN).content.decode()
    assert "1 line lacks an owner, a date or a key result." in page and "no owner" in page
    wrong = client.post(f"{url}{row.pk}", {"owner": "", "due_on": "soon", "excuse": "None fits"}, headers=EN)
    assert wrong.status_code == 422 and "This is not a date." in wrong.content.decode()
    assert 'value="None fits"' in wrong.content.decode()
    refused = client.post(url, {"seen": ending.row().seq, "reason": ""}, headers=EN)
    assert refused.status_code == 422 and "Incomplete: 1." in refused.content.decode()
    given = {"owner": people["sales"].pk, "due_on": "2026-12-05", "excuse": "None fits"}
    asked = {"HX-Request": "true", "HX-Target": "section#gate"} | EN
    filled = client.post(f"{url}{row.pk}", given, headers=asked)
    assert filled.status_code == 200 and b"Nothing is missing." in filled.content
    assert filled.content.lstrip().startswith(b"<section")
    assert client.post(url, {"seen": ending.row().seq}).status_code == 302
    assert ending.row().state == "ended"
    assert client.get(url).status_code == 200


def test_the_gate_says_who_has_much_to_do_in_that_week_already(ending, people, signed_in):
    for day in range(1, 6):
        make.action(owner=people["sales"], due=f"2026-12-0{day}")
    said(ending, "/a @sales Launch #KR2 ^2026-12-05")
    said(ending, "/a @sales Later #KR2 ^2026-12-12")
    over(ending)
    page = signed_in(people["facilitator"]).get(f"/meetings/{ending.meeting.pk}/close/", headers=EN)
    text = " ".join(page.content.decode().split())
    assert (
        text.count("has 5 other tasks due in that week already.")
        == text.count("due in that week already")
        == 1
    )


def test_on_the_phone_tasks_are_answered_and_the_meeting_rated(ending, people, signed_in):
    row = said(ending, "/a @sales Launch #KR2 ^2026-12-05")
    over(ending)
    client, url = signed_in(people["sales"]), f"/meetings/{ending.meeting.pk}/mine/"
    assert "Launch" in client.get(url, headers=EN).content.decode()
    assert client.post(f"{url}{row.pk}", {"to": "accepted"}).status_code == 302
    nothing = client.post(f"{url}{row.pk}", {"to": "declined", "text": ""}, headers=EN)
    assert nothing.status_code == 422 and "Say what you propose" in nothing.content.decode()
    none = client.post(url, {"sentence": "Good talk"}, headers=EN)
    assert none.status_code == 422 and 'value="Good talk"' in none.content.decode()
    assert client.post(url, {"points": "9", "sentence": "Good talk"}).status_code == 302
    assert Rating.objects.get().points == 9
    stranger = signed_in(people["marketing"])
    assert stranger.post(f"{url}{row.pk}", {"to": "accepted"}).status_code == 404
    assert stranger.get(f"/meetings/{ending.meeting.pk}/close/").status_code == 404


def test_a_partner_sees_its_own_tasks_only(ending, people, signed_in):
    Segment.objects.filter(meeting=ending.meeting, code="SC").update(
        department=Department.objects.get(code="LOG")
    )
    ending.order("goto", part="FIN.D")
    said(ending, "/a @logistics CANARY-PRIVATE #KR2 ^2026-12-05")
    ending.order("goto", part="SC.D")
    said(ending, "/a @logistics Count the pallets #KR2 ^2026-12-05")
    page = signed_in(people["logistics"]).get(f"/meetings/{ending.meeting.pk}/mine/").content
    assert b"Count the pallets" in page and b"CANARY" not in page


def test_before_the_start_there_is_nothing_to_close(room, people, signed_in):
    for page in ("close", "mine"):
        assert signed_in(people["facilitator"]).get(f"/meetings/{room.meeting.pk}/{page}/").status_code == 404


def test_the_same_completion_twice_is_one(ending, people):
    row, number = said(ending, "/a Launch"), uuid.uuid4()
    for _again in range(2):
        ending.order(closing.FILL, client_id=number, capture=row.pk, due_on="2026-12-05")
    assert ending.meeting.events.filter(type=closing.FILLED).count() == 1
