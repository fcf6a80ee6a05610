"""How often decisions brought what they were meant to, with exact values."""

from fractions import Fraction

import pytest

from meetings import hit_rate
from meetings.hit_rate import Hits


@pytest.mark.parametrize(
    ("outcomes", "hits", "rate"),
    [
        ([], Hits(), None),
        (["", "unclear"], Hits(0, 0, 1), None),
        (["kept", "kept", "reversed", "none", "unclear", ""], Hits(2, 4, 1), Fraction(1, 2)),
        (["none"], Hits(0, 1), Fraction(0)),
    ],
)
def test_a_hit_is_kept_of_those_judged_and_unclear_ones_count_in_neither(outcomes, hits, rate):
    assert hit_rate.of(outcomes) == hits
    assert hits.rate == rate
