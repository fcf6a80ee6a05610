"""Questions under figures where they stand: any cell, by who may read it, to who owns it, on the agenda meanwhile."""

import datetime as dt

import pytest
from django.utils import translation

from meetings import question_notices, questions, topics
from meetings.models import Question, Topic
from metrics.models import Metric
from reviewhub.notices import kinds
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Confidentiality
from tests import make
from tests.meetings.test_preread import text
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
NET = "/boards/deck/sal-net/questions/?month=2026-10"
EXPLORED = "/metrics/SAL_NET/explore/over-time/questions/?month=2026-10&by=platform&country=Germany"


@pytest.fixture(autouse=True)
def _in_english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    """A review whose figures are still open, and October's sales by platform."""
    dictionary_of_today()
    where = {"platform": "amazon", "country": "Germany"}
    for month, value in (("2026-10", 700), ("2026-09", 900)):
        rows = [("SAL_GROSS", f"{month}-02", value, where), ("SAL_ORD", f"{month}-02", 10, where)]
        figures(rows, period=month, zero=["SAL_DISC", "SAL_REF"])
    return make.review(meeting_at=make.AT + dt.timedelta(days=3650))


def asked(client, url=NET, text="Why so low?", **more):
    return client.post(url, {"text": text} | more)


def test_a_cell_is_asked_about_where_it_stands_and_lands_on_the_agenda(people, signed_in, review):
    meeting = make.meeting(people, scheduled_at=review.meeting_at, review=review)
    client = signed_in(people["supply"])
    rows = text(client.get(NET)).split('name="row"')[1].split("</select>")[0].count("<option")
    answer = asked(client, row=str(rows - 2), column="1")
    assert answer.status_code == 302 and answer["Location"] == NET
    row = Question.objects.get()
    assert (row.department.code, row.metric, row.section, row.review) == ("SAL", "SAL_NET", "sales", review)
    assert row.place == {
        "page": "board",
        "code": "deck",
        "block": "sal-net",
        "query": {"month": "2026-10"},
        "row": "2026-10",
        "column": "Net sales (CNY)",
    }
    segments = list(meeting.segments.all())
    assert [one.text for one in topics.by_segment(meeting, segments)["SAL"]] == ["Why so low?"]
    lobby = text(signed_in(people["sales"]).get(f"/meetings/{meeting.pk}/"))
    assert "Why so low?" in lobby and f"/questions/{row.pk}/" in lobby
    again = text(client.get(NET))
    assert "Oct 2026 · Net sales (CNY):" in again and "Why so low?" in again


def test_every_board_that_shows_the_figure_says_how_many_questions_wait(people, signed_in, review):
    client = signed_in(people["supply"])
    asked(client), asked(client, text="And the returns?")
    for board in ("deck", "sales"):
        page = text(client.get(f"/boards/{board}/", {"month": "2026-10"}))
        block = page.split('id="sal-net"')[1].split("</header>")[0]
        assert (
            f"/boards/{board}/sal-net/questions/?month=2026-10" in block
            and '<span class="num">2</span>' in block
        )
    questions.answer(Question.objects.first(), "A store closed.", by=people["sales"], at=make.AT)
    page = text(client.get("/boards/deck/", {"month": "2026-10"}))
    assert '<span class="num">1</span>' in page.split('id="sal-net"')[1].split("</header>")[0]


def test_in_place_only_the_part_is_answered(people, signed_in, review):
    client = signed_in(people["supply"])
    headers = {"HX-Request": "true", "HX-Target": "div#sal-net-questions"}
    part = client.get(NET, headers=headers).content.decode()
    assert part.lstrip().startswith('<section id="sal-net-questions"') and "<html" not in part
    answer = client.post(NET, {"text": "Why?"}, headers=headers)
    assert answer.status_code == 200 and "Why?" in text(answer) and "<html" not in text(answer)
    refused = client.post(NET, {"text": " ", "row": "3"}, headers=headers)
    assert refused.status_code == 422 and "A question has at most 300 characters." in text(refused)
    assert '<option value="3" selected>' in text(refused)


def test_a_slice_of_the_explorer_is_asked_about_with_its_members(people, signed_in, review):
    client = signed_in(people["supply"])
    explorer = client.get(
        "/metrics/SAL_NET/explore/?month=2026-10&by=platform&country=Germany"
    ).content.decode()
    url = (
        explorer.split("/questions/?")[0].rsplit('"', 1)[1]
        + "/questions/?month=2026-10&by=platform&country=Germany"
    )
    assert client.get(url).status_code == 200
    assert asked(client, url).status_code == 302
    row = Question.objects.get()
    assert row.place["query"] == {"month": "2026-10", "by": "platform", "country": "Germany"}
    page = text(client.get(f"/questions/{row.pk}/"))
    assert "/metrics/SAL_NET/explore/?month=2026-10&amp;by=platform&amp;country=Germany#" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "x" * 301}, "A question has at most 300 characters."),
        ({"row": "99"}, "The table has no such cell."),
        ({"row": "-1"}, "The table has no such cell."),
        ({"column": "x"}, "The table has no such cell."),
        ({"column": "9" * 30}, "The table has no such cell."),
    ],
)
def test_a_refused_question_keeps_what_was_typed(people, signed_in, review, typed, said):
    answer = asked(signed_in(people["supply"]), **typed)
    assert answer.status_code == 422 and said in text(answer)
    assert typed.get("text", "Why so low?") in text(answer) and not Question.objects.exists()


def test_who_may_not_read_the_figure_can_neither_ask_nor_read_what_it_is_about(people, signed_in, review):
    asked(signed_in(people["ceo"]), row="0")
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    stranger = signed_in(people["supply"])
    assert stranger.get(NET).status_code == 404 and asked(stranger).status_code == 404
    row = Question.objects.get()
    page = text(stranger.get(f"/questions/{row.pk}/"))
    assert "Net sales" not in page and "/boards/" not in page.split("<main")[1]
    assert signed_in(people["logistics"]).get(f"/questions/{row.pk}/").status_code == 404
    with pytest.raises(questions.CannotAsk):
        questions.ask(review, "sales", "Why?", metric="SAL_NET", by=people["supply"], at=make.AT)


def test_after_its_meeting_a_question_goes_to_the_next_one_and_without_one_is_refused(
    people, signed_in, review
):
    meeting = make.meeting(people, scheduled_at=review.meeting_at, review=review)
    meeting.state = "running"
    meeting.save()
    answer = asked(signed_in(people["supply"]))
    assert answer.status_code == 422 and "No meeting is coming up that could hear it." in text(answer)
    later = make.review("2026-11", meeting_at=review.meeting_at + dt.timedelta(days=30))
    later.period_start, later.period_end = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
    later.save()
    asked(signed_in(people["supply"]))
    assert Question.objects.get().review == later


def test_the_owner_answers_on_the_question_s_own_page_and_the_topic_goes(people, signed_in, review):
    asked(signed_in(people["ceo"]))
    row = Question.objects.get()
    url = f"/questions/{row.pk}/"
    assert 'name="text"' not in text(signed_in(people["supply"]).get(url)).split("<main")[1]
    owner = signed_in(people["sales"])
    refused = owner.post(f"{url}answer", {"text": "x" * 501})
    assert refused.status_code == 422 and "x" * 501 in text(refused)
    assert owner.post(f"{url}answer", {"text": "A store closed."})["Location"] == url
    assert "A store closed." in text(owner.get(url)) and not Topic.objects.exists()
    for back, led in ((NET, NET), ("https://evil.example/", None)):
        asked(signed_in(people["ceo"]))
        newest = Question.objects.latest("pk")
        said = {"text": "Again.", "next": back}
        found = signed_in(people["sales"]).post(f"/questions/{newest.pk}/answer", said)["Location"]
        assert found == (led or f"/questions/{newest.pk}/")


def test_the_owner_is_told_and_then_who_asked_but_nothing_confidential_travels(people, signed_in, review):
    asked(signed_in(people["ceo"]))
    row = Question.objects.get()
    first = Occurrence.objects.get(kind=questions.ASKED)
    kind = kinds.find(questions.ASKED)
    assert people["sales"] in set(kind.recipients(first)) and people["ceo"] not in set(kind.recipients(first))
    content = kind.render(first, people["sales"])
    assert content.title == f"{people['ceo'].display_name} asks: Net sales" and "Why so low?" in content.lines
    assert content.path == f"/questions/{row.pk}/"
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    assert "Why so low?" not in kind.render(first, people["sales"]).lines
    assert kind.recheck(first, people["sales"], make.AT) == ""
    questions.answer(row, "A store closed.", by=people["sales"], at=make.AT)
    assert kind.recheck(first, people["sales"], make.AT) == "answered"
    answered = Occurrence.objects.get(kind=questions.ANSWERED)
    assert list(question_notices.asker(answered)) == [people["ceo"]]
    assert "A store closed." not in kinds.find(questions.ANSWERED).render(answered, people["ceo"]).lines
