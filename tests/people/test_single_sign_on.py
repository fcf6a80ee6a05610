"""Signing in by the company's own provider (OpenID Connect): a real one over HTTP, and only people who exist here."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from reviewhub.people.models import Activity, Company, User

pytestmark = pytest.mark.django_db
SECRET = "what both know"


class Provider(ThreadingHTTPServer):
    """Discovery, authorisation, token, keys and userinfo, as a provider answers; `who` is signed in there."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.who = {"sub": "4711", "email": "sales@farsail.example", "email_verified": True}
        self.audience, self.codes, self.asked = "reviewhub", {}, []

    def token(self):
        now = int(time.time())
        said = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60} | self.who
        return jwt.encode(said, self.key, "RS256", headers={"kid": "one"})


class Answers(BaseHTTPRequestHandler):
    def log_message(self, *_words):
        pass

    def say(self, document, status=200):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url, server = urlsplit(self.path), self.server
        server.asked.append(url.path)
        if url.path == "/.well-known/openid-configuration":
            names = ("authorization", "token", "userinfo")
            document = {f"{name}_endpoint": f"{server.url}/{name}" for name in names}
            self.say(document | {"issuer": server.url, "jwks_uri": f"{server.url}/keys"})
        elif url.path == "/keys":
            self.say(
                {
                    "keys": [
                        json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(server.key.public_key()))
                        | {"kid": "one"}
                    ]
                }
            )
        elif url.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
            self.say(server.who)
        else:
            self.say({}, 404)

    def do_POST(self):
        server = self.server
        form = {
            name: values[0]
            for name, values in parse_qs(
                self.rfile.read(int(self.headers["Content-Length"])).decode()
            ).items()
        }
        given = base64.b64decode(self.headers.get("Authorization", "Basic Og==")[6:]).decode()
        known = SECRET in (form.get("client_secret"), given.partition(":")[2])
        challenge = server.codes.pop(form.get("code"), None)
        proof = (
            base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            .rstrip(b"=")
            .decode()
        )
        if not known or challenge != proof:
            self.say({"error": "invalid_grant"}, 400)
        else:
            self.say({"access_token": "access", "token_type": "Bearer", "id_token": server.token()})


@pytest.fixture
def provider(settings, people):
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "company", "name": "Farsail ID", "client_id": "reviewhub", "secret": SECRET}
    app["settings"] = {"server_url": server.url}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    User.objects.filter(username="sales").update(email="Sales@Farsail.example", language="en")
    yield server
    server.shutdown()
    server.server_close()


def come_in(client, provider, **changed):
    """From our button to their page and back, as the browser goes."""
    led = client.get("/accounts/oidc/company/login/?next=/actions/")
    assert led.status_code == 302 and led["Location"].startswith(provider.url + "/authorization?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(led["Location"]).query).items()}
    assert asked["redirect_uri"] == "http://testserver/accounts/oidc/company/login/callback/"
    assert {"openid", "email"} <= set(asked["scope"].split()) and asked["code_challenge_method"] == "S256"
    provider.codes["c0de"] = asked["code_challenge"]
    back = {"code": "c0de", "state": asked["state"]} | changed
    return client.get(f"/accounts/oidc/company/login/callback/?{urlencode(back)}")


def who(client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else None


def test_the_button_stands_there_only_where_a_provider_is_set_up(provider, settings, client):
    page = client.get("/accounts/login/?next=/actions/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Sign in with Farsail ID" in page and "/accounts/oidc/company/login/?next=%2Factions%2F" in page
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "oidc" not in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/company/login/").status_code == 404


def test_somebody_who_exists_comes_in_by_the_verified_address(provider, client):
    answer = come_in(client, provider)
    assert (answer.status_code, answer["Location"]) == (302, "/actions/")
    assert who(client) == "sales" and client.get("/actions/").status_code == 200
    assert {"/.well-known/openid-configuration", "/userinfo"} <= set(provider.asked)
    assert client.get("/profile/security/").status_code == 200


def test_from_then_on_the_number_there_counts_and_not_the_address(provider, client):
    come_in(client, provider)
    provider.who["email"] = "new@farsail.example"
    again = Client()
    come_in(again, provider)
    assert who(again) == "sales" and SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "stranger@farsail.example"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": ""},
        {"email": "sales"},
    ],
)
def test_nobody_else_comes_in_and_nobody_is_made(provider, client, changed):
    before = User.objects.count()
    provider.who |= changed
    answer = come_in(client, provider)
    assert answer.status_code == 403 and who(client) is None
    assert User.objects.count() == before and not SocialAccount.objects.exists()


def test_somebody_who_left_stays_outside(provider, client):
    come_in(client, provider)
    User.objects.filter(username="sales").update(is_active=False)
    again = Client()
    assert come_in(again, provider).status_code == 302 and who(again) is None
    SocialAccount.objects.all().delete()
    assert come_in(Client(), provider).status_code == 403


@pytest.mark.parametrize("changed", [{"state": "forged"}, {"code": "stolen"}, {"error": "access_denied"}])
def test_a_forged_or_broken_return_signs_nobody_in(provider, client, changed):
    answer = come_in(client, provider, **changed)
    assert answer.status_code in (302, 401, 403) and who(client) is None


def test_a_token_for_somebody_else_is_refused(provider, client):
    provider.audience = "another-application"
    assert come_in(client, provider).status_code in (401, 403) and who(client) is None


def test_a_provider_that_is_away_is_said_so_and_breaks_nothing(provider, client):
    provider.shutdown()
    provider.server_close()
    answer = client.get("/accounts/oidc/company/login/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code in (401, 403) and "Not signed in" in answer.content.decode()


def test_another_address_given_by_the_administrator_breaks_the_bond(provider, client, people, signed_in):
    come_in(client, provider)
    sales = User.objects.get(username="sales")
    given = {
        "name": "王军",
        "name_latin": "",
        "email": "other@farsail.example",
        "department": "",
        "language": "",
    }
    assert signed_in(people["admin"]).post(f"/people/{sales.pk}/", given).status_code == 302
    assert come_in(Client(), provider).status_code == 403
    assert Activity.objects.filter(code="person.changed").exists()


def test_who_comes_in_by_the_provider_needs_no_second_factor_here(provider, client):
    Company.objects.update(second_factor="everybody")
    come_in(client, provider)
    assert client.get("/actions/").status_code == 200
