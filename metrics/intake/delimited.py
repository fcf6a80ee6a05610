"""Reads a UTF-8 delimited file block by block as text columns. Pure but for the file named.

pyarrow cuts the blocks; rows of the wrong length come back through its handler with their record numbers, so that
every kept row still knows its row as a spreadsheet shows it.
"""

import csv
import queue
import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from metrics.intake.findings import FileRefused, finding
from metrics.intake.picked_lines import picked
from metrics.intake.profile_parts import RowMark

BLOCK = 1024 * 1024
MAX_BLOCK = 64 * 1024 * 1024
LISTED, ODD = 1_000, 200
# Columns with more than this part of distinct texts are not encoded: a table of nearly all texts saves nothing.
VARIED = 1 / 3
# Blocks that are read before one is handed out, and how many seconds are waited for that.
AHEAD = 3
PATIENCE = 0.05


@dataclass
class Block:
    """Some rows: text cells by column, kinds of spreadsheet cells (None for text files), and row numbers."""

    cells: dict[str, pa.StringArray]
    kinds: dict[str, np.ndarray] | None
    rows: np.ndarray
    bytes_done: int = 0
    varied: set[str] = field(default_factory=set, repr=False)
    _coded: dict = field(default_factory=dict, repr=False)

    def coded(self, name: str) -> pa.DictionaryArray:
        """A column by its distinct texts, encoded once however many ask.

        `varied` is one set for all blocks of a table: the columns of which nearly every cell differs. Each of their
        rows has a text of its own, so that the same one may stand there twice.
        """
        if name not in self._coded:
            self._coded[name] = self._by_row(name) if name in self.varied else self._by_text(name)
        return self._coded[name]

    def _by_text(self, name: str) -> pa.DictionaryArray:
        coded = self.cells[name].dictionary_encode()
        if len(coded.dictionary) > VARIED * len(coded):
            self.varied.add(name)
        return coded

    def _by_row(self, name: str) -> pa.DictionaryArray:
        rows = pa.array(np.arange(len(self.rows), dtype=np.int32))
        return pa.DictionaryArray.from_arrays(rows, self.cells[name])


class _Window:
    """The file from an offset on, counting what was read.

    pyarrow would read 32 blocks ahead of what it hands out; here it waits for its reader. It never waits for long,
    because a block without a good row is handed out to nobody.
    """

    closed = False

    def __init__(self, path: Path, start: int):
        self.stream = path.open("rb")
        self.stream.seek(start)
        self._may_read = threading.Semaphore(AHEAD)

    def read(self, size=-1):
        self._may_read.acquire(timeout=PATIENCE)
        return self.stream.read(size)

    def handed_out(self):
        self._may_read.release()

    def tell(self):
        return self.stream.tell()

    def close(self):
        self.stream.close()

    def readable(self):
        return True

    def writable(self):
        return False

    def seekable(self):
        return False


class DelimitedRows:
    """The data rows of a file behind its header. `wrong` collects rows of another length than the header."""

    def __init__(
        self, path: Path, start: int, delimiter: str, width: int, first_row: int, quotes: bool, marks=None
    ):
        """`marks` (RowMarks) knows rows of another length that are no data."""
        self.path, self.start, self.delimiter, self.width = path, start, delimiter, width
        self.first_row, self.quotes, self.marks = first_row, quotes, marks
        self.wrong: list[tuple[int, int]] = []
        # Texts of the first rows of another length: some of their cells can be judged all the same.
        self.odd: list[tuple[int, str]] = []
        self.marked: list[tuple[int, RowMark, list[str]]] = []
        self._lock = threading.Lock()

    def blocks(self, places: dict[str, int]):
        """Blocks of the columns at `places` (name → position from 0), read ahead by one thread.

        Rows of another length are noted anew each time that the file is read.
        """
        self.wrong, self.odd, self.marked = [], [], []
        ready: queue.Queue = queue.Queue(maxsize=2)
        stop = threading.Event()
        thread = threading.Thread(target=self._read_ahead, args=(places, ready, stop), daemon=True)
        thread.start()
        kept, varied = 0, set()
        try:
            while (item := ready.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                batch, done = item
                rows = self._row_numbers(kept, batch.num_rows)
                kept += batch.num_rows
                yield Block({name: _plain(batch.column(name)) for name in places}, None, rows, done, varied)
        finally:
            stop.set()
            while thread.is_alive():
                try:
                    ready.get(timeout=0.05)
                except queue.Empty:
                    continue
            thread.join()

    def only(self, places: dict[str, int], rows: np.ndarray):
        """Blocks of these rows alone, which were read before and ascend: the rest of the file is passed over by its
        line ends. None where a row may be several lines. Raises NotLines where a line end is none.
        """
        if self.quotes:
            return None
        return self._only(places, rows)

    def _only(self, places, rows):
        at = 0
        for lines in picked(self.path, self.start, rows - self.first_row, BLOCK):
            for batch in self._batches(pa.BufferReader(lines), len(lines), places):
                cells = {name: _plain(batch.column(name)) for name in places}
                yield Block(cells, None, rows[at : at + batch.num_rows])
                at += batch.num_rows

    def _read_ahead(self, places, ready, stop):
        window = None
        try:
            window = _Window(self.path, self.start)
            size = self.path.stat().st_size - self.start
            for batch in self._batches(pa.PythonFile(window, mode="r"), size, places):
                window.handed_out()
                if stop.is_set():
                    return
                ready.put((batch, window.tell()))
            ready.put(None)
        except pa.ArrowInvalid as error:
            ready.put(_refusal(error))
        except Exception as error:
            ready.put(error)
        finally:
            if window is not None:
                window.close()

    def _batches(self, source, size, places):
        if size <= 0:
            return
        block = min(MAX_BLOCK, max(BLOCK, self.width * 1024))
        names = [f"#{position}" for position in range(self.width)]
        for name, place in places.items():
            names[place] = name
        reader = pc.open_csv(
            source,
            read_options=pc.ReadOptions(use_threads=False, block_size=block, column_names=names),
            parse_options=pc.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=self.quotes,
                ignore_empty_lines=False,
                invalid_row_handler=self._note_wrong,
            ),
            convert_options=pc.ConvertOptions(
                include_columns=list(places),
                column_types={name: pa.string() for name in places},
                strings_can_be_null=False,
                check_utf8=False,
            ),
            memory_pool=_pool(),
        )
        yield from reader

    def _note_wrong(self, row):
        # A blank line in a file of one column or many is no row of the table.
        if self.marks is not None and self.marks.marks:
            cells = next(csv.reader([row.text], delimiter=self.delimiter), [])
            if (mark := self.marks.of_cells(cells)) is not None:
                with self._lock:
                    self.wrong.append((row.number, 0))
                    self.marked.append((row.number + self.first_row - 1, mark, cells))
                return "skip"
        if row.actual_columns > 1 or row.text.strip():
            with self._lock:
                self.wrong.append((row.number, row.actual_columns))
                if len(self.odd) < ODD:
                    self.odd.append((row.number + self.first_row - 1, row.text))
        else:
            with self._lock:
                self.wrong.append((row.number, 0))
        return "skip"

    def _row_numbers(self, kept: int, count: int) -> np.ndarray:
        """Rows as a spreadsheet shows them: kept rows plus the wrong ones that stand before them."""
        with self._lock:
            numbers = np.array(sorted(number - 1 for number, _ in self.wrong), dtype=np.int64)
        if not len(numbers):
            return np.arange(kept + self.first_row, kept + self.first_row + count, dtype=np.int64)
        index = np.arange(kept, kept + count, dtype=np.int64)
        before = np.searchsorted(numbers - np.arange(len(numbers)), index, side="right")
        return index + before + self.first_row

    def wrong_rows(self, sheet: str):
        """(how many rows have another length, findings for the first of them)."""
        real = sorted((number, width) for number, width in self.wrong if width)
        listed = [
            finding(
                "ROW_LENGTH", sheet=sheet, row=number + self.first_row - 1, values=width, headers=self.width
            )
            for number, width in real[:LISTED]
        ]
        return len(real), listed


def _pool() -> pa.MemoryPool:
    """The pool that gives blocks back soonest; the usual one keeps some fifty megabytes of them."""
    try:
        return pa.jemalloc_memory_pool()
    except NotImplementedError:
        return pa.default_memory_pool()


def _plain(column) -> pa.StringArray:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _refusal(error) -> Exception:
    if "straddling" in str(error) or "too large" in str(error) or "overflow" in str(error):
        return FileRefused(finding("ROW_TOO_LONG"))
    if "Empty CSV" in str(error):
        return FileRefused(finding("NO_ROWS"))
    return error
