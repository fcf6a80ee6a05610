"""What the figure behind a closed task did: the stated rule with exact values, and what counts as a proof."""

import datetime as dt
from decimal import Decimal

import pytest

from actions import effect_rule
from actions.effect_rule import Look
from actions.proofs import kind_of
from metrics.control_limits import judged
from metrics.periods import Period

WEEK = Period.parse("2026-W45")


def look(last, usual=(100, 102), count=13):
    """The figure of week 45 after twelve weeks that swing between `usual`."""
    period, history = WEEK, {WEEK: Decimal(last)}
    for number in range(count - 1):
        period = period.before()
        history[period] = Decimal(usual[number % 2])
    return Look(Decimal(last), judged(WEEK, history))


def test_the_limits_of_the_example_are_known_to_the_digit():
    band = look(110).judged.limits
    ranges = (Decimal(11 * 2) + 10) / 12  # eleven steps of 2 and one of 10
    middle = Decimal(6 * 100 + 6 * 102 + 110) / 13
    assert band.high == middle + Decimal("2.66") * ranges


@pytest.mark.parametrize(
    ("wanted", "before", "after", "said"),
    [
        (1, "100", [look(110)], ("worked", "signal")),
        (-1, "102", [look(90)], ("worked", "signal")),
        (1, "100", [look(103)], ("unclear", "noise")),
        (1, "112", [look(110)], ("none", "not_better")),  # it was up there before
        (-1, "100", [look(110)], ("none", "not_better")),
        (1, "102", [look(102)], ("none", "not_better")),
        (1, "102", [look(104), look(101)], ("unclear", "went_back")),
        (1, "102", [look(101), look(102)], ("none", "not_better")),
        (1, "102", [Look(None), look(110)], ("worked", "signal")),
        (1, "100", [look(110, count=11)], ("unclear", "too_few")),
        (1, None, [look(110)], ("unclear", "no_before")),
        (1, "100", [look(110), Look(None)], ("unclear", "no_reading")),
        (0, "100", [look(110)], ("unclear", "no_way")),
    ],
)
def test_a_verdict_is_worked_no_effect_or_unclear_by_the_stated_rule(wanted, before, after, said):
    assert effect_rule.verdict(wanted, before and Decimal(before), after) == said


def test_a_look_waits_sixty_days_for_a_certified_reading():
    closed = dt.date(2026, 10, 12)
    assert effect_rule.day_of(closed, 2) == dt.date(2026, 10, 26)
    assert not effect_rule.gives_up(closed, 2, on=dt.date(2026, 12, 25))
    assert effect_rule.gives_up(closed, 2, on=dt.date(2026, 12, 26))


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("https://farsail.example/de/listing", "link"),
        ("see https://farsail.example", "sentence"),
        ("javascript:alert(1)", "sentence"),
        ("12.4 %", "figure"),
        ("¥1,240,000", "figure"),
        ("3家", "figure"),
        ("−18 SKU", "figure"),
        ("3家店已上线，含德国和法国站", "sentence"),
        ("2 shops opened in Germany", "sentence"),
    ],
)
def test_a_proof_is_a_link_a_figure_or_a_sentence(typed, kind):
    assert kind_of(typed) == kind
