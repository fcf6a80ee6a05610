"""A view answers the page or the declared part of it; a signed-out htmx request leaves the page."""

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from reviewhub.ui import htmx

ASKED = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def templates(settings, tmp_path):
    (tmp_path / "page.html").write_text(
        "<h1>page</h1>{% partialdef agenda inline %}<p id='agenda'>{{ x }}</p>{% endpartialdef %}"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.TEMPLATES[0]["OPTIONS"] = settings.TEMPLATES[0]["OPTIONS"] | {"context_processors": []}


def answer(rf, allowed=("agenda",), status=200, **headers):
    request = rf.get("/", headers=headers)
    request._messages = []
    return htmx.fragment(request, "page.html", {"x": 7}, allowed, status=status)


def test_a_plain_request_gets_the_page(rf, templates):
    assert answer(rf).content == b"<h1>page</h1><p id='agenda'>7</p>"


def test_a_declared_target_gets_its_part(rf, templates):
    assert answer(rf, **ASKED, **{"HX-Target": "section#agenda"}).content == b"<p id='agenda'>7</p>"


def test_an_undeclared_target_gets_the_page(rf, templates):
    assert b"<h1>" in answer(rf, allowed=(), **ASKED, **{"HX-Target": "section#agenda"}).content


def test_a_request_for_the_full_page_gets_it_whatever_its_target(rf, templates):
    headers = {"HX-Request": "true", "HX-Request-Type": "full", "HX-Target": "section#agenda"}
    assert b"<h1>" in answer(rf, **headers).content


def test_caches_are_told_what_the_answer_depends_on(rf, templates):
    assert answer(rf)["Vary"] == "HX-Request, HX-Target"


def test_refused_input_is_the_same_fragment_with_422(rf, templates):
    request = rf.post("/", headers=ASKED | {"HX-Target": "p#agenda"})
    request._messages = []
    refused = htmx.refused(request, "page.html", {"x": 7}, ("agenda",))
    assert (refused.status_code, refused.content) == (422, b"<p id='agenda'>7</p>")


def test_waiting_messages_travel_with_a_fragment(rf, templates):
    request = rf.get("/", headers=ASKED | {"HX-Target": "p#agenda"})
    request._messages = [type("M", (), {"level_tag": "success", "__str__": lambda self: "Saved"})()]
    html = htmx.fragment(request, "page.html", {"x": 7}, ("agenda",)).content.decode()
    assert 'hx-target="#toasts"' in html and "Saved" in html


def test_events_are_announced_together():
    said = htmx.announce(htmx.announce(HttpResponse(), "actionRaised"), "captured")
    assert said["HX-Trigger"] == "actionRaised, captured"


@pytest.mark.django_db
def test_a_signed_out_htmx_request_leads_the_page_to_the_door(client):
    headers = ASKED | {"HX-Current-URL": "http://testserver/style/?x=1"}
    left = client.get("/", headers=headers)
    door = resolve_url("account_login")
    assert (left.status_code, left.content) == (200, b"")
    assert left["HX-Redirect"] == f"{door}?next=/style/%3Fx%3D1"


def test_other_redirects_stay_what_they_are(rf):
    sent = htmx.SignedOutMiddleware(lambda request: HttpResponseRedirect("/elsewhere/"))(
        rf.get("/", headers=ASKED)
    )
    assert (sent.status_code, sent["Location"]) == (302, "/elsewhere/")
