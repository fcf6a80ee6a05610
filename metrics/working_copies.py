"""Correcting a file cell by cell: kept while it is typed, nobody's value lost, checked as the next version.

The working copy belongs to one uploaded file. What is typed is kept at once; the figures change only when the
corrected file goes through the ordinary import.
"""

import datetime as dt
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Min
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics import corrected_rows, corrections, importing, kept_files, known_profiles, outcomes, reception
from metrics.corrected_rows import Corrected
from metrics.intake.findings import FileRefused
from metrics.intake.whole_table import MOST_ROWS, NotEditable
from metrics.models import CellChange, ImportJob, RowChange, Submission, WorkingCopy
from metrics.periods import Period
from metrics.submission import LIVING, review_of
from metrics.trial import REFUSING, findings_of
from reviewhub.people.permissions import may

State = Submission.State
CORRECTED_IN = (State.DRAFT, State.HANDED_IN, State.RETURNED)
MOST_AT_ONCE = 2_000
LONGEST = 500
UNTYPED = re.compile(r"[\x00-\x1f\x7f]+")


class CannotCorrect(Exception):
    """Nothing was kept; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Edit:
    """What somebody typed into a cell, who had seen its `number`-th change before."""

    row: int
    place: int
    number: int
    value: str


@dataclass(frozen=True)
class Kept:
    """What became of an edit: "saved", "refused" (see `finding`), "conflict" (`theirs` stands there now) or "gone"."""

    edit: Edit
    state: str
    number: int
    finding: dict | None = None
    theirs: CellChange | None = None


def edit_problems(job: ImportJob, *, by) -> list[str]:
    """Why `by` cannot correct this file; empty when nothing stands against it."""
    problems = []
    if not may(by, "submission.edit", job.department):
        problems.append(_("You may not edit data of this department."))
    if WorkingCopy.objects.filter(job=job).exclude(became=None).exists():
        problems.append(_("These corrections were checked already; go on with what they became."))
    version = job.submission
    if version is None:
        return problems
    if version.state not in CORRECTED_IN:
        problems.append(
            _("This version cannot be corrected any more; it is: %(state)s.")
            % {"state": version.get_state_display()}
        )
    elif _is_followed(version):
        problems.append(_("There is a newer version; correct that one."))
    review = review_of(version)
    if review and review.state != review.State.OPEN:
        problems.append(_("The figures of %(review)s are frozen.") % {"review": review.title})
    return problems


def _is_followed(version: Submission) -> bool:
    newer = Submission.objects.of_series(version).filter(number__gt=version.number)
    return newer.filter(state__in=LIVING).exists()


def is_readable(job: ImportJob) -> bool:
    """Whether the cells of this file can be looked at: it was read as a table and its bytes are still there."""
    if not job.outcome or not job.profile or not job.source.content:
        return False
    return job.outcome["status"] != "unreadable"


def of(job: ImportJob) -> WorkingCopy:
    """The working copy of the job; one that is not stored where nobody has typed yet. Raises CannotCorrect."""
    found = WorkingCopy.objects.filter(job=job).select_related("became", "checked_by").first()
    return found or WorkingCopy(job=job, table=_table(job))


def _table(job: ImportJob) -> dict:
    from metrics.intake.whole_reading import read  # noqa: PLC0415 - pyarrow, only where a file is looked at

    try:
        profile = known_profiles.named(job.profile).profile
        with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
            path, settings = kept_files.path_of(job.source), job.settings["values"]
            found = read(
                path,
                job.source.name,
                profile,
                settings,
                job.settings["sheet"],
                reception.limits(),
                Path(scratch),
            )
    except NotEditable as refusal:
        raise CannotCorrect([_not_editable(refusal.why)]) from None
    except (FileRefused, known_profiles.UnknownProfile, OSError):
        raise CannotCorrect([_("The cells of this file cannot be read; upload a corrected file.")]) from None
    return outcomes.storable(found.stored())


def _not_editable(why: str) -> str:
    if why == "parts":
        return _("This kind of file has several tables; correct it where it comes from and upload it again.")
    if why == "formulas":
        return _("Some formulas were saved without their values; open the file, save it and upload it again.")
    return _("Up to %(most)s rows can be corrected here; correct this file itself and upload it again.") % {
        "most": f"{MOST_ROWS:,}"
    }


def places_of(job: ImportJob, corrected: Corrected) -> dict[int, str]:
    """Position → name of the columns that can be corrected: those that are read and hold nothing personal."""
    columns = known_profiles.named(job.profile).profile.columns
    found = {place: name for name, place in corrected.table.places.items()}
    return {place: found[place] for place in sorted(found) if not columns[found[place]].personal}


@transaction.atomic
def keep(job: ImportJob, edits: list[Edit], *, by, at: dt.datetime) -> tuple[list[Kept], dict]:
    """Keep what was typed, cell by cell; (what became of each, findings of the whole copy afterwards).

    Raises CannotCorrect where nothing at all may be typed. The same value twice is kept once.
    """
    copy, corrected = _opened(job, by=by, at=at)
    if len(edits) > MOST_AT_ONCE:
        raise CannotCorrect([_("At most %(most)s cells at once.") % {"most": f"{MOST_AT_ONCE:,}"}])
    places, rows = places_of(job, corrected), {*corrected.shown_rows()} - corrected.removed
    edits = list({(edit.row, edit.place): edit for edit in edits}.values())
    found, written = {}, []
    for edit in edits:
        value, key = _typed(edit.value), (edit.row, edit.place)
        before = corrected.changes.get(key)
        current = before.number if before else 0
        if edit.row not in rows or edit.place not in places:
            found[key] = Kept(edit, "gone", edit.number)
        elif corrected.value(*key) == value:
            found[key] = Kept(edit, "saved", current)
        elif current != edit.number:
            found[key] = Kept(edit, "conflict", current, theirs=before)
        else:
            change = CellChange(copy=copy, row=edit.row, place=edit.place, number=current + 1)
            change.value, change.at, change.by = value, at, by
            corrected.changes[key] = change
            written.append((edit, change, before))
    marks = findings_of(job, corrected)
    refused = _refused(written, marks, corrected, found)
    CellChange.objects.bulk_create(change for edit, change, _before in written if edit not in refused)
    told = [found[edit.row, edit.place] for edit in edits]
    return told, findings_of(job, corrected) if refused else marks


def _refused(written, marks: dict, corrected: Corrected, found: dict) -> set[Edit]:
    """What a column cannot take goes back to what stood there before."""
    refused = set()
    for edit, change, before in written:
        key = (edit.row, edit.place)
        finding = next((one for one in marks.get(key, ()) if one["code"] in REFUSING), None)
        if finding is None or not change.value:
            found[key] = Kept(edit, "saved", change.number)
            continue
        refused.add(edit)
        found[key] = Kept(edit, "refused", edit.number, finding=finding)
        if before is None:
            del corrected.changes[key]
        else:
            corrected.changes[key] = before
    return refused


def _typed(text: str) -> str:
    return UNTYPED.sub(" ", text).strip()[:LONGEST]


def _opened(job: ImportJob, *, by, at: dt.datetime) -> tuple[WorkingCopy, Corrected]:
    """The stored copy, held until the end of the transaction. Raises CannotCorrect."""
    ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if problems := edit_problems(job, by=by):
        raise CannotCorrect(problems)
    copy = of(job)
    if copy.pk is None:
        copy.opened_at, copy.opened_by = at, by
        copy.save()
    return copy, corrected_rows.of(copy)


@transaction.atomic
def add_row(job: ImportJob, *, by, at: dt.datetime) -> int:
    """An empty row behind the last one; its number, which is negative. Raises CannotCorrect."""
    copy, corrected = _opened(job, by=by, at=at)
    if len(corrected.shown_rows()) >= MOST_ROWS:
        raise CannotCorrect([_not_editable("large")])
    row = min(0, copy.row_changes.aggregate(least=Min("row"))["least"] or 0) - 1
    RowChange.objects.create(copy=copy, row=row, at=at, by=by)
    return row


@transaction.atomic
def take_out(job: ImportJob, row: int, *, by, at: dt.datetime, is_removed: bool = True) -> None:
    """Leave a row out of the corrected file, or let it come back. Raises CannotCorrect."""
    copy, corrected = _opened(job, by=by, at=at)
    if row not in corrected.shown_rows():
        raise CannotCorrect([_("That row is not there any more; load the page again.")])
    RowChange.objects.update_or_create(
        copy=copy, row=row, defaults={"is_removed": is_removed, "at": at, "by": by}
    )


@transaction.atomic
def check(job: ImportJob, *, by, at: dt.datetime, enqueue: bool = True) -> ImportJob:
    """Hand the corrected file over as the next version, with every check; the job that reads it.

    Raises CannotCorrect, also where nothing differs from the file.
    """
    copy, corrected = _opened(job, by=by, at=at)
    if not corrected.is_changed:
        raise CannotCorrect([_("Nothing is corrected yet.")])
    receipt = _handed_over(job, corrected, by=by, at=at, enqueue=enqueue)
    if receipt.is_known or WorkingCopy.objects.filter(became=receipt.job).exists():
        raise CannotCorrect([_("The newest version has the same cells already.")])
    copy.became, copy.checked_at, copy.checked_by = receipt.job, at, by
    copy.save(update_fields=["became", "checked_at", "checked_by"])
    return receipt.job


def _handed_over(job: ImportJob, corrected: Corrected, *, by, at, enqueue: bool) -> importing.Receipt:
    """A copy of the file with other texts in its cells; where rows came or went, a file of these rows."""
    cells = corrected.changed_cells()
    try:
        if cells is not None and job.submission is not None:
            return corrections.correct(job.submission, cells, by=by, at=at, enqueue=enqueue)
        if cells is not None:
            return corrections.correct_refused(job, cells, by=by, at=at, enqueue=enqueue)
    except corrections.CannotCorrect as refusal:
        if corrected.table.kind != "text":
            raise CannotCorrect(refusal.problems) from None
    return _rewritten(job, corrected, by=by, at=at, enqueue=enqueue)


def _rewritten(job: ImportJob, corrected: Corrected, *, by, at, enqueue: bool) -> importing.Receipt:
    settings = {name: value for name, value in job.settings["values"].items() if name != "encoding"}
    with tempfile.TemporaryDirectory(prefix="corrected-") as folder:
        path = Path(folder) / "corrected"
        path.write_bytes(corrected.as_file())
        try:
            return importing.receive(
                path,
                name=job.source.name,
                department=job.department,
                period=Period.between(job.period_start, job.period_end),
                by=by,
                at=at,
                profile=job.profile,
                settings=settings,
                sheet=job.settings["sheet"],
                enqueue=enqueue,
            )
        except reception.CannotReceive as refusal:
            found = [outcomes.worded(one, get_language() or "en") for one in refusal.document["findings"]]
            raise CannotCorrect([one["message"] for one in found]) from None
