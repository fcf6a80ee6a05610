"""Who sets objectives and key results, what is refused beside its field, and what a measurement needs."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from metrics.models import Metric
from okr import cascade, setting
from okr.models import Cycle, KeyResult, Objective
from okr.setting import CannotSet, ObjectiveWish, ResultWish
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def in_english(people):
    with translation.override("en"):
        yield


@pytest.fixture
def objective(people):
    return setting.keep_objective(
        make.cycle(), ObjectiveWish("A brand to trust", owner=people["ceo"]), by=people["ceo"], at=make.AT
    )


@pytest.fixture
def wish(people, objective):
    return ResultWish(
        "  Marketplaces   opened ",
        department=make.department("SAL"),
        objective=objective,
        owner=people["sales"],
        baseline=D(10),
        target=D("13.5"),
        unit="shops",
    )


def keep(wish, by, row=None):
    cycle = Cycle.objects.get()
    return setting.keep_result(cycle, wish, by=by, at=make.AT, row=row)


def refused(call) -> dict:
    with pytest.raises(CannotSet) as said:
        call()
    return said.value.problems


def test_a_key_result_is_kept_as_it_was_written_and_changing_it_leaves_a_trace(people, wish):
    row = keep(wish, people["sales"])
    assert (row.title, row.baseline, row.target) == ("Marketplaces opened", 10_000_000, 13_500_000)
    keep(replace(wish, target=D(14)), people["sales"], row)
    row.refresh_from_db()
    assert row.target == 14_000_000
    assert list(
        Activity.objects.filter(code__startswith="okr.").values_list("code", flat=True).order_by("id")
    ) == [
        "okr.objective_set",
        "okr.result_set",
        "okr.result_changed",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("marketing", "The lead of the department sets this, or an executive."),
        ("facilitator", "The lead of the department sets this, or an executive."),
        ("logistics", "The lead of the department sets this, or an executive."),
    ],
)
def test_others_set_nothing_of_a_department(people, wish, name, said):
    assert refused(lambda: keep(wish, people[name])) == {"": said}
    assert not KeyResult.objects.exists()


def test_a_lead_sets_nothing_of_the_company_and_takes_nothing_away_from_another(people, wish):
    company = replace(wish, department=None)
    assert refused(lambda: keep(company, people["sales"])) == {"": "Executives set what the company wants."}
    row = keep(replace(wish, department=make.department("MKT")), people["ceo"])
    assert refused(lambda: keep(wish, people["sales"], row)) == {
        "": "The lead of the department sets this, or an executive."
    }


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"title": "  "}, "title", "Say in one line what is to be reached, in at most 200 characters."),
        ({"title": "x" * 201}, "title", "Say in one line what is to be reached, in at most 200 characters."),
        ({"target": D(10)}, "target", "The target is the baseline: there is no way to go."),
        ({"change": D(3)}, "change", "Write a target, or how far it is to move, not both."),
        ({"baseline": D("0.0000001")}, "baseline", "Write a number with at most six decimals."),
        ({"baseline": D("NaN")}, "baseline", "Write a number with at most six decimals."),
        ({"baseline": D("1e30")}, "baseline", "Write a number with at most six decimals."),
        ({"due_on": dt.date(2027, 1, 1)}, "due_on", "This day lies outside the cycle."),
        ({"due_on": dt.date(2026, 9, 30)}, "due_on", "This day lies outside the cycle."),
        ({"weight": 101}, "weight", "A weight lies between 1 and 100."),
        ({"weight": 0}, "weight", "A weight lies between 1 and 100."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(people, wish, fields, field, said):
    assert refused(lambda: keep(replace(wish, **fields), people["sales"])) == {field: said}
    assert not KeyResult.objects.exists()


def test_people_who_left_and_partners_own_nothing(people, wish):
    people["owner"].is_active = False
    for one in (people["owner"], people["logistics"]):
        problems = refused(lambda one=one: keep(replace(wish, owner=one), people["sales"]))
        assert problems == {"owner": f"{one.display_name} cannot own it."}


def test_nothing_stands_below_itself_nor_below_two(people, wish, objective):
    first = keep(replace(wish, title="A"), people["sales"])
    second = keep(replace(wish, title="B", objective=None, parent=first), people["sales"])
    third = keep(replace(wish, title="C", objective=None, parent=second), people["sales"])
    round_ = replace(wish, title="A", objective=None, parent=third)
    assert refused(lambda: keep(round_, people["sales"], first)) == {
        "parent": "It would stand below itself: A → B → C → A."
    }
    assert refused(lambda: keep(replace(wish, parent=first), people["sales"])) == {
        "parent": "It stands below one objective or one key result, not both."
    }


def test_six_levels_are_the_most_however_they_come_together(people, wish):
    above = keep(wish, people["sales"])  # the second level
    for title in "DEFG":
        above = keep(replace(wish, title=title, objective=None, parent=above), people["sales"])
    deeper = replace(wish, title="H", objective=None, parent=above)
    said = {"parent": "It would stand 7 levels deep; 6 are the most."}
    assert refused(lambda: keep(deeper, people["sales"])) == said
    lone = keep(replace(wish, title="I", objective=None), people["sales"])
    keep(replace(wish, title="J", objective=None, parent=lone), people["sales"])
    higher = KeyResult.objects.get(title="F")
    assert refused(
        lambda: keep(replace(wish, title="I", objective=None, parent=higher), people["sales"], lone)
    ) == {"parent": "It would stand 7 levels deep; 6 are the most."}


def test_binding_to_a_metric_pins_the_definition_of_the_day(people, wish):
    dictionary_of_today()
    metric = Metric.objects.get(code="SAL_AOV")
    row = keep(replace(wish, metric=metric, unit=""), people["sales"])
    assert row.version == metric.versions.get()
    keep(replace(wish, title="Again", metric=metric, unit=""), people["sales"], row)
    assert KeyResult.objects.get().version == metric.versions.get()
    assert keep(wish, people["sales"], row).version is None


def test_a_metric_that_one_may_not_read_does_not_exist(people, wish):
    dictionary_of_today()
    metric = Metric.objects.get(code="SAL_AOV")
    Metric.objects.filter(pk=metric.pk).update(confidentiality=3)
    problems = refused(lambda: keep(replace(wish, metric=metric), people["marketing"]))
    assert problems["metric"] == "There is no such metric."


def test_a_scored_cycle_stays_as_it_is(people, wish):
    row = keep(wish, people["sales"])
    Cycle.objects.update(state=Cycle.State.CLOSED)
    said = {"": "This cycle is scored: it stays as it is."}
    assert refused(lambda: keep(wish, people["ceo"])) == said
    row.refresh_from_db()
    row.cycle.refresh_from_db()
    assert refused(lambda: setting.drop(row, by=people["ceo"], at=make.AT)) == said


def test_dropping_leaves_what_stood_below_by_itself(people, wish):
    above = keep(wish, people["sales"])
    below = keep(replace(wish, title="B", objective=None, parent=above), people["sales"])
    setting.drop(above, by=people["sales"], at=make.AT)
    setting.drop(above, by=people["sales"], at=make.AT)
    found = cascade.cascade(Cycle.objects.get(), user=people["ceo"], on=make.AT.date())
    assert cascade.result_key(above.pk) not in found.tree.nodes
    told = [(one.code, one.node) for one in found.findings() if one.code == "NO_PARENT"]
    assert told == [("NO_PARENT", cascade.result_key(below.pk))]
    assert Activity.objects.filter(code="okr.result_dropped").count() == 1


def measured(row, value="14", on=dt.date(2026, 11, 20), evidence="shop list", by=None):
    return setting.measure(row, D(value), evidence, on=on, by=by or row.owner, at=make.AT)


def test_the_newest_measurement_counts_and_the_score_follows(people, wish):
    row = keep(replace(wish, target=D(20)), people["sales"])
    measured(row, "16")
    measured(row, "12", on=dt.date(2026, 11, 1))
    found = cascade.cascade(row.cycle, user=people["ceo"], on=make.AT.date())
    key = cascade.result_key(row.pk)
    assert (found.standings[int(key[1:])].actual, found.standings[int(key[1:])].until) == (
        D(16),
        dt.date(2026, 11, 21),
    )
    assert str(found.progress[key].value) == "3/5"
    earlier = cascade.cascade(row.cycle, user=people["ceo"], on=dt.date(2026, 11, 19))
    assert earlier.standings[int(key[1:])].actual == D(12)


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"value": "NaN"}, "value", "Write a number with at most six decimals."),
        ({"evidence": " "}, "evidence", "Say in one line what shows it."),
        ({"on": dt.date(2026, 9, 30)}, "on", "This day lies outside the cycle."),
        ({"on": dt.date(2026, 12, 1)}, "on", "This day is still to come."),
    ],
)
def test_a_measurement_needs_a_number_a_day_and_what_shows_it(people, wish, given, field, said):
    row = keep(wish, people["sales"])
    assert refused(lambda: measured(row, **given)) == {field: said}
    assert not row.measurements.exists()


def test_others_measure_nothing_but_who_was_named_for_it(people, wish):
    row = keep(replace(wish, updater=people["finance"]), people["sales"])
    measured(row, by=people["finance"])
    problems = refused(lambda: measured(row, by=people["marketing"]))
    assert problems == {"": "Its owner measures it, or who was named for that."}


def test_a_cycle_holds_two_thousand(people, wish):
    cycle = Cycle.objects.get()
    Objective.objects.bulk_create(Objective(cycle=cycle, title=f"O{n}") for n in range(setting.MOST - 1))
    assert refused(lambda: keep(wish, people["sales"])) == {
        "": "A cycle holds at most 2000 objectives and key results."
    }


def test_a_page_that_was_read_before_the_cycle_was_scored_changes_nothing(people, objective, wish):
    row = keep(wish, people["sales"])
    assert row.cycle.state == Cycle.State.OPEN  # as the page remembers it
    Cycle.objects.update(state=Cycle.State.CLOSED)
    said = {"": "This cycle is scored: it stays as it is."}
    assert refused(lambda: setting.drop(row, by=people["sales"], at=make.AT)) == said
    assert refused(lambda: measured(row, 12)) == said
    assert refused(lambda: keep(wish, people["sales"], row)) == said
    row.refresh_from_db()
    assert (row.dropped_at, row.measurements.count()) == (None, 0)


def test_what_was_dropped_meanwhile_stays_dropped(people, objective, wish):
    row = keep(wish, people["sales"])
    setting.drop(KeyResult.objects.get(), by=people["sales"], at=make.AT)
    assert row.dropped_at is None  # as the page remembers it
    said = {"": "It was dropped."}
    assert refused(lambda: keep(replace(wish, title="Other"), people["sales"], row)) == said
    assert refused(lambda: measured(row, 12)) == said
    row.refresh_from_db()
    assert (row.title, row.dropped_at) == ("Marketplaces opened", make.AT)


def test_what_is_said_with_a_measurement_is_kept_with_it_and_stands_until_somebody_says_otherwise(
    people, wish
):
    row = keep(replace(wish, confidence="high"), people["sales"])
    day = {"on": dt.date(2026, 11, 20), "by": people["sales"], "at": make.AT}
    for value, confidence in [(11, "low"), (12, ""), (13, "mid"), (14, "")]:
        setting.measure(row, D(value), "shop list", confidence=confidence, **day)
    row.refresh_from_db()
    assert row.confidence == "mid"
    assert [one.confidence for one in row.measurements.all()] == ["low", "", "mid", ""]


def test_a_confidence_that_there_is_not_is_refused(people, wish):
    row, day = keep(wish, people["sales"]), dt.date(2026, 11, 20)
    said = {"on": day, "confidence": "sure", "by": people["sales"], "at": make.AT}
    assert refused(lambda: setting.measure(row, D(12), "list", **said)) == {
        "confidence": "There is no such confidence."
    }
    row.refresh_from_db()
    assert (row.confidence, row.measurements.count()) == ("", 0)
