"""The ledger of decisions: who says what is expected and what came of it, who sees it, and the next agenda."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from meetings import agenda, decision_ledger, proposals
from meetings.decision_ledger import CannotKeep, Expected, Wanted
from meetings.models import Capture, DecisionReview
from reviewhub.people.models import Activity, Confidentiality
from tests import make

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)
ZONE = make.zone()


@pytest.fixture(autouse=True)
def english(people):
    for name in ("sales", "facilitator", "marketing"):
        people[name].language = "en"
        people[name].save()
    with translation.override("en"):
        yield


@pytest.fixture
def decided(room, people):
    """Three decisions of the sales item: of the sales lead, of nobody, and a confidential one."""
    room.at(0).order("start")
    room.at(10).order("next")
    for text in ("Raise German prices by 3%", "Stop one shop", "Close the French team"):
        room.capture(f"/d {text}")
    rows = list(Capture.objects.filter(kind="decision").order_by("pk"))
    Capture.objects.filter(pk=rows[0].pk).update(owner=people["sales"])
    Capture.objects.filter(pk=rows[2].pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    room.at(30).order("end")
    room.at(31).order("end", reason="Completed later")
    return list(Capture.objects.filter(kind="decision").order_by("pk"))


def expect(row, by, day=20, **said):
    typed = Expected(sentence="+3 points of margin", review_on=dt.date(2026, 12, day), **said)
    return decision_ledger.expect(row, typed, by=by, at=make.AT, on=ON)


def refused(call) -> dict:
    with pytest.raises(CannotKeep) as said:
        call()
    return said.value.problems


def test_its_owner_or_who_runs_the_meeting_says_what_is_expected_and_what_came_of_it(decided, people):
    priced, stopped, _closed = decided
    by = people["sales"]
    nobody = {"": "Only who answers for the decision and who runs or writes for its meeting can say this."}
    assert refused(lambda: expect(priced, people["marketing"])) == nobody
    assert refused(lambda: expect(stopped, by)) == nobody
    assert refused(lambda: decision_ledger.judge(priced, "kept", "Margin 12%", by=by, at=make.AT)) == {
        "": "First say what the decision is meant to bring."
    }
    assert refused(lambda: decision_ledger.expect(priced, Expected("NO_SUCH"), by=by, at=make.AT, on=ON)) == {
        "metric": "There is no such metric.",
        "review_on": "Choose the day on which it is looked at again.",
    }
    for _again in range(2):
        expect(priced, by)
    expect(stopped, people["facilitator"])
    assert refused(lambda: decision_ledger.judge(priced, "fine", "", by=by, at=make.AT)) == {
        "outcome": "Choose what came of it.",
        "said": "Say in one sentence what shows it.",
    }
    decision_ledger.judge(priced, "reversed", "Orders fell by 9%", by=by, at=make.AT)
    assert refused(lambda: expect(priced, by, 21)) == {"": "What came of it is written down already."}
    lines = Activity.objects.filter(code__startswith="meeting.decision").order_by("pk")
    assert [one.code.split("_")[1] for one in lines] == ["expected", "expected", "judged"]


def test_due_ones_come_first_the_rate_counts_what_was_judged_and_a_confidential_one_stays_hidden(
    decided, people
):
    priced, stopped, closed = decided
    expect(priced, people["facilitator"], 10)
    expect(stopped, people["facilitator"], 20)
    DecisionReview.objects.create(
        capture=closed, sentence="x", review_on=ON, set_at=make.AT, set_by=people["ceo"]
    )

    def seen(day, reader="marketing"):
        found = decision_ledger.all_of(people[reader], on=dt.date(2026, 12, day), zone=ZONE)
        return [(one.row.text, one.state, one.quarter) for one in found]

    first, second = "Raise German prices by 3%", "Stop one shop"
    assert seen(9) == [(second, "waiting", "2026-Q4"), (first, "waiting", "2026-Q4")]
    assert seen(10) == [(first, "due", "2026-Q4"), (second, "waiting", "2026-Q4")]
    decision_ledger.judge(priced, "kept", "Margin 12%", by=people["facilitator"], at=make.AT)
    found = decision_ledger.all_of(people["marketing"], on=ON, zone=ZONE)
    whole, each = decision_ledger.hits(found)
    assert (whole.kept, whole.judged) == (1, 1)
    assert [(home.code, one.rate) for home, one in each] == [("SAL", 1)]
    assert decision_ledger.matching(found, Wanted(state="kept")) == [
        one for one in found if one.row == priced
    ]
    assert not decision_ledger.matching(found, Wanted(department=make.department("MKT")))


def test_a_due_decision_is_proposed_to_the_next_agenda_for_its_own_item(decided, room, people):
    expect(decided[0], people["sales"], 10)

    def proposed(days):
        later = room.start + dt.timedelta(days=days)
        review = make.review({10: "2026-11", 28: "2026-12"}[days], meeting_at=later)
        coming = make.meeting(people, review=review, scheduled_at=later, at=room.now)
        found = proposals.of(coming, agenda.read(coming), people["facilitator"])
        return [(one.key, one.item, one.question["en"]) for one in found if one.decision]

    assert proposed(10) == []
    asked = "What came of the decision “Raise German prices by 3%”?"
    item = decided[0].part.segment.code
    assert proposed(28) == [(f"decision-{decided[0].pk}", item, asked)]


def test_the_pages_show_keep_and_refuse_beside_the_field_and_the_csv_has_the_lines(
    decided, people, signed_in
):
    client, page = signed_in(people["sales"]), f"/decisions/{decided[0].pk}/"
    day = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    empty = client.post(page, {"metric": "", "sentence": "", "review_on": day})
    assert empty.status_code == 422 and 'id="sentence_error"' in empty.content.decode()
    assert client.post(page, {"sentence": "Margin of 12%", "review_on": day}).status_code == 302
    assert client.post(f"{page}judge", {"outcome": "kept", "said": ""}).status_code == 422
    assert client.post(f"{page}judge", {"outcome": "kept", "said": "Margin 12.4%"}).status_code == 302
    shown = client.get("/decisions/").content.decode()
    assert "Company: 1 of 1 judged decisions were kept." in shown
    assert "Close the French team" not in shown
    assert client.get(f"/decisions/{decided[2].pk}/").status_code == 404
    rows = client.get("/decisions.csv?state=kept").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Decision,Decided on,Quarter,Department,Owner,Metric,Expected effect")
    assert len(rows) == 2 and rows[1].endswith(",Kept,Margin 12.4%")
    assert "Nothing expected yet" in client.get("/decisions/?state=unset&quarter=2026-Q4").content.decode()
    assert "Only" not in signed_in(people["marketing"]).get(page).content.decode()
