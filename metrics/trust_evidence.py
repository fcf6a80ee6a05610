"""What speaks for and against the figures of a review: hand-ins, checks, restatements, differences, certification.

Counted as the formula of metrics.trust wants it, for every metric that is switched on and for every kind of file.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field
from itertools import pairwise

from metrics import deadlines, league, reconciliation
from metrics.checks import runs
from metrics.checks.results import FAILED, NOT_APPLICABLE, PASSED, WARNING, Check
from metrics.definitions import Definitions
from metrics.models import CheckRun, CheckWaiver, Metric, Review, Snapshot, Submission
from metrics.periods import DAY
from metrics.trust import LAST, Evidence

State = Submission.State
# Department and name of the profile: one kind of file of one department.
Group = tuple[int, str]
KEPT, LATE, MISSING = "kept", "late", "missing"


@dataclass
class Counted:
    """The evidence of one review, by code of a metric and by kind of file."""

    metrics: dict[str, Evidence] = field(default_factory=dict)
    files: dict[Group, Evidence] = field(default_factory=dict)


def of_review(review: Review, *, at: dt.datetime) -> Counted:
    """Everything that can be judged in `review`, as it is known at `at`, after its meeting as at the meeting."""
    return _Counting(review, min(at, review.meeting_at)).all()


class _Counting:
    def __init__(self, review: Review, at: dt.datetime):
        self.review, self.at = review, at
        self.definitions = Definitions.on(review.period_end - DAY)
        self.reviews = _reviews_up_to(review)
        self.rows = _versions(self.reviews)
        self.brings: dict[Group, set[str]] = {}
        for row in self.rows:
            self.brings.setdefault(_group(row), set()).update(row.totals)
        self.verdicts = {one.pk: self._verdicts(one, earlier) for one, earlier in self._with_earlier()}
        self.certified = self._certified()
        run = CheckRun.objects.shown(review)
        self.checks = [one for one in (runs.results(run) if run else []) if one.state != NOT_APPLICABLE]
        self.waived = set(CheckWaiver.objects.filter(review=review).values_list("code", flat=True))
        self.restated = [_replaced(one) for one in _frozen(review)]
        self.differences = reconciliation.of_review(review).differences

    def all(self) -> Counted:
        found = Counted()
        enabled = Metric.objects.enabled().values_list("code", flat=True)
        for code in [one for one in enabled if one in self.definitions]:
            found.metrics[code] = self._metric(code)
        for group in self.brings:
            found.files[group] = self._file(group)
        return found

    # --- One thing ------------------------------------------------------------------------------------------

    def _metric(self, code: str) -> Evidence:
        made_from = set(self.definitions.closure([code]))
        bases = {one for one in made_from if not self.definitions[one].is_computed}
        groups = [group for group, brought in self.brings.items() if brought & bases]
        brought = bases & set().union(*self.brings.values()) if self.brings else set()
        moments = [
            max((moment for (_group, one), moment in self.certified.items() if one == base), default=None)
            for base in brought
        ]
        sides = [one for one in self.differences if made_from & _sides(one)]
        return self._evidence(
            groups,
            moments,
            checks=[one for one in self.checks if made_from.intersection(one.metrics)],
            changed=sum(bool(made_from & codes) for codes, _groups in self.restated),
            differences=sides,
        )

    def _file(self, group: Group) -> Evidence:
        brought = self.brings[group]
        newest = [moment for (one, _code), moment in self.certified.items() if one == group]
        mine = [
            one
            for one in self.differences
            if group in {(source.department, source.profile) for source in one.sources}
        ]
        return self._evidence(
            [group],
            [max(newest, default=None)],
            checks=[one for one in self.checks if brought.intersection(one.metrics)],
            changed=sum(group in groups for _codes, groups in self.restated),
            differences=mine,
        )

    def _evidence(self, groups: list[Group], moments: list, *, checks, changed: int, differences) -> Evidence:
        """`moments`: when each thing that it needs was certified last, None for what never was."""
        judged = [[verdicts[one] for one in groups if one in verdicts] for verdicts in self.verdicts.values()]
        states = [self._state(one) for one in checks]
        age = None if not moments or None in moments else self._days_since(min(moments))
        return Evidence(
            kept=sum(bool(one) and set(one) == {KEPT} for one in judged),
            judged=sum(bool(one) for one in judged),
            passed=states.count(PASSED),
            warned=states.count(WARNING),
            waived=states.count("waived"),
            failed=states.count(FAILED),
            changed=changed if groups else 0,
            frozen=len(self.restated) if groups else 0,
            open=sum(one.is_open for one in differences),
            compared=len(differences),
            age=age,
            has_data=bool(moments),
        )

    def _state(self, check: Check) -> str:
        return "waived" if check.state != PASSED and check.code in self.waived else check.state

    def _days_since(self, moment: dt.datetime) -> int:
        zone = zoneinfo.ZoneInfo(self.review.time_zone)
        return (self.at.astimezone(zone).date() - moment.astimezone(zone).date()).days

    # --- What was handed in, and when -----------------------------------------------------------------------

    def _with_earlier(self):
        """Each review with the kinds of file that came for the one before it, the oldest first."""
        earlier: set[Group] = set()
        for one in self.reviews:
            yield one, earlier
            earlier = {_group(row) for row in self.rows if self._of(row) == one}

    def _of(self, row: Submission) -> Review | None:
        return deadlines.latest_touched(row, self.reviews)

    def _verdicts(self, review: Review, earlier: set[Group]) -> dict[Group, str]:
        """Kind of file → whether all of it was first handed in by the moment that counted. What came for the review
        before and not by the freeze of this one is missing."""
        series: dict[tuple, list[Submission]] = {}
        for row in self.rows:
            if self._of(row) == review:
                key = (*_group(row), row.period_start, row.period_end)
                series.setdefault(key, []).append(row)
        found: dict[Group, str] = {}
        for key, rows in series.items():
            first = min(row.handed_in_at for row in rows)
            is_late = first > deadlines.due_at(rows[-1], review)
            if found.get(key[:2]) != LATE:
                found[key[:2]] = LATE if is_late else KEPT
        if self.at > review.freeze_at:
            found |= dict.fromkeys(earlier - set(found), MISSING)
        return found

    def _certified(self) -> dict[tuple[Group, str], dt.datetime]:
        """(kind of file, metric) → when a version of it was certified last."""
        found: dict[tuple, dt.datetime] = {}
        for row in self.rows:
            if row.certified_at and row.certified_at <= self.at:
                for code in row.totals:
                    key = _group(row), code
                    found[key] = max(row.certified_at, found.get(key, row.certified_at))
        return found


def _sides(found: reconciliation.Difference) -> set[str]:
    """The metrics that stand on either side; inputs that are template columns are none."""
    return {one.metric for one in (found.pair.left, found.pair.right) if not one.table}


def _group(row: Submission) -> Group:
    return row.department_id, row.profile


def _reviews_up_to(review: Review) -> list[Review]:
    """`review` and the ones before it that were not called off, six in all, the oldest first."""
    rows = Review.objects.filter(meeting_at__lte=review.meeting_at).order_by("-meeting_at", "-pk")
    rows = list(rows.prefetch_related("extensions")[: 2 * LAST])
    return [one for one in league.held(rows) if one.pk == review.pk or one.meeting_at < review.meeting_at][
        :LAST
    ][::-1]


def _versions(reviews: list[Review]) -> list[Submission]:
    """Everything that was brought for these reviews and not withdrawn, by number. One query."""
    if not reviews:
        return []
    columns = ("department", "profile", "period_start", "period_end", "number", "state", "totals")
    rows = Submission.objects.exclude(state=State.WITHDRAWN).filter(handed_in_at__isnull=False)
    rows = rows.touching(min(one.period_start for one in reviews), max(one.period_end for one in reviews))
    return list(rows.only(*columns, "handed_in_at", "certified_at").order_by("number", "pk"))


# --- Restatements -------------------------------------------------------------------------------------------


def _frozen(review: Review) -> list[list[Snapshot]]:
    """The snapshots of the last six frozen reviews up to `review`, each from the first freeze on."""
    rows = Snapshot.objects.filter(review__meeting_at__lte=review.meeting_at)
    by_review: dict[int, list[Snapshot]] = {}
    for row in rows.select_related("review").order_by("-review__meeting_at", "-review", "number"):
        if row.review_id not in by_review and len(by_review) == LAST:
            break
        by_review.setdefault(row.review_id, []).append(row)
    return list(by_review.values())


def _replaced(snapshots: list[Snapshot]) -> tuple[set[str], set[Group]]:
    """The metrics and kinds of file of which later snapshots hold something else than the first one."""
    codes, groups = set(), set()
    for before, after in pairwise(snapshots):
        old, new = _kept(before), _kept(after)
        other = [
            key for key in {*old, *new} if old.get(key, {}).get("facts") != new.get(key, {}).get("facts")
        ]
        pks = {side[key]["id"] for key in other for side in (old, new) if key in side}
        totals = dict(Submission.objects.filter(pk__in=pks).values_list("pk", "totals"))
        group = dict(Submission.objects.filter(pk__in=pks).values_list("pk", "department"))
        for key in other:
            was, now = (totals.get(side.get(key, {}).get("id"), {}) for side in (old, new))
            # Other rows under the same totals: any of its metrics may be another one in some part of the company.
            codes |= {code for code in {*was, *now} if was.get(code) != now.get(code)} or {*was, *now}
            pk = (new.get(key) or old[key])["id"]
            if pk in group:
                groups.add((group[pk], key[1]))
        defined = before.document["definitions"], after.document["definitions"]
        codes |= {code for code in {*defined[0], *defined[1]} if defined[0].get(code) != defined[1].get(code)}
    return codes, groups


def _kept(snapshot: Snapshot) -> dict[tuple, dict]:
    """The versions of the review's own period, by series."""
    start, end = snapshot.review.period_start.isoformat(), snapshot.review.period_end.isoformat()
    return {
        (one["department"], one["profile"], one["start"], one["end"]): one
        for one in snapshot.versions.values()
        if one["start"] < end and one["end"] > start
    }
