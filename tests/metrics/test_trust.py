"""The score of trust: exact values of its formula, part by part."""

from fractions import Fraction

import pytest

from metrics import trust
from metrics.trust import Evidence

F = Fraction
WHOLE = Evidence(
    kept=5, judged=6, passed=16, warned=2, waived=1, failed=1, changed=1, frozen=4, open=1, compared=3, age=63,
    has_data=True,
)  # fmt: skip


def shares(found: Evidence) -> dict:
    return {one.code: one.share for one in trust.parts(found)}


def scored(**counted) -> int | None:
    return trust.score(trust.parts(Evidence(**counted)))


def test_each_part_is_its_own_share_and_the_score_their_weighted_mean():
    assert shares(WHOLE) == {
        "on_time": F(5, 6),
        "checks": F(35, 40),  # 16 + ½ · 3 of 20
        "restated": F(3, 4),
        "conflicts": F(2, 3),
        "fresh": F(29, 57),
    }
    assert [one.points for one in trust.parts(WHOLE)] == [F(125, 6), F(175, 8), 15, F(40, 3), F(290, 57)]
    # 20.833 + 21.875 + 15 + 13.333 + 5.088 = 76.129
    assert trust.score(trust.parts(WHOLE)) == 76


def test_the_weights_make_a_hundred():
    assert trust.ALL == 100


@pytest.mark.parametrize(
    ("age", "has_data", "share"),
    [
        (0, True, 1),
        (35, True, 1),
        (36, True, F(56, 57)),
        (91, True, F(1, 57)),
        (92, True, 0),
        (400, True, 0),
        (None, True, 0),  # in, and never certified
        (None, False, None),
    ],
)
def test_freshness_falls_from_a_month_to_a_quarter(age, has_data, share):
    assert trust.freshness(age, has_data=has_data) == share


def test_what_cannot_be_judged_is_left_out_with_its_weight():
    counted = {"kept": 1, "judged": 2, "passed": 4}
    assert scored(**counted) == 75  # (12.5 + 25) / 50
    assert scored(**counted, compared=2) == 82  # (12.5 + 25 + 20) / 70 = 82.14
    assert scored(**counted, compared=2, open=2) == 54  # 37.5 / 70 = 53.57


def test_less_than_half_of_the_weight_gives_no_score():
    assert scored(kept=6, judged=6, compared=3) is None  # 45 of 100
    assert scored(kept=6, judged=6, compared=3, age=3, has_data=True) == 100  # 55
    assert scored() is None


def test_halves_go_upwards():
    assert scored(kept=1, judged=1, passed=96, failed=4, frozen=1) == 99  # 69 of 70 = 98.57
    assert scored(kept=73, judged=100, passed=1) == 87  # (18.25 + 25) / 50 = 86.5


@pytest.mark.parametrize(
    ("value", "grade"),
    [(100, "good"), (85, "good"), (84, "fair"), (65, "fair"), (64, "poor"), (0, "poor"), (None, "none")],
)
def test_grades(value, grade):
    assert trust.grade(value) == grade
