"""How the departments handed in over the last reviews: on time, with more time, late, returned, how complete.

A review counts once its outcome is known: everything is in, or the freeze has passed. Called off, it never does.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from metrics import checklist, deadlines
from metrics.checklist import Checklist
from metrics.models import Review, Submission
from reviewhub.people.models import Department

YEAR = dt.timedelta(days=366)
KEPT = ("on_time", "extended")
JUDGED = (*KEPT, "late", "missing")

# pks of reviews → those that are called off. Meetings stand above: whoever calls reviews off says so here.
Finder = Callable[[list[int]], Iterable[int]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Add a finder of reviews that do not take place; the same one again changes nothing."""
    if finder not in _finders:
        _finders.append(finder)


@dataclass(frozen=True)
class Verdict:
    """What one review came to for one department.

    outcome: on_time (complete by the gate of T−7) · extended (by the moment agreed, or moved for
    a source that was down) · late (by the freeze) · missing
    (not complete at the freeze) · open (still to be seen) · na (nothing asked). `done` of `asked` lines were in by
    the freeze; `returned`: versions sent back.
    """

    review: Review
    outcome: str
    done: int = 0
    asked: int = 0
    returned: int = 0

    @property
    def is_judged(self) -> bool:
        return self.outcome in JUDGED


@dataclass(frozen=True)
class Record:
    """One department over some reviews, the oldest first. `streak`: how many of the latest were all in time."""

    department: Department
    verdicts: tuple[Verdict, ...]
    streak: int = 0

    def count(self, *outcomes: str) -> int:
        return sum(one.outcome in outcomes for one in self.verdicts)

    @property
    def judged(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.is_judged]

    @property
    def kept(self) -> int:
        """Reviews with everything in by the moment that counted."""
        return self.count(*KEPT)

    @property
    def returned(self) -> int:
        return sum(one.returned for one in self.verdicts)

    @property
    def on_time(self) -> Fraction | None:
        """Share of the judged reviews (GOV_SUB_OT by department); None where none is judged."""
        return Fraction(self.kept, len(self.judged)) if self.judged else None

    @property
    def complete(self) -> Fraction | None:
        """Lines that were in by the freeze, of all that the judged reviews asked for."""
        asked = sum(one.asked for one in self.judged)
        return Fraction(sum(one.done for one in self.judged), asked) if asked else None


def reviews(user, *, at: dt.datetime) -> list[Review]:
    """The reviews of a year back from `at` whose data was due, that were not called off; the oldest first."""
    rows = Review.objects.visible_to(user).filter(due_at__lte=at, meeting_at__gt=at - YEAR)
    rows = list(rows.prefetch_related("extensions").order_by("meeting_at"))
    return held(rows)


def held(found: list[Review]) -> list[Review]:
    """Those of `found` that were not called off."""
    pks = [one.pk for one in found]
    gone = {pk for finder in _finders for pk in finder(pks)}
    return [one for one in found if one.pk not in gone]


def records(found: list[Review], user, *, at: dt.datetime, last: int | None = None) -> list[Record]:
    """Departments that `user` may know and that were asked for anything in the `last` of `found` (None: all).

    Four queries a review; a streak may begin before the reviews that are counted. Most on time first.
    """
    departments = list(Department.objects.visible_to(user).active().order_by("pk"))
    sent_back = _sent_back(found)
    by_department: dict[int, list[Verdict]] = {one.pk: [] for one in departments}
    for review in found:
        for pk, asked in checklist.of_all(review, departments).items():
            by_department[pk].append(verdict(asked, sent_back.get((review.pk, pk), 0), at=at))
    rows = [
        Record(one, tuple(by_department[one.pk][-last if last else 0 :]), streak(by_department[one.pk]))
        for one in departments
    ]
    rows = [row for row in rows if any(one.outcome != "na" for one in row.verdicts)]
    return sorted(rows, key=lambda row: (-(row.on_time or 0), -(row.complete or 0)))


def verdict(found: Checklist, returned: int, *, at: dt.datetime) -> Verdict:
    """What `found` came to as seen at `at`. What came after the freeze was not there when it was needed."""
    review, asked = found.review, found.asked
    if not asked:
        return Verdict(review, "na", returned=returned)
    moments = [item.done_at for item in asked if item.state == "pass"]
    done = sum(moment <= review.freeze_at for moment in moments)
    numbers = {"done": done, "asked": len(asked), "returned": returned}
    if done < len(asked):
        return Verdict(review, "missing" if at > review.freeze_at else "open", **numbers)
    is_late = any(item.is_late for item in asked)
    outcome = "late" if is_late else "extended" if max(moments) > review.due_at else "on_time"
    return Verdict(review, outcome, **numbers)


def streak(verdicts: list[Verdict]) -> int:
    """How many of the latest judged reviews were kept in a row."""
    count = 0
    for one in reversed([one for one in verdicts if one.is_judged]):
        if one.outcome not in KEPT:
            break
        count += 1
    return count


def _sent_back(found: list[Review]) -> dict[tuple[int, int], int]:
    """(review, department) → versions that were returned, each counted in the latest review that it touches."""
    if not found:
        return {}
    start, end = min(one.period_start for one in found), max(one.period_end for one in found)
    rows = Submission.objects.touching(start, end).filter(returned_at__isnull=False)
    counted: dict[tuple[int, int], int] = {}
    for row in rows.only("department_id", "period_start", "period_end"):
        if review := deadlines.latest_touched(row, found):
            key = review.pk, row.department_id
            counted[key] = counted.get(key, 0) + 1
    return counted
