"""The pages of tokens: made and shown once, listed, revoked; and who finds none of it."""

import re

import pytest

from reviewhub.api.models import Token
from reviewhub.people.models import Activity
from tests import make
from tests.api import caller

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Monthly export", "purposes": ["submissions:write", "readings:read"], "days": "30"}


def enter(signed_in, person, language="en"):
    client = signed_in(person)
    client.cookies["reviewhub_language"] = language
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_a_token_is_shown_once_and_works(people, signed_in):
    client = enter(signed_in, people["sales"])
    assert "No token yet" in text(client.get("/profile/tokens/"))
    made = client.post("/profile/tokens/new/", GIVEN)
    secret = re.search(r"rhp_\w{49}", text(made))[0]
    assert "no-store" in made["Cache-Control"] and made.status_code == 200
    assert caller.Program(secret).get("/submissions").status_code == 200
    page = text(client.get("/profile/tokens/"))
    assert secret not in page and secret[-4:] in page and "Monthly export" in page and "Last used" in page


def test_a_revoked_token_opens_nothing_and_stays_in_the_list(people, signed_in):
    client = enter(signed_in, people["sales"])
    token, secret = caller.made(people["sales"])
    assert client.post(f"/tokens/{token.pk}/revoke").status_code == 302
    assert caller.Program(secret).get("/submissions").status_code == 401
    assert "Revoked" in text(client.get("/profile/tokens/"))


def test_input_that_does_not_do_is_kept_and_told(people, signed_in):
    client = enter(signed_in, people["sales"])
    answer = client.post("/profile/tokens/new/", GIVEN | {"purposes": [], "days": "9999"})
    assert answer.status_code == 422 and "Monthly export" in text(answer) and not Token.objects.exists()


def test_an_administrator_makes_and_revokes_tokens_of_machines(people, signed_in):
    client = enter(signed_in, people["admin"])
    given = GIVEN | {"departments": [make.department("SAL").pk]}
    secret = re.search(r"rhm_\w{49}", text(client.post("/tokens/machines/new/", given)))[0]
    token = Token.objects.get()
    assert (token.kind, token.user.is_machine, token.departments.get().code) == ("machine", True, "SAL")
    assert caller.Program(secret).get("/imports").status_code == 200
    assert "Sales" in text(client.get("/tokens/machines/"))
    client.post(f"/tokens/{token.pk}/revoke")
    assert caller.Program(secret).get("/imports").status_code == 401


@pytest.mark.parametrize(("name", "status"), [("sales", 403), ("logistics", 404)])
def test_nobody_else_reaches_the_machines(people, signed_in, name, status):
    client = enter(signed_in, people[name])
    assert client.get("/tokens/machines/").status_code == status
    assert client.get("/tokens/machines/new/").status_code == status
    assert client.post("/tokens/machines/new/", GIVEN).status_code == status
    assert not Token.objects.exists()


def test_the_token_of_somebody_else_is_not_there(people, signed_in):
    token = caller.made(people["sales"])[0]
    assert enter(signed_in, people["marketing"]).post(f"/tokens/{token.pk}/revoke").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_the_security_page_leads_there_and_the_log_says_it_in_words(people, signed_in):
    client = enter(signed_in, people["ceo"])
    assert "/profile/tokens/" in text(client.get("/profile/security/"))
    caller.made(people["sales"])
    assert "made the access token “Export”" in text(client.get("/activity/"))
    assert Activity.objects.get(code="token.made").after["departments"] == []


@pytest.mark.parametrize("place", ["/profile/tokens/", "/tokens/machines/"])
def test_the_pages_speak_chinese(people, signed_in, place):
    client = enter(signed_in, people["admin"], "zh-hans")
    assert "令牌" in text(client.get(place)) and "令牌" in text(client.get(f"{place}new/"))
