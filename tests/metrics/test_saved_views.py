"""Saved views: kept under a name, own or shared, renamed, removed, opened by address and opened first."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from metrics import saved_views
from metrics.models import Metric, SavedView
from metrics.saved_views import MOST, CannotKeep, Place
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, year_of_sales

DECK, AOV = Place("board", "deck"), Place("explore", "SAL_AOV")


def kept(by, at, place=DECK, name="Monday", audience="own", query="show=exceptions"):
    return saved_views.keep(place, query, name, audience, by=by, at=at)


def names(rows) -> list[str]:
    return [row.name for row in rows]


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("own", {"sales"}),
        ("department", {"sales", "colleague"}),
        ("everyone", {"sales", "colleague", "marketing", "ceo", "steward"}),
    ],
)
def test_a_view_is_seen_by_those_it_is_shared_with(people, at, audience, seen_by):
    people["colleague"] = make.user("analyst", "SAL")
    kept(people["sales"], at, audience=audience)
    readers = ("sales", "colleague", "marketing", "ceo", "steward", "logistics")
    assert {one for one in readers if saved_views.of_page(DECK, by=people[one])} == seen_by


def test_a_partner_shares_with_no_colleague(people, at):
    assert "everyone" not in saved_views.audiences(people["logistics"])
    with pytest.raises(CannotKeep):
        kept(people["logistics"], at, place=Place("board", "logistics"), audience="everyone")


def test_a_name_used_again_takes_the_new_filters(people, at):
    kept(people["sales"], at)
    again = kept(people["sales"], at + dt.timedelta(hours=1), name="  Monday ", query="", audience="everyone")
    assert SavedView.objects.get() == again
    assert (again.query, again.audience) == ("", "everyone")
    kept(people["marketing"], at)  # somebody else's name is no obstacle
    assert SavedView.objects.count() == 2


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\x00parts", "a\u202eb"])
def test_a_name_that_cannot_be_read_is_refused(people, at, name):
    with pytest.raises(CannotKeep):
        kept(people["sales"], at, name=name)
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_than_fifty(people, at):
    for place in range(MOST):
        kept(people["sales"], at, name=f"View {place}")
    with pytest.raises(CannotKeep):
        kept(people["sales"], at, name="One more")
    kept(people["sales"], at, name="View 7", query="")  # the same name is no further one
    assert SavedView.objects.count() == MOST


def test_only_whoever_keeps_a_view_changes_or_removes_it(people, at):
    view = kept(people["sales"], at, audience="everyone")
    with pytest.raises(CannotKeep):
        saved_views.change(view, "Mine", "own", first=False, by=people["marketing"])
    with pytest.raises(CannotKeep):
        saved_views.remove(view, by=people["marketing"])
    saved_views.change(view, "Tuesday", "own", first=False, by=people["sales"])
    view.refresh_from_db()
    assert (view.name, view.audience, view.department) == ("Tuesday", "own", None)
    saved_views.remove(view, by=people["sales"])
    assert not SavedView.objects.exists()


def test_two_views_of_a_page_have_two_names(people, at):
    kept(people["sales"], at)
    other = kept(people["sales"], at, name="Tuesday")
    with pytest.raises(CannotKeep):
        saved_views.change(other, "Monday", "own", first=False, by=people["sales"])


def test_what_is_shared_with_a_department_stays_there_when_its_owner_moves(people, at):
    seller, sales = people["sales"], people["sales"].department
    view = kept(seller, at, audience="department")
    seller.department = people["marketing"].department
    seller.save()
    saved_views.change(view, "Tuesday", "department", first=False, by=seller)
    view.refresh_from_db()
    assert view.department == sales


def test_one_view_of_a_page_opens_first(people, at):
    one, other = kept(people["sales"], at), kept(people["sales"], at, name="Tuesday")
    saved_views.change(one, "Monday", "own", first=True, by=people["sales"])
    saved_views.change(other, "Tuesday", "own", first=True, by=people["sales"])
    assert names(SavedView.objects.filter(opens_first=True)) == ["Tuesday"]
    assert saved_views.first_of(DECK, by=people["sales"]) == other
    assert saved_views.first_of(DECK, by=people["ceo"]) is None


@pytest.mark.parametrize(
    "wrong", [{"audience": "department"}, {"audience": "own", "department": 1}, {"opens_first": True}]
)
def test_the_database_refuses_a_view_that_contradicts_itself(people, at, wrong):
    first = kept(people["sales"], at)
    SavedView.objects.filter(pk=first.pk).update(opens_first=True)
    fields = {"owner": people["sales"], "name": "B", "page": "board", "code": "deck", "saved_at": at} | wrong
    if fields.pop("department", None):
        fields["department"] = people["sales"].department
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(**fields)


# --- Pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def months(people):
    dictionary_of_today()
    year_of_sales(14)


def test_a_board_is_kept_shared_and_opened_by_its_address(people, months, signed_in):
    client = signed_in(people["sales"])
    address = "/boards/sales/views?month=2026-09&show=exceptions"
    answer = client.post(address, {"name": "What stands out", "audience": "everyone"})
    assert answer["Location"] == "/boards/sales/?month=2026-09&show=exceptions"
    view = SavedView.objects.get()
    assert (view.query, view.audience) == ("show=exceptions", "everyone")
    listed = signed_in(people["marketing"]).get("/views/").content.decode()
    assert 'href="/boards/sales/?show=exceptions"' in listed and "What stands out" in listed
    assert f"/views/{view.pk}/change" not in listed


def test_a_month_stays_where_it_is_ticked_and_filters_of_the_explorer_are_kept(people, months, signed_in):
    client = signed_in(people["ceo"])
    asked = "month=2026-09&by=country&country=Germany"
    client.post(f"/metrics/SAL_GMV/explore/views?{asked}", {"name": "DE", "audience": "own", "month": "on"})
    assert SavedView.objects.get().query == asked
    page = client.get("/views/").content.decode()
    assert "/metrics/SAL_GMV/explore/?month=2026-09&amp;by=country&amp;country=Germany" in page
    assert "DE" in client.get("/").content.decode()


def test_the_menu_is_a_part_of_its_page(people, months, signed_in, at):
    kept(people["ceo"], at)
    client = signed_in(people["ceo"])
    headers = {"HX-Request": "true", "HX-Target": "div#view-menu"}
    part = client.get("/boards/deck/views", headers=headers).content.decode()
    assert "<html" not in part and "Monday" in part and 'name="name"' in part
    assert "<html" in client.get("/boards/deck/views").content.decode()


def test_what_was_typed_stays_when_it_is_refused(people, months, signed_in):
    client = signed_in(people["ceo"])
    answer = client.post("/boards/deck/views", {"name": "x" * 61, "audience": "everyone", "month": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "x" * 61 in page
    assert '<option value="everyone" selected>' in page and 'name="month" checked' in page


def test_the_page_opens_with_the_view_chosen_for_it(people, months, signed_in, at):
    view = kept(people["ceo"], at)
    client = signed_in(people["ceo"])
    client.post(f"/views/{view.pk}/change", {"name": "Monday", "audience": "own", "first": "on"})
    assert client.get("/boards/deck/")["Location"] == "/boards/deck/?show=exceptions"
    assert client.get("/boards/deck/?show=all").status_code == 200
    assert signed_in(people["steward"]).get("/boards/deck/").status_code == 200


def test_a_refused_change_says_why_beside_the_view(people, months, signed_in, at):
    kept(people["ceo"], at)
    other = kept(people["ceo"], at, name="Tuesday")
    client = signed_in(people["ceo"])
    answer = client.post(f"/views/{other.pk}/change", {"name": "Monday", "audience": "own"})
    assert answer.status_code == 422 and 'value="Monday"' in answer.content.decode()
    other.refresh_from_db()
    assert other.name == "Tuesday"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_view_leads_nowhere_once_its_figures_are_closed(people, months, signed_in, at, language):
    people["marketing"].language = language
    people["marketing"].save()
    own = kept(people["marketing"], at, place=AOV, name="My order value")
    kept(people["ceo"], at, place=AOV, name="Order value of all", audience="everyone")
    Metric.objects.filter(code="SAL_AOV").update(confidentiality=Confidentiality.CONFIDENTIAL)
    client = signed_in(people["marketing"])
    page = client.get("/views/").content.decode()
    assert "/metrics/SAL_AOV/explore/" not in page and "Order value of all" not in page
    assert "My order value" in page  # it can be removed
    assert "My order value" not in client.get("/").content.decode()
    client.post(f"/views/{own.pk}/remove")
    assert not SavedView.objects.filter(pk=own.pk).exists()


def test_nobody_finds_the_view_that_somebody_keeps_alone(people, months, signed_in, at):
    view = kept(people["ceo"], at)
    client = signed_in(people["steward"])
    for do in ("change", "remove"):
        assert client.post(f"/views/{view.pk}/{do}", {"name": "Mine"}).status_code == 404
    assert SavedView.objects.get().name == "Monday"


def test_lists_of_views_ask_few_questions_however_many_there_are(people, months, signed_in, queries, at):
    kept(people["ceo"], at)
    kept(people["sales"], at, place=AOV, audience="everyone")
    client = signed_in(people["ceo"])
    few = {page: queries(lambda page=page: client.get(page)) for page in ("/views/", "/boards/deck/views")}
    for place in range(20):
        kept(people["ceo"], at, name=f"Deck {place}")
        kept(people["sales"], at, place=AOV, name=f"Value {place}", audience="everyone")
    for page, count in few.items():
        assert queries(lambda page=page: client.get(page)) <= count <= 20, page
