"""The reset of a cycle: who grades, what is asked, what is written down, and that it happens once."""

import datetime as dt
import threading
from fractions import Fraction

import pytest
from django.db import connection
from django.utils import timezone, translation

from okr import cascade, reset, setting
from okr.models import Cycle, Grade, KeyResult, Measurement, Reset
from okr.setting import CannotSet
from reviewhub.people.models import Activity
from tests import make

OVER = dt.datetime(2027, 1, 1, 9, 0, tzinfo=dt.UTC)
WHY = {"cause": "execution", "sentence": "One shop opened late.", "then": "keep"}


@pytest.fixture
def row(people, db):
    _objective, row = make.cascade(people)
    Measurement.objects.create(
        result=row, value=15 * 10**6, on=make.AT.date(), evidence="List", at=make.AT, by=people["sales"]
    )
    return row


def grade(row, by, **said):
    return reset.grade(row, **(WHY | said), by=by, at=make.AT)


def refused(call) -> dict:
    with pytest.raises(CannotSet) as said, translation.override("en"):
        call()
    return said.value.problems


def test_a_key_result_is_graded_by_its_owner_with_cause_sentence_and_what_becomes_of_it(people, row):
    assert refused(lambda: grade(row, people["marketing"])) == {
        "": "The lead of the department sets this, or an executive."
    }
    assert refused(lambda: grade(row, people["sales"], cause="", sentence="", then="")) == {
        "cause": "It was not wholly reached, or nobody knows: choose the cause.",
        "then": "Choose what becomes of it.",
    }
    assert refused(lambda: grade(row, people["sales"], sentence=" ")) == {
        "sentence": "Say why in one sentence, in at most 200 characters."
    }
    grade(row, people["sales"], sentence="Late")
    kept = grade(row, people["ceo"])
    assert (Grade.objects.count(), kept.sentence, kept.score) == (1, "One shop opened late.", None)
    Measurement.objects.update(value=20 * 10**6)
    assert grade(row, people["sales"], cause="", sentence="", then="drop").cause == ""


def test_the_reset_waits_for_the_last_day_and_every_grade_and_then_nothing_changes(people, row):
    ceo, cycle = people["ceo"], row.cycle
    assert refused(lambda: reset.reset(cycle, by=people["sales"], at=OVER)) == {
        "": "Executives score a cycle."
    }
    assert refused(lambda: reset.reset(cycle, by=ceo, at=make.AT)) == {
        "": "The cycle is not over yet. 1 key result is not graded yet."
    }
    grade(row, people["sales"])
    kept = reset.reset(cycle, by=ceo, at=OVER)
    assert reset.reset(cycle, by=ceo, at=OVER) == kept
    one = Grade.objects.get()
    assert (one.baseline, one.target, one.actual, one.score) == (10_000_000, 20_000_000, 15_000_000, 500_000)
    assert Cycle.objects.get(pk=cycle.pk).state == Cycle.State.CLOSED
    row = KeyResult.objects.get(cycle=cycle)
    stays = "This cycle is scored: it stays as it is."
    assert refused(lambda: grade(row, people["sales"])) == {"": stays}
    assert refused(lambda: setting.drop(row, by=ceo, at=OVER)) == {"": stays}
    assert (
        list(
            Activity.objects.filter(code__in=["okr.graded", "okr.reset"]).values_list("code", flat=True)
        ).count("okr.reset")
        == 1
    )


def test_the_map_of_a_scored_cycle_stays_as_it_was_scored(people, row):
    """A measurement that comes later changes neither figures nor progress, of the objective above neither."""
    grade(row, people["sales"])
    reset.reset(row.cycle, by=people["ceo"], at=OVER)
    cycle = Cycle.objects.get(pk=row.cycle_id)
    before = cascade.cascade(cycle, user=people["ceo"], on=OVER.date())
    Measurement.objects.create(
        result=row, value=20 * 10**6, on=OVER.date(), evidence="Late", at=OVER, by=people["sales"]
    )
    after = cascade.cascade(cycle, user=people["ceo"], on=OVER.date())
    key, above = cascade.result_key(row.pk), cascade.objective_key(row.objective_id)
    assert after.standings[int(key[1:])].actual == 15 and after.standings[int(key[1:])].until == cycle.ends_on
    assert after.progress[key].value == after.progress[above].value == Fraction(1, 2)
    assert (before.progress, before.standings) == (after.progress, after.standings)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_score_a_cycle_once(people, row):
    grade(row, people["sales"])
    done, gate = [], threading.Barrier(2)

    def press():
        try:
            gate.wait()
            done.append(reset.reset(row.cycle, by=people["ceo"], at=OVER).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _one in range(2)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert len(done) == 2 and len(set(done)) == 1
    assert (Reset.objects.count(), Activity.objects.filter(code="okr.reset").count()) == (1, 1)


def test_the_page_grades_refuses_beside_the_field_and_scores_in_both_languages(
    people, row, signed_in, pages_at
):
    today = timezone.localdate()
    Cycle.objects.update(ends_on=today, starts_on=today - dt.timedelta(days=90))
    Measurement.objects.update(on=today - dt.timedelta(days=5))
    for name, language in (("sales", "en"), ("ceo", "zh-hans")):
        people[name].language = language
        people[name].save()
    url, key = "/okr/2026-Q4/reset/", f"k{row.pk}"
    client = signed_in(people["sales"])

    def post(**said):
        return client.post(f"{url}{row.pk}", {f"{key}-{name}": value for name, value in said.items()})

    page = client.get(url).content.decode()
    assert "0 of 1 key results graded" in page and "(15 shops − 10 shops) ÷ (20 shops − 10 shops)" in page
    answer = post(cause="", sentence="Only this was typed", then="keep")
    page = answer.content.decode()
    assert answer.status_code == 422 and "choose the cause" in page and 'value="Only this was typed"' in page
    assert post(**WHY)["Location"] == f"{url}#{key}"
    answer = client.post(f"{url}close")
    assert answer.status_code == 422 and "Executives score a cycle." in answer.content.decode()
    ceo = signed_in(people["ceo"])
    assert ceo.post(f"{url}close")["Location"] == url
    Measurement.objects.update(value=20 * 10**6)
    page = ceo.get(url).content.decode()
    assert (
        "执行不到位" in page
        and "One shop opened late." in page
        and "50%" in page.replace(" ", "").replace("\xa0", "")
    )
    assert signed_in(people["logistics"]).get(url).status_code == 404
