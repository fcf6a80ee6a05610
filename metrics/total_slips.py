"""Slips between parts and their total: platforms that miss the total of a row, weeks that miss their days.

Pure. A total is held against what it sums up; which rows these are shows where most totals of the same kind fit. Where
one single figure, mended as a known mistake of typing would need it, closes the gap to the cent, it is the guess.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

POWERS = {"PERCENT": 100, "THOUSAND": 1_000, "WAN": 10_000}
SIGN, SWAPPED, TWICE = "SIGN", "SWAPPED", "TWICE"
CENT = Decimal("0.01")
# Two sources of one figure: how far a week may be from its days and still be called equal, and the same thing.
EQUAL, SAME_THING = Decimal("0.001"), Decimal("0.2")


@dataclass(frozen=True)
class Line:
    """One row of a table: its day and its numbers by column; `total_in` names the column with the word for a total,
    and `texts` are its other filled text cells."""

    row: int
    day: dt.date | None
    texts: Mapping[str, str]
    values: Mapping[str, Decimal]
    total_in: str = ""


@dataclass(frozen=True)
class Guess:
    """The one figure that explains a gap: `of` names it, `after` is what it should be."""

    of: object
    code: str
    after: Decimal


@dataclass(frozen=True)
class Gap:
    """A total that is not the sum of its rows: `rows` are those that it sums up."""

    total: Line
    column: str
    stated: Decimal
    added: Decimal
    rows: tuple[Line, ...] = field(repr=False)
    guess: Guess | None = None

    @property
    def days(self) -> list[dt.date]:
        return sorted({line.day for line in self.rows if line.day})


def gaps(lines: Iterable[Line], columns: Iterable[str]) -> list[Gap]:
    """The totals of one table, in its order, that do not fit; `columns` are those that add up."""
    lines = list(lines)
    kinds: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if line.total_in:
            kinds.setdefault(line.total_in, []).append(at)
    found = []
    for places in kinds.values():
        for column in columns:
            mine = [at for at in places if column in lines[at].values]
            found += _of_column(lines, mine, column)
    return sorted(found, key=lambda one: (one.total.row, one.column))


def _of_column(lines: list[Line], places: list[int], column: str) -> list[Gap]:
    """The gaps of one column, by the way of summing up that fits most of its totals."""
    best: tuple[int, list[Gap]] | None = None
    for way in (_group, _block, _every, _behind):
        scopes = {at: way(lines, at) for at in places}
        if not places or not all(scopes.values()):
            continue
        made = [_gap(lines[at], column, rows) for at, rows in scopes.items()]
        off = [one for one in made if abs(one.stated - one.added) > CENT]
        if best is None or len(off) < best[0]:
            best = len(off), off
    if best is None or (best[0] == len(places) and len(places) > 1):
        return []  # a column that never adds up holds rates, and its totals are averages
    return [one for one in best[1] if _is_near(one.stated, one.added)]


def _gap(total: Line, column: str, rows: list[Line]) -> Gap:
    there = [one for one in rows if column in one.values]
    stated, added = total.values[column], sum((one.values[column] for one in there), Decimal(0))
    guess = culprit({one.row: one.values[column] for one in there}, stated - added)
    return Gap(total, column, stated, added, tuple(there), guess)


def _is_near(stated: Decimal, added: Decimal) -> bool:
    """A total of another kind altogether (of the year, of everything) says nothing about these rows."""
    return 0 < abs(added) and Decimal("0.0001") <= abs(stated / added) <= 10_000 if stated else True


def _group(lines: list[Line], at: int) -> list[Line]:
    """The rows that share every other filled text, and the day, with the total."""
    total = lines[at]
    if total.day is None and not total.texts:
        return []
    return [
        one
        for one in lines
        if not one.total_in
        and (total.day is None or one.day == total.day)
        and all(one.texts.get(name) == text for name, text in total.texts.items())
    ]


def _block(lines: list[Line], at: int) -> list[Line]:
    """The rows since the total of the same kind before it, of those that share its texts."""
    return _until_same(lines[at], reversed(lines[:at]))


def _behind(lines: list[Line], at: int) -> list[Line]:
    """The same below a total that stands on top of its rows."""
    return _until_same(lines[at], lines[at + 1 :])


def _until_same(total: Line, lines: Iterable[Line]) -> list[Line]:
    found = []
    for one in lines:
        if one.total_in == total.total_in and one.texts == total.texts:
            break
        if not one.total_in and all(one.texts.get(name) == text for name, text in total.texts.items()):
            found.append(one)
    return found


def _every(lines: list[Line], at: int) -> list[Line]:
    return [one for one in lines if not one.total_in]


def culprit(values: Mapping[object, Decimal], missing: Decimal) -> Guess | None:
    """The single one of `values` that a known mistake explains, where `missing` is what their sum lacks."""
    found = [
        Guess(of, code, value + missing)
        for of, value in values.items()
        if value and (code := mistake(value, value + missing))
    ]
    if len(found) == 1:
        return found[0]
    twice = [of for of, value in values.items() if value and abs(value + missing) <= CENT]
    return Guess(twice[-1], TWICE, Decimal(0)) if twice and not found else None


def mistake(is_now: Decimal, should: Decimal) -> str:
    """What was done to `should` that `is_now` stands there instead; "" for nothing that is known."""
    if should == 0 or is_now == should:
        return ""
    if abs(is_now + should) <= CENT:
        return SIGN
    # A figure that was divided and rounded comes back only as exactly as it was written.
    half = Decimal(5).scaleb(min(0, is_now.as_tuple().exponent) - 1)
    for code, power in POWERS.items():
        if abs(should - is_now * power) <= max(half * power, CENT) and abs(should) >= 1:
            return code
        if abs(is_now - should * power) <= CENT * power and abs(is_now) >= power:
            return code
    return SWAPPED if _is_swapped(is_now, should) else ""


def _is_swapped(one: Decimal, other: Decimal) -> bool:
    """Two neighbouring digits changed places."""
    scale = min(one.as_tuple().exponent, other.as_tuple().exponent, 0)
    left, right = (f"{int(value.scaleb(-scale))}" for value in (one, other))
    if len(left) != len(right) or len(left) < 3:
        return False
    off = [at for at in range(len(left)) if left[at] != right[at]]
    return (
        len(off) == 2
        and off[1] - off[0] == 1
        and left[off[0]] == right[off[1]]
        and left[off[1]] == right[off[0]]
    )


@dataclass(frozen=True)
class WeekGap:
    """A week of one part against its days in another table; `code` "WEEK", or "TWICE" where all of them agree."""

    code: str
    week: dt.date
    part: tuple
    stated: Decimal
    added: Decimal
    guess: Guess | None = None


def week_begin(day: dt.date) -> dt.date:
    """The day that a weekly table writes for `day`: its Monday, but of a week that spans two months the 1st."""
    return max(day - dt.timedelta(days=day.weekday()), day.replace(day=1))


def _is_whole(week: dt.date) -> bool:
    return week.weekday() == 0 and week_begin(week + dt.timedelta(days=6)) == week


def week_gaps(weeks: Mapping[tuple, Decimal], days: Mapping[tuple, Decimal]) -> list[WeekGap]:
    """weeks: (begin of the week, part) → figure; days: (day, part) → figure; both of the same parts and days.

    Nothing where they are plainly not the same thing; one "TWICE" where every week is the sum of its days. Of a week
    that spans two months only what a mistake explains is told: its row may hold the days of both.
    """
    split: dict[tuple, dict[dt.date, Decimal]] = {}
    for (day, part), value in days.items():
        split.setdefault((week_begin(day), part), {})[day] = value
    both = [(key, stated, split[key]) for key, stated in sorted(weeks.items()) if key in split]
    told = [
        _explained(WeekGap("WEEK", *key, stated, sum(parts.values())), parts) for key, stated, parts in both
    ]
    told = [one for one in told if _is_whole(one.week) or one.guess or _is_equal(one)]
    off = [one for one in told if not _is_equal(one)]
    if not told or (len(off) == len(told) and not _is_same_thing(told)):
        return []
    if not off:
        return [
            WeekGap(
                "TWICE",
                told[0].week,
                told[0].part,
                sum(one.stated for one in told),
                sum(one.added for one in told),
            )
        ]
    return off


def _is_equal(one: WeekGap) -> bool:
    return abs(one.stated - one.added) <= EQUAL * max(abs(one.stated), abs(one.added))


def _is_same_thing(told: list[WeekGap]) -> bool:
    """Weeks that all differ are still the same figure where they lie near their days."""
    return all(abs(one.stated - one.added) <= SAME_THING * abs(one.added) for one in told)


def _explained(one: WeekGap, days: Mapping[dt.date, Decimal]) -> WeekGap:
    """With the day, or the week itself (None), that a known mistake explains; as it is where nothing is amiss."""
    if _is_equal(one):
        return one
    of_week = mistake(one.stated, one.added)
    of_day = culprit(days, one.stated - one.added)
    if of_week and of_week != SWAPPED:
        return WeekGap(one.code, one.week, one.part, one.stated, one.added, Guess(None, of_week, one.added))
    return WeekGap(one.code, one.week, one.part, one.stated, one.added, of_day)
