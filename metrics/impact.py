"""What a definition would have meant: every month that has data, by the definition that holds and by another one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from metrics import comparison, readings, sources
from metrics.definitions import FIELDS, Definition, Definitions
from metrics.desk import Desk
from metrics.dictionary_csv import LISTS, NUMBERS
from metrics.evaluation import Evaluation
from metrics.figure import Figure
from metrics.models import Review
from metrics.periods import Period
from metrics.reasons import CannotRead, Why
from metrics.units import shown

MOST_MONTHS = 120
# What a figure is worth cannot follow these where it comes from a file: what was handed in was counted otherwise.
MEANING = frozenset(
    """definition_zh definition_en numerator denominator formula incl_shipping incl_tax refund_rule time_basis tz_rule
    fx_rule new_customer_days attribution_days source_of_truth time_agg dim_agg unit value_type""".split()
)


@dataclass(frozen=True)
class Month:
    """One month by both definitions; a side without value says why. `kept_by` is a review that keeps the former."""

    period: Period
    before: Decimal | None
    after: Decimal | None
    why_before: Why | None
    why_after: Why | None
    status: str
    kept_by: str = ""

    @property
    def change(self) -> Decimal | None:
        return comparison.change(self.after, self.before)

    @property
    def ratio(self) -> Decimal | None:
        return comparison.change_ratio(self.after, self.before)

    @property
    def moves(self) -> bool:
        return self.after != self.before


@dataclass(frozen=True)
class Other:
    """A metric whose formula reads the changed one: how many months move, and the last one that does."""

    definition: Definition
    moved: int
    last: Month | None


@dataclass(frozen=True)
class Impact:
    """All months, newest first; `unit` with the currency of the figures; `hidden`: not for this reader's eyes."""

    definition: Definition
    unit: str
    months: list[Month]
    others: list[Other]
    hidden: bool = False

    @property
    def moved(self) -> int:
        return sum(month.moves for month in self.months)

    @property
    def last_moved(self) -> Month | None:
        return next((month for month in self.months if month.moves), None)


def preview(
    code: str, row: dict[str, str], *, former: dict[str, str], start: dt.date, user, on: dt.date
) -> Impact:
    """`row` (cells of the dictionary, to hold from `start` on) in the place of `former`, which is empty for a new
    metric, over every month before the day `on` that has data. `user` is the reader: what they may not read is
    hidden. The same number of queries whatever the number of months.
    """
    present = Definitions.newest()
    proposed = present.replaced(definition_of(code, row))
    if not _is_open(code, proposed[code], former, user):
        return Impact(proposed[code], "", [], [], hidden=True)
    readers = readers_of(code, proposed)
    is_open = readings.open_codes(user, readers)
    others = [one for one in readers if one in is_open]
    known = sources.standing(None, None, user=user)
    bases = set().union(*(side.bases(code) for side in (present, proposed) if code in side))
    months = months_of(known, bases, on=on)
    if not months:
        return Impact(proposed[code], proposed[code].unit, [], [])
    asked = [code, *others]
    after = _evaluation(proposed, asked, months, known=known, user=user, on=on)
    if _reads_no_more(present, proposed, asked):
        before = Evaluation(present, after.sources, after.sums, on, after.monthly, after.exchange)
    else:
        before = _evaluation(present, asked, months, known=known, user=user, on=on)
    kept = kept_by_reviews(months, start)
    is_lost = _is_lost(former, row)
    found = [_month(code, month, before, after, kept, lost=is_lost) for month in months]
    currency = next((c for one in months if (c := _figure(after, code, one)[0].currency)), "")
    return Impact(
        definition=proposed[code],
        unit=readings.unit(proposed[code], currency),
        months=found,
        others=[] if is_lost else _others(others, months, before, after, kept),
    )


def _is_open(code: str, proposed: Definition, former: dict[str, str], user) -> bool:
    """Whether `user` may read the figures of the metric, and those that another formula would tell (C2)."""
    asked = {code} if former else set()
    if proposed.is_computed and (not former or former["formula"] != proposed.formula):
        asked |= proposed.names
    return asked <= readings.open_codes(user, asked)


def definition_of(code: str, row: dict[str, str]) -> Definition:
    """The definition that the cells of a row say, as computing needs it."""
    cells: dict = {name: row.get(name, "") for name in FIELDS}
    cells |= {name: row[name].split(",") if row.get(name) else [] for name in LISTS if name in FIELDS}
    cells |= {name: int(row[name]) if row.get(name) else None for name in NUMBERS if name in FIELDS}
    cells |= {"number": 0, "effective_from": dt.date.min, "effective_to": None}
    del cells["metric__code"]
    return Definition(code=code, **cells)


def readers_of(code: str, definitions: Definitions) -> list[str]:
    """The metrics that are made from `code`, directly or through others."""
    return [one for one in definitions if one != code and code in definitions.closure([one])]


def months_of(known: Iterable[sources.Source], bases: set[str], *, on: dt.date) -> list[Period]:
    """The calendar months before the day `on` that a source with one of `bases` touches, newest first."""
    found = set()
    for source in known:
        if source.metrics & bases:
            span = Period(source.start, min(source.end, on)) if source.start < on else None
            found |= (
                {Period.containing(part.start, "month") for part in span.split("month")} if span else set()
            )
    return sorted(found, key=lambda month: month.start, reverse=True)[:MOST_MONTHS]


def kept_by_reviews(months: list[Period], start: dt.date) -> list[Review]:
    """The reviews of these months, after `start`, that use the definitions they were frozen with."""
    late = Review.objects.exclude(state=Review.State.OPEN).filter(period_end__gt=start)
    return list(late.filter(period_start__lt=months[0].end, period_end__gt=months[-1].start))


def _evaluation(definitions, codes, months, *, known, user, on) -> Evaluation:
    desk = Desk(codes, months, user=user, on=on, known=known, definitions=definitions)
    return desk.evaluation(codes, months, columns=sorted(desk.sliced(codes)))


def _reads_no_more(present: Definitions, proposed: Definitions, codes: list[str]) -> bool:
    """Whether what was loaded for the proposed definitions is enough for the present ones."""

    def needs(side):
        known = [code for code in codes if code in side]
        bases = set().union(*(side.bases(code) for code in known))
        return bases, set().union(*(side.shifts(code) for code in known)), side.sliced(side.closure(known))

    return all(few <= many for few, many in zip(needs(present), needs(proposed), strict=True))


def _is_lost(former: dict[str, str], row: dict[str, str]) -> bool:
    """Whether the past cannot be counted anew: the figures came from files, and what counts is now another thing."""
    from_file = bool(former) and former["engine"] != "app" and row["engine"] != "app"
    return from_file and any(former[column] != row.get(column, "") for column in MEANING)


def _figure(evaluation: Evaluation, code: str, month: Period) -> tuple[Figure, Why | None]:
    if code not in evaluation.definitions:
        return Figure(None), None
    try:
        figure = evaluation.figure(code, month)
    except CannotRead as refusal:
        return Figure(None), refusal.whys[0]
    return figure, figure.why


def _month(code, month, before, after, kept, *, lost=False) -> Month:
    (now, why_now), (then, why_then) = _figure(before, code, month), _figure(after, code, month)
    if lost:
        then, why_then = Figure(None), Why("FROM_FILES", {"metric": code})
    judged = before if now.value is not None else after
    figure = now if now.value is not None else then
    reviews = [one for one in kept if one.period_start <= month.last < one.period_end]
    return Month(
        period=month,
        before=_shown(now.value, before, code),
        after=_shown(then.value, after, code),
        why_before=why_now,
        why_after=why_then,
        status=judged.status(figure, code, month),
        kept_by=reviews[-1].title if reviews else "",
    )


def _shown(value: Decimal | None, evaluation: Evaluation, code: str) -> Decimal | None:
    return None if value is None else shown(value, evaluation.definitions[code].places)


def _others(codes, months, before, after, kept) -> list[Other]:
    found = []
    for code in codes:
        rows = [_month(code, month, before, after, kept) for month in months]
        moved = [row for row in rows if row.moves]
        found.append(Other(after.definitions[code], len(moved), moved[0] if moved else None))
    return sorted(found, key=lambda one: -one.moved)
