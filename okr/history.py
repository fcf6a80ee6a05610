"""What came of past cycles: scores, hits and causes, by cycle and by department. Of scored cycles alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from okr.models import Cycle, Grade
from okr.reset import MILLION

# Fewer key results say nothing of a department.
ENOUGH = 5


@dataclass(frozen=True)
class Summary:
    """`count` graded key results, `known` of them with a score; `mean` score and share of `hits` (wholly reached) of
    the known ones, None where none is; `causes` of the others."""

    count: int
    known: int
    mean: Fraction | None
    hits: Fraction | None
    causes: Counter


@dataclass(frozen=True)
class Range:
    """How far the key results of a department came: `count`, and the lowest quarter, the middle and the highest quarter
    of their scores."""

    count: int
    low: Fraction
    middle: Fraction
    high: Fraction


def summary(grades: Iterable[Grade]) -> Summary:
    grades = list(grades)
    scores = [one.score for one in grades if one.score is not None]
    known = len(scores)
    return Summary(
        len(grades),
        known,
        Fraction(sum(scores), known * MILLION) if known else None,
        Fraction(sum(score >= MILLION for score in scores), known) if known else None,
        Counter(one.cause for one in grades if one.cause),
    )


def by_cycle(cycles: Iterable[Cycle]) -> dict[Cycle, dict[int | None, list[Grade]]]:
    """Scored cycle → department (None: the company) → grades, the newest cycle first. Two queries."""
    cycles = [one for one in cycles if one.state == Cycle.State.CLOSED]
    found: dict[Cycle, dict[int | None, list[Grade]]] = {one: {} for one in cycles}
    by_pk = {one.pk: one for one in cycles}
    rows = Grade.objects.filter(result__cycle__in=cycles, result__cycle__reset__isnull=False)
    for row in rows.select_related("result"):
        found[by_pk[row.result.cycle_id]].setdefault(row.result.department_id, []).append(row)
    return found


def hit_range(department_id: int | None) -> Range | None:
    """Of all past key results of a department (None: the company); None where they are fewer than ENOUGH. One query."""
    rows = Grade.objects.filter(result__department=department_id, score__isnull=False)
    scores = sorted(rows.filter(result__cycle__reset__isnull=False).values_list("score", flat=True))
    if len(scores) < ENOUGH:
        return None
    half = len(scores) // 2
    low, high = scores[:half], scores[-half:]
    quarters = (median(low), median(scores), median(high))
    return Range(len(scores), *(Fraction(one) / MILLION for one in quarters))
