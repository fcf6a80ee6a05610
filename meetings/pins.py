"""Figures pinned to the agenda: one topic for a figure, with everybody who asks for it, until the meeting begins."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from meetings import topics
from meetings.models import FigurePin, Meeting, PinAsker, Topic
from metrics.models import Metric, MetricVersion, Review
from metrics.periods import Period
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, Department

MOST = 8  # of a department in one review: what its item can hear


class CannotPin(Exception):
    """Nothing was changed; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Figure:
    """What is pinned, as FigurePin keeps it; `names` by language, `department` whose board it is on ("": nobody's)."""

    metric: str
    view: str
    period: Period
    slice: str
    names: dict[str, str]
    page: str
    board: str
    block: str
    query: str = ""
    department: str = ""

    @property
    def key(self) -> dict:
        return {
            "metric": self.metric,
            "view": self.view,
            "period_start": self.period.start,
            "period_end": self.period.end,
            "slice": self.slice,
        }


def meeting_for(period: Period, *, by) -> Meeting | None:
    """The meeting on whose agenda a figure of `period` comes: that of its own review while it has not begun, else the
    next one. One query."""
    rows = Meeting.objects.visible_to(by).filter(state__in=topics.OPEN).select_related("review")
    rows = list(rows.order_by("scheduled_at", "pk"))
    own = (
        one for one in rows if (one.review.period_start, one.review.period_end) == (period.start, period.end)
    )
    return next(own, next(iter(rows), None))


def department_of(figure: Figure, by) -> Department | None:
    """Where the figure is heard: who owns the metric, else whose board it is on, else who asks."""
    newest = MetricVersion.objects.filter(metric__code=figure.metric).order_by("-number")
    if row := newest.select_related("owner_dept").first():
        return row.owner_dept
    return Department.objects.filter(code=figure.department).first() or by.department


def pin_problems(review: Review, figure: Figure, *, by) -> list[str]:
    """Why `by` cannot have the figure discussed; `by` sees it already."""
    if by.is_partner or not by.is_active:
        return [_("You may not change this agenda.")]
    if Metric.objects.filter(code=figure.metric, confidentiality__gt=Confidentiality.INTERNAL).exists():
        return [_("Everybody reads the agenda: a confidential figure does not stand there.")]
    department = department_of(figure, by)
    if department is None:
        return [_("The agenda has no item for this department.")]
    if found := topics.closed_problems(review, department):
        return found
    pinned = Topic.objects.filter(review=review, department=department, pin__isnull=False)
    if pinned.count() >= MOST and not FigurePin.objects.filter(review=review, **figure.key).exists():
        return [_("%(most)s figures of this department wait here already.") % {"most": MOST}]
    return []


@transaction.atomic
def pin(review: Review, figure: Figure, *, by, at: dt.datetime) -> FigurePin:
    """Have the figure discussed; it is one topic, whoever asks. Twice is once. Raises CannotPin."""
    review = Review.objects.select_for_update().get(pk=review.pk)
    if problems := pin_problems(review, figure, by=by):
        raise CannotPin(problems)
    back = {"page": figure.page, "board": figure.board, "block": figure.block, "query": figure.query[:500]}
    named = {f"name_{language}": name[:200] for language, name in figure.names.items()}
    row, is_new = FigurePin.objects.get_or_create(review=review, **figure.key, defaults=back | named)
    if is_new:
        department = department_of(figure, by)
        Topic.objects.create(review=review, department=department, pin=row, raised_at=at, raised_by=by)
    _asker, has_asked = PinAsker.objects.get_or_create(pin=row, person=by, defaults={"asked_at": at})
    if has_asked:
        _record("review.figure_pinned", row, by=by, at=at)
    return row


def withdraw_problems(row: FigurePin, *, by) -> list[str]:
    """Why `by` cannot take it back: who asked may, until the meeting begins."""
    if not row.askers.filter(person=by).exists():
        return [_("Only who asked for it takes it back.")]
    meeting = topics.meeting_of(row.review)
    if meeting is not None and meeting.state not in topics.OPEN:
        return [_("The agenda is closed: the meeting has begun.")]
    return []


@transaction.atomic
def withdraw(row: FigurePin, *, by, at: dt.datetime) -> None:
    """Ask for it no more; with the last one who asked it leaves the agenda. Raises CannotPin."""
    Review.objects.select_for_update().get(pk=row.review_id)
    row = FigurePin.objects.select_related("review").filter(pk=row.pk).first()
    if row is None:
        return
    if problems := withdraw_problems(row, by=by):
        raise CannotPin(problems)
    row.askers.filter(person=by).delete()
    _record("review.figure_unpinned", row, by=by, at=at)
    if not row.askers.exists():
        row.delete()


def _record(code: str, row: FigurePin, *, by, at) -> None:
    period = Period.between(row.period_start, row.period_end)
    said = {"review": row.review.code, "figure": row.metric or row.view, "period": period.text}
    activity.record(code, row.review, by=by, at=at, params=said)
