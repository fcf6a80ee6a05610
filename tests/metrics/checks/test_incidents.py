"""A failing check in somebody's hands: who puts it there, who closes it, and that passing closes it by itself."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from metrics.checks import incidents, runs, waiving
from metrics.models import CheckIncident
from reviewhub.people.models import Activity, User
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
WEB = {"platform": "web", "country": "Germany"}
ADDRESS = "/reviews/2026-10/checks/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    User.objects.update(language="en", time_zone="Asia/Shanghai")
    dictionary_of_today()
    review = make.review(meeting_at=make.AT.replace(year=2099))
    figures([("SAL_ORD", "2026-10-03", 7, WEB), ("SAL_UNITS", "2026-10-03", 5, WEB)], state="handed_in")
    runs.run(runs.ask(review, at=AT).pk, at=AT)
    return review


def failing(review):
    run = review.check_runs.order_by("asked_at").last()
    return next(one for one in runs.results(run) if one.code == "ID10")


def hand(review, people, to="sales", by="steward", note=""):
    return incidents.hand(review, failing(review), people[to], by=people[by], at=AT, note=note)


def test_the_data_owner_puts_it_into_hands_and_its_person_finds_it_at_home(people, signed_in, review):
    steward, sales = signed_in(people["steward"]), signed_in(people["sales"])
    given = {"check": "ID10", "assignee": people["sales"].pk, "note": "Bundles again?", "department": "SAL"}
    assert steward.post(f"{ADDRESS}hand", given).status_code == 302
    steward.post(f"{ADDRESS}hand", given)  # twice is once
    page = sales.get(ADDRESS).content.decode()
    assert "has it in hand" in page and "Bundles again?" in page
    home = sales.get("/").content.decode()
    assert "1 failing check is in your hands" in home and "#check-ID10" in home
    told = Activity.objects.get(code="check.handed").params
    assert told["check"] == "ID10" and told["person"] == people["sales"].display_name


def test_into_other_hands_there_is_still_one(people, review):
    first = hand(review, people)
    other = hand(review, people, to="steward", note="Together")
    assert first == other and other.assignee == people["steward"]
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIncident.objects.create(
            review=review, code="ID10", assignee=people["sales"], opened_at=AT, opened_by=people["sales"]
        )


@pytest.mark.parametrize(
    ("who", "to", "note", "words"),
    [
        ("sales", "finance", "", "Choose somebody who can mend it."),
        ("sales", "", "", "Choose somebody who can mend it."),
        ("sales", "9" * 12, "", "Choose somebody who can mend it."),
        ("finance", "sales", "", "Only who prepares these figures and the data owner say who mends them."),
        ("steward", "sales", "x" * 301, "The note may have 300 characters."),
    ],
)
def test_wrong_hands_are_refused_and_what_was_typed_stays(people, signed_in, review, who, to, note, words):
    given = {"check": "ID10", "note": note or "Look at it", "assignee": people[to].pk if to in people else to}
    answer = signed_in(people[who]).post(f"{ADDRESS}hand", given)
    page = answer.content.decode()
    assert answer.status_code == 422 and not CheckIncident.objects.exists()
    # Finance does not see the check of another department, so its refusal has no line to stand at.
    assert who == "finance" or (words in page and (note or "Look at it") in page)


def test_a_stranger_finds_nothing(people, signed_in, review):
    client = signed_in(people["observer"])
    for place in ("hand", "close"):
        assert client.post(f"{ADDRESS}{place}", {"check": "ID10", "reason": "x"}).status_code == 404


def test_who_has_it_closes_it_with_a_reason_and_nobody_without(people, signed_in, review):
    hand(review, people)
    sales = signed_in(people["sales"])
    empty = sales.post(f"{ADDRESS}close", {"check": "ID10", "reason": " ", "department": "SAL"})
    assert empty.status_code == 422
    assert "Say in a sentence why nothing is to be mended." in empty.content.decode()
    with pytest.raises(incidents.CannotHand, match="Only who has it in hand"):
        incidents.close(review, "ID10", by=people["finance"], at=AT, reason="Fine")
    sales.post(f"{ADDRESS}close", {"check": "ID10", "reason": "Bundles count once.", "department": "SAL"})
    row = CheckIncident.objects.get()
    assert (row.reason, row.closed_by) == ("Bundles count once.", people["sales"])
    assert Activity.objects.get(code="check.closed").params["reason"] == "Bundles count once."
    with pytest.raises(incidents.CannotHand, match="in nobody's hands"):
        incidents.close(review, "ID10", by=people["sales"], at=AT, reason="Again")


def test_once_it_passes_it_is_closed_by_itself(people, review):
    row = hand(review, people)
    figures(
        [("SAL_ORD", "2026-10-03", 5, WEB), ("SAL_UNITS", "2026-10-03", 5, WEB)], state="handed_in", number=2
    )
    runs.run(runs.ask(review, at=AT + HOUR).pk, at=AT + HOUR)
    row.refresh_from_db()
    assert (row.closed_at, row.closed_by, row.reason) == (AT + HOUR, None, "")
    assert incidents.standing(review) == {} and not incidents.of_person(people["sales"])


def test_a_waiver_takes_it_out_of_hands_with_its_reason(people, review):
    row = hand(review, people)
    waiving.waive(review, failing(review), by=people["steward"], at=AT, reason="Known")
    row.refresh_from_db()
    assert (row.closed_by, row.reason) == (people["steward"], "Known")


def test_a_person_closes_with_a_reason_in_the_database_too(people, review):
    row = hand(review, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIncident.objects.filter(pk=row.pk).update(closed_at=AT, closed_by=people["sales"])
