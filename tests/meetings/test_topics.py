"""A proposal becomes an agenda topic or a task in one click, is taken back while untouched; both know each other."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.utils import translation

from actions import followup, promising, suggested
from actions.models import Action
from meetings import outcome, running, scheduling, screens, topics
from meetings.models import Topic
from metrics import analysis, suggestions
from metrics.models import Suggestion
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
WRITTEN = "- Raise the German price by 3 %\n2. Ask for a second carrier\n\n- Raise the German price by 3 %"
PRICE, CARRIER = "Raise the German price by 3 %", "Ask for a second carrier"


@pytest.fixture(autouse=True)
def english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    return make.review(meeting_at=make.AT + dt.timedelta(days=8))


@pytest.fixture
def meeting(people, review):
    return make.meeting(people, scheduled_at=review.meeting_at, review=review)


def write(people, review, text=WRITTEN, code="SAL", by="sales"):
    department = make.department(code)
    number = analysis.of(review, department).number
    return analysis.save(review, department, {"proposals": text}, number=number, by=people[by], at=make.AT)


def become(people, review, kind, text=PRICE, by="sales", code="SAL", given=None):
    digest = suggestions.digest_of(text)
    department = make.department(code)
    return suggestions.make(review, department, digest, kind, by=people[by], at=make.AT, given=given)


def take_back(people, review, text=PRICE, by="sales"):
    digest = suggestions.digest_of(text)
    suggestions.undo(review, make.department("SAL"), digest, by=people[by], at=make.AT)


def problems(call, *given, **named) -> list[str]:
    with pytest.raises(suggestions.CannotMake) as refusal:
        call(*given, **named)
    return refusal.value.problems


def test_each_line_is_a_proposal_without_its_mark_and_the_same_words_once(people, review):
    assert [one.text for one in suggestions.lines(write(people, review))] == [PRICE, CARRIER]
    assert suggestions.lines(analysis.of(review, make.department("MKT"))) == []


def test_a_topic_stands_in_the_department_s_item_and_knows_where_it_comes_from(people, review, meeting):
    row = write(people, review)
    made = become(people, review, "topic")
    topic = Topic.objects.get()
    assert (topic.text, topic.department.code, topic.suggestion, topic.review) == (PRICE, "SAL", made, review)
    items = outcome.items(screens.standing(meeting), people["observer"])
    assert {item.part.segment.code: [one.text for one in item.topics] for item in items if item.topics} == {
        "SAL": [PRICE]
    }
    line = suggestions.lines(row)[0]
    assert suggestions.maker_of(line.suggestion).outcome(line.suggestion, people["sales"]) == (
        suggestions.Outcome(meeting.title, f"/meetings/{meeting.pk}/")
    )
    assert Activity.objects.get(code="review.proposal_made").params["text"] == PRICE


def test_a_task_belongs_to_who_made_it_the_department_and_the_review(people, review):
    write(people, review)
    made = become(people, review, "task", CARRIER)
    action = Action.objects.get()
    assert (action.title, action.owner, action.department.code) == (CARRIER, people["sales"], "SAL")
    assert (action.review, action.suggestion) == (review, made)
    told = suggestions.maker_of(made).outcome(made, people["sales"])
    assert (told.path, told.text) == (
        f"/actions/{action.pk}/",
        f"Not started, {people['sales'].display_name}",
    )


def test_a_task_takes_the_owner_and_the_date_of_its_form_else_the_lead_and_the_next_check_in(people, review):
    write(people, review)
    analyst = make.user("analyst", "SAL")
    become(people, review, "task", CARRIER)
    action = Action.objects.get()
    assert (action.owner, action.due_on) == (people["sales"], suggested.default_due(make.AT))
    given = {"owner": str(analyst.pk), "due_on": "2027-01-15"}
    become(people, review, "task", PRICE, given=given)
    action = Action.objects.get(title=PRICE)
    assert (action.owner, action.due_on.isoformat()) == (analyst, "2027-01-15")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"owner": "999999"}, "Name the person whose task it is."),
        ({"owner": ""}, "Name the person whose task it is."),
        ({"due_on": "2001-01-01"}, "Give a due date from today on."),
        ({"due_on": "soon"}, "Give a due date from today on."),
    ],
)  # fmt: skip
def test_a_task_without_somebody_or_with_a_date_that_is_gone_is_refused_and_nothing_is_made(
    people, review, given, said
):
    write(people, review)
    assert problems(become, people, review, "task", CARRIER, given=given) == [said]
    assert not Action.objects.exists() and not Suggestion.objects.exists()


def test_a_second_press_makes_no_second_one_and_no_other_kind(people, review, meeting):
    write(people, review)
    assert become(people, review, "topic") == become(people, review, "topic")
    assert Topic.objects.count() == 1
    assert problems(become, people, review, "task") == ["It has become something already: Agenda topic."]
    assert not Action.objects.exists()


def test_taken_back_it_is_gone_and_may_become_something_else(people, review, meeting):
    write(people, review)
    become(people, review, "topic")
    take_back(people, review)
    take_back(people, review)
    assert not Topic.objects.exists() and not Suggestion.objects.exists()
    become(people, review, "task")
    take_back(people, review)
    assert not Action.objects.exists()
    codes = Activity.objects.filter(code__in=["review.proposal_unmade", "action.taken_back"])
    assert sorted(codes.values_list("code", flat=True)) == [
        "action.taken_back",
        "review.proposal_unmade",
        "review.proposal_unmade",
    ]


@pytest.mark.parametrize("touch", ["status", "date", "blocker"])
def test_a_task_that_somebody_touched_stays(people, review, touch):
    write(people, review)
    become(people, review, "task")
    action = Action.objects.get()
    if touch == "status":
        followup.set_status(action, "doing", by=people["sales"], at=make.AT)
        followup.set_status(action, "todo", by=people["sales"], at=make.AT)
    elif touch == "date":
        later = promising.Said("propose", action.owner, dt.date(2026, 12, 5), "Peak season")
        promising.say(action, later, by=action.owner, at=make.AT)
    else:
        make.blocker(action, person=people["tech"])
    assert problems(take_back, people, review) == [
        "Somebody has worked on this task; drop it on the board of actions instead."
    ]
    assert Action.objects.get().suggestion is not None


def test_changed_words_leave_what_was_made_of_them(people, review, meeting):
    write(people, review)
    become(people, review, "topic")
    row = write(people, review, "Raise the German price by 4 %")
    assert [(one.text, one.is_gone, one.suggestion is None) for one in suggestions.lines(row)] == [
        ("Raise the German price by 4 %", False, True),
        (PRICE, True, False),
    ]
    assert problems(become, people, review, "topic", CARRIER) == [
        "This line has been changed meanwhile. Look at it again."
    ]
    take_back(people, review)
    assert not Topic.objects.exists()


def test_after_the_freeze_and_once_the_meeting_has_begun_nothing_changes(people, review, meeting):
    write(people, review)
    become(people, review, "topic")
    scheduling.open_lobby(meeting, by=people["facilitator"], at=make.AT)
    begun(meeting, people)
    closed = ["The agenda is closed: the meeting has begun."]
    assert problems(become, people, review, "topic", CARRIER) == closed
    assert problems(take_back, people, review) == closed
    make.freeze(review, people)
    frozen = ["The figures of October 2026 review are frozen."]
    assert problems(become, people, review, "task", CARRIER) == frozen
    assert problems(take_back, people, review) == frozen
    assert (Topic.objects.count(), Action.objects.count()) == (1, 0)


def begun(meeting, people):
    meeting.refresh_from_db()
    running.command(
        meeting.pk,
        "start",
        {},
        by=people["facilitator"],
        expected_seq=meeting.seq,
        client_id=uuid.uuid4(),
        at=meeting.scheduled_at,
    )


def test_without_a_meeting_there_is_no_agenda_and_a_new_meeting_keeps_the_topics(people, review):
    write(people, review)
    assert problems(become, people, review, "topic") == ["This review has no meeting yet."]
    first = make.meeting(people, scheduled_at=review.meeting_at, review=review)
    become(people, review, "topic")
    scheduling.cancel(first, by=people["facilitator"], at=make.AT, reason="Storm")
    assert problems(become, people, review, "topic", CARRIER) == ["This review has no meeting yet."]
    second = make.meeting(people, scheduled_at=review.meeting_at + dt.timedelta(days=1), review=review)
    assert [one.text for one in screens.standing(second).topics["SAL"]] == [PRICE]


@pytest.mark.parametrize("name", ["marketing", "observer", "ceo", "logistics"])
def test_nobody_else_makes_anything_of_it(people, review, name):
    write(people, review)
    assert problems(become, people, review, "task", by=name) == ["You may not write for this department."]


def test_a_department_brings_eight_topics_and_a_screen_shows_the_beginning_of_a_long_one(
    people, review, meeting
):
    texts = [f"{number} {'x' * 200}" for number in range(9)]
    write(people, review, "\n".join(texts))
    for text in texts[:8]:
        become(people, review, "topic", text)
    assert problems(become, people, review, "topic", texts[8]) == ["A department brings at most 8 topics."]
    asked = topics.asked(meeting.segments.get(code="SAL"), [Topic.objects.first()])
    assert asked[0]["zh"] == texts[0][:139] + "…"


# --- In the room -----------------------------------------------------------------------------------------------


def test_the_screens_put_the_topics_up_before_the_guiding_questions(people, review, meeting):
    write(people, review)
    become(people, review, "topic")
    scheduling.open_lobby(meeting, by=people["facilitator"], at=make.AT)
    begun(meeting, people)
    on_the_floor(meeting, people, "SAL.R")
    state = screens.state_for(meeting, reader=people["observer"], at=meeting.scheduled_at)
    assert state["questions"][0] == {"zh": PRICE, "en": PRICE, "topic": True}
    guiding = meeting.segments.get(code="SAL").questions
    assert state["questions"][1:] == guiding
    put_up(meeting, people, len(guiding))
    with pytest.raises(running.Refused):
        put_up(meeting, people, len(guiding) + 1)


def test_a_partner_s_screen_keeps_the_place_of_a_topic_without_its_words(people, review, meeting):
    meeting.segments.filter(code="XDEP").update(department=make.department("LOG"))
    write(people, review)
    become(people, review, "topic")
    scheduling.open_lobby(meeting, by=people["facilitator"], at=make.AT)
    begun(meeting, people)
    on_the_floor(meeting, people, "SAL.R")
    state = screens.state_for(meeting, reader=people["logistics"], at=meeting.scheduled_at)
    assert state["questions"][0] == {"zh": "", "en": ""}
    items = outcome.items(screens.standing(meeting), people["logistics"])
    assert not any(item.topics for item in items)
    assert not Topic.objects.visible_to(people["logistics"]).exists()


def on_the_floor(meeting, people, part):
    order(meeting, people, "goto", {"part": part})


def put_up(meeting, people, number):
    order(meeting, people, "stage.set", {"question": number})


def order(meeting, people, do, arguments):
    meeting.refresh_from_db()
    return running.command(
        meeting.pk,
        do,
        arguments,
        by=people["facilitator"],
        expected_seq=meeting.seq,
        client_id=uuid.uuid4(),
        at=meeting.scheduled_at + dt.timedelta(seconds=meeting.seq),
    )


# --- The pages -------------------------------------------------------------------------------------------------


def address(review, text=PRICE, what="topic") -> str:
    return f"/submissions/sales/{review.code}/proposals/{suggestions.digest_of(text)}/{what}"


def test_by_page_one_press_makes_it_and_the_lobby_and_the_board_show_it(people, signed_in, review, meeting):
    write(people, review)
    client = signed_in(people["sales"])
    page = client.get(f"/submissions/sales/{review.code}/analysis").content.decode()
    assert "To the agenda" in page and "Make it a task" in page and "Not taken up yet" in page
    answer = client.post(address(review))
    assert answer["Location"] == f"/submissions/sales/{review.code}/analysis#proposals"
    assert client.post(address(review, CARRIER, "task")).status_code == 302
    page = client.get(f"/submissions/sales/{review.code}/analysis").content.decode()
    assert f"/meetings/{meeting.pk}/" in page and "Not started" in page and "To the agenda" not in page
    lobby = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert PRICE in lobby and "Analysis: Sales" in lobby
    assert "Analysis: Sales" in client.get("/actions/").content.decode()
    assert client.post(address(review, PRICE, "undo")).status_code == 302 and not Topic.objects.exists()
    refused = client.post(address(review, "Never written"))
    assert refused.status_code == 409 and "has been changed meanwhile" in refused.content.decode()
    assert client.post(address(review, PRICE, "nonsense")).status_code == 409


def test_strangers_find_no_proposal_and_no_origin_before_the_freeze(people, signed_in, review, meeting):
    write(people, review)
    become(people, review, "topic")
    become(people, review, "task", CARRIER)
    for name in ("marketing", "logistics"):
        client = signed_in(people[name])
        assert client.post(address(review, CARRIER, "task")).status_code == 404
        assert client.post(address(review, PRICE, "undo")).status_code == 404
    client = signed_in(people["marketing"])
    lobby, board = client.get(f"/meetings/{meeting.pk}/"), client.get("/actions/")
    assert PRICE in lobby.content.decode() and "Analysis: Sales" not in lobby.content.decode()
    assert CARRIER in board.content.decode() and "Analysis: Sales" not in board.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_task(people, review):
    write(people, review)
    made, gate = [], threading.Barrier(2)

    def press():
        try:
            gate.wait()
            made.append(become(people, review, "task").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _one in range(2)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert len(made) == 2 and len(set(made)) == 1
    assert (Action.objects.count(), Suggestion.objects.count()) == (1, 1)
