"""The link of a mail opens one form for one person and one turn, without signing in, and acts once (T17, B124)."""

import datetime as dt
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from actions import checkin_rhythm
from actions.models import Action, CheckIn
from reviewhub.health.logs import Json, Plain
from reviewhub.notices import links, planning
from reviewhub.notices.models import FormLink
from tests import make
from tests.test_access import digest

pytestmark = pytest.mark.django_db
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
EN = {"accept-language": "en"}


@pytest.fixture
def now():
    """Pages look at the clock themselves: the rhythm of these tests was due two hours ago by it."""
    return timezone.now()


@pytest.fixture
def turn(people, now):
    today = now.astimezone(checkin_rhythm.company_zone())
    began = today - dt.timedelta(hours=2)
    rhythm = make.rhythm(
        began.date().isoformat(), at=began.time().replace(second=0, microsecond=0), changed_at=now - 30 * DAY
    )
    return checkin_rhythm.due(rhythm, now)


@pytest.fixture
def owner(people, turn):
    people["owner"].language = "en"
    people["owner"].save()
    return people["owner"]


@pytest.fixture
def action(owner):
    return make.action(owner=owner)


@pytest.fixture
def path(owner, action, turn, now):
    return a_link(owner, turn, at=now)


def a_link(owner, turn, *, at, purpose="checkin"):
    return links.path(owner, (purpose, "people.user", str(owner.pk), turn.key), at=at)


def answer_of(action, status="doing", **fields):
    given = {
        "seen": f"{action.status}.0",
        "status": status,
        "blocked_by": "",
        "sentence": "",
        "confidence": "",
    }
    return {"task": action.pk} | {f"{name}-{action.pk}": value for name, value in (given | fields).items()}


def test_the_form_is_shown_and_answered_without_a_session(path, action, owner, turn):
    client = Client(enforce_csrf_checks=True)
    page = client.get(path)
    said = page.content.decode()
    assert page.status_code == 200
    assert action.title in said and f"You answer for {owner.display_name}" in said
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    assert page["Content-Language"] == "en"
    assert "rail" not in said and "/meetings/" not in said
    answer = client.post(path, answer_of(action, sentence="Samples came", confidence="high"))
    assert answer.status_code == 200 and "Thank you, that is done" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
    kept = CheckIn.objects.get()
    assert (kept.by, kept.cycle_key, kept.sentence, kept.by_link) == (owner, turn.key, "Samples came", True)
    assert not Session.objects.exists() and "sessionid" not in client.cookies


def test_it_never_signs_anybody_in(path, action):
    client = Client()
    client.get(path)
    client.post(path, answer_of(action))
    assert client.get("/").status_code == 302 and "_auth_user_id" not in client.session


def test_a_second_visit_says_that_it_is_done_and_changes_nothing(path, action):
    client = Client()
    client.post(path, answer_of(action))
    before = digest()
    for again in (client.get(path), client.post(path, answer_of(action, "done", sentence="Other"))):
        said = again.content.decode()
        assert again.status_code == 200
        assert "Thank you, that is done" in said and "Sign in to change it" in said
        assert "<form" not in said
    assert digest() == before


def test_after_the_last_task_is_done_by_it_the_link_still_says_so(path, action):
    client = Client()
    client.post(path, answer_of(action, "done"))
    assert not Action.objects.open().exists()
    assert "Thank you, that is done" in client.get(path).content.decode()


@pytest.mark.slow
def test_a_hundred_visits_of_a_scanner_change_nothing(path, action):
    client, before = Client(), digest()
    for _visit in range(100):
        assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    for method in ("options", "put", "patch", "delete", "trace"):
        assert getattr(client, method)(path).status_code == 405
    assert digest() == before


def test_a_link_that_is_bent_opens_nothing(path, action):
    client, before = Client(), digest()
    token = path.split("/")[2]
    bits = [(place, 1 << place % 3) for place in range(len(token))]
    bent = [token[:place] + chr(ord(token[place]) ^ bit) + token[place + 1 :] for place, bit in bits]
    bent += [
        token[:-1],
        token[:20],
        token[1:],
        token + "A",
        token * 2,
        "x",
        "x" * 5000,
        "%00",
        "é中",
        token.swapcase(),
    ]
    for text in bent:
        if "/" in text or "?" in text or "#" in text or text in (".", ".."):
            continue
        assert client.post(f"/l/{text}/", answer_of(action)).status_code == 404, text
    said = client.get(f"/l/{token[:-1]}/").content.decode()
    assert "此链接打不开任何内容" in said and "This link opens nothing" in said
    assert said.count("Sign in to ask for a new link") == 1 and 'href="/"' in said
    assert digest() == before


def test_it_ends_after_fourteen_days_to_the_second(path, owner, turn, now):
    token = path.split("/")[2]
    assert links.find(token, at=now + 14 * DAY - SECOND).user == owner
    for at in (now + 14 * DAY, now + 14 * DAY + SECOND):
        with pytest.raises(links.Refused) as refusal:
            links.find(token, at=at)
        assert refusal.value.reason == "expired"


@pytest.mark.parametrize(("ends_in", "status"), [(dt.timedelta(minutes=1), 200), (-SECOND, 410)])
def test_the_page_of_an_expired_link_says_so_in_both_languages(path, action, now, ends_in, status):
    FormLink.objects.update(expires_at=timezone.now() + ends_in)
    answer = Client().get(path)
    assert answer.status_code == status
    assert ("此链接已过期" in answer.content.decode()) == (status == 410)
    assert ("This link is over" in answer.content.decode()) == (status == 410)
    if status == 410:
        assert Client().post(path, answer_of(action)).status_code == 410
        assert not CheckIn.objects.exists()


@pytest.mark.parametrize("what", ["closed", "given away", "left", "revoked"])
def test_it_is_revoked_when_there_is_nothing_left_to_ask_this_person(path, action, owner, people, what, now):
    if what == "closed":
        Action.objects.update(status="done", done_at=now)
    elif what == "given away":
        Action.objects.update(owner=people["sales"])
    elif what == "left":
        owner.is_active = False
        owner.save()
    else:
        links.revoke(FormLink.objects.get(), at=now)
    before = digest()
    for answer in (Client().get(path), Client().post(path, answer_of(action))):
        assert answer.status_code == 410
        assert "This link does not count any more" in answer.content.decode()
    assert digest() == before


def test_it_counts_for_its_own_turn_only(path, action, owner, turn, now):
    """An earlier link of the same person is refused once the next turn has been asked for."""
    older = checkin_rhythm.named(turn.key, checkin_rhythm.kept(now))
    earlier = FormLink.objects.get()
    key = (older.wall - dt.timedelta(days=14)).date().isocalendar()
    FormLink.objects.filter(pk=earlier.pk).update(cycle_key=f"{key.year}-W{key.week:02}")
    answer = Client().post(path, answer_of(action))
    assert answer.status_code == 410
    assert "This link belongs to an earlier date" in answer.content.decode()
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"purpose": "nothing of ours"}, 404),
        ({"subject_id": "999999"}, 410),
        ({"subject_type": "actions.action"}, 410),
        ({"cycle_key": "no week"}, 404),
        ({"cycle_key": ""}, 404),
    ],
)
def test_bound_to_something_else_it_opens_nothing(path, action, fields, status):
    FormLink.objects.update(**fields)
    assert Client().get(path).status_code == status
    assert Client().post(path, answer_of(action)).status_code == status
    assert not CheckIn.objects.exists()


def test_the_link_of_another_purpose_never_reaches_the_check_in(owner, action, turn, now, monkeypatch):
    monkeypatch.setitem(
        links._purposes, "other", links.Purpose("other", f"{__name__}.other_form", lambda link: True)
    )
    path = a_link(owner, turn, at=now, purpose="other")
    assert Client().post(path, answer_of(action)).content == b"other"
    assert not CheckIn.objects.exists()


def other_form(request, link):
    return HttpResponse("other")


def test_nobody_answers_about_the_task_of_another_with_it(path, action, people):
    theirs = make.action("theirs", people["sales"])
    answer = Client().post(path, answer_of(theirs, "done"))
    assert answer.status_code == 422
    assert "One of these tasks is not yours any more." in answer.content.decode()
    assert "theirs" not in answer.content.decode()
    theirs.refresh_from_db()
    assert theirs.status == "todo"
    assert FormLink.objects.get().used_at is None


def test_refused_input_keeps_the_link_and_what_was_typed(path, action, people):
    row = answer_of(action, blocked_by=f"d:{make.department('SCM').pk}", confidence="low")
    answer = Client().post(path, row)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in one sentence what you need from them." in said
    assert f'<option value="d:{make.department("SCM").pk}" selected>' in said
    assert 'value="low" checked' in said
    assert FormLink.objects.get().used_at is None
    assert Client().post(path, row | {f"sentence-{action.pk}": "Labels"}).status_code == 200
    assert CheckIn.objects.get().blocked_by_department.code == "SCM"


def test_what_is_confidential_needs_a_session(path, action, owner):
    secret = make.action("the secret plan", owner, confidentiality=2)
    said = Client().get(path).content.decode()
    assert "secret plan" not in said
    assert "1 more task is confidential: sign in to answer it." in said
    answer = Client().post(path, answer_of(secret, "done"))
    assert answer.status_code == 422
    secret.refresh_from_db()
    assert secret.status == "todo"
    action.delete()
    alone = Client().get(path).content.decode()
    assert "it is confidential: sign in to answer it" in alone and "secret plan" not in alone


def test_somebody_else_who_is_signed_in_is_told_for_whom_they_answer(path, action, owner, people, signed_in):
    client = signed_in(people["sales"])
    said = client.get(path).content.decode()
    reader, name = people["sales"].display_name, owner.display_name
    assert f"You are signed in as {reader}, but this link belongs to {name}" in said
    client.post(path, answer_of(action))
    assert CheckIn.objects.get().by == owner
    assert client.get("/profile/").status_code == 200  # still themselves
    assert client.session["_auth_user_id"] == str(people["sales"].pk)


def test_the_form_speaks_the_language_of_its_person_whoever_reads(path, owner, people, signed_in):
    owner.language = "zh-hans"
    owner.save()
    people["sales"].language = "en"
    people["sales"].save()
    for client in (Client(headers=EN), signed_in(people["sales"])):
        page = client.get(path, headers=EN)
        assert "你的进度更新" in page.content.decode() and page["Content-Language"] == "zh-Hans"


def test_the_token_never_stands_in_a_log(path, action, caplog, capsys):
    """What is refused is logged by the framework with its path: the formatter of the house masks it."""
    token = path.split("/")[2]
    with caplog.at_level(logging.DEBUG):
        Client().post(path, answer_of(action, "finished"))
        FormLink.objects.update(revoked_at=timezone.now())
        Client().get(path)
        Client().get(f"/l/{token[:-1]}x/")
    assert any(token in record.getMessage() for record in caplog.records)  # so the mask has something to do
    for record in caplog.records:
        for formatter in (Plain(), Json()):
            said = formatter.format(record)
            assert token not in said and token[:-1] not in said


def test_the_same_link_travels_with_every_attempt_and_a_new_one_follows_an_expired_one(
    path, owner, turn, now
):
    assert a_link(owner, turn, at=now + DAY) == path
    assert a_link(owner, turn, at=now + 14 * DAY) != path
    assert FormLink.objects.filter(revoked_at=None).count() == 1
    assert not FormLink.objects.filter(token_hash__contains=path.split("/")[2]).exists()


def test_planning_alone_makes_no_link(action, owner):
    planning.plan(clock=timezone.now)
    assert not FormLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_pressed_eight_times_at_once_it_is_kept_once(path, action):
    """Double clicks and impatient mail programs: each request has a connection of its own."""

    def press(_number):
        try:
            return Client().post(path, answer_of(action, sentence="Once")).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(press, range(8))) == [200] * 8
    assert CheckIn.objects.count() == 1
