"""Single lines of a large text file, found by its line ends alone. Pure but for the file named."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

# Small enough that every look at it finds it in the processor's own memory.
CHUNK = 256 * 1024
LINE_END = ord("\n")


class NotLines(Exception):
    """A carriage return stands alone: it ends a row for some readers and none for others."""


def picked(path: Path, start: int, wanted: np.ndarray, most: int) -> Iterator[bytes]:
    """The lines `wanted` (ascending, counted from 0 at byte `start`), some `most` bytes together; each with its end.

    Raises NotLines. Lines behind the end of the file are not there.
    """
    kept, size = [], 0
    for data, ends, first in _whole_lines(path, start):
        mine = wanted[np.searchsorted(wanted, first) : np.searchsorted(wanted, first + len(ends))] - first
        if len(mine):
            begins = np.where(mine > 0, ends[mine - 1] + 1, 0)
            pairs = zip(begins.tolist(), (ends[mine] + 1).tolist(), strict=True)
            found = [data[begin:end] for begin, end in pairs]
            kept += found
            size += sum(map(len, found))
        if size >= most:
            yield b"".join(kept)
            kept, size = [], 0
    if kept:
        yield b"".join(kept)


def _whole_lines(path: Path, start: int) -> Iterator[tuple[bytearray, np.ndarray, int]]:
    """(some whole lines, where each of them ends, the number of the first of them). The next ones take their place."""
    data, first, begun = bytearray(CHUNK), 0, 0
    with path.open("rb") as stream:
        stream.seek(start)
        while count := stream.readinto(memoryview(data)[begun:]):
            count += begun
            ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8, count=count) == LINE_END)
            stop = int(ends[-1]) + 1 if len(ends) else 0
            _refuse_lone_returns(data, stop)
            yield data, ends, first
            first, begun = first + len(ends), count - stop
            # What was begun moves to the front; a line that fills everything gets more room.
            data = data if stop else data + bytes(len(data))
            data[:begun] = data[stop:count]
    if begun:
        data[begun:] = b"\n"
        _refuse_lone_returns(data, begun + 1)
        yield data, np.array([begun]), first


def _refuse_lone_returns(data: bytearray, stop: int) -> None:
    if data.find(b"\r", 0, stop) >= 0 and data.count(b"\r", 0, stop) != data.count(b"\r\n", 0, stop):
        raise NotLines
