"""Signals from the room: off the subject, ready, topics parked, a blank stage, figures in doubt (F69, F70)."""

import datetime as dt
import json
import re
import uuid
from collections import namedtuple

import pytest
from django.conf import settings as settings_of_django
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import asides, clock, doubted, running, screens, signals
from meetings.models import Capture, Segment
from reviewhub.people.models import Department

Line = namedtuple("Line", "seq type payload at actor_id")
NINE = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


def log(*said):
    """Lines from (second, actor, type, payload), numbered from 1."""
    return [
        Line(seq, kind, payload, NINE + dt.timedelta(seconds=second), actor)
        for seq, (second, actor, kind, payload) in enumerate(said, 1)
    ]


def press(second, actor):
    return second, actor, signals.TANGENT, {}


NEXT = (30, 9, "part.next", {"from": "A", "to": "B"})
TANGENTS = {
    "each person once": ([press(0, 1), press(5, 1), press(6, 2)], 30, 2),
    "for a minute": ([press(0, 1), press(20, 2)], 60, 1),
    "a new part begins anew": ([press(0, 1), NEXT, press(31, 2)], 40, 1),
    "an undone new part never was": ([press(0, 1), NEXT, (32, 9, "event.voided", {"seq": 2})], 40, 1),
    "another part that is dropped changes nothing": (
        [(0, 9, "meeting.started", {"to": "A"}), press(0, 1), (3, 9, "part.skipped", {"part": "C", "to": "A"})], 40, 1,
    ),
    "the facilitator has answered": ([press(0, 1), (3, 9, signals.SETTLED, {})], 40, 0),
    "the topic was parked": (
        [press(0, 1), (3, 9, signals.TOPIC_PARKED, {"part": "A", "question": 0})], 40, 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TANGENTS)
def test_how_many_find_the_talk_off_the_subject(case):
    said, at, count = TANGENTS[case]
    assert len(signals.tangents(log(*said), NINE + dt.timedelta(seconds=at))) == count


def doubt(second, number=1):
    return second, 1, doubted.CAPTURED, {"kind": "data", "capture": number, "text": f"doubt {number}"}


def closed(second, number=1):
    return second, 9, doubted.CLOSED, {"doubt": number}


DOUBTS = {
    "until it is settled": ([doubt(0), closed(90)], [90]),
    "up to now": ([doubt(0)], [200]),
    "until the next one": ([doubt(0), doubt(50, 2), closed(60, 2)], [50, 10]),
    "until another part begins": ([doubt(0), NEXT], [30]),
    "until a pause": ([doubt(0), (40, 9, "meeting.paused", {})], [40]),
    "an undone new part does not end it": (
        [doubt(0), NEXT, (35, 9, "event.voided", {"seq": 2}), closed(70)],
        [70],
    ),
    "a note is none": ([(0, 1, doubted.CAPTURED, {"kind": "note", "capture": 1, "text": ""})], []),
    "nothing runs backward": ([doubt(10), closed(5)], [0]),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_the_seconds_that_a_doubted_figure_took(case):
    said, seconds = DOUBTS[case]
    at = NINE + dt.timedelta(seconds=200)
    found = doubted.read(log(*said))
    assert [one.seconds(at) for one in found] == seconds
    assert doubted.lost_s(found, at) == sum(seconds)


steps = st.one_of(
    st.just((signals.TANGENT, {})),
    st.just((signals.SETTLED, {})),
    st.tuples(
        st.sampled_from([signals.TOPIC_PARKED, signals.TOPIC_BACK, signals.STAGE]),
        st.fixed_dictionaries({"part": st.sampled_from("AB"), "question": st.integers(0, 3)}),
    ),
    st.tuples(st.just("part.next"), st.fixed_dictionaries({"to": st.sampled_from("AB")})),
    st.sampled_from([doubt(0)[2:], closed(0)[2:]]),
    st.just(("meeting.paused", {})),
)
scripts = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4), steps), max_size=40)


@given(scripts, st.integers(0, 4), st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_signalled_the_log_says_it_all(script, count, data):
    second, said = 0, []
    for gap, actor, (kind, payload) in script:
        second += gap
        said.append((second, actor, kind, payload))
    lines, now = log(*said), NINE + dt.timedelta(seconds=second + 10)
    assert len(signals.tangents(lines, now)) <= 4
    parked = signals.parked_topics(lines, "A")
    asked = signals.asked(lines, "A", count)
    if set(range(count)) - set(parked):
        assert asked in range(count) and asked not in parked
    doubts = doubted.read(lines)
    assert 0 <= doubted.lost_s(doubts, now) <= second + 10
    assert sum(one.until is None for one in doubts) <= 1
    if lines:
        gone = data.draw(st.integers(1, len(lines)))
        voided = signals.standing([*lines, Line(len(lines) + 1, "event.voided", {"seq": gone}, now, 0)])
        assert voided == [line for line in lines if line.seq != gone]


# --- In a meeting ------------------------------------------------------------------------------------------


@pytest.fixture
def sales(room, people):
    """Sales reports; its four guiding questions can be put up."""
    room.order("start")
    room.at(1).order("next")
    return room


def seen(room, who="facilitator"):
    return screens.state_for(room.row(), reader=room.people[who], at=room.now)


@pytest.mark.django_db
def test_three_presses_within_a_minute_ask_the_facilitator_and_nobody_learns_who(sales, people):
    for second, who in enumerate(("owner", "marketing", "owner", "ceo")):
        sales.at(2, second).order("tangent", by=who)
    desk = seen(sales)["desk"]
    assert (len(desk["tangents"]), desk["tangents_enough"]) == (3, 3)
    assert "tangents" not in json.dumps(seen(sales, "owner"))
    sales.order("tangent.settle")
    assert seen(sales)["desk"]["tangents"] == []


@pytest.mark.django_db
def test_one_press_parks_what_is_on_the_stage_and_the_clock_goes_on(sales):
    first, second = (seen(sales)["questions"][number] for number in (0, 1))
    sales.order("topic.park")
    now = seen(sales)
    assert (now["question"], now["questions"][0]["parked"], now["part"]) == (1, True, "SAL.R")
    assert now["questions"][1] == second
    row = Capture.objects.get()
    assert (row.kind, row.text) == ("park", f"{first['zh']} · {first['en']}")
    assert now["remaining_s"] == seen(sales)["remaining_s"]
    sales.order("topic.back")
    assert (seen(sales)["question"], Capture.objects.count()) == (0, 0)
    assert "parked" not in seen(sales)["questions"][0]


@pytest.mark.django_db
def test_another_departments_topic_parked_in_a_partners_item_keeps_its_words_from_the_partner(room, people):
    from meetings import questions  # noqa: PLC0415

    partner, segments = Department.objects.get(code="LOG"), Segment.objects.filter(meeting=room.meeting)
    segments.filter(code="SAL").update(department=None)
    segments.filter(code="XDEP").update(department=partner)  # where departments without an item are heard
    questions.ask(room.meeting.review, "sales", "CANARY?", by=people["ceo"], at=room.start)
    room.order("start")
    room.order("goto", part="XDEP")
    assert "CANARY" in seen(room)["questions"][0]["zh"]
    room.order("topic.park", question=0)
    room.order("topic.park", question=1)
    texts = [row.text for row in screens.visible_captures(room.meeting, people["logistics"])]
    assert len(texts) == 1 and "CANARY" not in texts[0]
    assert "CANARY" not in json.dumps(seen(room, "logistics"))
    assert len(screens.visible_captures(room.meeting, people["owner"])) == 2


REFUSED = {
    "topic_parked": [("topic.park", {"question": 2}), ("topic.park", {"question": 2})],
    "no_such_question": [("topic.park", {"question": 99})],
    "nothing_parked": [("topic.back", {})],
    "no_doubt": [("doubt.close", {})],
    "not_the_presenter": [("ready", {})],
    "empty_text": [("doubt.add", {"text": " \u200b"})],
}


@pytest.mark.django_db
@pytest.mark.parametrize("code", REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(sales, code):
    *before, (do, arguments) = REFUSED[code]
    for earlier, given_ in before:
        sales.order(earlier, **given_)
    events = sales.events()
    with pytest.raises(running.Refused, match=code):
        sales.order(do, **arguments)
    assert sales.events() == events


@pytest.mark.django_db
@pytest.mark.parametrize("do", ["topic.park", "topic.back", "tangent.settle", "stage.blank", "doubt.close"])
def test_only_the_facilitator_and_who_helps_sets_the_stage(sales, do):
    for who in ("owner", "scribe", "ceo"):
        with pytest.raises(running.NotAllowed):
            sales.order(do, by=who)


@pytest.mark.django_db
def test_the_stage_goes_blank_and_comes_back(sales):
    assert seen(sales, "owner")["is_blank"] is False
    sales.order("stage.blank")
    assert seen(sales, "owner")["is_blank"] is True
    sales.order("stage.blank")
    assert seen(sales, "owner")["is_blank"] is False


@pytest.mark.django_db
def test_who_presents_the_next_item_says_ready_and_takes_it_back(sales, people):
    next_up = seen(sales)["presents_next"]
    assert (next_up["part"], next_up["department"], next_up["is_ready"]) == ("MKT.R", "MKT", False)
    sales.order("ready", by="marketing")
    assert seen(sales, "owner")["presents_next"]["is_ready"] is True
    sales.order("ready", by="marketing")
    assert seen(sales)["presents_next"]["is_ready"] is False
    Segment.objects.filter(meeting=sales.meeting, code="MKT").update(presenter=people["owner"])
    with pytest.raises(running.Refused, match="not_the_presenter"):
        sales.order("ready", by="marketing")
    sales.order("ready", by="owner")
    sales.order("next")
    sales.order("next")
    assert seen(sales)["presents_next"]["is_ready"] is False


@pytest.mark.django_db
def test_a_doubted_figure_is_written_down_its_minutes_counted_and_answered_at_the_desk(client, sales, people):
    sales.at(2).order("doubt.add", by="owner", text="Clicks or sessions? #MKT_CVR")
    assert seen(sales, "owner")["doubt"]["text"] == "Clicks or sessions?"
    sales.at(3, 30).order("doubt.close")
    now = seen(sales)
    assert (now["doubt"], now["desk"]["doubts"], now["desk"]["doubts_s"]) == (None, 1, 90)
    assert Capture.objects.get().kind == "data"
    client.force_login(people["steward"])
    address = f"{reverse('reconciliation')}?review={sales.meeting.review.code}"
    page = client.get(address).content.decode()
    assert "Clicks or sessions?" in page and "<code>MKT_CVR</code>" in page and "01:30" in page
    raised = sales.meeting.events.get(type=doubted.CAPTURED)
    sent = {
        "cmd": "doubt.rule", "doubt": str(raised.seq), "text": "Sessions: see the definition.",
        "page": "desk", "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    answer = client.post(reverse("meeting-command", args=[sales.meeting.pk]), sent)
    assert answer.headers["Location"].startswith(address)
    page = client.get(address).content.decode()
    assert "Sessions: see the definition." in page and "doubt.rule" not in page


@pytest.mark.django_db
def test_only_who_certifies_figures_answers_a_doubt_and_once(sales, people):
    sales.order("doubt.add", by="owner", text="Clicks?")
    raised = sales.meeting.events.get(type=doubted.CAPTURED).seq
    for who in ("owner", "facilitator", "ceo"):
        with pytest.raises(running.NotAllowed):
            sales.order("doubt.rule", by=who, doubt=raised, text="No.")
    sales.order("doubt.rule", by="steward", doubt=raised, text="Sessions.")
    with pytest.raises(running.Refused, match="ruled_already"):
        sales.order("doubt.rule", by="steward", doubt=raised, text="Clicks.")


@pytest.mark.django_db
def test_a_partner_doubts_nothing_and_learns_of_no_doubt(sales, people):
    Segment.objects.filter(meeting=sales.meeting, code="SC").update(
        department=Department.objects.get(code="LOG")
    )
    with pytest.raises(running.NotAllowed):
        sales.order("doubt.add", by="logistics", text="?")
    sales.order("doubt.add", by="owner", text="CANARY")
    sales.order("tangent", by="logistics")
    told = seen(sales, "logistics")
    assert "doubt" not in told and "desk" not in told and "CANARY" not in json.dumps(told)


@pytest.mark.django_db
def test_none_of_it_makes_an_order_to_the_clock_stale(sales):
    before = sales.row().seq
    sales.order("tangent", by="owner")
    sales.order("doubt.add", by="owner", text="Clicks?")
    sales.order("topic.park")
    sales.order("stage.blank")
    sales.order("next", expected=before)
    assert sales.events()[-1][1] == "part.next"


def test_every_button_of_the_live_screens_gives_an_order_that_exists():
    """A misspelt order would be a dead button."""
    folder = settings_of_django.BASE_DIR / "templates" / "meetings"
    given_ = {
        (path.name, name)
        for path in folder.glob("*.html")
        for name in re.findall(r'data-(?:command|signal|floor|choose|order)="([a-z.]+)"', path.read_text())
    }
    assert len(given_) > 25
    known = {*running.BESIDE_THE_CLOCK, *clock.RULES, asides.PAYS}
    assert [each for each in sorted(given_) if each[1] not in known] == []


def test_a_part_ends_by_itself_only_where_the_facilitator_asked_for_it(room):
    def is_auto(person="facilitator"):
        return screens.state_for(room.row(), reader=room.people[person], at=room.now).get("is_auto")

    with pytest.raises(running.Refused):
        room.order("part.auto")
    room.order("start")
    assert is_auto() is False
    with pytest.raises(running.NotAllowed):
        room.order("part.auto", by="sales")
    room.order("part.auto")
    assert (is_auto(), is_auto("logistics")) == (True, None)
    room.order("next")
    assert is_auto() is False
    room.order("back")
    assert is_auto() is True
    room.order("part.auto")
    assert is_auto() is False
