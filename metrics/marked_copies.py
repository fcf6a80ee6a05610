"""A copy of an uploaded file for download in which every bad cell is marked, in the reader's language."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from metrics import kept_files, known_profiles, marked_workbook, outcomes, reception
from metrics.intake.findings import FileRefused
from metrics.intake.limits import MIB
from metrics.marked_workbook import Mark, Words
from metrics.models import SourceFile

# Somebody waits for the copy: larger files are copied around their findings only, still larger ones not at all.
WHOLE_TEXT, WHOLE_SHEET = 8 * MIB, 2 * MIB
LARGEST_TEXT, LARGEST_SHEET = 128 * MIB, 12 * MIB


def is_possible(source: SourceFile | None) -> bool:
    """Whether the file is still kept and small enough."""
    return bool(source and source.content) and source.size <= _limit(source, LARGEST_TEXT, LARGEST_SHEET)


@contextlib.contextmanager
def marked(
    source: SourceFile, findings: list[dict], *, total: int, profile: str, settings: dict, language: str
) -> Iterator[Path]:
    """The marked copy on disk while the context lasts. `findings` are stored ones, `total` counts those that are not
    listed too. What cannot be read as a table has the list alone. Raises OSError where the file is gone.
    """
    from metrics.intake import plain_rows  # noqa: PLC0415 - pyarrow, only where a file is looked at

    marks = [_mark(outcomes.worded(one, language)) for one in findings]
    only_marked = source.size > _limit(source, WHOLE_TEXT, WHOLE_SHEET)
    with tempfile.TemporaryDirectory(prefix="marked-") as folder:
        out, scratch = Path(folder) / "marked.xlsx", Path(folder)
        tables = plain_rows.tables(
            kept_files.path_of(source),
            source.name,
            limits=reception.limits(),
            scratch=scratch,
            chosen=str(settings.get("encoding", "")),
            expected=_expected(profile),
        )
        words = _words(source, len(marks), total, only_marked)
        try:
            marked_workbook.write(out, tables, marks, words, only_marked=only_marked, scratch=scratch)
        except FileRefused:
            marked_workbook.write(out, (), marks, words, only_marked=False, scratch=scratch)
        yield out


def file_name(source: SourceFile) -> str:
    """`sales.csv` is downloaded as `sales-marked.xlsx`."""
    stem = source.name.rpartition(".")[0] or source.name
    return f"{stem[:100]}-marked.xlsx"


def _limit(source: SourceFile, text: int, sheet: int) -> int:
    return sheet if source.name.lower().endswith(".xlsx") else text


def _expected(profile: str) -> tuple[str, ...]:
    try:
        return known_profiles.named(profile).profile.shape.encodings
    except known_profiles.UnknownProfile:
        return ()


def _mark(worded: dict) -> Mark:
    is_error = worded["severity"] == "error"
    return Mark(
        worded["sheet"] or "",
        worded["row"] or 0,
        worded["column"] or "",
        is_error,
        _("error") if is_error else _("warning"),
        worded["header"] or "",
        worded["value"] or "",
        worded["message"],
        worded["hint"],
    )


def _words(source: SourceFile, listed: int, total: int, only_marked: bool) -> Words:
    notes = [_("Each finding leads to its cell; the note on the cell says what is wrong and how to mend it.")]
    if total > listed:
        told = _("The first %(listed)s of %(total)s findings are listed and marked.")
        notes.append(told % {"listed": listed, "total": total})
    if only_marked:
        notes.append(
            _(
                "The file is large: only rows with findings and their neighbours are copied, each at its own number."
            )
        )
    headers = (
        _("Severity"),
        _("Sheet"),
        _("Cell"),
        _("Header"),
        _("Value"),
        _("Problem"),
        _("How to mend it"),
    )
    return Words(_("Findings"), _("Data"), source.name, tuple(notes), headers)
