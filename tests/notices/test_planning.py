"""Occurrences are made once, whoever plans them and however often."""

import datetime as dt

import pytest
from django.db import OperationalError

from reviewhub.notices import kinds, planning
from reviewhub.notices.models import Message, Occurrence, Quarantine, Watermark
from reviewhub.people.models import Department, User
from tests import make
from tests.notices.stage import DAY, HOUR, MINUTE, TUESDAY

pytestmark = pytest.mark.django_db


def hourly(subject, since, until):
    """A cycle at every full hour, of (since, until]."""
    moment = since.replace(minute=0, second=0, microsecond=0)
    while (moment := moment + HOUR) <= until:
        yield kinds.Plan(f"{moment:%m-%dT%H}", moment)


def departments(*codes):
    return lambda since, until: Department.objects.filter(code__in=codes).order_by("code")


def cycles(code="matter"):
    rows = Occurrence.objects.filter(kind=code).order_by("due_at", "subject_id")
    return list(rows.values_list("cycle_key", flat=True))


def test_what_fell_due_since_the_watermark_is_planned_once(stage):
    stage.kind(subjects=departments("SAL"), plans=hourly)
    stage.now = TUESDAY + 30 * MINUTE
    assert planning.plan(clock=stage.clock) == 0
    stage.later(hours=3)
    assert planning.plan(clock=stage.clock) == 3
    assert planning.plan(clock=stage.clock) == 0
    assert cycles() == ["11-24T03", "11-24T04", "11-24T05"]
    assert Watermark.objects.get(kind="matter").planned_until == stage.now


def test_a_kind_that_is_new_is_not_told_its_past(stage):
    stage.kind(subjects=departments("SAL"), plans=hourly)
    stage.now = TUESDAY + 5 * MINUTE
    planning.plan(clock=stage.clock)
    assert cycles() == ["11-24T02"]


def test_a_row_that_was_being_written_while_the_last_planner_looked_is_not_missed(stage):
    """It fell due a second before the watermark and was committed a second after it."""
    late = []
    plans = [kinds.Plan("48h", TUESDAY - dt.timedelta(seconds=1))]
    stage.kind(
        subjects=lambda since, until: late,
        plans=lambda row, since, until: [plan for plan in plans if since < plan.due_at <= until],
    )
    planning.plan(clock=stage.clock)
    assert cycles() == []
    late.append(make.department("SAL"))
    stage.later(minutes=1)
    planning.plan(clock=stage.clock)
    assert cycles() == ["48h"]


def test_a_clock_that_was_set_back_moves_no_watermark(stage):
    stage.kind(subjects=departments("SAL"), plans=hourly)
    planning.plan(clock=stage.clock)
    stage.now = TUESDAY - DAY
    assert planning.plan(clock=stage.clock) == 0
    assert Watermark.objects.get(kind="matter").planned_until == TUESDAY


def test_two_planners_that_look_at_the_same_time_make_the_same_rows(stage):
    """The second has read the same watermark: the unique key decides (F07, M6)."""
    kind = stage.kind(subjects=departments("SAL", "MKT"), plans=hourly)
    since, until = TUESDAY - HOUR, TUESDAY
    pairs = [(row, plan) for row in kind.subjects(since, until) for plan in hourly(row, since, until)]
    assert planning.add(kind, pairs, at=until) == 2
    assert planning.add(kind, pairs, at=until) == 0
    assert planning.add(kind, pairs + pairs, at=until) == 0
    assert cycles() == ["11-24T02", "11-24T02"]


def poison(code):
    """Plans that raise for this department and work for the others."""

    def plans(subject, since, until):
        if subject.code == code:
            raise ValueError("no anchor date")
        return hourly(subject, since, until)

    return plans


def test_a_row_that_raises_is_put_aside_for_an_hour_and_the_others_are_planned(stage):
    """F38"""
    stage.kind(subjects=departments("FIN", "MKT", "SAL"), plans=poison("MKT"))
    planning.plan(clock=stage.clock)
    stage.later(hours=1, minutes=30)
    assert planning.plan(clock=stage.clock) == 2
    aside = Quarantine.objects.get()
    assert (aside.subject_id, aside.error) == (str(make.department("MKT").pk), "ValueError: no anchor date")
    assert aside.since == TUESDAY - planning.OVERLAP


def test_who_was_put_aside_is_planned_from_where_it_was_left(stage):
    kind = stage.kind(subjects=departments("MKT", "SAL"), plans=poison("MKT"))
    planning.plan(clock=stage.clock)
    stage.later(hours=1, minutes=10)
    planning.plan(clock=stage.clock)
    stage.kind(subjects=kind.subjects, plans=hourly)
    stage.later(minutes=59)
    planning.plan(clock=stage.clock)
    assert Occurrence.objects.filter(subject_id=str(make.department("MKT").pk)).count() == 0
    stage.later(minutes=1)
    planning.plan(clock=stage.clock)
    made = Occurrence.objects.filter(subject_id=str(make.department("MKT").pk))
    assert sorted(made.values_list("cycle_key", flat=True)) == ["11-24T02", "11-24T03", "11-24T04"]
    assert not Quarantine.objects.exists()


def test_who_raises_again_is_put_aside_again_and_loses_nothing(stage):
    stage.kind(subjects=departments("MKT"), plans=poison("MKT"))
    planning.plan(clock=stage.clock)
    for _hour in range(3):
        stage.later(hours=1)
        planning.plan(clock=stage.clock)
    aside = Quarantine.objects.get()
    assert (aside.since, aside.until) == (TUESDAY - planning.OVERLAP, stage.now + HOUR)


def test_a_database_in_trouble_is_not_blamed_on_the_row(stage):
    def plans(subject, since, until):
        raise OperationalError("terminating connection due to administrator command")

    kind = stage.kind(subjects=departments("SAL"), plans=plans)
    with pytest.raises(OperationalError):
        planning.plan_kind(kind, clock=stage.clock)
    assert not Quarantine.objects.exists() and not Watermark.objects.exists()


def test_an_app_that_fails_does_not_stop_the_kinds_of_the_others(stage):
    def broken(since, until):
        raise KeyError("anchor")

    stage.kind("broken", subjects=broken, plans=hourly)
    stage.kind(subjects=departments("SAL"), plans=hourly)
    planning.plan(clock=stage.clock)
    assert cycles() == ["11-24T02"]
    assert not Watermark.objects.filter(kind="broken").exists()


def test_the_same_event_raised_twice_is_one_occurrence(stage, wang):
    stage.kind()
    first = stage.raised(wang, cycle_key="closed", params={"n": 1})
    stage.later(seconds=1)
    again = stage.raised(wang, cycle_key="closed", params={"n": 2})
    assert (first.pk, again.params) == (again.pk, {"n": 1})


def test_what_is_cancelled_is_neither_told_nor_sent(stage, wang):
    stage.kind()
    stage.raised(wang, cycle_key="told")
    stage.now = TUESDAY.replace(hour=14)  # 22:00 in Shanghai
    stage.tick()
    stage.raised(wang, cycle_key="planned")
    assert planning.cancel("matter", wang, at=stage.now) == 1
    assert Occurrence.objects.get(cycle_key="planned").state == "cancelled"
    assert Message.objects.get(channel="email").reason == "cancelled"


def test_a_batch_takes_the_same_queries_however_many_rows_it_has(stage, queries):
    User.objects.bulk_create(User(username=f"u{number}") for number in range(400))
    stage.kind(subjects=lambda since, until: User.objects.order_by("pk")[:wanted], plans=hourly)

    def planned():
        stage.later(hours=1)
        return planning.plan(clock=stage.clock)

    wanted = 10
    few = queries(planned)
    wanted = 400
    assert queries(planned) <= few + 5  # SQLite inserts 83 rows at a time
