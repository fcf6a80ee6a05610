"""Dates, moments and texts in expressions: differences, parts, the first that is known, one text from two."""

import numpy as np
import pyarrow as pa
import pytest

from metrics.intake.columns import Days, Exact, Words, known
from metrics.intake.expressions import DAY, MOMENT, NUMBER, TEXT, ExpressionError, parse
from metrics.intake.moment_reader import MomentReader
from metrics.intake.moments import Moments
from metrics.intake.profile_parts import DateForm

NAMES = {
    "sent": MOMENT,
    "due": MOMENT,
    "day": DAY,
    "kind": TEXT,
    "name": TEXT,
    "cost": NUMBER,
    "guess": NUMBER,
}
NOON = 20_542 * 86_400 + 12 * 3600  # Monday 2026-03-30 12:00
ALL = np.array([True, True, True])


def block():
    return {
        "sent": Moments(np.array([NOON, NOON + 1, NOON + 13 * 3600]), np.array([True, True, False])),
        "due": Moments(np.array([NOON - 12 * 3600, NOON, NOON]), ALL),
        "day": Days(np.array([20_542, 20_543, 20_544]), ALL),
        "kind": Words(np.array([0, 1, 0]), ["fee", ""]),
        "name": Words(np.array([0, 0, 1]), ["a", "b"]),
        "cost": Exact(np.array([150, 0, 30]), 2, np.array([True, False, True])),
        "guess": Exact(np.array([7, 8, 9]), 0, ALL),
    }


def told(source):
    """The values of each row; None where nothing is known."""
    found = parse(source, NAMES)(block())
    if isinstance(found, np.ndarray):
        return found.tolist()
    if isinstance(found, Words):
        return [found.at(row) for row in range(3)]
    name = {Exact: "units", Days: "days", Moments: "seconds"}[type(found)]
    return [
        v if k else None for v, k in zip(getattr(found, name).tolist(), known(found).tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("seconds(sent, due)", [43_200, 1, None]),
        ("days(sent, due)", [0, 0, None]),
        ("days(day, due)", [0, 1, 2]),
        ("sent <= due", [False, False, False]),
        ("day(sent) <= day(due)", [True, True, False]),
        ("due < day", [False, True, True]),
        ("day(sent)", [20_542, 20_542, None]),
        ("year(day)", [2026, 2026, 2026]),
        ("month(day)", [3, 3, 4]),
        ("weekday(day)", [1, 2, 3]),
        ("hour(sent)", [12, 12, None]),
        ("first(sent, due)", [NOON, NOON + 1, NOON]),
        ("first(day(sent), day)", [20_542, 20_542, 20_544]),
        ("first(kind, name)", ["fee", "a", "fee"]),
        ("first(cost, guess)", [150, 800, 30]),
        ("concat(kind, '|', name)", ["fee|a", "|a", "fee|b"]),
        ("concat('no ', name)", ["no a", "no a", "no b"]),
        ("case(filled(kind), kind, name == 'a', 'none', name)", ["fee", "none", "fee"]),
    ],
)
def test_a_value_row_by_row(source, expected):
    assert told(source) == expected


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("days(sent)", "days(later, earlier)"),
        ("seconds(sent, cost)", "asks about a date or a moment"),
        ("first(sent, cost)", "values of one kind"),
        ("first(sent)", "first(value, value"),
        ("concat(kind)", "concat(text, text"),
        ("case(filled(kind), kind, cost)", "between numbers, or between texts"),
        ("sent > cost", "cannot be compared"),
        ("sent + due", "a number is expected"),
    ],
)
def test_what_makes_no_sense_says_why(source, says):
    with pytest.raises(ExpressionError) as refusal:
        parse(source, NAMES)
    assert says in str(refusal.value)


@pytest.mark.parametrize("odd", ["", "2026-03-30T24:00:00", "1969-01-01 00:00:00"])
def test_many_stamps_are_read_at_once_as_one_by_one(odd):
    texts = [f"2026-03-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}:07" for n in range(300)] + [odd] * bool(odd)
    coded = pa.array(texts).dictionary_encode()
    fast, failures = MomentReader(DateForm(), "Asia/Shanghai").read(coded)
    slow = MomentReader(DateForm(), "Asia/Shanghai")
    slow._iso_stamps = lambda texts: None
    one_by_one, failed = slow.read(coded)
    assert fast.seconds.tolist() == one_by_one.seconds.tolist()
    assert fast.known.tolist() == one_by_one.known.tolist() and failures == failed
    assert (len(failures), fast.seconds[0]) == (bool(odd), 1_772_323_207)
