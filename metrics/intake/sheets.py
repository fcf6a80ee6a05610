"""Worksheets as tables: read by the child process, handed back as Arrow files. Pure but for the files named."""

import signal
from pathlib import Path

import numpy as np
import pyarrow as pa

from metrics.intake import guard, readers
from metrics.intake.delimited import Block
from metrics.intake.findings import FileRefused, column_position, finding
from metrics.intake.limits import Limits
from metrics.intake.numbers import UNSAVED


class Heads:
    """The first rows of the visible sheets, which a reader looks for from now on."""

    def __init__(self, path: Path, limits: Limits, rows: int, out: Path | None = None):
        order = {"path": str(path), "head": rows, "sheet": "", "skip": 0, "out": str(out) if out else ""}
        self.limits, self._asked = limits, _asked(order, limits)

    def found(self) -> tuple[list[dict], dict | None]:
        """(the visible sheets, what was written to `out` of the only one). A sheet is {"name", "rows", "left"};
        `left` columns before the first used one are left out. Raises FileRefused."""
        answer = _answer(self._asked, self.limits)
        if answer["written"] and "error" in answer["written"]:
            raise FileRefused(finding(answer["written"]["error"], limit=self.limits.sheet_rows))
        return answer["sheets"], answer["written"]

    def hang_up(self) -> None:
        self._asked.hang_up()


def heads(path: Path, limits: Limits, rows: int) -> list[dict]:
    """The visible sheets (Heads.found) of a workbook that was judged."""
    return Heads(path, limits, rows).found()[0]


def judged_with_heads(path: Path, limits: Limits, rows: int, out: Path | None = None):
    """(the judged workbook, its visible sheets, what was written of the only one). Raises FileRefused.

    The reader begins when everything but the cells is judged: while it reads them under its limits, their bytes are
    searched here, and a workbook that is refused for them ends it.
    """
    begun: list[Heads] = []
    try:
        package = guard.require_workbook(path, limits, lambda: begun.append(Heads(path, limits, rows, out)))
    except BaseException:
        for one in begun:
            one.hang_up()
        raise
    return package, *begun[0].found()


def ask(order: dict, limits: Limits) -> dict:
    """The reader's answer. Raises FileRefused when it stopped, took too long or could not read the workbook."""
    return _answer(_asked(order, limits), limits)


def _asked(order: dict, limits: Limits) -> readers.Asked:
    full = order | {"memory": limits.child_memory, "cpu": limits.child_cpu, "rows": limits.sheet_rows}
    try:
        return readers.Asked(full, seconds=limits.child_wall)
    except readers.ReaderStopped:
        raise FileRefused(finding("READER_FAILED")) from None


def _answer(asked: readers.Asked, limits: Limits) -> dict:
    try:
        answer = asked.answer()
    except TimeoutError:
        raise FileRefused(finding("READER_TIMEOUT", limit=round(limits.child_wall))) from None
    except readers.ReaderStopped as stopped:
        if stopped.status in (-signal.SIGXCPU, -signal.SIGKILL):
            raise FileRefused(finding("READER_TIMEOUT", limit=limits.child_cpu)) from None
        raise FileRefused(finding("READER_FAILED")) from None
    if "error" in answer:
        raise FileRefused(finding(answer["error"], limit=limits.sheet_rows, why=answer.get("why", "")))
    return answer


class SheetRows:
    """The data rows of one worksheet behind its header; the same words as DelimitedRows."""

    def __init__(self, path: Path, name: str, skip: int, out: Path, limits: Limits, written=None, scan=None):
        self.out, self.first_row = out, skip + 1
        order = {"path": str(path), "head": 0, "sheet": name, "skip": skip, "out": str(out)}
        self.answer = written or ask(order, limits)
        self._marks = _by_column(scan) if scan is not None else {}

    def blocks(self, places: dict[str, int]):
        row = self.answer["skipped"] + 1
        with pa.memory_map(str(self.out)) as source:
            reader = pa.ipc.open_file(source)
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                rows = np.arange(row, row + batch.num_rows, dtype=np.int64)
                row += batch.num_rows
                if behind := min(max(0, self.first_row - int(rows[0])), batch.num_rows):
                    batch, rows = batch.slice(behind), rows[behind:]
                if not batch.num_rows:
                    continue
                cells, kinds = {}, {}
                for name, place in places.items():
                    cells[name], kinds[name] = self._column(batch, place, rows)
                yield Block(cells, kinds, rows, (number + 1) * batch.nbytes)

    def only(self, places, rows):
        """Single rows are not found sooner than all."""
        return None

    def _column(self, batch, place, rows):
        place -= self.answer["left"]
        if not 0 <= place < self.answer["width"]:
            return pa.array([""] * len(rows), type=pa.string()), np.full(len(rows), 32, dtype=np.uint8)
        text = batch.column(f"t{place}")
        marked = batch.column(f"k{place}")
        # Each kind is one letter, so the letters of a column are one byte for each row.
        kinds = np.frombuffer(marked.buffers()[2], dtype=np.uint8)[marked.offset :][: len(rows)].copy()
        marks = self._marks.get(place + self.answer["left"] + 1)
        return (_marked(text, marks, rows) if marks else text), kinds

    def wrong_rows(self, sheet: str):
        return 0, []


def _by_column(scan) -> dict[int, dict[int, str]]:
    """Error values and unsaved formulas, which the reader hands back as empty cells: column → row → mark."""
    marks: dict[int, dict[int, str]] = {}
    for reference, mark in [*scan.errors.items(), *((one, UNSAVED) for one in scan.unsaved)]:
        letters = reference.rstrip("0123456789")
        marks.setdefault(column_position(letters), {})[int(reference[len(letters) :])] = mark
    return marks


def _marked(text, marks, rows):
    first, last = int(rows[0]), int(rows[-1])
    here = {row: mark for row, mark in marks.items() if first <= row <= last}
    if not here:
        return text
    words = text.to_pylist()
    for row, mark in here.items():
        words[row - first] = mark
    return pa.array(words, type=pa.string())
