"""A task is closed with proof, and its figure is read at closing, two and four weeks later, each exactly once."""

import datetime as dt

import pytest
from django.db import Error, transaction
from django.utils import translation

from actions import checkin_answers, effects, followup, proofs
from actions.models import EffectLook, Proof
from metrics.models import MetricVersion
from okr.models import KeyResult
from tests import make
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales

pytestmark = pytest.mark.django_db
CLOSED = dt.datetime(2026, 8, 17, 3, 0, tzinfo=dt.UTC)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def english(people):
    for name in ("owner", "marketing"):
        people[name].language = "en"
        people[name].save()
    with translation.override("en"):
        yield


def test_a_press_closes_and_the_proof_is_asked_for_until_it_is_given(people, signed_in):
    task = make.action(owner=people["owner"])
    client, page = signed_in(people["owner"]), f"/actions/{task.pk}/"
    client.post(f"{page}status", {"status": "done"})
    for address in (page, "/actions/", "/actions/?view=list"):
        assert "Proof missing" in client.get(address).content.decode()
    refused = client.post(f"{page}proof", {"proof": "ok"})
    assert refused.status_code == 422
    assert 'value="ok"' in refused.content.decode() and "Give a link, a figure" in refused.content.decode()
    for _again in range(2):
        assert client.post(f"{page}proof", {"proof": " https://farsail.example/de "}).status_code == 302
    row = Proof.objects.get()
    assert (row.kind, row.text, row.by) == ("link", "https://farsail.example/de", people["owner"])
    assert "Proof missing" not in client.get("/actions/").content.decode()
    assert 'href="https://farsail.example/de"' in client.get(page).content.decode()
    with pytest.raises(Error), transaction.atomic():
        Proof.objects.update(text="another")
    client.post(f"{page}status", {"status": "doing"})
    client.post(f"{page}status", {"status": "done"})
    assert "Proof missing" in client.get("/actions/").content.decode()  # another closing, another proof
    client.post(f"{page}proof", {"proof": "3家店已上线"})
    assert Proof.objects.count() == 2
    assert signed_in(people["marketing"]).post(f"{page}proof", {"proof": "12 shops"}).status_code == 422
    other = signed_in(people["logistics"])
    assert other.post(f"{page}proof", {"proof": "12 shops"}).status_code == 404


def test_an_open_task_is_closed_by_its_proof_and_in_the_check_in_by_its_sentence(people):
    owner = people["owner"]
    task = make.action(owner=owner)
    proofs.close(task, "12 shops", by=owner, at=make.AT)
    task.refresh_from_db()
    assert (task.status, proofs.of([task])[task.pk].kind) == ("done", "figure")
    other, turn = make.action("other", owner), checkin_answers_turn()
    said = checkin_answers.Said(other.pk, seen="todo.0", status="done", sentence="All shops are online.")
    checkin_answers.answer(owner, turn, [said], at=make.AT)
    other.refresh_from_db()
    assert proofs.of([task, other])[other.pk].text == "All shops are online."


def checkin_answers_turn():
    from actions import checkin_rhythm  # noqa: PLC0415

    return checkin_rhythm.current(checkin_rhythm.kept(make.AT), make.AT)


@pytest.fixture
def task(people):
    """Done in August; its key result reads gross sales, of which months are certified up to July."""
    dictionary_of_today()
    _objective, result = make.cascade(people)
    version = MetricVersion.objects.get(metric__code="SAL_GROSS", effective_to=None)
    KeyResult.objects.update(metric=version.metric, version=version)
    year_of_sales(26, last="2026-07")
    task = make.action(owner=people["owner"], result=result)
    followup.set_status(task, "done", by=people["owner"], at=CLOSED)
    return task


def read():
    rows = EffectLook.objects.order_by("weeks")
    return [(one.weeks, one.grain, str(one.period_start), one.value, one.verdict, one.reason) for one in rows]


def test_each_look_is_taken_once_waits_for_its_certified_reading_and_late_runs_catch_up(
    task, people, signed_in
):
    assert effects.take_due(at=CLOSED - WEEK) == 0
    assert [effects.take_due(at=CLOSED) for _again in range(2)] == [1, 0]
    assert read() == [(0, "week", "2026-07-20", 0, "", "")]  # the newest week that is certified as a whole
    assert effects.take_due(at=CLOSED + 2 * WEEK) == 0  # nobody certified the end of August yet
    base = 5000
    for month in ("2026-08", "2026-09"):
        part = {"platform": "web", "country": "Germany"}
        rows = [("SAL_GROSS", f"{month}-{day:02}", base, part) for day in range(1, 31)]
        figures(
            [*rows, ("SAL_REF", f"{month}-03", 1, part), ("SAL_ORD", f"{month}-03", 9, part)],
            period=month,
            zero=["SAL_DISC"],
        )
    late = CLOSED + 9 * WEEK
    assert [effects.take_due(at=late) for _again in range(2)] == [2, 0]
    assert read()[1:] == [
        (2, "week", "2026-08-31", 30_000 * 10**6, "worked", "signal"),
        (4, "week", "2026-09-14", 35_000 * 10**6, "worked", "signal"),
    ]
    page = f"/actions/{task.pk}/"
    shown = signed_in(people["owner"]).get(page).content.decode()
    assert "The figure is better than before, and by more than its usual noise." in shown
    assert "/metrics/SAL_GROSS/passport/?month=" in shown


def test_without_a_certified_reading_the_verdict_is_unclear_and_a_reopened_task_is_left_alone(task, people):
    effects.take_due(at=CLOSED)
    after = CLOSED + dt.timedelta(days=14 + 61)
    assert effects.take_due(at=after) == 1
    assert read()[1][4:] == ("unclear", "no_reading")
    followup.set_status(task, "doing", by=people["owner"], at=after)
    assert effects.take_due(at=after + 9 * WEEK) == 0
