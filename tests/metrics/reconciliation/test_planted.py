"""Conflicts planted by a seed: each is found in its pair and month, with its cause, and nothing else is."""

import pytest
from django.db import transaction

from reviewhub.demo import conflicts, tables
from tests import planted, prepared
from tests.make import AT
from tests.metrics.figures import dictionary_of_today

# None, one and two of every kind: see test_the_seeds_plant_every_kind.
SEEDS = (0, 1, 2, 3, 4, 8, 10, 11, 15, 26, 32, 52)


@pytest.fixture(scope="module")
def handed() -> tables.Handed:
    return prepared.handed_in()


def test_the_seeds_plant_every_kind_and_two_in_one_month(handed):
    found = [planted.plant(handed, seed)[1] for seed in SEEDS]
    assert {one.kind for each in found for one in each} == set(conflicts.KINDS)
    assert {len(each) for each in found} == {0, 1, 2}
    assert any(len(each) == 2 and set(each[0].months) & set(each[1].months) for each in found)


@pytest.mark.slow
@pytest.mark.django_db
def test_every_planted_conflict_is_found_and_explained_by_its_cause(handed):
    dictionary_of_today()
    planted.hand_in(handed, at=AT)
    months = planted.last_months(handed)
    assert planted.seen(months) == [], "without conflicts there is none"
    wrong = {}
    for seed in SEEDS:
        changed, told = planted.plant(handed, seed)
        with transaction.atomic():
            planted.hand_in(changed, {one.table for one in told}, at=AT)
            found = [(one.rule, one.month, one.causes) for one in planted.seen(months)]
            transaction.set_rollback(True)
        if found != planted.expected(told):
            wrong[seed] = (planted.expected(told), found)
    assert wrong == {}
