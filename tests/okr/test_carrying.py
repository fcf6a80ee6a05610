"""From one cycle into the next: what goes on, where it came from, how often, and what past cycles say of a target."""

import datetime as dt
from collections import Counter
from fractions import Fraction

import pytest
from django.utils import translation

from okr import carrying, cycles, history, reset
from okr.models import Cycle, Grade, KeyResult, Measurement, Objective
from okr.setting import CannotSet
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
OVER = dt.datetime(2027, 1, 1, 9, 0, tzinfo=dt.UTC)
EN = {"accept-language": "en"}


@pytest.fixture
def row(people):
    """10 → 20, stands at 15."""
    _objective, row = make.cascade(people)
    Measurement.objects.create(
        result=row, value=15 * 10**6, on=make.AT.date(), evidence="List", at=make.AT, by=people["sales"]
    )
    return row


def scored(people, row, then, at=OVER, **said):
    given = {"cause": "execution", "sentence": "One shop opened late.", "then": then} | said
    reset.grade(row, **given, by=people["ceo"], at=row.cycle.starts_on and make.AT)
    return reset.reset(row.cycle, by=people["ceo"], at=at)


@pytest.mark.parametrize(
    ("length", "day", "expected"),
    [
        ("quarter", dt.date(2026, 12, 31), ("2026-Q4", dt.date(2026, 10, 1), dt.date(2027, 1, 1))),
        ("quarter", dt.date(2027, 1, 1), ("2027-Q1", dt.date(2027, 1, 1), dt.date(2027, 4, 1))),
        ("half", dt.date(2026, 6, 30), ("2026-H1", dt.date(2026, 1, 1), dt.date(2026, 7, 1))),
        ("half", dt.date(2026, 7, 1), ("2026-H2", dt.date(2026, 7, 1), dt.date(2027, 1, 1))),
        ("year", dt.date(2026, 2, 28), ("2026", dt.date(2026, 1, 1), dt.date(2027, 1, 1))),
    ],
)
def test_a_cycle_has_the_days_of_the_calendar(length, day, expected):
    assert cycles.span(length, day) == expected


@pytest.mark.parametrize(
    ("then", "baseline", "target"), [("keep", 15, 20), ("roll", 10, 20), ("change", 15, None), ("drop", 0, 0)]
)
def test_what_is_not_dropped_goes_on_with_its_origin(people, row, then, baseline, target):
    scored(people, row, then)
    into = Cycle.objects.get(code="2027-Q1")
    assert (into.starts_on, into.ends_on, into.length) == (
        dt.date(2027, 1, 1),
        dt.date(2027, 4, 1),
        "quarter",
    )
    if then == "drop":
        assert not into.results.exists() and not into.objectives.exists()
        return
    new, objective = into.results.get(), into.objectives.get()
    assert (new.origin, new.objective, objective.origin) == (row, objective, row.objective)
    assert (new.title, new.owner, new.department) == (row.title, row.owner, row.department)
    assert (new.baseline, new.target) == (baseline * 10**6, target and target * 10**6)
    assert Activity.objects.get(code="okr.reset").params["made"] == 1


def test_pressed_twice_the_next_cycle_is_made_once(people, row):
    scored(people, row, "keep")
    reset.reset(row.cycle, by=people["ceo"], at=OVER)
    assert KeyResult.objects.count() == 2 and Objective.objects.count() == 2


def test_who_has_left_owns_nothing_in_the_next_cycle(people, row):
    people["sales"].is_active = False
    people["sales"].save()
    scored(people, row, "keep")
    assert row.goes_on.owner is None


def test_at_the_third_time_it_is_named_on_its_page_and_on_the_reset(people, row, signed_in):
    at, one = OVER, row
    for _turn in range(3):
        given = {
            "cause": "execution",
            "sentence": "Late again.",
            "then": "roll",
            "at": at,
            "by": people["ceo"],
        }
        Grade.objects.create(result=one, **given)
        reset.reset(one.cycle, by=people["ceo"], at=at)
        one = KeyResult.objects.get(origin=one)
        assert carrying.often(one.cycle) == ({one.pk: 3} if _turn == 2 else {})
        at += dt.timedelta(days=92)
    assert [past.row.cycle.code for past in carrying.pasts(one)] == ["2027-Q2", "2027-Q1", "2026-Q4"]
    client = signed_in(people["ceo"])
    for page in (f"results/{one.pk}/", "reset/"):
        told = client.get(f"/okr/{one.cycle.code}/{page}", headers=EN).content.decode()
        assert "It has gone on 3 times." in told
    past = client.get("/okr/past/", headers=EN).content.decode()
    assert "2026-Q4" in past and "2027-Q3" not in past


def test_a_target_is_typed_beside_how_far_the_department_came_before(people, row, signed_in):
    sales = people["sales"].department
    assert history.hit_range(sales.pk) is None
    results = [row]
    results += [
        KeyResult.objects.create(cycle=row.cycle, department=sales, title=f"R{place}") for place in range(4)
    ]
    scores = (100_000, 400_000, 500_000, 900_000, 1_000_000)
    for one, score in zip(results, scores, strict=True):
        Grade.objects.create(
            result=one, cause="data" if score < 10**6 else "", sentence="x", then="keep", at=OVER, score=score
        )
    reset.Reset.objects.create(cycle=row.cycle, at=OVER, by=people["ceo"])
    found = history.hit_range(sales.pk)
    assert (found.count, found.low, found.middle, found.high) == (
        5,
        Fraction(1, 4),
        Fraction(1, 2),
        Fraction(19, 20),
    )
    told = history.summary(Grade.objects.all())
    assert (told.count, told.known, told.mean, told.hits) == (5, 5, Fraction(29, 50), Fraction(1, 5))
    assert told.causes == Counter(data=4)
    into = cycles.following(row.cycle, by=people["ceo"], at=OVER)
    page = signed_in(people["ceo"]).get(f"/okr/{into.code}/results/new/?department=SAL", headers=EN)
    assert "5 earlier key results here" in page.content.decode()


def test_an_executive_starts_a_cycle_and_nobody_else_finds_the_page(people, signed_in):
    assert "Start a cycle" in signed_in(people["ceo"]).get("/okr/", headers=EN).content.decode()
    assert signed_in(people["sales"]).get("/okr/start/").status_code == 404
    assert signed_in(people["logistics"]).get("/okr/past/").status_code == 404
    client = signed_in(people["ceo"])
    wrong = client.post("/okr/start/", {"length": "quarter", "day": "2015-01-01"}, headers=EN)
    assert wrong.status_code == 422 and "Choose a day within a year from today." in wrong.content.decode()
    day = dt.datetime.now(dt.UTC).date()
    code = cycles.span("half", day)[0]
    for _press in range(2):
        answer = client.post("/okr/start/", {"length": "half", "day": day.isoformat()})
        assert answer["Location"] == f"/okr/{code}/"
    assert Cycle.objects.get().code == code and Activity.objects.filter(code="okr.cycle_started").count() == 1
    with pytest.raises(CannotSet), translation.override("en"):
        cycles.start("half", day, by=people["sales"], at=OVER)
