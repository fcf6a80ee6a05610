"""The reconciliation desk as people see it: the queue, one difference, the forms, who sees what, the CSV."""

import csv
import io

import pytest

from metrics.models import Ruling
from tests import make
from tests.metrics.figures import dictionary_of_today
from tests.metrics.reconciliation.test_differences import booked, sold

URL = "/reconciliation/"
KEY = "ID69-2026-10"


@pytest.fixture(autouse=True)
def review(people, pages_at):
    dictionary_of_today()
    sold()
    booked(800_000)
    for one in people.values():
        one.language = "en"
        one.save()
    return make.review()


def text(answer):
    return answer.content.decode()


def send(client, **fields):
    given = {"decision": "accepted", "reason": "Shipped in November."} | fields
    return client.post(f"{URL}2026-10/{KEY}/decide", given)


def test_both_sides_stand_beside_each_other_with_the_bridge_between(people, signed_in):
    page = text(signed_in(people["steward"]).get(URL))
    for shown in (
        "Sales and revenue",
        "920,000.00",
        "800,000.00",
        "+131,000.00",
        "Paid, not shipped yet",
        "declared by Finance",
        "pnl v1",
        "None of the usual suspects",
        "1 stops the freeze",
    ):
        assert shown in page, shown


def test_it_is_ruled_with_a_sentence_and_the_sentence_is_kept(people, signed_in):
    client = signed_in(people["steward"])
    answer = send(client, reason="")
    assert answer.status_code == 422 and "Say why in one sentence." in text(answer)
    assert "checked" in text(answer), "what was chosen is kept"
    assert send(client, decision="right", reach="standing").status_code == 302
    row = Ruling.objects.get()
    assert (row.decision, row.reach, row.decided_by) == ("right", "standing", people["steward"])
    page = text(client.get(f"{URL}?conflict={KEY}"))
    assert "The figure of Finance is official" in page and "Shipped in November." in page
    assert client.post(f"{URL}2026-10/{KEY}/reopen", {"reason": "Corrected."}).status_code == 302
    assert Ruling.objects.latest("pk").decision == "reopened"


def test_figures_that_changed_since_answer_409(people, signed_in):
    answer = send(signed_in(people["steward"]), seen="1.000000/2.000000/3.000000")
    assert answer.status_code == 409 and not Ruling.objects.exists()


def test_a_side_answers_in_place_and_the_data_owner_reads_it(people, signed_in):
    assert send(signed_in(people["steward"]), decision="asked", until="2026-11-23T12:00").status_code == 302
    asked = Ruling.objects.get()
    assert asked.answer_by.isoformat() == "2026-11-23T04:00:00+00:00"
    finance = signed_in(people["finance"])
    page = text(finance.get(f"{URL}?conflict={KEY}"))
    assert "Finance answers" in page and 'name="decision"' not in page
    empty = finance.post(f"{URL}answers/{asked.pk}/", {"department": "FIN", "text": " "})
    assert empty.status_code == 422
    sent = finance.post(f"{URL}answers/{asked.pk}/", {"department": "FIN", "text": "At delivery."})
    assert sent.status_code == 302
    assert "At delivery." in text(signed_in(people["steward"]).get(f"{URL}?conflict={KEY}"))


@pytest.mark.parametrize(
    ("who", "status", "figure"),
    [
        ("steward", 200, True),
        ("ceo", 200, True),
        ("finance", 200, True),
        ("sales", 200, True),
        ("marketing", 200, False),
        ("facilitator", 200, False),
        ("owner", 404, False),
        ("observer", 404, False),
        ("admin", 404, False),
        ("hr", 404, False),
        ("logistics", 404, False),
    ],
)
def test_who_sees_differences(people, signed_in, who, status, figure):
    answer = signed_in(people[who]).get(URL)
    assert (answer.status_code, "920,000.00" in text(answer)) == (status, figure)
    if who == "facilitator":
        assert "Sales and revenue" in text(answer), "titles only"


@pytest.mark.parametrize("who", ["finance", "ceo", "facilitator", "admin"])
def test_only_the_data_owner_may_decide(people, signed_in, who):
    assert send(signed_in(people[who])).status_code == 404 and not Ruling.objects.exists()


def test_another_department_does_not_find_it_by_its_address(people, signed_in):
    assert signed_in(people["marketing"]).get(f"{URL}?conflict={KEY}").status_code == 404


def test_the_queue_as_csv(people, signed_in):
    answer = signed_in(people["steward"]).get(f"{URL}2026-10.csv")
    rows = {row["pair"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert (rows["ID69"]["left"], rows["ID69"]["residual"], rows["ID69"]["state"]) == (
        "920000.0000",
        "131000.0000",
        "open",
    )
    assert signed_in(people["facilitator"]).get(f"{URL}2026-10.csv").status_code == 404


def test_without_a_review_there_is_nothing_to_settle(people, signed_in):
    make.Review.objects.all().delete()
    assert "There is no review yet." in text(signed_in(people["steward"]).get(URL))
