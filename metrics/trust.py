"""Pure. How far a metric, or a kind of file, has deserved trust: five shares with their weights, one score.

The formula, as the page shows it:

    score = 100 × Σ (weight × share) / Σ weight, over the parts that can be judged, halves upwards

    part          weight  share (0 to 1)
    on time         25    kept / judged: of the last six reviews, those with all of its data handed in by the moment
                          that counted
    checks          25    (passed + ½ × warnings + ½ × waived) / asked: of the checks that name it, or something that it
                          is made from, in the newest run
    restatements    20    1 − changed / frozen: of the last six frozen reviews, those whose frozen figure was replaced
    conflicts       20    1 − open / compared: of the declared pairs that it is a side of, in the months of the review
    fresh           10    1 up to 35 days after its oldest data was certified last, 0 from 92 days (a quarter) on,
                          (92 − days) / 57 between; 0 where data is in and was never certified

What cannot be judged is left out together with its weight: it is neither good nor bad. Where less than half of all
weight can be judged there is no score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

WEIGHTS = {"on_time": 25, "checks": 25, "restated": 20, "conflicts": 20, "fresh": 10}
ALL = sum(WEIGHTS.values())
LAST = 6  # reviews that count
FRESH, STALE = 35, 92  # days
HALF = Fraction(1, 2)
GOOD, FAIR = 85, 65  # from these scores on


@dataclass(frozen=True)
class Evidence:
    """What was counted. 0 of 0 cannot be judged; `age` in days, None where nothing was ever certified; `has_data`:
    whether anything was handed in at all."""

    kept: int = 0
    judged: int = 0
    passed: int = 0
    warned: int = 0
    waived: int = 0
    failed: int = 0
    changed: int = 0
    frozen: int = 0
    open: int = 0
    compared: int = 0
    age: int | None = None
    has_data: bool = False

    @property
    def asked(self) -> int:
        return self.passed + self.warned + self.waived + self.failed


@dataclass(frozen=True)
class Part:
    """One part of a score. share: 0 to 1, None where it cannot be judged."""

    code: str
    share: Fraction | None

    @property
    def weight(self) -> int:
        return WEIGHTS[self.code]

    @property
    def points(self) -> Fraction | None:
        """What it adds, of `weight`."""
        return None if self.share is None else self.weight * self.share


def parts(found: Evidence) -> list[Part]:
    """The five parts, in the order of the formula."""
    return [
        Part("on_time", _share(found.kept, found.judged)),
        Part("checks", _share(found.passed + HALF * (found.warned + found.waived), found.asked)),
        Part("restated", _share(found.frozen - found.changed, found.frozen)),
        Part("conflicts", _share(found.compared - found.open, found.compared)),
        Part("fresh", freshness(found.age, has_data=found.has_data)),
    ]


def freshness(age: int | None, *, has_data: bool) -> Fraction | None:
    """The share of data that was certified `age` days ago."""
    if age is None:
        return Fraction(0) if has_data else None
    return max(Fraction(0), min(Fraction(1), Fraction(STALE - age, STALE - FRESH)))


def score(found: Iterable[Part]) -> int | None:
    """0 to 100, or None where less than half of the weight can be judged."""
    judged = [one for one in found if one.share is not None]
    weight = sum(one.weight for one in judged)
    if 2 * weight < ALL:
        return None
    return int(100 * sum(one.points for one in judged) / weight + HALF)


def grade(value: int | None) -> str:
    """good (from 85), fair (from 65), poor, or none."""
    if value is None:
        return "none"
    return "good" if value >= GOOD else "fair" if value >= FAIR else "poor"


def _share(part, of: int) -> Fraction | None:
    return Fraction(part) / of if of else None
