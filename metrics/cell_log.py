"""Who changed which cell, in the activity log of the version that the corrections became."""

import datetime as dt

from metrics import corrected_rows
from metrics.intake.findings import column_letter
from metrics.models import Correction, ImportJob, Submission, WorkingCopy
from metrics.submission import about
from reviewhub.people import activity

LISTED = 20
CHARS = 40


def record(job: ImportJob, submission: Submission, *, at: dt.datetime) -> None:
    """A line for each person whose corrections came in with this job, also by way of files that were refused."""
    copy = WorkingCopy.objects.filter(became=job).select_related("job").first()
    # What the person who checked has typed into the last file stands in the line of that correction already.
    is_told = Correction.objects.filter(job=job).exists()
    while copy is not None:
        for by, cells in _by_person(copy).items():
            if is_told and by == copy.checked_by:
                continue
            params = about(submission) | {"count": len(cells), "cells": _listed(cells)}
            activity.record(
                "submission.typed",
                submission,
                by=by,
                at=at,
                params=params,
                department=submission.department,
            )
        is_told, is_refused = False, copy.job.submission_id is None
        copy = WorkingCopy.objects.filter(became=copy.job).first() if is_refused else None


def _by_person(copy: WorkingCopy) -> dict:
    corrected, found = corrected_rows.of(copy), {}
    for (row, place), change in sorted(corrected.changes.items()):
        before = corrected.original(row, place)
        if row not in corrected.removed and before != change.value:
            cell = f"{column_letter(place + 1)}{row}" if row > 0 else f"{column_letter(place + 1)}+"
            found.setdefault(change.by, []).append(f"{cell} {_short(before)} → {_short(change.value)}")
    for change in copy.row_changes.select_related("by"):
        if change.is_removed and change.row > 0:
            found.setdefault(change.by, []).append(f"{change.row} ✕")
    return found


def _short(text: str) -> str:
    text = text or "∅"
    return text if len(text) <= CHARS else text[: CHARS - 1] + "…"


def _listed(cells: list[str]) -> str:
    return "; ".join(cells[:LISTED]) + (" …" if len(cells) > LISTED else "")
