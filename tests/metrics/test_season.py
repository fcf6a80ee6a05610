"""The season and the promotion calendar, on figures worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from metrics.periods import Period
from metrics.season import Promotion, expected, reference

FLAT = Decimal(100)


def months(first: str, values) -> dict[Period, Decimal]:
    """Consecutive months from `first` on."""
    found, period = {}, Period.parse(first)
    for value in values:
        found[period] = Decimal(value)
        period = Period.containing(period.end, "month")
    return found


def weeks(first: str, values) -> dict[Period, Decimal]:
    found, period = {}, Period.parse(first)
    for value in values:
        found[period] = Decimal(value)
        period = Period.containing(period.end, "week")
    return found


def year(november=300, october=100, growth=1) -> list:
    """Twelve months from January: calm, with a high November."""
    return [100 * growth] * 9 + [october * growth, november * growth, 100 * growth]


def two_years(growth=1) -> dict[Period, Decimal]:
    """January 2024 to October 2026; each year `growth` times the one before."""
    values = [*year(), *year(growth=growth), *year(growth=growth * growth)[:10]]
    return months("2024-01", values)


def rounded(value) -> Decimal:
    return round(value, 10)


NOVEMBER = Period.parse("2026-11")


def test_a_high_november_is_what_last_november_was_at_the_growth_of_the_year():
    found = expected(NOVEMBER, two_years(growth=Decimal("1.2")))
    assert (found.reference.period.text, found.reference.value, found.count) == ("2025-11", 360, 12)
    assert rounded(found.usual) == 432
    assert (rounded(found.low), rounded(found.high)) == (Decimal("388.8"), Decimal("475.2"))
    assert not found.is_outside(Decimal(440)) and not found.is_young


def test_a_november_that_looks_like_october_is_found():
    """The level alone would not: 144 lies among the twelve months before."""
    history = two_years(growth=Decimal("1.2"))
    found = expected(NOVEMBER, history)
    assert found.is_outside(Decimal(144))
    assert Decimal(144) in list(history.values())[-12:]


def test_the_band_reaches_three_and_a_half_robust_deviations_of_the_changes():
    """The changes on the year before are ln 1.5 and ln 2, six of each: their MAD is half of ln(2 / 1.5)."""
    first = [100] * 12
    second = [150, 200] * 6
    found = expected(Period.parse("2026-01"), months("2024-01", [*first, *second]))
    middle = (Decimal("1.5").ln() + Decimal(2).ln()) / 2
    reach = Decimal("3.5") * (Decimal(2) / Decimal("1.5")).ln() / 2 / Decimal("0.6745")
    assert rounded(found.usual) == rounded(150 * middle.exp())
    assert rounded(found.low) == rounded(150 * (middle - reach).exp())
    assert rounded(found.high) == rounded(150 * (middle + reach).exp())


PRIME = [
    Promotion("prime day", date(2025, 7, 8), date(2025, 7, 12)),
    Promotion("prime day", date(2026, 6, 23), date(2026, 6, 27)),
]


def with_prime_in_july() -> dict[Period, Decimal]:
    """Two years of 100 a month, 160 in July 2025."""
    values = [100] * 29
    values[18] = 160
    return months("2024-01", values)


def test_a_promotion_that_moves_brings_its_figure_along():
    june = reference(Period.parse("2026-06"), with_prime_in_july(), PRIME)
    assert (june.value, june.period.text) == (160, "2025-06")
    assert [(one.key, one.period.text, one.is_added) for one in june.moved] == [
        ("prime day", "2025-07", True)
    ]
    history = with_prime_in_july() | months("2026-06", [160])
    july = reference(Period.parse("2026-07"), history, PRIME)
    assert (july.value, july.moved[0].is_added) == (100, False)
    assert reference(Period.parse("2026-06"), with_prime_in_july()).value == 100


def test_a_week_takes_the_share_of_its_promotion_that_lies_in_it():
    """Four days of four last year in week 28; this year two of four in week 26."""
    history = weeks("2025-W01", [100] * 27 + [180] + [100] * 50)
    moved = [PRIME[0], Promotion("prime day", date(2026, 6, 27), date(2026, 7, 1))]
    found = reference(Period.parse("2026-W26"), history, moved)
    assert (found.value, found.moved[0].period.text) == (140, "2025-W28")


def test_a_promotion_of_three_weeks_is_measured_in_the_middle_one_without_what_it_lifted_beside_it():
    """Eleven days that bring 110: three in week 15, seven in week 16, one in week 17; a year later two in week 13."""
    history = weeks("2025-W01", [100] * 14 + [130, 170, 110] + [100] * 60)
    easter = [
        Promotion("easter", date(2025, 4, 11), date(2025, 4, 22)),
        Promotion("easter", date(2026, 3, 28), date(2026, 4, 8)),
    ]
    week_13, week_16 = (reference(Period.parse(f"2026-W{one}"), history, easter) for one in (13, 16))
    assert (rounded(week_13.value), week_13.moved[0].period.text) == (120, "2025-W16")
    assert (rounded(week_16.value), week_16.moved[0].is_added) == (100, False)


def test_a_promotion_of_both_years_is_named_and_a_new_one_has_nothing_to_compare():
    double = [Promotion("double 11", date(one, 11, 9), date(one, 11, 12)) for one in (2025, 2026)]
    new = Promotion("singles", date(2026, 11, 20), date(2026, 11, 21))
    found = reference(NOVEMBER, two_years(), [*double, new])
    assert (found.value, found.shared, found.moved, found.new) == (300, ("double 11",), (), ("singles",))


def test_what_a_promotion_brought_is_never_less_than_nothing():
    history = with_prime_in_july() | {Period.parse("2025-07"): Decimal(90)}
    assert reference(Period.parse("2026-06"), history, PRIME).value == 100


def test_with_a_season_but_few_changes_the_band_is_as_wide_as_the_level_differed():
    history = months("2025-09", [100, 100, 300, 100, 100, 100, 110, 90, 120, 80, 100, 100, 100, 100])
    found = expected(NOVEMBER, history)
    assert (found.is_young, found.count, found.reference.period.text) == (True, 12, "2025-11")
    assert rounded(found.usual) == 300 and not found.is_outside(Decimal(310))
    assert expected(NOVEMBER, months("2025-12", [100] * 11)).is_outside(Decimal(310))


@pytest.mark.parametrize(("more", "factor"), [(0, 2), (1, 4), (2, 3), (4, Decimal("2.5"))])
def test_a_young_band_counts_the_noise_of_two_figures_and_how_little_its_middle_rests_on(more, factor):
    """√2 for the difference of two figures, √(1 + 1/n) for a middle of n changes."""
    history = months("2025-01", ([80, 125] * 8)[: 12 + more])
    found = expected(Period.containing(max(history).end, "month"), history)
    spread = Decimal("125").ln() - Decimal("100").ln()
    reach = Decimal("3.5") * spread / Decimal("0.6745") * Decimal(factor).sqrt()
    assert found.is_young and rounded(found.high / found.usual) == rounded(reach.exp())


@pytest.mark.parametrize(
    ("value", "history", "is_outside"),
    [
        ("120", (100, 102, 98, 101, 99, 103), True),
        ("110", (100, 102, 98, 101, 99, 103), False),  # less than a tenth away
        ("9", [7] * 6, True),
        ("5", [0] * 6, True),
        ("0", [0] * 6, False),
        ("-40", (-20, -21, -19, -20, -22, -18), True),
    ],
)
def test_without_a_year_before_the_level_alone_decides(value, history, is_outside):
    found = expected(NOVEMBER, months("2026-05", history))
    assert found.reference is None and found.is_outside(Decimal(value)) is is_outside


def test_fewer_than_six_earlier_figures_expect_nothing():
    assert expected(NOVEMBER, months("2026-06", [100] * 5)) is None


def test_figures_at_or_below_nought_have_no_season():
    history = two_years() | {Period.parse("2026-10"): Decimal(-5)}
    assert expected(NOVEMBER, history).reference is None
    ranged = {Period(one.start, one.last): value for one, value in two_years().items()}
    assert expected(Period(date(2026, 11, 1), date(2026, 11, 30)), ranged).reference is None
