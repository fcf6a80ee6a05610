"""Correcting cells of a file that was handed over: the next version, made from a copy and imported like any other.

The file itself is never changed. The copy goes through the same door, checks and rules as an upload.
"""

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import importing, kept_files, known_profiles, reception
from metrics.deadlines import review_of
from metrics.importing import Receipt
from metrics.intake.cell_texts import CannotRewrite, Cell
from metrics.intake.findings import FileRefused
from metrics.intake.limits import MIB
from metrics.models import Correction, ImportJob, Review, Submission
from metrics.periods import Period
from reviewhub.people.permissions import may

__all__ = ["CannotCorrect", "Cell", "correct", "correct_refused", "problems", "refused_problems"]

State = Submission.State
CORRECTED_IN = (State.DRAFT, State.HANDED_IN, State.RETURNED, State.CERTIFIED)
MOST_CELLS = 1_000
LONGEST_TEXT = 2_000
# Larger files are mended where they were made: a copy is written while somebody waits.
LARGEST_TEXT, LARGEST_SHEET = 64 * MIB, 8 * MIB


class CannotCorrect(Exception):
    """Nothing was made; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def problems(version: Submission, *, by) -> list[str]:
    """Why `by` cannot correct cells of this version; empty when nothing stands against it."""
    found = _file_problems(version.source, version.department, by=by)
    if version.state not in CORRECTED_IN:
        found.append(_("Only a version that counts or was returned can be corrected."))
    elif Submission.objects.of_series(version).filter(number__gt=version.number).exclude(
        state=State.WITHDRAWN
    ).exists():  # fmt: skip
        found.append(_("There is a newer version; correct that one."))
    return found + _frozen(review_of(version))


def refused_problems(job: ImportJob, *, by) -> list[str]:
    """Why `by` cannot correct cells of a file that was refused; empty when nothing stands against it."""
    found = _file_problems(job.source, job.department, by=by)
    if job.submission_id or job.state != ImportJob.State.DONE or not job.profile:
        found.append(_("Only a file that was read and refused can be corrected here."))
    return found + _frozen(review_of(job))


def correct(
    version: Submission,
    cells: Iterable[Cell],
    *,
    by,
    at: dt.datetime,
    why: dict | None = None,
    enqueue: bool = True,
) -> Receipt:
    """Import a copy of the version's file with these texts in its cells; the receipt of the import.

    The worker makes the next version of it, or refuses it with findings as it would an upload; the version corrected
    stays as it is. `why`: a code with parameters that says what was found. Raises CannotCorrect.
    """
    if found := problems(version, by=by):
        raise CannotCorrect(found)
    former = version.jobs.order_by("created_at").first()
    order = _order(version, former.settings if former else {})
    return _corrected(order, cells, by=by, at=at, enqueue=enqueue, base=version, why=why or {})


def correct_refused(
    job: ImportJob, cells: Iterable[Cell], *, by, at: dt.datetime, enqueue: bool = True
) -> Receipt:
    """The same for a file that was read and refused: no version stands behind it yet. Raises CannotCorrect."""
    if found := refused_problems(job, by=by):
        raise CannotCorrect(found)
    return _corrected(_order(job, job.settings), cells, by=by, at=at, enqueue=enqueue, base_job=job)


def _file_problems(source, department, *, by) -> list[str]:
    found = []
    if by is not None and not may(by, "submission.edit", department):
        found.append(_("You may not correct data of this department."))
    if source is None or not source.content:
        found.append(_("The file is not kept any more; upload the corrected file."))
        return found
    largest = LARGEST_SHEET if source.name.lower().endswith(".xlsx") else LARGEST_TEXT
    if source.size > largest:
        most = f"{largest // MIB}"
        found.append(
            _("The file is larger than %(most)s MiB: correct it where it was made and upload it.")
            % {"most": most}
        )
    return found


def _frozen(review) -> list[str]:
    if review is None or review.state == Review.State.OPEN:
        return []
    return [_("The figures of %(review)s are frozen.") % {"review": review.title}]


def _order(of, settings: dict) -> dict:
    """What is imported again: `of` is a version or a job."""
    return {
        "source": of.source,
        "department": of.department,
        "profile": of.profile,
        "period": Period.between(of.period_start, of.period_end),
        "settings": settings.get("values", {}),
        "sheet": settings.get("sheet", ""),
    }


def _corrected(order: dict, cells, *, by, at, enqueue, why=None, **base) -> Receipt:
    wanted = _required(cells)
    source = order.pop("source")
    with tempfile.TemporaryDirectory(prefix="correction-") as folder:
        copy = Path(folder) / "copy"
        before = _rewritten(source, wanted, copy, Path(folder), order)
        if all(before[one] == one.text for one in wanted):
            raise CannotCorrect([_("Nothing changes: the cells hold these texts already.")])
        with transaction.atomic():
            try:
                receipt = importing.receive(copy, name=source.name, by=by, at=at, enqueue=enqueue, **order)
            except reception.CannotReceive as refusal:
                raise CannotCorrect([str(refusal)]) from None
            if not receipt.is_known and not Correction.objects.filter(job=receipt.job).exists():
                Correction.objects.create(
                    job=receipt.job,
                    cells=[_kept(one, before[one]) for one in wanted],
                    why=why or {},
                    corrected_at=at,
                    corrected_by=by,
                    **base,
                )
    return receipt


def _required(cells: Iterable[Cell]) -> list[Cell]:
    """The cells, each once. Raises CannotCorrect."""
    wanted = list({(one.sheet, *one.place): one for one in cells}.values())
    found = []
    if not wanted:
        found.append(_("Name at least one cell."))
    if len(wanted) > MOST_CELLS:
        found.append(_("At most %(most)s cells can be corrected at once.") % {"most": MOST_CELLS})
    if any(len(one.text) > LONGEST_TEXT or not _is_writable(one.text) for one in wanted):
        found.append(_("A text is too long or holds characters that no file may hold."))
    if found:
        raise CannotCorrect(found)
    return wanted


def _is_writable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return all(one >= " " or one in "\t\n\r" for one in text) and "￾" not in text and "￿" not in text


def _rewritten(source, wanted, copy: Path, folder: Path, order: dict) -> dict:
    try:
        expected = known_profiles.named(order["profile"]).profile.shape.encodings
    except known_profiles.UnknownProfile:
        raise CannotCorrect(
            [_("The import profile of this file is gone; upload the corrected file.")]
        ) from None
    from metrics.intake import rewriting  # noqa: PLC0415 - numpy, only where a file is looked at

    try:
        return rewriting.rewritten(
            kept_files.path_of(source),
            source.name,
            wanted,
            copy,
            limits=reception.limits(),
            scratch=folder,
            chosen=str(order["settings"].get("encoding", "")),
            expected=expected,
        )
    except CannotRewrite as refusal:
        raise CannotCorrect([_worded(refusal)]) from None
    except (FileRefused, OSError):
        raise CannotCorrect([_("The file cannot be read any more; upload the corrected file.")]) from None


def _worded(refusal: CannotRewrite) -> str:
    if refusal.cell is None or refusal.code == "FILE_FORM":
        return _("Cells of a file of this form cannot be corrected here; upload the corrected file.")
    where = {"cell": f"{refusal.cell.sheet} {refusal.cell.column}{refusal.cell.row}".strip()}
    if refusal.code == "CELL_FORMULA":
        return _("%(cell)s is calculated by a formula: correct it where the file was made.") % where
    return _("The file has no cell %(cell)s.") % where


def _kept(cell: Cell, before: str) -> dict:
    return {
        "sheet": cell.sheet,
        "row": cell.row,
        "column": cell.column,
        "before": before[:LONGEST_TEXT],
        "after": cell.text,
    }
