"""A write that comes twice happens once, whatever dies in between (B114, F15)."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from actions.models import Action
from metrics.models import ImportJob, Submission
from reviewhub.api import repeats
from reviewhub.api.models import KeptAnswer
from tests import make
from tests.api import caller
from tests.api.test_submissions import form

KEY = uuid.UUID(int=7)


@pytest.fixture
def token(people):
    return caller.made(people["sales"])[0]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "1", "not-a-uuid", "x" * 36, "1" * 10_000, "{" + str(KEY) + "}"])
def test_a_write_needs_a_key_that_is_a_uuid(program, key):
    answer = program("sales").post("/submissions", form=form(), **{"Idempotency-Key": key})
    assert (answer.status_code, answer.said["code"]) == (400, "KEY_NEEDED")
    assert not ImportJob.objects.exists() and not KeptAnswer.objects.exists()


@pytest.mark.django_db
def test_while_the_first_runs_the_second_is_told_to_wait(token, at):
    first = repeats.claim(token, KEY, "body", at=at)
    with pytest.raises(repeats.StillRunning):
        repeats.claim(token, KEY, "body", at=at + dt.timedelta(seconds=1))
    with pytest.raises(repeats.OtherBody):
        repeats.claim(token, KEY, "another body", at=at)
    repeats.finish(first, 202, {"id": 1})
    again = repeats.claim(token, KEY, "body", at=at)
    assert (again.status, again.body) == (202, {"id": 1})


@pytest.mark.django_db
def test_the_keys_of_one_token_are_not_those_of_another(token, people, at):
    repeats.finish(repeats.claim(token, KEY, "body", at=at), 200, {})
    other = caller.made(people["sales"])[0]
    assert repeats.claim(other, KEY, "another body", at=at).status is None


@pytest.mark.django_db
def test_after_a_kill_the_key_is_free_when_the_lease_is_over_and_the_dead_one_writes_nothing(token, at):
    dead = repeats.claim(token, KEY, "body", at=at)
    later = at + repeats.LEASE + dt.timedelta(seconds=1)
    second = repeats.claim(token, KEY, "body", at=later)
    assert second.status is None and second.claim != dead.claim
    with pytest.raises(repeats.Overtaken):
        repeats.finish(dead, 200, {"by": "the dead one"})
    repeats.finish(second, 200, {"by": "the second"})
    assert KeptAnswer.objects.get().body == {"by": "the second"}


@pytest.mark.django_db
def test_a_fault_leaves_the_key_free_and_nothing_behind(program, people, monkeypatch):
    action = make.action(owner=people["sales"])
    sales = program("sales")
    sales.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("reviewhub.api.repeats.finish", None)
        fault = sales.patch(f"/actions/{action.pk}", {"status": "doing"}, key=KEY)
    assert fault.status_code == 500 and not KeptAnswer.objects.exists()
    assert Action.objects.get().status == "todo"
    assert sales.patch(f"/actions/{action.pk}", {"status": "doing"}, key=KEY).status_code == 200


@pytest.mark.django_db
def test_a_refusal_is_repeated_too(program, people):
    version = make.submission(findings_total=1, findings=[])
    sales = program("sales")
    first = sales.post(f"/submissions/{version.pk}/hand-in", key=KEY)
    Submission.objects.update(findings_total=0)
    again = sales.post(f"/submissions/{version.pk}/hand-in", key=KEY)
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.said["errors"] == again.said["errors"] and again["Idempotency-Replayed"] == "true"


@pytest.mark.django_db
def test_answers_are_kept_for_two_days(token, at):
    repeats.finish(repeats.claim(token, KEY, "body", at=at), 200, {})
    repeats.claim(token, uuid.uuid4(), "body", at=at)
    assert repeats.forget(at=at + repeats.KEPT) == 0
    assert repeats.forget(at=at + repeats.KEPT + dt.timedelta(seconds=1)) == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_carried_out(people):
    """Eight programs send the same upload with the same key in the same moment."""
    text, answers = caller.made(people["sales"], at=timezone.now())[1], []
    caller.document()
    gate = threading.Barrier(8)

    def send():
        try:
            gate.wait()
            answers.append(caller.Program(text).post("/submissions", form=form(), key=KEY))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and {one.status_code for one in answers} <= {202, 409}
    assert len({one.said["id"] for one in answers if one.status_code == 202}) == 1
    assert ImportJob.objects.count() == KeptAnswer.objects.count() == 1
