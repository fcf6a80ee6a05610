"""What a plan pays, without a database: every amount was worked out by hand, in the comment beside it."""

import datetime as dt
from fractions import Fraction

import pytest

from okr.payout import (
    Gate,
    Line,
    Paid,
    Reading,
    Settled,
    Tier,
    cents,
    in_currency,
    paid,
    part_of,
    problem,
    settled,
    taken_back,
    total,
)

BASE = 10_000_000  # 100,000.00


def share(percent) -> Fraction:
    return Fraction(str(percent)) / 100


def tiers(*pairs) -> tuple[Tier, ...]:
    return tuple(Tier(share(start), share(rate)) for start, rate in pairs)


STEPS = tiers((0, 100), (100, 150), (120, 200))
WORKED = [
    # name, terms, attained %, gate's figure %, share of the quarter %, person's and partner's cents
    ("straight", {"weight": 50}, 92, None, 100, 4_600_000, 0),  # 50,000 × 0.92
    ("just below the threshold", {"weight": 50, "threshold": 80}, "79.99", None, 100, 0, 0),
    ("on the threshold", {"weight": 50, "threshold": 80}, 80, None, 100, 4_000_000, 0),  # 50,000 × 0.80
    # 1.00 × 1 + 0.04 × 1.5 = 1.06; 50,000 × 1.06
    ("accelerator", {"weight": 50, "tiers": STEPS}, 104, None, 100, 5_300_000, 0),
    # 1.00 + 0.20 × 1.5 + 0.10 × 2 = 1.50; 20,000 × 1.50
    ("three tiers, each its rate", {"weight": 20, "tiers": STEPS}, 130, None, 100, 3_000_000, 0),
    # everything at 200 %: 1.30 × 2 = 2.60; 20,000 × 2.60
    (
        "three tiers, all at the highest",
        {"weight": 20, "tiers": STEPS, "is_whole": True},
        130,
        None,
        100,
        5_200_000,
        0,
    ),
    ("cap", {"weight": 20, "tiers": STEPS, "cap": 130}, 130, None, 100, 2_600_000, 0),  # 20,000 × 1.30
    ("gate passed", {"weight": 20, "gate": (38, 0)}, 100, 38, 100, 2_000_000, 0),
    ("gate shut", {"weight": 20, "gate": (38, 0)}, 100, "37.9", 100, 0, 0),
    ("gate that pays a part", {"weight": 20, "gate": (38, 40)}, 100, 30, 100, 800_000, 0),  # 20,000 × 0.40
    # 10,000 × 0.90 = 9,000; 30 % of it 2,700
    ("shared with Logistics", {"weight": 10, "shared": 30}, 90, None, 100, 630_000, 270_000),
    # 50,000 × 1 × 46 ÷ 92 days
    ("joined in the middle", {"weight": 50}, 100, None, 50, 2_500_000, 0),
    ("attained less than nothing", {"weight": 50}, -10, None, 100, 0, 0),
]


def line(terms: dict) -> Line:
    given = {name: share(terms[name]) for name in ("weight", "threshold", "cap", "shared") if name in terms}
    gate = Gate(*map(share, terms["gate"])) if "gate" in terms else None
    rest = {name: terms[name] for name in ("tiers", "is_whole") if name in terms}
    return Line("line", **given, gate=gate, **rest)


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case[0])
def test_a_line_pays_what_was_worked_out_by_hand(case):
    _name, terms, attained, gate, of_quarter, own, partner = case
    reading = Reading(share(attained), None if gate is None else share(gate))
    found = paid(BASE, line(terms), reading, share(of_quarter))
    assert (found.own, found.partner) == (own, partner)


def test_the_plan_of_the_design_pays_one_hundred_and_one_thousand():
    # 0.5 × 1.10 + 0.2 × 0.85 + 0.2 × 1.00 + 0.1 × 0.90 = 1.01
    weighted = [(50, 110), (20, 85), (20, 100), (10, 90)]
    lines = [paid(BASE, line({"weight": weight}), Reading(share(at))) for weight, at in weighted]
    assert total(lines) == 10_100_000


def test_without_a_certified_figure_there_is_no_amount_and_no_total():
    known = paid(BASE, line({"weight": 50}), Reading(share(100)))
    gated = paid(BASE, line({"weight": 50, "gate": (38, 0)}), Reading(share(100), None))
    assert gated == Paid("line", None, None, None)
    assert total([known, gated]) is None
    assert paid(BASE, line({"weight": 50}), Reading(None)).own is None


def test_a_return_takes_back_what_it_was_paid_and_nobody_pays_in():
    assert taken_back(4_600_000, sold=Fraction(92_000), returned=Fraction(2_300)) == 115_000  # 46,000 × 2.5 %
    assert taken_back(4_600_000, sold=Fraction(100), returned=Fraction(130)) == 4_600_000
    assert settled(500_000, owed=115_000) == Settled(385_000, 0)
    assert settled(100_000, owed=115_000) == Settled(0, 15_000)


def test_a_joiner_is_counted_by_calendar_days():
    quarter = dt.date(2026, 10, 1), dt.date(2027, 1, 1)
    assert part_of(*quarter, dt.date(2026, 11, 16)) == Fraction(46, 92)
    assert part_of(*quarter, dt.date(2026, 7, 1)) == 1
    assert part_of(*quarter, dt.date(2027, 2, 1)) == 0


def test_half_a_cent_goes_up_and_shared_parts_make_the_whole():
    assert [cents(Fraction(at, 2)) for at in (1, 2, 3, 5)] == [1, 1, 2, 3]
    assert in_currency(10_000, Fraction("7.12345")) == 71_235  # 71,234.5
    found = paid(101, line({"weight": 100, "shared": 50}), Reading(share(100)))
    assert (found.own, found.partner) == (50, 51)


def test_terms_that_are_none_say_why():
    assert problem((line({"weight": 60}), line({"weight": 40}))) == ""
    assert problem((line({"weight": 60}),)) == "WEIGHTS"
    assert problem((line({"weight": 100, "tiers": tiers((0, 100), (0, 150))}),)) == "TIERS"
    assert problem((line({"weight": 100, "tiers": tiers((10, 100))}),)) == "TIERS"
