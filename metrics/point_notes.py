"""Notes to points of charts: metric, period and slice; everybody who reads the figure reads and writes them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import readings
from metrics.dimensions import Members
from metrics.models import Metric, PointNote
from metrics.periods import Period
from metrics.reasons import CannotRead
from reviewhub.people import activity

LONGEST, LONGEST_SLICE = 280, 300
MOST = 20  # of one point


class CannotNote(Exception):
    """Nothing was kept; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def slice_of(where: Mapping[str, str]) -> str:
    """The members that are looked at alone, by code and in one order: what a note of this slice is kept under.

    An address may name a member otherwise (`Germany`, `德国`). Raises CannotRead for one that does not exist.
    """
    named = {name: member for name, member in where.items() if member}
    known = Members.of(named)
    return urlencode(sorted((name, known.code(name, member)) for name, member in named.items()))


def standing(codes: Iterable[str], where: Mapping[str, str]) -> dict[str, list[PointNote]]:
    """Metric → the notes to its points in this slice, the oldest period first. One query.

    `codes` are those that the reader may read. Raises CannotRead for a member that does not exist.
    """
    rows = PointNote.objects.standing().filter(metric__code__in=list(codes), slice=slice_of(where))
    found: dict[str, list[PointNote]] = {}
    for row in rows.select_related("metric", "written_by").order_by("period_start", "period_end", "pk"):
        found.setdefault(row.metric.code, []).append(row)
    return found


def period_of(row: PointNote) -> Period:
    return Period.between(row.period_start, row.period_end)


def write_problems(code: str, *, by) -> list[str]:
    """Why `by` cannot write to points of this metric: who reads its figures may."""
    if by.is_partner or not by.is_active or not readings.open_to(by, code):
        return [_("You may not read the figures of this metric.")]
    return []


def own_problems(row: PointNote, *, by) -> list[str]:
    """Why `by` cannot change or remove this note."""
    if row.written_by_id != by.pk:
        return [_("Only who wrote a note changes or removes it.")]
    return write_problems(row.metric.code, by=by)


def _text_problems(text: str) -> list[str]:
    if 0 < len(text) <= LONGEST:
        return []
    return [_("A note has at most %(most)s characters.") % {"most": LONGEST}]


@transaction.atomic
def write(
    code: str, period: Period, where: Mapping[str, str], text: str, *, by, at: dt.datetime
) -> PointNote:
    """Keep a note to the point. Raises CannotNote."""
    metric, text = Metric.objects.select_for_update().get(code=code), " ".join(text.split())
    problems = write_problems(code, by=by) + _text_problems(text)
    try:
        key = slice_of(where)
    except CannotRead as refusal:
        raise CannotNote([str(why) for why in refusal.whys]) from None
    if len(key) > LONGEST_SLICE:
        problems.append(_("This part is described at too great a length."))
    here = PointNote.objects.standing().filter(
        metric=metric, period_start=period.start, period_end=period.end, slice=key
    )
    if not problems and here.count() >= MOST:
        problems = [_("A point takes at most %(most)s notes.") % {"most": MOST}]
    if problems:
        raise CannotNote(problems)
    row = PointNote.objects.create(
        metric=metric,
        period_start=period.start,
        period_end=period.end,
        slice=key,
        text=text,
        written_at=at,
        written_by=by,
    )
    _record("review.point_noted", row, by=by, at=at)
    return row


@transaction.atomic
def change(row: PointNote, text: str, *, by, at: dt.datetime) -> PointNote:
    """Have one's own note say `text`; the same again changes nothing. Raises CannotNote."""
    row, text = _locked(row), " ".join(text.split())
    if problems := own_problems(row, by=by) + _text_problems(text):
        raise CannotNote(problems)
    if row.text != text:
        row.text, row.changed_at = text, at
        row.save(update_fields=["text", "changed_at"])
        _record("review.point_note_changed", row, by=by, at=at)
    return row


@transaction.atomic
def remove(row: PointNote, *, by, at: dt.datetime) -> None:
    """Take one's own note off the charts; row and log keep it. Raises CannotNote."""
    row = _locked(row)
    if problems := own_problems(row, by=by):
        raise CannotNote(problems)
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    _record("review.point_note_removed", row, by=by, at=at)


def _locked(row: PointNote) -> PointNote:
    rows = PointNote.objects.standing().select_for_update(of=("self",)).select_related("metric")
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise CannotNote([_("This note is removed already.")])
    return found


def _record(code: str, row: PointNote, *, by, at) -> None:
    said = {"metric": row.metric.code, "period": period_of(row).text, "text": row.text}
    activity.record(code, row.metric, by=by, at=at, params=said)
