"""The checklist of a review: what it asks of each department, what is in, since when, and what is missing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metrics import deadlines, notes
from metrics.checklist_lines import BY_CODE, LINES, Line
from metrics.models import Exemption, Metric, Review, Submission
from reviewhub.people import activity
from reviewhub.people.models import Department, bilingual
from reviewhub.people.permissions import may

State = Submission.State
IN = (State.HANDED_IN, State.CERTIFIED)
COUNTED = (*IN, State.DRAFT, State.RETURNED)
LONGEST_REASON = 300


class CannotExempt(Exception):
    """The checklist stays; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Item:
    """One line for one department.

    state: pass (all of it handed in) · draft (all there, not all handed in) · fail (returned) · in_progress (some of
    it there) · queued (nothing) · waived. `missing`: codes of metrics that are not there for the whole period.
    `done_at`: when the last needed part was first handed in; `due`: when it had to be.
    `notes`: how many answer it in words.
    """

    line: Line
    state: str
    missing: tuple[str, ...] = ()
    done_at: dt.datetime | None = None
    due: deadlines.Due | None = None
    is_late: bool = False
    version: Submission | None = None
    exemption: Exemption | None = None
    notes: int = 0

    @property
    def title(self) -> str:
        return bilingual(self.line, "title")

    @property
    def is_open(self) -> bool:
        return self.state not in ("pass", "waived")


@dataclass(frozen=True)
class Checklist:
    """What `review` asks of `department`. Empty where nothing of it is switched on in the dictionary."""

    review: Review
    department: Department
    due: deadlines.Due
    items: tuple[Item, ...]

    @cached_property
    def asked(self) -> list[Item]:
        return [item for item in self.items if item.state != "waived"]

    @property
    def done(self) -> int:
        return sum(item.state == "pass" for item in self.asked)

    @property
    def next_due_at(self) -> dt.datetime:
        """When the first of what is open is due; lines that wait for a source are due later than the rest."""
        return min((item.due.at for item in self.items if item.is_open), default=self.due.at)

    @property
    def is_complete(self) -> bool:
        return all(not item.is_open for item in self.items)


def of(review: Review, department: Department) -> Checklist:
    return of_all(review, [department])[department.pk]


def of_all(review: Review, departments: Iterable[Department]) -> dict[int, Checklist]:
    """Department pk → its checklist in `review`. A fixed number of queries."""
    departments = list(departments)
    asked, noted = lines_asked(), notes.standings(review)
    rows = _rows(review)
    ask = deadlines.dues([review])
    exempt = {
        (row.department_id, row.item): row
        for row in Exemption.objects.standing().filter(review=review).select_related("given_by")
    }
    return {
        one.pk: Checklist(
            review,
            one,
            ask(review, one.pk),
            tuple(
                _in_words(
                    _item(line, one, review, rows, due, exempt.get((one.pk, line.code))),
                    noted.get((one.pk, line.code)),
                )
                for line in asked
                if line.department == one.code
                for due in [ask(review, one.pk, line.code)]
            ),
        )
        for one in departments
    }


def lines_asked() -> list[Line]:
    """The lines of which the dictionary has something switched on, each with these needs only. One query."""
    enabled = set(Metric.objects.enabled().values_list("code", flat=True))
    found = []
    for line in LINES:
        needs = tuple(code for code in line.needs if code in enabled)
        if needs:
            found.append(replace(line, needs=needs))
    return found


def _rows(review: Review) -> list[Submission]:
    """Every version that touches the review's period and was not withdrawn, each with `first_at` of its series."""
    columns = ("department_id", "profile", "period_start", "period_end", "number", "state", "handed_in_at")
    rows = Submission.objects.exclude(state=State.WITHDRAWN).only(*columns, "totals")
    rows = list(rows.touching(review.period_start, review.period_end).order_by("number", "pk"))
    first: dict[tuple, dt.datetime] = {}
    for row in rows:
        if row.handed_in_at:
            first[_series(row)] = min(row.handed_in_at, first.get(_series(row), row.handed_in_at))
    for row in rows:
        row.first_at = first.get(_series(row))
    return [row for row in rows if row.state in COUNTED]


def _series(row: Submission) -> tuple:
    return row.department_id, row.profile, row.period_start, row.period_end


def _item(line: Line, department, review: Review, rows, due: deadlines.Due, exemption) -> Item:
    if exemption:
        return Item(line, "waived", due=due, exemption=exemption)
    own = [row for row in rows if row.department_id == department.pk or row.state in IN]
    by_need = {
        code: [row for row in own if code in row.totals and _split(row, line.by)] for code in line.needs
    }
    touched = [row for found in by_need.values() for row in found if row.department_id == department.pk]
    moments = [_complete_at(found, review) for found in by_need.values()]
    missing = tuple(code for code, found in by_need.items() if not _covers(found, review))
    version = touched[-1] if touched else None
    if all(moments):
        done_at = max(moments)
        return Item(line, "pass", done_at=done_at, due=due, is_late=done_at > due.at, version=version)
    if any(row.state == State.RETURNED for row in touched):
        state = "fail"
    elif not missing:
        state = "draft"
    else:
        state = "in_progress" if any(by_need.values()) else "queued"
    return Item(line, state, missing=missing, due=due, version=version)


def _in_words(item: Item, noted: notes.Standing | None) -> Item:
    """The item with its notes: where words answer it, they count as well as figures, whichever came first."""
    if noted is None or not item.line.words or item.state == "waived":
        return item
    done_at = min(filter(None, (item.done_at, noted.first_at)))
    return replace(
        item, state="pass", missing=(), done_at=done_at, is_late=done_at > item.due.at, notes=noted.count
    )


def _complete_at(rows: list[Submission], review: Review) -> dt.datetime | None:
    """When those handed in first covered the whole period; None while they do not."""
    handed = sorted((row for row in rows if row.state in IN and row.first_at), key=lambda row: row.first_at)
    for count, row in enumerate(handed, 1):
        if _covers(handed[:count], review):
            return row.first_at
    return None


def _covers(rows: list[Submission], review: Review) -> bool:
    """Whether the periods of `rows` together reach over the whole period of the review."""
    reached = review.period_start
    for row in sorted(rows, key=lambda one: one.period_start):
        if row.period_start > reached:
            return False
        reached = max(reached, row.period_end)
    return reached >= review.period_end


def _split(row: Submission, dimension: str) -> bool:
    """Whether this kind of file splits its figures by `dimension`; a profile that is gone is believed."""
    if not dimension:
        return True
    from metrics import known_profiles  # noqa: PLC0415 - profiles load numpy; pages start without it

    try:
        return dimension in known_profiles.named(row.profile).profile.dimensions
    except known_profiles.UnknownProfile:
        return True


# --- What a review does not ask for -------------------------------------------------------------------------


def exempt_problems(review: Review, department: Department, *, by) -> list[str]:
    """Why `by` may not set items of this department aside; its own people ask somebody else."""
    problems = []
    if not may(by, "figure.certify", department) or may(by, "submission.edit", department):
        problems.append(_("A data owner of another department sets items aside."))
    if review.state != Review.State.OPEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    return problems


@transaction.atomic
def exempt(
    review: Review, department: Department, code: str, reason: str, *, by, at: dt.datetime
) -> Exemption:
    """Not ask for the line `code` in this review. Raises CannotExempt."""
    review, reason = deadlines.held(review), " ".join(reason.split())
    problems = exempt_problems(review, department, by=by)
    if code not in BY_CODE or BY_CODE[code].department != department.code:
        problems.append(_("The checklist has no such line."))
    if not reason or len(reason) > LONGEST_REASON:
        problems.append(_("Say why in a sentence of at most %(most)s characters.") % {"most": LONGEST_REASON})
    if problems:
        raise CannotExempt(problems)
    try:
        with transaction.atomic():
            row = Exemption.objects.create(
                review=review, department=department, item=code, reason=reason, given_at=at, given_by=by
            )
    except IntegrityError as error:
        raise CannotExempt([_("Somebody else has set it aside already.")]) from error
    _record("review.item_exempted", row, by=by, at=at)
    return row


@transaction.atomic
def ask_again(exemption: Exemption, *, by, at: dt.datetime) -> Exemption:
    """Ask for the line after all. Twice the same is once. Raises CannotExempt."""
    review = deadlines.held(exemption.review)
    if problems := exempt_problems(review, exemption.department, by=by):
        raise CannotExempt(problems)
    if Exemption.objects.standing().filter(pk=exemption.pk).update(ended_at=at, ended_by=by):
        _record("review.item_asked", exemption, by=by, at=at)
    return exemption


def _record(code: str, row: Exemption, *, by, at) -> None:
    said = {
        "review": row.review.code,
        "department": row.department.code,
        "item": row.item,
        "reason": row.reason,
    }
    activity.record(code, row.review, by=by, at=at, params=said, department=row.department)
