"""The certify page: what waits, what stands against it, and the two decisions."""

import pytest

from metrics.models import Submission
from tests import make
from tests.metrics.figures import dictionary_of_today

URL = "/certify/"


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


def waiting(**fields):
    made = {"state": "handed_in", "handed_in_at": make.AT, "totals": {"SAL_GROSS": "1234.50", "SAL_ORD": "7"}}
    return make.submission(**(made | {"currency": "CNY", "rows_read": 12, "rows_used": 9} | fields))


def text(answer):
    return answer.content.decode()


@pytest.fixture
def steward(people, signed_in):
    people["steward"].language = "en"
    people["steward"].save()
    return signed_in(people["steward"])


def test_it_shows_what_was_handed_in_and_how_it_changed(people, steward):
    make.review()
    waiting(state="certified", certified_at=make.AT, totals={"SAL_GROSS": "1000.00", "SAL_ORD": "5"})
    waiting(
        number=2,
        handed_in_by=people["sales"],
        rows_excluded={"zero_price": 3},
        excluded_value={"zero_price": "0"},
    )
    page = text(steward.get(URL))
    for shown in (
        "1,234.50",
        "+234.50",
        "+2",
        "Gross product sales",
        "zero_price",
        people["sales"].display_name,
    ):
        assert shown in page, shown
    assert "stamp--late" in page


def test_one_s_own_upload_says_why_not(people, steward):
    row = waiting(uploaded_by=people["steward"])
    page = text(steward.get(URL))
    assert "You uploaded this version yourself" in page and "disabled" in page
    answer = steward.post(f"{URL}{row.pk}/certify")
    assert answer.status_code == 422 and "You uploaded this version yourself" in text(answer)
    row.refresh_from_db()
    assert row.state == "handed_in"


def test_certifying_makes_it_official(people, steward):
    row = waiting()
    answer = steward.post(f"{URL}{row.pk}/certify", follow=True)
    row.refresh_from_db()
    assert (row.state, row.certified_by) == ("certified", people["steward"])
    assert "official" in text(answer) and answer.redirect_chain[-1][0] == URL


def test_sending_back_needs_a_sentence(steward):
    row = waiting()
    answer = steward.post(f"{URL}{row.pk}/send-back", {"reason": " "})
    assert answer.status_code == 422 and "in a sentence" in text(answer)
    steward.post(f"{URL}{row.pk}/send-back", {"reason": "Germany is missing"})
    row.refresh_from_db()
    assert (row.state, row.return_reason) == ("returned", "Germany is missing")
    assert "Germany is missing" in text(steward.get(URL))


def test_who_comes_second_is_told(steward):
    row = waiting()
    Submission.objects.filter(pk=row.pk).update(state="certified", certified_at=make.AT)
    answer = steward.post(f"{URL}{row.pk}/send-back", {"reason": "late"})
    assert answer.status_code == 409 and "Certified" in text(answer)


def test_form_fields_of_one_s_own_change_nothing(people, steward):
    row = waiting()
    steward.post(
        f"{URL}{row.pk}/send-back",
        {
            "reason": "x",
            "state": "certified",
            "certified_by": people["sales"].pk,
            "department": 3,
            "totals": "{}",
        },
    )
    row.refresh_from_db()
    assert (row.state, row.certified_by, row.totals) == (
        "returned",
        None,
        {"SAL_GROSS": "1234.50", "SAL_ORD": "7"},
    )


@pytest.mark.parametrize(
    "person", ["sales", "finance", "ceo", "admin", "observer", "logistics", "facilitator"]
)
def test_to_everybody_else_it_is_not_there(people, signed_in, person):
    row = waiting()
    client = signed_in(people[person])
    posts = [client.post(f"{URL}{row.pk}/{verb}", {"reason": "x"}) for verb in ("certify", "send-back")]
    assert {answer.status_code for answer in (client.get(URL), *posts)} == {404}
    row.refresh_from_db()
    assert row.state == "handed_in"


def test_reading_changes_nothing_and_an_unknown_version_is_not_there(steward):
    row = waiting()
    assert steward.get(f"{URL}{row.pk}/certify").status_code == 405
    asked = ("999999", "x", "²", "9" * 5000, "", str(row.pk))
    assert [steward.get(URL, {"version": v}).status_code for v in asked] == [404, 404, 404, 404, 200, 200]
    assert steward.post(f"{URL}999999/certify").status_code == 404


def test_an_empty_page_says_so(steward):
    assert "Nothing waits" in text(steward.get(URL))


def test_the_number_of_questions_does_not_grow(steward, django_assert_max_num_queries):
    steward.get(URL)  # the first visit of a browser is written down
    counts = []
    for month in (10, 9, 8, 7, 6):
        waiting(period=f"2026-{month:02}")
        with django_assert_max_num_queries(40) as asked:
            steward.get(URL)
        counts.append(len(asked))
    assert len(set(counts)) == 1
