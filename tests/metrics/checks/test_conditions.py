"""The small language of the dictionary's conditions, and what is called unusual."""

from decimal import Decimal

import pytest

from metrics.checks.conditions import BadCondition, Condition, distance, parse

D = Decimal


def test_the_language_is_read():
    assert parse(
        "required; type(money); complete(day,platform); outlier(z3.5,8w,warn); jump(20pp,warn);"
    ) == [
        Condition("required"),
        Condition("type", ("money",)),
        Condition("complete", ("day", "platform")),
        Condition("outlier", ("z3.5", "8w"), "warn"),
        Condition("jump", ("20pp",), "warn"),
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("min(0)", [D(0)]),
        ("max(-1.5)", [D("-1.5")]),
        ("jump(20pp)", [D("0.2")]),
        ("outlier(z3.5,8w)", [D("3.5"), D(8)]),
        ("max_other(0.15)", [D("0.15")]),
    ],
)
def test_arguments_are_numbers_with_their_units(text, numbers):
    (one,) = parse(text)
    assert [one.number(place) for place in range(len(numbers))] == numbers


@pytest.mark.parametrize("text", ["min(0", "Required", "min(0))", "a b", "le(A);(x)"])
def test_anything_else_is_refused(text):
    with pytest.raises(BadCondition):
        parse(text)


def test_the_distance_is_the_robust_z_of_iglewicz_and_hoaglin():
    """Median 100, absolute deviations 2 1 1 0 1 2 3 4: their median is 1.5; 0.6745 · 30 / 1.5."""
    history = [D(n) for n in (98, 99, 101, 100, 99, 102, 103, 104)]
    assert distance(D("130.5"), history) == D("0.6745") * D(30) / D("1.5")


def test_a_short_history_or_one_that_does_not_vary_calls_nothing_unusual():
    assert distance(D(9), [D(1)] * 4) is None
    assert distance(D(9), [D(1)] * 8) is None
