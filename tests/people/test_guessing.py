"""Guessing passwords and codes: counted in the database, for every process, and never at the cost of others (T21)."""

import datetime as dt
import http.client
import re
import threading
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from reviewhub.people import guessing
from reviewhub.people.guessing import Bucket
from reviewhub.people.models import GuessAllowance, User
from tests import make
from tests.server import Server

SECRET = "a kettle of fish and chips"
WRONG = "not the password at all"


@pytest.fixture
def client():
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def victim(people, hashed):
    person = people["sales"]
    person.set_password(SECRET)
    person.email, person.language = "sales@farsail.example", "en"
    person.save()
    return person


@pytest.fixture
def hashed(monkeypatch):
    """Every password that reaches the hasher; a cheap one, so that hundreds take no minutes."""
    seen = []

    def encode(self, password, salt, iterations=None):
        seen.append(password)
        return f"{self.algorithm}$1${salt}${password.encode().hex()}"

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", encode)
    monkeypatch.setattr(PBKDF2PasswordHasher, "must_update", lambda self, encoded: False)
    return seen


def guess(client, login="sales", password=WRONG, **more):
    return client.post("/accounts/login/", {"login": login, "password": password}, **more)


def said(answer) -> str:
    """The sentence that refuses, without the page around it."""
    found = re.search(r'role="alert">.*?<p>(.*?)</p>', answer.content.decode(), re.S)
    return found[1] if found else ""


# --- The bucket ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_bucket_empties_with_every_guess_and_fills_with_time(at):
    bucket = [Bucket("x", 3, 60)]
    assert [guessing.take(bucket, at=at) for _try in range(5)] == [True, True, True, False, False]
    assert not guessing.take(bucket, at=at + dt.timedelta(seconds=59))
    assert guessing.take(bucket, at=at + dt.timedelta(seconds=61))
    assert not guessing.take(bucket, at=at + dt.timedelta(seconds=61))
    later = at + dt.timedelta(days=1)
    assert [guessing.take(bucket, at=later) for _try in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_one_empty_bucket_refuses_and_takes_nothing_from_the_others(at):
    narrow, wide = Bucket("narrow", 1, 60), Bucket("wide", 5, 60)
    assert [guessing.take([narrow, wide], at=at) for _try in range(3)] == [True, False, False]
    assert GuessAllowance.objects.get(key=wide.key).tokens == 4


@pytest.mark.django_db
def test_a_clock_that_goes_back_gives_nothing(at):
    bucket = [Bucket("x", 1, 60)]
    assert guessing.take(bucket, at=at)
    assert not guessing.take(bucket, at=at - dt.timedelta(hours=5))
    assert not guessing.take(bucket, at=at + dt.timedelta(seconds=59))


@pytest.mark.django_db
def test_buckets_that_are_full_again_are_forgotten(at):
    guessing.take([Bucket("x", 1, 60)], at=at)
    assert guessing.forget(at=at) == 0
    assert guessing.forget(at=at + dt.timedelta(hours=25)) == 1


def test_an_ipv6_customer_is_one_address():
    near, same, far = (guessing.network_of(a) for a in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"))
    assert near == same != far
    assert guessing.network_of("::ffff:203.0.113.9") == guessing.network_of("203.0.113.9") == "203.0.113.9"


# --- The sign-in page ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_of_200_guesses_from_one_address_no_more_than_20_reach_the_hasher(client, victim, hashed):
    for number in range(200):
        guess(client, login=("sales", f"sales{number}", f"nobody{number}")[number % 3])
    assert len([password for password in hashed if password == WRONG]) == 20


@pytest.mark.django_db
def test_one_account_takes_five_guesses_from_an_address_and_others_are_not_held_up(
    client, victim, people, hashed
):
    for _try in range(8):
        refusal = guess(client)
    assert hashed.count(WRONG) == 5 and said(refusal) == "Too many failed login attempts. Try again later."
    assert guess(client, password=SECRET).status_code == 200, "the right password came too late"
    assert guess(Client(), password=SECRET, REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.django_db
def test_the_victim_comes_in_from_a_browser_used_before_whatever_strangers_do(victim, hashed):
    known = Client()
    assert guess(known, password=SECRET).status_code == 302
    known.post("/accounts/logout/")
    for number in range(60):
        guess(Client(), REMOTE_ADDR=f"198.51.100.{number}")
    assert hashed.count(WRONG) == 50
    assert guess(Client(), password=SECRET, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert guess(known, password=SECRET).status_code == 302


@pytest.mark.django_db
def test_a_browser_that_knows_one_person_has_no_more_guesses_at_another(victim, people, hashed):
    people["owner"].set_password(SECRET)
    people["owner"].save()
    mine = Client()
    guess(mine, login="owner", password=SECRET)
    mine.post("/accounts/logout/")
    for _try in range(30):
        guess(mine)
    assert hashed.count(WRONG) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("claimed", ["203.0.113.1", "203.0.113.2, 127.0.0.1", "garbage", "::1"])
def test_a_claimed_address_buys_no_guesses(client, victim, hashed, claimed):
    for number in range(12):
        guess(client, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, {claimed}", HTTP_X_REAL_IP=f"10.0.0.{number}")
    assert hashed.count(WRONG) == 5


@pytest.mark.django_db
def test_behind_our_proxy_the_last_address_counts_and_no_other(client, victim, hashed, settings):
    settings.TRUSTED_PROXY = True
    for number in range(12):
        guess(client, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 203.0.113.1")
    assert hashed.count(WRONG) == 5
    guess(client, HTTP_X_FORWARDED_FOR="203.0.113.1, 203.0.113.2")
    assert hashed.count(WRONG) == 6


@pytest.mark.django_db
@pytest.mark.parametrize("known", ["sales", "sales@farsail.example", "SALES", "hr"])
def test_known_and_unknown_are_refused_in_the_same_words_after_the_same_work(victim, hashed, known):
    User.objects.filter(username="hr").update(password="!")
    answers = {}
    for login in (known, "nobody@farsail.example" if "@" in known else "nobody"):
        hashed.clear()
        answer = guess(Client(REMOTE_ADDR=f"198.51.100.{len(login)}"), login=login)
        answers[login] = (answer.status_code, said(answer), len(hashed))
    assert len(set(answers.values())) == 1 and list(answers.values())[0][2] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["x" * 1025, "x" * 5_000_000])
def test_a_password_that_nobody_has_is_not_hashed(client, victim, hashed, password):
    hashed.clear()
    guess(client, password=password)
    assert hashed == []


@pytest.mark.django_db
def test_a_nul_in_a_name_or_password_is_no_error(client, victim):
    assert guess(client, login="sales\0").status_code == 200
    assert guess(client, password="x\0y").status_code == 200


# --- Several processes --------------------------------------------------------------------------------------


class Guesser:
    """A browser without a library: the form's token, then guesses over one connection."""

    def __init__(self, server):
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.link.request("GET", "/accounts/login/")
        answer = self.link.getresponse()
        page = answer.read().decode()
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    def guess(self) -> str:
        form = {"csrfmiddlewaretoken": self.token, "login": "sales", "password": WRONG}
        head = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "en",
        }
        self.link.request("POST", "/accounts/login/", urlencode(form), head)
        page = self.link.getresponse().read().decode()
        return "refused" if "Too many failed" in page else "hashed" if "not correct" in page else page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together(tmp_path):
    make.people()
    User.objects.filter(username="sales").update(password="!")
    servers = [Server(tmp_path / f"{number}.log", REVIEWHUB_PLAIN_STATIC="1").start() for number in range(2)]
    results = []

    def work(server):
        guesser = Guesser(server)
        for _try in range(25):
            results.append(guesser.guess())

    try:
        threads = [threading.Thread(target=work, args=(servers[number % 2],)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for server in servers:
            server.stop()
    assert set(results) == {"hashed", "refused"} and len(results) == 200
    assert results.count("hashed") in (5, 6), "five at once, and perhaps one that a minute gave back"
