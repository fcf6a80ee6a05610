"""What else stands in the pre-read: what is no noise first, notes in words with files, parked differences."""

import datetime as dt

import pytest
from django.utils import translation

from meetings import scheduling, screens, topics
from metrics import cycles, notes, sentences
from metrics.models import Metric, SourceFile
from metrics.notes import Entry
from metrics.periods import Period
from reviewhub.people.models import Confidentiality
from tests import make
from tests.meetings.test_preread import of, part, text, url
from tests.metrics.figures import dictionary_of_today
from tests.metrics.test_boards import noisy_sales

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")


@pytest.fixture(autouse=True)
def _in_english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    dictionary_of_today()
    found = make.review()
    cycles.pin(found)
    return found


def frozen(people, review, *, last=500):
    noisy_sales(last=last)
    make.freeze(review, people)
    review.refresh_from_db()
    return review


# --- What is no noise -------------------------------------------------------------------------------------------


def test_headlines_outside_their_limits_come_first_with_the_owner_s_sentence(people, signed_in, review):
    sentences.say("SAL_NET", OCTOBER, "The biggest store was closed.", by=people["sales"], at=make.AT)
    frozen(people, review)
    signals = part(of(review, people["ceo"]), "sales").signals
    assert [(one.headline.definition.code, one.judged.rule, one.judged.is_up) for one in signals] == [
        ("SAL_NET", "outside", False),
        ("SAL_AOV", "outside", False),
    ]
    assert [one.said.text if one.said else None for one in signals] == ["The biggest store was closed.", None]
    page = text(signed_in(people["ceo"]).get(url(review)))
    strip, section = page.index('class="exception-strip"'), page.index('id="sales"')
    assert strip < section < page.index('id="signal-SAL_NET"') < page.index("preread-figures")
    assert "The biggest store was closed." in page and "Below what is usual" in page
    assert "Sales has not explained it." in page


def test_noise_is_said_to_be_none(people, signed_in, review):
    frozen(people, review, last=1010)
    assert part(of(review, people["ceo"]), "sales").signals == []
    page = text(signed_in(people["ceo"]).get(url(review)))
    assert "Nothing outside normal variation" in page and "exception-strip" not in page


def test_a_signal_is_for_those_who_may_read_the_figure(people, review):
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    frozen(people, review)
    for name, shown in (("observer", False), ("ceo", True)):
        codes = [one.headline.definition.code for one in part(of(review, people[name]), "sales").signals]
        assert ("SAL_NET" in codes) is shown, name


# --- Notes in words ---------------------------------------------------------------------------------------------


def noted(review, people, title="Rival opens in Poland", file=None):
    department = make.department("MKT")
    entry = Entry("rival", title, "Free delivery from 20 euros.", file=file)
    number = before.number if (before := notes.newest(review, department, "M5")) else 0
    return notes.save(review, department, "M5", [entry], number=number, by=people["marketing"], at=make.AT)


def test_notes_stand_in_their_section_with_their_files_as_they_were_at_the_freeze(people, signed_in, review):
    said = {"sha256": "0" * 64, "size": 3, "uploaded_at": make.AT, "keep_until": make.AT.date()}
    file = SourceFile.objects.create(name="poland.pdf", content="x", **said)
    version = noted(review, people, file=file)
    frozen(people, review)
    notes.NoteVersion.objects.create(
        review=review,
        department=version.department,
        item="M5",
        number=2,
        handed_in_at=make.AT + dt.timedelta(hours=1),
        handed_in_by=people["marketing"],
    )
    assert part(of(review, people["observer"]), "marketing").notes == [version]
    page = text(signed_in(people["observer"]).get(url(review)))
    link = f"/submissions/notes/{version.notes.get().pk}/file"
    assert "Rival opens in Poland" in page and "Free delivery from 20 euros." in page
    assert "Market trends" in page and "poland.pdf" in page and link in page
    assert part(of(review, people["ceo"]), "marketing").length_s > 0


def test_a_partner_reads_no_notes_of_others(people, review):
    noted(review, people)
    frozen(people, review)
    make.action("Label the parcels", owner=people["logistics"])
    assert [one.notes for one in of(review, people["logistics"]).parts] == [[]]


# --- Parked differences -----------------------------------------------------------------------------------------


def parked(review, people, **more):
    return make.ruling(
        review,
        people["steward"],
        decision="parked",
        reason="Shipping is unclear.",
        left="1234.50",
        right="1543.75",
        residual="-309.25",
        **more,
    )


@pytest.fixture
def meeting(people, review):
    return scheduling.plan_meeting(
        review,
        scheduled_at=review.meeting_at,
        facilitator=people["facilitator"],
        by=people["facilitator"],
        at=make.AT,
    )


@pytest.mark.parametrize(
    ("person", "sees"), [("ceo", True), ("steward", True), ("finance", True), ("supply", False)]
)
def test_a_parked_pair_stands_with_both_figures_for_who_may_read_them(
    people, signed_in, review, person, sees
):
    Metric.objects.filter(code="FIN_REV").update(confidentiality=Confidentiality.CONFIDENTIAL)
    parked(review, people)
    frozen(people, review)
    assert [(one.pair.rule, one.is_open) for one in of(review, people[person]).parked] == [("ID69", sees)]
    page = text(signed_in(people[person]).get(url(review)))
    assert "Sales and revenue" in page and "Shipping is unclear." in page
    for figure in ("1,234.50", "1,543.75", "309.25"):
        assert (figure in page) is sees, figure


def test_partners_know_nothing_of_it(people, review):
    parked(review, people)
    frozen(people, review)
    assert of(review, people["logistics"]).parked == []


def test_it_is_a_topic_where_departments_are_heard_together_until_it_is_decided(
    people, signed_in, review, meeting
):
    parked(review, people)
    segments = list(meeting.segments.all())
    (topic,) = topics.by_segment(meeting, segments)["XDEP"]
    assert topic.text == "Parked: Sales and revenue. Which figure counts?"
    shared = next(one for one in segments if one.code == "XDEP")
    assert topics.asked(shared, [topic])[0] == {
        "zh": "挂起：销售额与收入。以哪个数字为准？",
        "en": "Parked: Sales and revenue. Which figure counts?",
        "topic": True,
    }
    assert topics.asked(shared, [topic], people["logistics"])[0] == {"zh": "", "en": ""}
    lobby = text(signed_in(people["sales"]).get(f"/meetings/{meeting.pk}/"))
    assert topic.text in lobby and f"{url(review)}#parked" in lobby
    assert "1,234.50" not in lobby
    make.ruling(review, people["steward"], decided_at=make.AT + dt.timedelta(minutes=1))
    assert "XDEP" not in topics.by_segment(meeting, segments)
    assert screens.standing(meeting).topics.get("XDEP") is None
