"""Complaints: a department asks the partner, the partner answers in time, the department says that it is solved."""

import datetime as dt

import pytest
from django.utils import translation

from actions import complaint_notices, complaints
from actions.complaints import CannotComplain, Wish
from actions.models import Complaint, ComplaintLine
from reviewhub import complaint_cards
from reviewhub.notices import expanding, kinds, planning
from reviewhub.notices.models import Channel, Message, Occurrence, Watermark
from reviewhub.people.models import Activity
from tests import make
from tests.make import AT

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=3)


def raised(people, by="sales", **fields) -> Complaint:
    given = {
        "partner": make.department("LOG"),
        "about": "late",
        "title": "Forty parcels to Lyon stand still",
        "text": "Where are they, and when do they arrive?",
        "reference": "FR-LYS-0931",
        "parcels": 40,
    } | fields
    return complaints.complain(Wish(**given), by=people[by], at=AT)


def told(kind=complaints.SAID, at=LATER) -> list[set[str]]:
    """Whom each notice of a kind reached, the oldest first."""
    expanding.expand(clock=lambda: at)
    rows = Occurrence.objects.filter(kind=kind).order_by("pk")
    inapp = Message.objects.filter(channel=Channel.INAPP)
    return [set(inapp.filter(occurrence=row).values_list("user__username", flat=True)) for row in rows]


def test_a_thread_goes_from_the_complaint_over_the_answer_to_the_solution(people):
    row = raised(people)
    # AT is a Sunday: two working days begin on Monday and end on Tuesday at midnight in Shanghai.
    assert row.answer_by == dt.datetime(2026, 11, 24, 16, 0, tzinfo=dt.UTC)
    row = complaints.say(row, "They leave tonight.", by=people["logistics"], at=LATER)
    assert (row.state, row.answer_by) == ("answered", None)
    row = complaints.say(row, "They did not.", by=people["owner"], at=LATER)
    assert row.state == "open" and row.answer_by is not None
    complaints.say(row, "Now they did.", by=people["logistics"], at=LATER)
    row = complaints.solve(row, by=people["sales"], at=LATER)
    assert (row.state, row.solved_at) == ("solved", LATER)
    assert list(row.lines.values_list("kind", flat=True)) == [
        "raised",
        "answered",
        "said",
        "answered",
        "solved",
    ]
    assert Activity.objects.filter(code__startswith="complaint.").count() == 5
    assert told() == [{"logistics"}, {"sales"}, {"logistics"}, {"sales"}, {"logistics"}]
    with translation.override("en"):
        first = Occurrence.objects.filter(kind=complaints.SAID).order_by("pk").first()
        content = kinds.find(complaints.SAID).render(first, people["logistics"])
    assert content.title == "Complaint of Sales: Forty parcels to Lyon stand still"
    assert content.path == f"/complaints/{row.pk}/"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"partner": None}, "partner"),
        ({"about": "x"}, "about"),
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": ""}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"reference": "x" * 81}, "reference"),
        ({"parcels": 0}, "parcels"),
    ],
)
def test_a_complaint_without_its_facts_is_refused_beside_the_field(people, fields, field):
    with pytest.raises(CannotComplain) as refused:
        raised(people, **fields)
    assert list(refused.value.problems) == [field]
    assert not Complaint.objects.exists()


def test_nobody_complains_to_a_department_or_as_the_partner(people):
    for given in ({"partner": make.department("SCM")}, {"by": "logistics"}, {"by": "ceo"}):
        with pytest.raises(CannotComplain):
            raised(people, **given)


def test_only_both_sides_write_and_only_who_complained_says_solved(people):
    row = raised(people)
    for name in ("marketing", "ceo", "facilitator"):
        with pytest.raises(CannotComplain):
            complaints.say(row, "Me too", by=people[name], at=LATER)
    for name in ("logistics", "marketing", "ceo"):
        with pytest.raises(CannotComplain):
            complaints.solve(row, by=people[name], at=LATER)
    complaints.solve(row, by=people["sales"], at=LATER)
    for verb in (complaints.say, complaints.solve):
        with pytest.raises(CannotComplain):
            verb(row, "Again", by=people["sales"], at=LATER)
    assert ComplaintLine.objects.count() == 2


def test_an_answer_that_does_not_come_is_told_once_to_both_sides(people):
    row = raised(people, by="owner")
    due = row.answer_by
    Watermark.objects.create(kind=complaint_notices.LATE, planned_until=due - dt.timedelta(minutes=1))
    for minutes in (0, 1, 60):
        at = due + dt.timedelta(minutes=minutes)
        planning.plan_kind(kinds.find(complaint_notices.LATE), clock=lambda at=at: at)
    assert told(complaint_notices.LATE, at=due) == [{"logistics", "owner", "sales"}]
    occurrence = Occurrence.objects.get(kind=complaint_notices.LATE)
    kind = kinds.find(complaint_notices.LATE)
    assert kind.recheck(occurrence, people["owner"], due) == ""
    complaints.say(row, "Sorry.", by=people["logistics"], at=due)
    assert kind.recheck(occurrence, people["owner"], due) == "answered"


def test_it_waits_on_the_home_page_of_who_has_to_speak(people):
    row = raised(people)
    assert [card.key for card in complaint_cards.waiting(people["logistics"])] == [f"complaint-{row.pk}"]
    assert complaint_cards.waiting(people["sales"]) == []
    complaints.say(row, "Tonight.", by=people["logistics"], at=LATER)
    assert complaint_cards.waiting(people["logistics"]) == []
    assert [card.key for card in complaint_cards.waiting(people["sales"])] == [f"complaint-{row.pk}"]
    assert complaint_cards.waiting(people["ceo"]) == []


# --- Pages ----------------------------------------------------------------------------------------------------


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(("language", "said"), [("en", "Waits for an answer"), ("zh-hans", "待答复")])
def test_both_sides_read_and_write_the_thread_in_their_language(people, signed_in, language, said):
    for name in ("sales", "logistics"):
        people[name].language = language
        people[name].save()
    client = signed_in(people["sales"])
    given = {
        "partner": make.department("LOG").slug,
        "about": "lost",
        "parcels": "3",
        "title": "Three lost",
        "text": "Where?",
    }
    answer = client.post("/complaints/new/", given | {"title": ""})
    assert answer.status_code == 422 and "Where?" in text(answer)
    answer = client.post("/complaints/new/", given)
    row = Complaint.objects.get()
    assert answer["Location"] == f"/complaints/{row.pk}/" and said in text(client.get("/complaints/"))
    client = signed_in(people["logistics"])
    assert "Three lost" in text(client.get("/complaints/")) and "Where?" in text(
        client.get(f"/complaints/{row.pk}/")
    )
    answer = client.post(f"/complaints/{row.pk}/write", {"text": " "})
    assert answer.status_code == 422
    client.post(f"/complaints/{row.pk}/write", {"text": "Found them."})
    client = signed_in(people["sales"])
    assert "Found them." in text(client.get(f"/complaints/{row.pk}/"))
    client.post(f"/complaints/{row.pk}/write", {"text": "", "do": "solve"})
    row.refresh_from_db()
    assert row.state == "solved"


def test_strangers_find_nothing(people, signed_in):
    row = raised(people)
    for name in ("marketing", "finance", "observer", "admin", "steward"):
        client = signed_in(people[name])
        assert client.get(f"/complaints/{row.pk}/").status_code == 404, name
        assert client.post(f"/complaints/{row.pk}/write", {"text": "x"}).status_code == 404
        assert row.title not in text(client.get("/complaints/"))
    assert signed_in(people["logistics"]).get("/complaints/new/").status_code == 404
    assert signed_in(people["ceo"]).get(f"/complaints/{row.pk}/").status_code == 200
