"""The pre-read: frozen figures in sections, minutes, receipts, and questions that stand on the agenda meanwhile."""

from decimal import Decimal as D

import pytest
from django.utils import translation

from meetings import preread, preread_notices, preread_sections, questions, scheduling, topics
from meetings.models import Question, Receipt, Topic
from metrics import analysis, cycles, exceptions
from metrics.models import Explanation, Metric, Sight
from reviewhub.notices import kinds
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.test_freezing import MENDED, OCTOBER, YEAR_BEFORE

pytestmark = pytest.mark.django_db
WARNING = {
    "code": "VALUE_MISSING",
    "severity": "warning",
    "sheet": "",
    "row": 61,
    "column": "D",
    "header": "Net",
    "value": "52",
    "params": {},
}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()
    found = make.review()
    cycles.pin(found)
    row = figures(OCTOBER, zero=["SAL_DISC", "SAL_REF"])
    figures(YEAR_BEFORE, period="2025-10", zero=["SAL_DISC", "SAL_REF"])
    row.findings = [WARNING]
    row.save()
    key = exceptions.of(row)[0].key
    said = {"sentence": "Booked twice by the bank; undone in November.", "written_by": people["sales"]}
    Explanation.objects.create(submission=row, key=key, written_at=make.AT, **said)
    texts = {"moved": "Germany grew.", "proposals": "Raise the price."}
    analysis.save(found, make.department("SAL"), texts, number=0, by=people["sales"], at=make.AT)
    return found


@pytest.fixture
def frozen(people, review):
    make.freeze(review, people)
    review.refresh_from_db()
    return review


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def url(review, more="") -> str:
    return f"/reviews/{review.code}/pre-read/{more}"


def of(review, person):
    return preread.of(review, person, language="en")


def part(found, code):
    return next(one for one in found.parts if one.section.code == code)


# --- What stands in it ------------------------------------------------------------------------------------------


def test_there_is_none_before_the_freeze(people, signed_in, review):
    assert of(review, people["ceo"]) is None
    assert signed_in(people["ceo"]).get(url(review)).status_code == 404


def test_figures_exceptions_analysis_and_actions_stand_in_reading_order(people, frozen):
    make.action(owner=people["owner"])
    found = of(frozen, people["ceo"])
    assert [one.section.code for one in found.parts] == ["sales"]
    sales = part(found, "sales")
    net = next(one for one in sales.headlines if one.definition.code == "SAL_NET")
    assert (net.value, net.year.value, net.status) == (D("100.1"), D("50"), "certified")
    assert [(one.sentence, one.by) for one in sales.exceptions] == [
        ("Booked twice by the bank; undone in November.", people["sales"])
    ]
    assert [row.moved for row in sales.analyses] == ["Germany grew."]
    assert [row.title for row in sales.actions] == ["Launch the German site"]


def test_later_versions_sentences_and_definitions_change_nothing_of_it(people, frozen):
    figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])
    Explanation.objects.update(sentence="Something else was said.")
    sales = part(of(frozen, people["ceo"]), "sales")
    assert next(one for one in sales.headlines if one.definition.code == "SAL_NET").value == D("100.1")
    assert sales.exceptions[0].sentence.startswith("Booked twice")


def test_confidential_figures_are_for_those_who_may_read_them(people, frozen):
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    for name, shown in (("observer", False), ("marketing", False), ("sales", True), ("ceo", True)):
        codes = [one.definition.code for one in part(of(frozen, people[name]), "sales").headlines]
        assert ("SAL_NET" in codes) is shown, name


def test_a_partner_reads_its_own_only(people, signed_in, frozen):
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    make.department("LOG").shares.all().delete()
    assert of(frozen, people["logistics"]).parts == []
    assert signed_in(people["logistics"]).get(url(frozen)).status_code == 404
    make.action("Label the parcels", owner=people["logistics"])
    found = of(frozen, people["logistics"])
    assert [(one.section.code, len(one.headlines), len(one.analyses)) for one in found.parts] == [
        ("supply", 0, 0)
    ]


@pytest.mark.parametrize(
    ("texts", "figures", "seconds"),
    [
        ([], 0, 0),
        ([], 3, 24),
        (["word " * 230], 0, 60),
        (["字" * 350], 0, 60),
        (["字" * 35 + " word" * 23], 1, 20),
    ],
)
def test_minutes_follow_words_characters_and_figures(texts, figures, seconds):
    assert preread_sections.seconds(texts, figures) == seconds


def test_every_metric_of_a_section_stands_in_the_dictionary(db):
    dictionary_of_today()
    named = {code for one in preread_sections.SECTIONS for code in one.metrics}
    assert named - set(Metric.objects.values_list("code", flat=True)) == set()


# --- Receipts ---------------------------------------------------------------------------------------------------


def test_a_receipt_is_one_row_and_the_first_moment_stands(people, signed_in, frozen):
    client = signed_in(people["ceo"])
    assert client.post(url(frozen, "read"), {"section": "sales", "kind": "seen"}).status_code == 204
    first = Receipt.objects.get()
    assert first.seen_at and not first.read_at
    assert client.post(url(frozen, "read"), {"section": "sales"}).status_code == 302
    client.post(url(frozen, "read"), {"section": "sales", "kind": "seen"})
    row = Receipt.objects.get()
    assert (row.seen_at, bool(row.read_at)) == (first.seen_at, True)
    assert client.post(url(frozen, "read"), {"section": "elsewhere"}).status_code == 404
    assert Sight.objects.count() == 0


def test_who_has_read_is_shown_to_those_who_prepare_the_meeting(people, signed_in, frozen):
    questions.receive(frozen, "sales", by=people["ceo"], at=make.AT, is_read=True)
    for name, shown in (("facilitator", True), ("steward", True), ("ceo", False), ("sales", False)):
        page = text(signed_in(people[name]).get(url(frozen)))
        assert ("Who has read it" in page) is shown, name
    assert Sight.objects.filter(review=frozen).count() == 4


# --- Questions --------------------------------------------------------------------------------------------------


def test_a_question_under_a_figure_lands_in_the_item_of_its_department(people, signed_in, frozen):
    meeting = scheduling.plan_meeting(
        frozen,
        scheduled_at=frozen.meeting_at,
        facilitator=people["facilitator"],
        by=people["facilitator"],
        at=make.AT,
    )
    asked = {"section": "sales", "metric": "SAL_AOV", "text": "Why did baskets shrink?"}
    answer = signed_in(people["ceo"]).post(url(frozen, "ask"), asked)
    row = Question.objects.get()
    assert answer["Location"] == f"{url(frozen)}#question-{row.pk}"
    assert (row.department.code, row.metric, row.topic.text) == ("SAL", "SAL_AOV", "Why did baskets shrink?")
    sales = meeting.segments.get(department__code="SAL")
    assert [one.text for one in topics.by_segment(meeting, [sales])[sales.code]] == [
        "Why did baskets shrink?"
    ]
    lobby = text(signed_in(people["sales"]).get(f"/meetings/{meeting.pk}/"))
    assert "Why did baskets shrink?" in lobby and f"{url(frozen)}#question-{row.pk}" in lobby


def test_an_answer_takes_it_off_the_agenda_and_everybody_reads_it(people, signed_in, frozen):
    row = questions.ask(frozen, "sales", "Why?", by=people["ceo"], at=make.AT)
    assert (
        signed_in(people["marketing"]).post(url(frozen, f"{row.pk}/answer"), {"text": "No"}).status_code
        == 422
    )
    signed_in(people["sales"]).post(url(frozen, f"{row.pk}/answer"), {"text": "A bundle ended."})
    assert not Topic.objects.exists()
    page = text(signed_in(people["observer"]).get(url(frozen)))
    assert "A bundle ended." in page and people["sales"].display_name in page
    assert (
        signed_in(people["sales"]).post(url(frozen, f"{row.pk}/answer"), {"text": "Again"}).status_code == 422
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "  "}, "A question has at most 300 characters."),
        ({"text": "x" * 301}, "A question has at most 300 characters."),
        ({"text": "Why?", "metric": "FIN_REV"}, "This figure does not stand in this section."),
    ],
)
def test_a_refused_question_keeps_what_was_typed(people, signed_in, frozen, typed, said):
    answer = signed_in(people["ceo"]).post(url(frozen, "ask"), {"section": "sales"} | typed)
    assert answer.status_code == 422 and said in text(answer) and typed["text"].strip() in text(answer)
    assert not Question.objects.exists()


def test_once_the_meeting_has_begun_one_asks_in_the_room(people, frozen):
    scheduling.plan_meeting(
        frozen,
        scheduled_at=frozen.meeting_at,
        facilitator=people["facilitator"],
        by=people["facilitator"],
        at=make.AT,
    )
    frozen.meetings.update(state="running")
    assert questions.ask_problems(frozen, "sales", by=people["ceo"]) == [
        "The meeting has begun: ask in the room."
    ]


def test_so_many_questions_as_a_screen_can_put_up(people, frozen):
    for number in range(questions.MOST_OPEN):
        questions.ask(frozen, "sales", f"Why {number}?", by=people["ceo"], at=make.AT)
    with pytest.raises(questions.CannotAsk):
        questions.ask(frozen, "sales", "One more?", by=people["ceo"], at=make.AT)


# --- The notice -------------------------------------------------------------------------------------------------


def test_that_it_is_out_is_told_once_to_those_who_come(people, frozen):
    kind, snapshot = kinds.find(preread_notices.OUT), frozen.snapshots.get()
    since, until = make.AT.replace(hour=8), make.AT.replace(hour=10)
    assert list(kind.subjects(since, until)) == [snapshot]
    assert [one.due_at for one in kind.plans(snapshot, since, until)] == [make.AT]
    told = {one.username for one in kind.recipients(None)}
    assert {"ceo", "sales", "finance", "facilitator", "steward", "logistics"} <= told
    assert not told & {"observer", "hr", "owner"}
    occurrence = Occurrence(kind=kind.code, subject_id=str(snapshot.pk))
    content = kind.render(occurrence, people["ceo"])
    assert (content.title, content.path) == ("Pre-read: October 2026 review", url(frozen))
    assert kind.recheck(occurrence, people["ceo"], make.AT) == ""
    questions.receive(frozen, "sales", by=people["ceo"], at=make.AT, is_read=True)
    assert kind.recheck(occurrence, people["ceo"], make.AT) == "read"
