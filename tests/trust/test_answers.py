"""What answers say and do not say, whoever asks: types, methods, passwords, what is left behind."""

import re
import socket

import pytest
from allauth.mfa.adapter import get_adapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.test import Client

from tests import make
from tests.test_access import address, inner, routes  # noqa: F401 - a fixture

PAGES = ("/", "/departments/", "/actions/", "/metrics/", "/meetings/", "/profile/security/", "/okr/past/")


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="reviewhub.people.authentication.SessionBackend")
    return client


@pytest.mark.django_db
def test_every_answer_says_what_it_is_and_text_its_alphabet_and_no_other_site_may_read_it(inner, people):  # noqa: F811
    client, wrong = browser(people["facilitator"]), {}
    for route in routes():
        if route.name == "meeting-stream":
            continue
        answer = client.get(address(route, inner), headers={"Origin": "https://evil.example"})
        body = answer.streaming or answer.content
        kind = answer.get("Content-Type", "")
        if body and (not kind or (kind.startswith("text/") and "charset=utf-8" not in kind.lower())):
            wrong[route.name] = kind
        assert "Access-Control-Allow-Origin" not in answer, route.name
        assert "Server" not in answer and "X-Powered-By" not in answer, route.name
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT", "FROBNICATE"])
def test_unknown_methods_do_nothing_and_a_claimed_one_is_ignored(people, method):
    """B122."""
    client = browser(people["facilitator"])
    answer = client.generic(method, "/actions/status-of-nothing/")
    assert answer.status_code in (404, 405)
    posted = client.generic(method, "/notices/read")
    assert posted.status_code == 405
    person = people["owner"]
    claimed = client.get(f"/people/{person.pk}/account", headers={"X-HTTP-Method-Override": "POST"})
    assert claimed.status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where",
    ["/static/", "/static/css/", "/.git/config", "/.env", "/media/", "/admin/", "/manage.py", "/api/"],
)
def test_no_folder_is_listed_and_nothing_of_the_source_is_served(people, where):
    assert browser(people["admin"]).get(where).status_code == 404
    assert settings.MEDIA_URL in ("", "/"), "uploads have no address of their own"


@pytest.mark.django_db
def test_every_page_has_the_way_out_and_going_leaves_nothing_in_the_browser(people):
    client = browser(people["sales"])
    for where in PAGES:
        assert 'action="/accounts/logout/"' in client.get(where).content.decode(), where
    left = client.post("/accounts/logout/")
    assert left["Clear-Site-Data"] == '"cache"'
    assert client.get("/actions/")["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_a_password_is_hidden_while_it_is_typed_and_a_manager_may_fill_it_in():
    page = Client().get("/accounts/login/").content.decode()
    field = re.search(r"<input[^>]*name=\"password\"[^>]*>", page)[0]
    assert 'type="password"' in field and 'autocomplete="current-password"' in field
    assert "onpaste" not in page and 'autocomplete="off"' not in field


@pytest.mark.django_db
def test_a_password_of_any_kind_of_characters_is_kept_as_it_was_typed_for_ever():
    person = make.user(username="any")
    for good in ("aaaabbbbccccdddd eeee", "密码就是这一句话很长很长啊", "x" * 64 + "Y", " lead and trail  "):
        validate_password(good, person)
        person.set_password(good)
        person.save()
        assert person.check_password(good)
        assert not person.check_password(good.strip() if good != good.strip() else good.swapcase() + "x")
    assert not any("expir" in type(one).__name__.lower() for one in get_default_password_validators())


def test_passwords_are_stretched():
    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    algorithm, rounds, _salt, _digest = PBKDF2PasswordHasher().encode("a kettle of fish", "salt").split("$")
    assert algorithm == "pbkdf2_sha256" and int(rounds) >= 600_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=1000000000", "page=abc", "sort=password", "q=%00", "q=" + "x" * 8000]
)
def test_a_query_that_makes_no_sense_is_a_page_or_a_refusal_never_an_error(people, query):
    """B115."""
    client = browser(people["facilitator"])
    for where in (
        "/actions/",
        "/metrics/",
        "/people/",
        "/activity/",
        "/notices/",
        "/decisions/",
        "/submissions/",
    ):
        assert client.get(f"{where}?{query}").status_code in (200, 302, 400, 403, 404), (where, query)


@pytest.mark.django_db
def test_too_many_fields_and_a_broken_body_are_a_bad_request(people):
    """B123."""
    client = browser(people["sales"])
    many = "&".join(f"f{number}=1" for number in range(2000))
    form = "application/x-www-form-urlencoded"
    for where in ("/profile/", "/checkin/", "/notices/settings/"):
        assert client.post(where, many, content_type=form).status_code == 400, where
    broken = client.post("/profile/", b"--x\r\nnothing", content_type="multipart/form-data")
    assert broken.status_code == 400


LIES = {
    "a length that is no number": b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "a negative length": b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    "more than was said": b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "chunks and a length": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_body_that_lies_about_its_length_is_a_bad_request_and_nothing_behind_it_is_asked(server, lie):
    """B123: no second request hides in the body of a first one."""
    head = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as link:
        link.sendall(head + LIES[lie])
        said = b""
        while more := link.recv(65536):
            said += more
    assert re.findall(rb"^HTTP/1\.1 (\d+)", said, re.MULTILINE) == [b"400"]
    assert server.ask("GET", "/accounts/login/")[0] == 200


@pytest.mark.django_db
@pytest.mark.parametrize("old", ["", "not the old one at all"])
def test_a_new_password_needs_the_old_one(old):
    person = make.user(username="changer")
    make.company()
    person.set_password("another kettle of fish")
    person.save()
    client = Client()
    assert (
        client.post(
            "/accounts/login/", {"login": "changer", "password": "another kettle of fish"}
        ).status_code
        == 302
    )
    new = {"oldpassword": old, "password1": "a fine new morning", "password2": "a fine new morning"}
    client.post("/accounts/password/change/", new)
    person.refresh_from_db()
    assert person.check_password("another kettle of fish")


@pytest.mark.django_db
def test_keys_of_sessions_are_long_and_never_the_same(people):
    keys = {browser(people["sales"]).cookies[settings.SESSION_COOKIE_NAME].value for _turn in range(20)}
    assert len(keys) == 20 and all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys), "165 bits"


def test_what_is_enciphered_is_different_each_time_and_a_changed_bit_is_refused():
    adapter = get_adapter()
    one, other = adapter.encrypt("JBSWY3DPEHPK3PXP"), adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert one != other and "JBSWY3DPEHPK3PXP" not in one
    assert adapter.decrypt(one) == adapter.decrypt(other) == "JBSWY3DPEHPK3PXP"
    middle = len(one) // 2
    bent = one[:middle] + ("A" if one[middle] != "A" else "B") + one[middle + 1 :]
    with pytest.raises(InvalidToken):
        adapter.decrypt(bent)


@pytest.mark.django_db
def test_a_parameter_that_comes_twice_or_in_the_wrong_place_counts_once(people):
    client = browser(people["owner"])
    assert client.post("/theme?theme=dark", {}).status_code == 422, "the query is no form"
    given = "theme=light&theme=dark"
    answer = client.post("/theme", given, content_type="application/x-www-form-urlencoded")
    people["owner"].refresh_from_db()
    assert answer.status_code < 400 and people["owner"].theme == "dark"
