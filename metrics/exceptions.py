"""What a version has to explain before it is handed in: kinds of warnings, totals outside their own history."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import peak_seasons, peaks, promotions, season
from metrics.models import Explanation, Submission
from metrics.periods import Period
from reviewhub.people import activity
from reviewhub.people.permissions import may

State = Submission.State
WRITTEN_IN = (State.DRAFT, State.HANDED_IN)
LOOKED_BACK = 130  # versions: 26 months, or as many weeks
SHORTEST, LONGEST = 10, 300
# How the file was read; it says nothing about the figures and asks for no sentence.
ABOUT_READING = {
    "EMBEDDED_IGNORED",
    "ENCODING_GB18030",
    "ENCODING_GUESSED",
    "EXTERNAL_LINK",
    "HEADER_VARIANT",
    "LOOKUP_UNUSED",
    "NUMBER_FULLWIDTH",
    "OTHER_SHEETS_IGNORED",
    "TOTAL_ROW",
    "ZERO_WIDTH_REMOVED",
}
ALIKE = dt.timedelta(days=3)  # months have 28 to 31 days


class CannotExplain(Exception):
    """Nothing was kept; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Deviation:
    """One thing to explain. A kind of warning has `finding` (the first of `count`); a total `metric` and its figures.

    `expected`: what it was compared with, and the band. `explanation`: of this version or an earlier one of its series.
    """

    key: str
    finding: dict | None = None
    count: int = 1
    metric: str = ""
    value: Decimal | None = None
    expected: season.Expected | None = None
    explanation: Explanation | None = None

    @property
    def sentence(self) -> str:
        return self.explanation.sentence if self.explanation else ""

    @property
    def usual(self) -> Decimal | None:
        return self.expected.usual if self.expected else None

    @property
    def share(self) -> Decimal | None:
        """The difference from the usual as a ratio; None where the usual is nought."""
        return (self.value - self.usual) / abs(self.usual) if self.usual else None


def of(submission: Submission) -> list[Deviation]:
    """Warnings first, in the order of the file, then totals. Eight queries at most."""
    known = written(submission)
    found = [*_warnings(submission, known), *_outliers(submission, known)]
    return found


def unexplained(submission: Submission) -> list[Deviation]:
    return [one for one in of(submission) if not one.explanation]


def written(submission: Submission) -> dict[str, Explanation]:
    """Key → the newest sentence of this series up to this version. One query."""
    series = Submission.objects.of_series(submission).filter(number__lte=submission.number)
    rows = Explanation.objects.filter(submission__in=series.values("pk")).select_related(
        "submission", "written_by"
    )
    return {row.key: row for row in rows.order_by("submission__number")}


def _warnings(submission: Submission, known: dict) -> list[Deviation]:
    kinds: dict[str, list[dict]] = {}
    for finding in submission.findings:
        if finding.get("severity") == "warning" and finding["code"] not in ABOUT_READING:
            key = f"{finding['code']}:{finding.get('header') or finding.get('column') or ''}"[:160]
            kinds.setdefault(key, []).append(finding)
    return [
        Deviation(key, finding=found[0], count=len(found), explanation=known.get(key))
        for key, found in kinds.items()
    ]


def _outliers(submission: Submission, known: dict) -> list[Deviation]:
    history, calendar = _history(submission), promotions.of(submission)
    seasons, members = peak_seasons.of(submission)
    period, found = Period.between(submission.period_start, submission.period_end), []
    for code, total in submission.totals.items():
        before = {when: Decimal(totals[code]) for when, totals in history.items() if code in totals}
        expected = season.expected(period, before, calendar)
        if peak := peaks.judging(seasons, period, code, members):
            own = peak.limits[code]
            expected = season.in_peak(expected, peak, own, before.get(period.year_before())) or expected
        if expected and expected.is_outside(Decimal(total)):
            key = f"total:{code}"
            found.append(
                Deviation(
                    key, metric=code, value=Decimal(total), expected=expected, explanation=known.get(key)
                )
            )
    return found


def _history(submission: Submission) -> dict[Period, dict]:
    """Period → totals of certified versions of the same kind, for earlier periods of the same length."""
    length = submission.period_end - submission.period_start
    rows = Submission.objects.filter(
        department=submission.department_id,
        profile=submission.profile,
        state=State.CERTIFIED,
        period_end__lte=submission.period_start,
    )
    spans = rows.order_by("-period_start", "-number").values_list("period_start", "period_end", "totals")
    found: dict[Period, dict] = {}
    for start, end, totals in spans[:LOOKED_BACK]:
        if abs(end - start - length) <= ALIKE:
            found.setdefault(Period.between(start, end), totals)
    return found


def hand_in_problems(submission: Submission) -> list[str]:
    """What is still to be explained, as the reason why it cannot be handed in yet."""
    count = len(unexplained(submission))
    if not count:
        return []
    said = ngettext(
        "%(count)s exception needs a sentence.", "%(count)s exceptions need a sentence each.", count
    )
    return [said % {"count": count}]


def explain_problems(submission: Submission, *, by) -> list[str]:
    problems = []
    if not may(by, "submission.edit", submission.department):
        problems.append(_("You may not explain data of this department."))
    if submission.state not in WRITTEN_IN:
        problems.append(_("It is decided on already; its sentences stay as they are."))
    return problems


@transaction.atomic
def explain(submission: Submission, sentences: Mapping[str, str], *, by, at: dt.datetime) -> int:
    """Keep the sentences (key → text) that differ from what stands there; how many. An empty one is not asked.

    Raises CannotExplain, and then keeps none.
    """
    submission = Submission.objects.select_for_update(of=("self",)).select_related("department").get(
        pk=submission.pk
    )  # fmt: skip
    known = {one.key: one for one in of(submission)}
    new = {key: " ".join(text.split()) for key, text in sentences.items() if key in known}
    new = {key: text for key, text in new.items() if text and text != known[key].sentence}
    problems = explain_problems(submission, by=by)
    if any(not SHORTEST <= len(text) <= LONGEST for text in new.values()):
        problems.append(
            _("Each sentence has %(least)s to %(most)s characters: what happened, why, what next.")
            % {"least": SHORTEST, "most": LONGEST}
        )
    if problems:
        raise CannotExplain(problems)
    for key, text in new.items():
        Explanation.objects.update_or_create(
            submission=submission,
            key=key,
            defaults={"sentence": text, "written_at": at, "written_by": by},
        )
    if new:
        activity.record(
            "submission.explained",
            submission,
            by=by,
            at=at,
            params={
                "department": submission.department.code,
                "start": submission.period_start.isoformat(),
                "end": submission.period_end.isoformat(),
                "number": submission.number,
                "count": len(new),
            },
            department=submission.department,
        )
    return len(new)
