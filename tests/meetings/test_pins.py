"""Figures pinned to the agenda: one topic, with everybody who asks; off it again until the meeting begins."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from meetings import pins, screens, topics
from meetings.models import FigurePin, Meeting, Topic
from meetings.pins import CannotPin, Figure
from metrics.boards import BOARDS
from metrics.models import Metric
from metrics.periods import Period
from reviewhub.people.models import Activity, Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")
NAMES = {"zh": "净销售额", "en": "Net sales"}
FIGURE = Figure("SAL_NET", "", OCTOBER, "", NAMES, "board", "deck", "sal-net", "month=2026-10")


@pytest.fixture(autouse=True)
def _dictionary(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()


@pytest.fixture
def meeting(people):
    return make.meeting(people, scheduled_at=make.AT + dt.timedelta(days=8))


def sold():
    rows = [("SAL_GROSS", "2026-10-02", 900), ("SAL_ORD", "2026-10-02", 10)]
    figures(rows, period="2026-10", zero=["SAL_DISC", "SAL_REF"])


def pin(people, meeting, figure=FIGURE, by="sales"):
    return pins.pin(meeting.review, figure, by=people[by], at=make.AT)


def refused(call, *given, **named) -> list[str]:
    with pytest.raises(CannotPin) as refusal, translation.override("en"):
        call(*given, **named)
    return refusal.value.problems


def put_up(meeting, reader=None) -> list[dict]:
    segments = list(meeting.segments.all())
    heard = topics.by_segment(meeting, segments)
    sales = next(one for one in segments if one.code == "SAL")
    return [one for one in topics.asked(sales, heard.get("SAL", []), reader) if "topic" in one]


def test_a_pinned_figure_is_a_topic_of_the_department_that_owns_the_metric_in_both_languages(people, meeting):
    row = pin(people, meeting, by="ceo")
    topic = Topic.objects.get()
    assert (topic.pin, topic.department.code, topic.raised_by) == (row, "SAL", people["ceo"])
    assert put_up(meeting) == [
        {"zh": "净销售额 · 2026年10月", "en": "Net sales · Oct 2026", "topic": True},
    ]
    assert len(screens.standing(meeting).topics["SAL"]) == 1
    said = Activity.objects.get(code="review.figure_pinned").params
    assert said == {"review": meeting.review.code, "figure": "SAL_NET", "period": "2026-10"}


def test_whoever_asks_for_the_same_figure_joins_its_one_topic(people, meeting):
    first = pin(people, meeting)
    for person in ("sales", "ceo", "supply"):
        assert pin(people, meeting, replace(FIGURE, page="explore", board="SAL_NET"), by=person) == first
    assert Topic.objects.count() == 1 and first.board == "deck"
    assert [one.person for one in first.askers.all()] == [people["sales"], people["ceo"], people["supply"]]
    assert Activity.objects.filter(code="review.figure_pinned").count() == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"metric": "SAL_ORD"},
        {"view": "regions"},
        {"period": OCTOBER.before()},
        {"slice": "country=Germany"},
    ],
    ids=["metric", "view", "period", "part"],
)
def test_another_figure_is_another_topic(people, meeting, changed):
    assert pin(people, meeting) != pin(people, meeting, replace(FIGURE, **changed))
    assert Topic.objects.count() == 2


def test_who_asked_takes_it_back_and_with_the_last_one_it_leaves_the_agenda(people, meeting):
    row = pin(people, meeting)
    pin(people, meeting, by="ceo")
    assert refused(pins.withdraw, row, by=people["supply"], at=make.AT) == [
        "Only who asked for it takes it back."
    ]
    pins.withdraw(row, by=people["sales"], at=make.AT)
    assert [one.person for one in row.askers.all()] == [people["ceo"]] and put_up(meeting)
    pins.withdraw(row, by=people["ceo"], at=make.AT)
    pins.withdraw(row, by=people["ceo"], at=make.AT)  # twice is once
    assert not Topic.objects.exists() and not FigurePin.objects.exists() and put_up(meeting) == []
    assert Activity.objects.filter(code="review.figure_unpinned").count() == 2


def test_once_the_meeting_has_begun_nothing_comes_onto_the_agenda_or_off_it(people, meeting):
    row = pin(people, meeting)
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.RUNNING)
    closed = ["The agenda is closed: the meeting has begun."]
    assert refused(pin, people, meeting, by="ceo") == closed
    assert refused(pins.withdraw, row, by=people["sales"], at=make.AT) == closed
    assert put_up(meeting)
    assert pins.meeting_for(OCTOBER, by=people["sales"]) is None


def test_a_confidential_figure_does_not_stand_on_an_agenda_that_everybody_reads(people, meeting):
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    said = ["Everybody reads the agenda: a confidential figure does not stand there."]
    assert refused(pin, people, meeting, by="ceo") == said


def test_a_department_hears_eight_figures_and_who_joins_one_of_them_is_heard_still(people, meeting):
    for place in range(pins.MOST):
        pin(people, meeting, replace(FIGURE, view=f"v{place}"))
    assert refused(pin, people, meeting) == ["8 figures of this department wait here already."]
    pin(people, meeting, replace(FIGURE, view="v0"), by="ceo")
    pin(people, meeting, replace(FIGURE, metric="SC_DIO"))


def test_a_figure_comes_to_the_meeting_of_its_month_else_to_the_next_one(people, meeting):
    november = make.review(code="2026-11", meeting_at=make.AT + dt.timedelta(days=3))
    type(november).objects.filter(pk=november.pk).update(
        period_start=dt.date(2026, 11, 1), period_end=dt.date(2026, 12, 1)
    )
    november.refresh_from_db()
    sooner = make.meeting(people, scheduled_at=november.meeting_at, review=november)
    assert pins.meeting_for(OCTOBER, by=people["sales"]) == meeting
    assert pins.meeting_for(OCTOBER.before(), by=people["sales"]) == sooner


def test_a_topic_is_of_exactly_one_thing_in_the_database_too(people, meeting):
    topic = pin(people, meeting).topic
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(pin=None)


def test_from_the_board_onto_the_agenda_back_to_the_figure_and_off_it(people, signed_in, meeting):
    sold()
    client = signed_in(people["ceo"])
    page = client.get("/boards/deck/?month=2026-10").content.decode()
    address = "/boards/deck/sal-net/discuss?month=2026-10"
    assert f'action="{address}"' in page and "Discuss this" in page
    answer = client.post(address)
    assert answer["Location"] == "/boards/deck/?month=2026-10#sal-net"
    row = FigurePin.objects.get()
    assert (row.metric, row.name_zh, row.name_en) == ("SAL_NET", "净销售额", "Net sales")
    agenda = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "Net sales · Oct 2026" in agenda and people["ceo"].display_name in agenda
    back = client.get(f"/agenda/figures/{row.pk}/")["Location"]
    assert back == "/boards/deck/?month=2026-10&show=all#sal-net" and client.get(back).status_code == 200
    assert "On the agenda" in client.get("/boards/deck/?month=2026-10").content.decode()
    explored = client.get("/metrics/SAL_NET/explore/?month=2026-10").content.decode()
    assert f"/agenda/figures/{row.pk}/withdraw" in explored  # the same figure
    gone = client.post(f"/agenda/figures/{row.pk}/withdraw", {"next": "/boards/deck/?month=2026-10#sal-net"})
    assert gone["Location"] == "/boards/deck/?month=2026-10#sal-net" and not FigurePin.objects.exists()


def test_a_part_of_the_explorer_is_pinned_as_that_part(people, signed_in, meeting):
    rows = [("SAL_GROSS", "2026-10-02", 900, {"country": "Germany"})]
    figures(rows, period="2026-10", zero=["SAL_DISC", "SAL_REF"])
    client = signed_in(people["sales"])
    client.post("/metrics/SAL_GROSS/explore/sal-gross/discuss?month=2026-10&by=country&country=Germany")
    row = FigurePin.objects.get()
    assert row.slice == "country=Germany" and row.name_en.endswith("Germany")
    assert "country=Germany" in client.get(f"/agenda/figures/{row.pk}/")["Location"]


def test_pins_cost_a_page_of_blocks_three_queries_however_many_there_are(people, signed_in, meeting, queries):
    sold()
    client = signed_in(people["ceo"])
    bare = queries(lambda: client.get("/boards/sales/?month=2026-10"))
    pin(people, meeting, by="ceo")
    one = queries(lambda: client.get("/boards/sales/?month=2026-10"))
    for person in ("sales", "supply", "ceo"):
        pin(people, meeting, replace(FIGURE, metric="SAL_ORD"), by=person)
    assert queries(lambda: client.get("/boards/sales/?month=2026-10")) == one <= bare + 2


@pytest.mark.parametrize("board", ["deck", "sales", "nowhere"])
def test_partners_and_strangers_find_no_such_door(people, signed_in, meeting, board):
    sold()
    row = pin(people, meeting)
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.SECRET)
    for person in ("logistics", "supply"):
        client = signed_in(people[person])
        assert client.post(f"/boards/{board}/sal-net/discuss?month=2026-10").status_code == 404
        assert client.post("/metrics/SAL_NET/explore/sal-net/discuss?month=2026-10").status_code == 404
    client = signed_in(people["logistics"])
    assert client.get(f"/agenda/figures/{row.pk}/").status_code == 404
    assert client.post(f"/agenda/figures/{row.pk}/withdraw").status_code == 404
    assert row.askers.count() == 1


def test_a_partner_s_board_offers_nothing(people, signed_in, meeting):
    sold()
    assert (
        "/discuss"
        not in signed_in(people["logistics"]).get("/boards/logistics/?month=2026-10").content.decode()
    )


@pytest.mark.parametrize("board", BOARDS, ids=lambda one: one.code)
def test_a_board_with_wishes_asks_no_more_however_many_there_are(people, signed_in, queries, board):
    review = make.review(meeting_at=make.AT.replace(year=2099))
    meeting = make.meeting(people, review=review, scheduled_at=make.AT.replace(year=2099))
    sold()
    client = signed_in(people["ceo"])
    read = partial(client.get, f"/boards/{board.code}/", {"month": "2026-10"})
    pin(people, meeting)
    one = queries(read)
    for who in ("ceo", "finance", "supply"):
        pin(people, meeting, by=who)
        pin(people, meeting, replace(FIGURE, metric="SAL_ORD"), by=who)
    assert queries(read) == one <= 12
