"""Signing in by name and password: closed to strangers, silent about who has an account."""

import pytest
from django.core import mail

from reviewhub.people.models import Activity, Confidentiality, User

pytestmark = pytest.mark.django_db


def test_nobody_signs_up(client):
    wanted = {"username": "stranger", "email": "stranger@example.com"}
    secret = {"password1": "a long enough one", "password2": "a long enough one"}
    client.post("/accounts/signup/", wanted | secret)
    assert not User.objects.filter(username="stranger").exists()


def test_a_forgotten_password_of_nobody_sends_no_letter_and_gives_the_same_answer(client, people):
    people["sales"].email = "sales@example.com"
    people["sales"].save()
    answers = [
        client.post("/accounts/password/reset/", {"email": f"{name}@example.com"})
        for name in ("sales", "nobody")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/accounts/password/reset/done/")
    }
    assert [letter.to for letter in mail.outbox] == [["sales@example.com"]]


def test_coming_in_and_leaving_stand_in_the_log(client, people):
    people["sales"].set_password("horses chew quiet numbers")
    people["sales"].save()
    wrong = {"login": people["sales"].username, "password": "something else"}
    client.post("/accounts/login/", wrong)
    assert not Activity.objects.filter(code__startswith="person.signed").exists()
    client.post("/accounts/login/", wrong | {"password": "horses chew quiet numbers"})
    client.post("/accounts/logout/")
    client.post("/accounts/logout/")
    lines = Activity.objects.filter(code__startswith="person.signed").order_by("id")
    assert [(one.code, one.actor) for one in lines] == [
        ("person.signed_in", people["sales"]),
        ("person.signed_out", people["sales"]),
    ]
    assert {one.confidentiality for one in lines} == {Confidentiality.CONFIDENTIAL}
