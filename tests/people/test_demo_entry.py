"""Demo sign-in exists on the machine itself, in a demo company, and nowhere else (interfaces, T22)."""

import pytest
from django.test import Client

from reviewhub.people import demo_entry
from reviewhub.people.models import Company, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(people, settings):
    """A demo company on a server that is bound to loopback."""
    settings.BIND_HOST = "127.0.0.1"
    Company.objects.update(is_demo=True)
    return people


def signed_in_as(client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else None


@pytest.mark.parametrize("name", demo_entry.NAMES)
def test_every_demo_person_enters_with_one_press(demo, client, name):
    answer = client.post("/demo/enter", {"person": name})
    assert (answer.status_code, answer["Location"], signed_in_as(client)) == (302, "/", name)


def test_the_names_are_exactly_those_that_scripts_rely_on():
    assert sorted(demo_entry.NAMES) == sorted(make.PEOPLE)


@pytest.mark.parametrize("name", ["", "root", "nobody", "SALES", "sales "])
def test_nobody_else_enters(demo, client, name):
    User.objects.create(username="root", is_superuser=True)
    assert client.post("/demo/enter", {"person": name}).status_code == 404
    assert signed_in_as(client) is None


def test_somebody_who_left_does_not_enter(demo, client):
    User.objects.filter(username="hr").update(is_active=False)
    assert client.post("/demo/enter", {"person": "hr"}).status_code == 404


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "192.168.1.7", "review.example", "127.0.0.1.example"])
def test_on_a_server_that_others_reach_the_address_does_not_exist(demo, client, settings, host):
    settings.BIND_HOST = host
    assert client.post("/demo/enter", {"person": "sales"}).status_code == 404
    assert "/demo/enter" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "localhost", "::1", "[::1]", "::ffff:127.0.0.1"])
def test_every_form_of_loopback_is_this_machine(demo, client, settings, host):
    settings.BIND_HOST = host
    assert client.post("/demo/enter", {"person": "sales"}, REMOTE_ADDR="127.0.0.1").status_code == 302


@pytest.mark.parametrize("visitor", ["", "10.0.0.5", "203.0.113.9", "fe80::1", "unknown"])
def test_a_visitor_from_elsewhere_finds_nothing(demo, client, visitor):
    assert client.post("/demo/enter", {"person": "sales"}, REMOTE_ADDR=visitor).status_code == 404


def test_in_a_real_company_the_address_answers_like_one_that_does_not_exist(people, settings):
    settings.BIND_HOST = "127.0.0.1"
    strict = Client(enforce_csrf_checks=True)
    here, nowhere = strict.post("/demo/enter", {"person": "sales"}), strict.post("/demo/nothing", {})
    assert here.status_code == nowhere.status_code == 404
    assert here.headers.keys() == nowhere.headers.keys()
    assert strict.get("/demo/enter").status_code == 404
    assert "/demo/enter" not in strict.get("/accounts/login/").content.decode()


def test_a_new_installation_has_nobody_in_it(db):
    assert not User.objects.exists() and not Company.objects.exists()


def test_entering_needs_the_forms_token_and_a_post(demo):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo/enter", {"person": "sales"}).status_code == 403
    assert strict.get("/demo/enter").status_code == 405
    assert signed_in_as(strict) is None


def test_the_sign_in_page_lists_people_with_roles_and_departments(demo, client):
    page = client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert page.count('action="/demo/enter"') == len(demo_entry.NAMES)
    assert "Department lead · Sales" in page and "External partner · Logistics partner" in page


def test_the_page_asked_for_comes_after_signing_in_and_no_other_site_does(demo, client):
    assert client.post("/demo/enter", {"person": "sales", "next": "/actions/"})["Location"] == "/actions/"
    assert client.post("/demo/enter", {"person": "sales", "next": "//evil.example"})["Location"] == "/"


def test_the_list_needs_the_same_queries_for_any_number_of_people(demo, client, queries):
    everybody = queries(lambda: client.get("/accounts/login/"))
    User.objects.filter(username__in=["hr", "ceo", "scribe", "owner"]).update(is_active=False)
    assert queries(lambda: client.get("/accounts/login/")) == everybody
