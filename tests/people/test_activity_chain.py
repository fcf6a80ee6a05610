"""The activity log only grows, and shows it when somebody went around the database's refusal (T33)."""

import json
import threading
import time

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from reviewhub.people import activity, appending, chain
from reviewhub.people.models import Activity, ActivityChain, Company, User
from tests import make

whole = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(transactional_db):
    return make.company()


def write(company, number=1, **fields):
    return activity.record("company.changed", company, by=None, at=make.AT, params={"n": number}, **fields)


def refused(change) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        change()
    return str(refusal.value)


def tamper(sql):
    """As somebody who owns the database does: the triggers away, the row changed, the triggers back."""
    with appending.unguarded(), connection.cursor() as cursor:
        cursor.execute(sql)


def faults() -> list[tuple]:
    return [(fault.position, fault.kind) for fault in chain.verify().faults]


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_a_line(people):
    line = write(Company.objects.get())
    lines = Activity.objects.filter(pk=line.pk)
    for change in (
        lambda: lines.update(code="nothing.happened"),
        lambda: lines.update(actor=people["sales"]),
        lambda: lines.update(position=7, code="nothing.happened"),
        lambda: lines.update(digest="0" * 64),
        lambda: lines.delete(),
        lambda: connection.cursor().execute("DELETE FROM people_activity"),
    ):
        assert "append-only" in refused(change)
    assert Activity.objects.get() == line and lines.get().params == {"n": 1}


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_table_cannot_be_truncated(people):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    assert "append-only" in refused(lambda: connection.cursor().execute("TRUNCATE people_activity"))


@whole
def test_a_chained_line_cannot_be_chained_again(company):
    write(company)
    assert "append-only" in refused(lambda: Activity.objects.update(position=9))


@pytest.mark.django_db
def test_somebody_who_did_something_cannot_be_deleted(people):
    activity.record("company.changed", Company.objects.get(), by=people["sales"], at=make.AT)
    with pytest.raises(ProtectedError):
        User.objects.filter(pk=people["sales"].pk).delete()


@whole
def test_each_line_holds_the_digest_of_itself_and_of_the_line_before(company):
    with transaction.atomic():
        write(company, 1)
        write(company, 2)
        assert not Activity.objects.exclude(position=None).exists(), "chained before the commit"
    write(company, 3)
    lines = list(Activity.objects.order_by("id"))
    assert [line.position for line in lines] == [1, 2, 3]
    previous = ""
    for line in lines:
        assert line.digest == chain.digest(line, line.position, previous)
        previous = line.digest
    assert len({line.digest for line in lines}) == 3
    assert chain.verify() == chain.Verdict(3, 0, previous, [])


@whole
def test_a_changed_line_is_found_whatever_was_changed(company):
    for number in range(3):
        write(company, number)
    second = Activity.objects.get(position=2).pk
    quoted = "'{\"n\": 99}'"
    for change in (f"params={quoted}", "code='x'", "at='2001-01-01 00:00:00+00:00'", "confidentiality=0"):
        before = Activity.objects.filter(pk=second).values().get()
        tamper(f"UPDATE people_activity SET {change} WHERE id={second}")
        assert faults() == [(2, "changed")], change
        with appending.unguarded():
            Activity.objects.filter(pk=second).update(**before)
        assert faults() == []


@whole
def test_a_missing_line_is_found_in_the_middle_and_at_the_end(company):
    for number in range(4):
        write(company, number)
    tamper("DELETE FROM people_activity WHERE position=2")
    assert faults() == [(2, "missing")]
    tamper("DELETE FROM people_activity WHERE position=4")
    assert faults() == [(2, "missing"), (4, "missing")]
    tamper("DELETE FROM people_activity")
    assert faults() == [(place, "missing") for place in (1, 2, 3, 4)]


@whole
def test_a_line_whose_digest_was_made_to_fit_breaks_the_next_one(company):
    for number in range(3):
        write(company, number)
    tamper("UPDATE people_activity SET code='x' WHERE position=2")
    forged = Activity.objects.get(position=2)
    first = Activity.objects.get(position=1).digest
    tamper(f"UPDATE people_activity SET digest='{chain.digest(forged, 2, first)}' WHERE position=2")
    assert faults() == [(3, "changed")]


@whole
def test_a_line_that_lost_its_turn_is_taken_along_by_the_next(company):
    Activity.objects.bulk_create(
        Activity(code="x", subject_type="t", subject_id="1", at=make.AT) for _n in range(3)
    )
    assert chain.verify().waiting == 3
    write(company)
    assert [line.position for line in Activity.objects.order_by("id")] == [1, 2, 3, 4] and faults() == []


@whole
def test_writers_at_the_same_time_make_one_chain(company):
    def work(worker):
        for number in range(15):
            with transaction.atomic():
                write(company, worker * 100 + number)
                if number % 5 == 4:
                    write(company, -1)
        connection.close()

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain.extend()
    found = chain.verify()
    assert (found.lines, found.waiting, found.faults) == (72, 0, [])
    assert ActivityChain.objects.get().length == 72


@pytest.mark.postgres
@whole
def test_writing_does_not_wait_for_a_long_transaction(company):
    """The import of a whole month holds its line back until it commits; nobody else notices."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time anyway")
    done = threading.Event()

    def other():
        write(company, 2)
        connection.close()
        done.set()

    with transaction.atomic():
        write(company, 1)
        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(5)
        thread.join()
    assert [line.params["n"] for line in Activity.objects.order_by("position")] == [2, 1] and faults() == []


@whole
def test_the_command_says_so_and_its_exit_status_too(company, capsys):
    write(company)
    call_command("verify-activity", "--json")
    said = json.loads(capsys.readouterr().out)
    digest = Activity.objects.get().digest
    assert said == {"status": "ok", "lines": 1, "waiting": 0, "digest": digest, "faults": []}
    call_command("verify-activity")
    assert "1 lines, none changed" in capsys.readouterr().out
    tamper("UPDATE people_activity SET code='x'")
    with pytest.raises(SystemExit) as ended:
        call_command("verify-activity", "--json")
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["status"], said["faults"][0]["problem"]) == ("broken", "changed")


@whole
def test_emptying_the_whole_database_is_possible_and_leaves_the_guard_in_place(company):
    write(company)
    call_command("flush", interactive=False, verbosity=0)
    assert not Activity.objects.exists() and chain.verify().lines == 0
    write(make.company())
    assert "append-only" in refused(lambda: Activity.objects.all().delete())
    assert faults() == []


@whole
def test_the_cost_of_a_line_stays_small(company):
    """A tenth of a second for a line would be noticed by people; it takes a few milliseconds."""
    write(company)
    began = time.process_time()
    for number in range(50):
        write(company, number)
    assert (time.process_time() - began) / 50 < 0.1
