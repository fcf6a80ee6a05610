"""Which submissions stand behind figures: one version per series, none counted twice."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Max, Min, Q

from metrics.models import Observation, RollUp, Snapshot, Submission, rulings_about
from metrics.official_sides import overruled, ruled_then
from metrics.periods import DAY
from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with

State = Submission.State
LIVING = (State.CERTIFIED, State.HANDED_IN, State.DRAFT)
# From least to most: a figure is worth as much as the least of what it is made from.
STANDINGS = ("none", "draft", "provisional", "certified")
LONGEST_REST = dt.timedelta(days=10)
STANDING = {State.CERTIFIED: "certified", State.HANDED_IN: "provisional", State.DRAFT: "draft"}


@dataclass(frozen=True)
class Source:
    """A submission as figures know it; covers [start, end) for each of `metrics`."""

    pk: int
    department: int
    profile: str
    start: dt.date
    end: dt.date
    number: int
    state: str
    metrics: frozenset
    file: str
    sha256: str
    rows: int
    overruled: frozenset = frozenset()  # metrics of which a ruling made the other side's figure official

    @property
    def series(self) -> tuple:
        return self.department, self.profile, self.start, self.end

    @property
    def standing(self) -> str:
        return STANDING[self.state]


def lowest(standings: Iterable[str]) -> str:
    """The least of `standings`; "none" for nothing at all."""
    return min(standings, key=STANDINGS.index, default="none")


def readable(user):
    """Submissions whose figures `user` may see; None is the machine itself and sees all.

    Colleagues see certified figures. Uncertified ones show to who may read drafts and to who edits that department's.
    """
    living = Submission.objects.filter(state__in=LIVING)
    if user is None:
        return living
    drafts = Q(department__in=departments_with(user, "figure.read_draft"))
    own = Q(department__in=departments_with(user, "submission.edit"))
    return living.visible_to(user).filter(Q(state=State.CERTIFIED) | drafts | own)


def standing(
    start: dt.date | None,
    end: dt.date | None,
    *,
    status: str | None = None,
    user=None,
    snapshot: Snapshot | None = None,
) -> list[Source]:
    """The sources of figures between `start` and `end` (exclusive); of all time where they are None. One query.

    `status` None: certified where there is, else the newest draft; "certified": only these; "draft": the newest;
    "handed_in": the newest that its department stands by, no drafts.
    "official": certified where there is, else the newest that was handed in: what a freeze would keep.
    `snapshot`: the versions that were frozen, as they stood then, whatever became of them.
    """
    if snapshot is not None:
        return frozen(snapshot, start, end, status=status, user=user)
    rows = readable(user) if start is None else readable(user).touching(start, end)
    if status == "certified":
        rows = rows.filter(state=State.CERTIFIED)
    elif status in ("handed_in", "official"):
        rows = rows.filter(state__in=(State.CERTIFIED, State.HANDED_IN))
    return chosen(_read(rows), prefer_certified=status not in ("draft", "handed_in"))


def _read(rows) -> list[Source]:
    columns = ("pk", "department", "profile", "period_start", "period_end", "number", "state", "totals")
    rows = rows.annotate(ruled=rulings_about("profile", "period_end"))
    found = rows.order_by("pk").values_list(*columns, "source__name", "source__sha256", "rows_used", "ruled")
    return [
        Source(
            *row[:7], frozenset(row[7]), row[8] or "", row[9] or "", row[10], overruled(row[11], *row[3:5])
        )
        for row in found.iterator()
    ]


def frozen(
    snapshot: Snapshot, start: dt.date | None, end: dt.date | None, *, status: str | None = None, user=None
) -> list[Source]:
    """The versions of `snapshot` between `start` and `end` that `user` may see, in the state they were frozen in."""
    kept = {
        pk: one for pk, one in snapshot.versions.items() if status != "certified" or one["state"] == status
    }
    rows = Submission.objects.filter(pk__in=kept)
    rows = rows if start is None else rows.touching(start, end)
    if user is not None:
        own = departments_with(user, "submission.edit") | departments_with(user, "figure.read_draft")
        own = set(own.values_list("pk", flat=True))
        certified = [] if user.is_partner or not user.is_active else [State.CERTIFIED]
    columns = ("pk", "department", "profile", "period_start", "period_end", "number", "totals")
    found = rows.order_by("period_start", "pk").values_list(
        *columns, "source__name", "source__sha256", "rows_used"
    )
    ruled = snapshot.document["rulings"]
    return [
        Source(
            *row[:6],
            state,
            frozenset(row[6]),
            row[7] or "",
            row[8] or "",
            row[9],
            overruled(ruled_then(ruled, row[2], row[4]), *row[3:5]),
        )
        for row in found.iterator()
        if (state := kept[row[0]]["state"]) and (user is None or state in certified or row[1] in own)
    ]


def frozen_among(found: Iterable[Source], snapshot: Snapshot) -> list[Source] | None:
    """The versions of `snapshot` as `frozen` tells them, out of sources of all time that somebody may see; None where
    that takes a query: not all of them are among these, or some were no certified ones."""
    kept, known = snapshot.versions, {one.pk: one for one in found}
    if not kept.keys() <= known.keys() or any(one["state"] != State.CERTIFIED for one in kept.values()):
        return None
    ruled = snapshot.document["rulings"]
    return [
        replace(
            one,
            state=State.CERTIFIED,
            overruled=overruled(ruled_then(ruled, one.profile, one.end), one.start, one.end),
        )
        for one in sorted((known[pk] for pk in kept), key=lambda one: (one.start, one.pk))
    ]


def shared(user, *, snapshot: Snapshot | None = None) -> list[Source]:
    """The sources behind figures that are shared with a partner: what is certified in the company and its own.

    Nothing of another partner. A colleague has those of every other page. One query.
    """
    if not user.is_partner:
        return standing(None, None, user=user, snapshot=snapshot)
    others = Department.objects.filter(kind=Department.Kind.PARTNER).exclude(pk=user.department_id)
    if snapshot is not None:
        hidden = set(others.values_list("pk", flat=True))
        certified = frozen(snapshot, None, None, status="certified")
        return [one for one in certified if one.department not in hidden]
    rows = Submission.objects.filter(state=State.CERTIFIED).exclude(department__in=others)
    return chosen(_read(rows), prefer_certified=True)


def chosen(sources: Iterable[Source], *, prefer_certified: bool) -> list[Source]:
    """One version of each series, and of overlapping series of one profile the one that ranks first."""

    def rank(source):
        return prefer_certified and source.state == State.CERTIFIED, source.number, source.pk

    best: dict[tuple, Source] = {}
    for source in sources:
        if source.series not in best or rank(source) > rank(best[source.series]):
            best[source.series] = source
    taken: list[Source] = []
    for source in sorted(best.values(), key=lambda one: (rank(one)[0], one.pk), reverse=True):
        clash = (
            one
            for one in taken
            if one.series[:2] == source.series[:2] and one.start < source.end and source.start < one.end
        )
        if next(clash, None) is None:
            taken.append(source)
    return sorted(taken, key=lambda one: (one.start, one.pk))


def held(found: Iterable[Source], *, code: str = "") -> dict[int, tuple[dt.date, dt.date]]:
    """For sources whose data stops (or starts) long before the period does: the days [start, end) that it holds.

    A shop may be closed over Christmas; a hole at an end of more than ten days and a quarter of the period, in data
    that is otherwise daily, is a file that was cut short. With `code` the days of that metric tell, in one query;
    else weeks tell first, and days only for those few.
    """
    known = {one.pk: one for one in found}
    if not code and not (known := _with_holes_by_week(known)):
        return {}
    days = Observation.objects.filter(submission__in=known).order_by().values_list("submission")
    days = days.filter(metric=code) if code else days
    days = days.annotate(Min("day"), Max("day"), Count("day", distinct=True))
    return {
        pk: (low, high + DAY)
        for pk, low, high, count in days
        if _has_hole(known[pk], low, high + DAY) and _is_daily(low, high, count)
    }


def _with_holes_by_week(known: dict[int, Source]) -> dict[int, Source]:
    weeks = RollUp.objects.filter(submission__in=known, grain="W").order_by().values_list("submission")
    short = {}
    for pk, low, high in weeks.annotate(Min("period_key"), Max("period_key")):
        start, end = (dt.date.fromisocalendar(key // 100, key % 100, 1) for key in (low, high))
        if _has_hole(known[pk], start, end + 7 * DAY):
            short[pk] = known[pk]
    return short


def _has_hole(source: Source, start: dt.date, end: dt.date) -> bool:
    hole = max(start - source.start, source.end - end)
    return hole > max(LONGEST_REST, (source.end - source.start) / 4)


def _is_daily(low: dt.date, high: dt.date, count: int) -> bool:
    """A figure on most days, so that days without one mean something."""
    return count >= 5 and 2 * count > (high - low).days
