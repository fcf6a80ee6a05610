"""Attainment has one formula for what is to rise and to fall; roll-ups depend on weights and on nothing else."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.scoring import attainment, expected, reached, rolled_up, target_of, weights
from okr.tree import OBJECTIVE, RESULT, TASK, Node, Tree

D, F = Decimal, Fraction


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "score"),
    [
        ("10.0", "13.0", "12.4", F(4, 5)),  # the examples of the quarter reset
        ("21.0", "23.0", "21.4", F(1, 5)),
        ("5.0", "3.0", "3.2", F(9, 10)),
        ("10", "13", "9", F(0)),
        ("10", "13", "15", F(1)),
        ("-5", "5", "0", F(1, 2)),
    ],
)
def test_the_score_is_the_share_of_the_way(baseline, target, actual, score):
    assert attainment(D(baseline), D(target), D(actual)) == score


def test_what_was_reached_may_lie_beyond_both_ends():
    assert reached(D(10), D(13), D(16)) == 2 and reached(D(10), D(13), D(7)) == -1


def test_a_target_that_is_the_baseline_has_no_score():
    with pytest.raises(ValueError, match="no way"):
        attainment(D(3), D(3), D(3))


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"baseline": D(10), "target": D(14)}, D(14)),
        ({"baseline": D(10), "change": D(30)}, D(13)),
        ({"baseline": D(20), "change": D(10), "in_points": True, "is_rate": True}, D(30)),
        ({"baseline": D(20), "change": D(10), "in_points": False, "is_rate": True}, D(22)),
        ({"baseline": D(20), "change": D(10), "is_rate": True}, None),  # nobody decided which
        ({"change": D(30)}, None),
        ({"baseline": D(10)}, None),
    ],
)
def test_percent_is_never_taken_for_points(fields, target):
    assert target_of(Node("K1", RESULT, "Repeat", **fields)) == target


def test_a_steady_pace_covers_each_day_alike():
    start, end = dt.date(2026, 10, 1), dt.date(2027, 1, 1)
    assert expected(start, end, dt.date(2026, 9, 30)) == 0
    assert expected(start, end, dt.date(2026, 10, 1)) == F(1, 92)
    assert expected(start, end, dt.date(2026, 12, 31)) == 1 == expected(start, end, dt.date(2027, 2, 1))


def test_without_weights_all_count_the_same_and_the_rest_of_a_hundred_is_shared():
    nodes = [Node(f"K{n}", RESULT, "") for n in range(3)]
    assert weights(nodes) == [1, 1, 1]
    assert weights([replace(nodes[0], weight=40), nodes[1], nodes[2]]) == [40, 30, 30]
    assert weights([replace(nodes[0], weight=120), nodes[1]]) == [120, 0]
    assert weights([]) == []


def objective(*measured, given=()):
    """An objective over key results with these measures and weights."""
    given = list(given) + [None] * (len(measured) - len(given))
    below = [
        Node(f"K{n}", RESULT, "", parent="O1", measured=one, weight=given[n])
        for n, one in enumerate(measured)
    ]
    return [Node("O1", OBJECTIVE, ""), *below]


def test_an_objective_is_the_weighted_mean_of_what_is_known_below_it():
    found = rolled_up(Tree(objective(F(1, 2), F(1), None, given=(50, 25, 25))))["O1"]
    assert (found.value, found.known, found.measured) == (F(2, 3), F(3, 4), None)


def test_a_measure_counts_more_than_what_stands_below_and_both_are_kept():
    nodes = [
        Node("K1", RESULT, "", measured=F(1, 5)),
        Node("K2", RESULT, "", parent="K1", measured=F(4, 5)),
        Node("T1", TASK, "", parent="K2", measured=F(1)),
    ]
    found = rolled_up(Tree(nodes))
    assert (found["K1"].value, found["K1"].below) == (F(1, 5), F(4, 5))
    assert (found["K2"].value, found["K2"].below) == (F(4, 5), F(1))


def test_what_goes_round_in_circles_takes_nothing_from_below():
    nodes = [Node("K1", RESULT, "", parent="K2"), Node("K2", RESULT, "", parent="K1", measured=F(1))]
    found = rolled_up(Tree(nodes))
    assert found["K1"].value is None and found["K2"].value == 1


scores = st.one_of(st.none(), st.fractions(0, 1, max_denominator=1000))
weighed = st.one_of(st.none(), st.integers(1, 100))
families = st.lists(st.tuples(scores, weighed), min_size=1, max_size=8)


def mean(family):
    return rolled_up(Tree(objective(*[one for one, _ in family], given=[weight for _, weight in family])))[
        "O1"
    ].value


@given(families, st.randoms(use_true_random=False))
def test_order_changes_nothing(family, chance):
    turned = list(family)
    chance.shuffle(turned)
    assert mean(family) == mean(turned)


@given(families)
def test_a_roll_up_lies_between_the_least_and_the_greatest_below_it(family):
    known = [one for one, _ in family if one is not None]
    found = mean(family)
    assert found is None or min(known) <= found <= max(known)
    assert found is not None or not known or sum(w for one, w in family if one is not None and w) == 0


@given(families, st.data())
def test_nothing_falls_when_a_child_rises(family, data):
    known = [n for n, (one, _) in enumerate(family) if one is not None]
    if not known:
        return
    place = data.draw(st.sampled_from(known))
    score, weight = family[place]
    higher = data.draw(st.fractions(score, 1, max_denominator=1000))
    risen = [*family[:place], (higher, weight), *family[place + 1 :]]
    before, after = mean(family), mean(risen)
    assert before is None or before <= after
