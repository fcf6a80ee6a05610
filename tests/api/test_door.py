"""Who comes in at the API: tokens, their limits, wrong ones, and the language of a refusal."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from reviewhub.api import tokens
from reviewhub.api.models import Token
from reviewhub.people import guessing
from reviewhub.people.models import Activity, GuessAllowance, User
from tests import make
from tests.api import caller

pytestmark = pytest.mark.django_db


def test_a_token_opens_what_it_is_for_and_says_when_it_was_used(people):
    token, text = caller.made(people["sales"], "submissions:read")
    answer = caller.Program(text).get("/submissions")
    assert (answer.status_code, answer.said) == (200, {"items": [], "next": None})
    token.refresh_from_db()
    assert token.last_used_from == "127.0.0.1" and timezone.now() - token.last_used_at < dt.timedelta(
        minutes=1
    )
    other = caller.Program(text).get("/readings/SAL_NET", period="2026-10")
    assert (other.status_code, other.said["code"]) == (403, "PURPOSE_MISSING")


def test_only_the_hash_is_kept_and_the_log_knows_no_secret(people):
    token, text = caller.made(people["sales"])
    assert text not in str(Token.objects.values_list()) and token.token_hash != text
    line = Activity.objects.get(code="token.made")
    assert line.actor == people["sales"] and text[4:] not in str((line.params, line.before, line.after))


@pytest.mark.parametrize("text", ["", "nonsense", "rhp_" + "a" * 49, "rhp_\u00e9" + "a" * 48])
def test_a_wrong_token_opens_nothing(people, text):
    answer = caller.Program(text.encode("utf-8").decode("latin-1")).get("/submissions")
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_an_expired_and_a_leavers_token_open_nothing(people):
    now = timezone.now()
    revoked, first = caller.made(people["sales"])
    assert tokens.revoke(revoked, by=people["sales"], at=now) and not tokens.revoke(
        revoked, by=people["sales"], at=now
    )
    _expired, second = caller.made(people["sales"], at=now - dt.timedelta(days=caller.DAYS, seconds=1))
    _leaver, third = caller.made(people["owner"])
    User.objects.filter(pk=people["owner"].pk).update(is_active=False)
    for text in (first, second, third):
        answer = caller.Program(text).get("/submissions")
        assert (answer.status_code, answer.said["code"]) == (401, "TOKEN_REFUSED")
    assert Activity.objects.filter(code="token.revoked").count() == 1


def test_a_session_opens_nothing_here(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    for method in ("get", "post"):
        answer = getattr(client, method)("/api/v1/submissions")
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_MISSING")


def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(people):
    right = caller.Program(caller.made(people["sales"])[1])
    wrong = caller.Program("rhp_" + "a" * 49)
    heard = [wrong.get("/submissions").status_code for _each in range(25)]
    assert heard[:20] == [401] * 20 and heard[-1] == 429
    assert wrong.get("/submissions")["Retry-After"] == "30"
    assert right.get("/submissions").status_code == 200


def test_who_asks_too_often_is_told_when_to_come_back(people):
    token, text = caller.made(people["sales"])
    key = tokens.for_requests(token)[0].key
    GuessAllowance.objects.create(key=key, tokens=1.0, at=timezone.now() + dt.timedelta(hours=1))
    program = caller.Program(text)
    assert program.get("/submissions").status_code == 200
    answer = program.get("/submissions")
    assert (answer.status_code, answer.said["code"], answer["Retry-After"]) == (429, "TOO_MANY_REQUESTS", "1")
    assert guessing.take(tokens.for_requests(caller.made(people["sales"])[0]), at=timezone.now())


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN,zh;q=0.9", "令牌"), ("en", "token"), ("de, en;q=0.5", "token")]
)
def test_a_refusal_is_told_in_the_language_that_was_asked_for(people, language, words):
    answer = caller.Program("nonsense", language).get("/submissions")
    assert words in answer.said["detail"]
    assert answer["Content-Language"] == ("zh-Hans" if language.startswith("zh") else "en")


def test_without_a_wish_a_person_is_told_in_their_own_language(people):
    User.objects.filter(pk=people["sales"].pk).update(language="en")
    program = caller.Program(caller.made(people["sales"], "actions:read")[1])
    del program.headers["Accept-Language"]
    assert "token" in program.get("/submissions").said["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nothing", 404, "NOT_FOUND"),
        ("get", "/api/", 404, "NOT_FOUND"),
        ("delete", "/api/v1/submissions", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_what_is_not_there_is_a_problem_too(people, method, path, status, code):
    answer = getattr(Client(), method)(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json" and answer.json()["request_id"]


def test_a_fault_of_ours_is_a_problem_with_the_number_of_the_log(people, monkeypatch):
    program = caller.Program(caller.made(people["sales"])[1])
    program.client.raise_request_exception = False
    monkeypatch.setattr("metrics.web.api_imports.told", None)
    uploads_of(people)
    answer = program.get("/imports")
    assert answer.status_code == 500 and answer.said["code"] == "BROKEN"
    assert answer.said["request_id"] == answer["X-Request-ID"]


def uploads_of(people):
    from tests.metrics import uploads  # noqa: PLC0415 - one test needs it

    uploads.receive(at=make.AT, by=people["sales"])


def test_a_machine_is_nobody_on_the_pages(people, machine):
    machine(make.department("SAL"))
    user = User.objects.get(is_machine=True)
    assert not user.has_usable_password() and user.department == make.department("SAL")
    assert not User.objects.visible_to(people["admin"]).filter(pk=user.pk).exists()
    assert user not in User.objects.active() and not user.abilities


def test_a_revoked_machine_is_closed_with_its_token(people):
    token, text = caller.made(people["admin"], kind="machine")
    tokens.revoke(token, by=people["admin"], at=timezone.now())
    token.user.refresh_from_db()
    assert not token.user.is_active and caller.Program(text).get("/submissions").status_code == 401


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"purposes": []}, "purposes"),
        ({"purposes": ["people:manage"]}, "purposes"),
        ({"days": 100_000}, "days"),
    ],
)
def test_a_token_is_not_made_from_nonsense(people, fields, problem):
    wanted = tokens.Wanted(**{"name": "Export", "purposes": ["readings:read"], "days": 30} | fields)
    with pytest.raises(tokens.CannotMake) as refusal:
        tokens.make(wanted, "personal", by=people["sales"], at=make.AT)
    assert list(refusal.value.problems) == [problem] and not Token.objects.exists()


def test_only_an_administrator_makes_machines(people):
    wanted = tokens.Wanted("Export", ["readings:read"], 30)
    with pytest.raises(tokens.CannotMake):
        tokens.make(wanted, "machine", by=people["sales"], at=make.AT)
    assert tokens.make(wanted, "machine", by=people["admin"], at=make.AT)
