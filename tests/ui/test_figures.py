"""Numbers, money, changes and spans as readers of both languages expect them."""

from decimal import Decimal

import pytest

from reviewhub.ui import figures

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 0, "0"),
        (1234567, 0, "1,234,567"),
        (Decimal("1234.565"), 2, "1,234.57"),
        (Decimal("-1234.565"), 2, "−1,234.57"),
        (Decimal("-0.004"), 2, "0.00"),
        (Decimal("0.005"), 2, "0.01"),
        (None, 2, "–"),
    ],
)
def test_numbers_are_grouped_and_rounded_half_away_from_zero(value, places, text):
    assert figures.number(value, places, "en") == text
    assert figures.number(value, places, "zh-hans") == text


@pytest.mark.parametrize(
    ("currency", "zh", "en"),
    [
        ("CNY", "−¥52,339.88", "−¥52,339.88"),
        ("USD", "−US$52,339.88", "−$52,339.88"),
        ("GBP", "−£52,339.88", "−£52,339.88"),
        ("JPY", "−JP¥52,339.88", "−JP¥52,339.88"),
        ("CHF", f"−CHF{THIN}52,339.88", f"−CHF{THIN}52,339.88"),
    ],
)
def test_money_carries_its_sign_and_never_two_meanings_of_yen(currency, zh, en):
    assert figures.money(Decimal("-52339.88"), currency, 2, "zh-hans") == zh
    assert figures.money(Decimal("-52339.88"), currency, 2, "en") == en


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (8_214_330, "821.4万", "8.21m"),
        (-52_340, "−5.23万", "−52.3k"),
        (123_456_789, "1.23亿", "123.5m"),
        (9_876_543_210, "98.8亿", "9.88bn"),
        (15_000_000, "1,500万", "15.0m"),
        (999, "999", "999"),
        (Decimal("331.7"), "331.70", "331.70"),
        (5_000, "5,000", "5.00k"),
    ],
)
def test_magnitudes_count_by_ten_thousands_in_chinese_and_by_thousands_in_english(value, zh, en):
    assert figures.magnitude(value, "zh-hans") == zh
    assert figures.magnitude(value, "en") == en


def test_a_percentage_has_its_space_in_english_only():
    assert figures.percent(Decimal("0.0064"), 2, "zh-hans") == "0.64%"
    assert figures.percent(Decimal("0.0064"), 2, "en") == f"0.64{THIN}%"


@pytest.mark.parametrize(
    ("ratio", "zh", "en"),
    [
        (Decimal("0.121"), "+12.1%", f"+12.1{THIN}%"),
        (Decimal("-0.092"), "−9.2%", f"−9.2{THIN}%"),
        (Decimal("0.0004"), "±0.0%", f"±0.0{THIN}%"),
        (0, "±0.0%", f"±0.0{THIN}%"),
        (None, "–", "–"),
    ],
)
def test_a_variance_always_shows_its_sign(ratio, zh, en):
    assert figures.signed_percent(ratio, 1, "zh-hans") == zh
    assert figures.signed_percent(ratio, 1, "en") == en


def test_a_change_of_a_ratio_is_in_percentage_points():
    assert figures.points(Decimal("0.021"), 1, "en") == f"+2.1{THIN}pp"
    assert figures.points(Decimal("-0.021"), 1, "zh-hans") == "−2.1个百分点"


@pytest.mark.parametrize(
    ("seconds", "text"), [(750, "12:30"), (3723, "1:02:03"), (0, "00:00"), (-72, "−01:12"), (None, "–")]
)
def test_a_clock_shows_whole_seconds(seconds, text):
    assert figures.clock(seconds) == text


def test_an_overrun_counts_up():
    assert figures.clock(-72, signed_overrun=True) == "+01:12"


def test_time_left_is_days_hours_and_minutes():
    assert figures.span(97_920, "en") == "1 d 03:12"
    assert figures.span(97_920, "zh-hans") == "1 天 03:12"
    assert figures.span(11_520, "en") == "03:12"


def test_a_length_to_the_second_is_said_in_words():
    assert [figures.duration(seconds, "en") for seconds in (0, 1, 61, 7392, 180_000)] == [
        "0 s", "1 s", "1 min 01 s", "2 h 03 min 12 s", "2 d 02 h 00 min 00 s",
    ]  # fmt: skip
    assert figures.duration(7392, "zh-hans") == "2 小时 03 分 12 秒"


def test_planned_lengths_are_minutes():
    assert figures.minutes(2220, "zh-hans") == "37 分钟"
    assert figures.minutes(150, "en") == "2.5 min"


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (268_435_456, "268 MB")]
)
def test_file_sizes_are_decimal(size, text):
    assert figures.file_size(size) == text
