"""Looks at many texts at once by their bytes. Pure.

Finds the few texts that need a closer look, so that thousands of plain ones are never touched one by one.
"""

import numpy as np
import pyarrow as pa

SPACE, TILDE = 0x20, 0x7E
CHUNK = 8
ODD = 0x9E3779B97F4A7C15
MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


class TextBytes:
    """The bytes of an array of texts: text i is `data[starts[i]:ends[i]]`."""

    def __init__(self, texts: pa.StringArray):
        _, offsets, data = texts.buffers()
        if len(texts):
            places = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
        else:
            places = np.zeros(1, dtype=np.int32)
        self.starts, self.ends = places[:-1], places[1:]
        first, last = int(places[0]), int(places[-1])
        # The texts of a slice lie in the middle of its buffer.
        whole = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
        self.data, self.first = whole[first:last], first

    @property
    def lengths(self) -> np.ndarray:
        return self.ends - self.starts

    def holding(self, allowed: np.ndarray) -> np.ndarray:
        """Which texts have a byte outside `allowed` (256 booleans)."""
        return self._of_bytes(np.flatnonzero(~allowed[self.data]))

    def unprintable(self) -> np.ndarray:
        """Which texts have a byte that is no printable ASCII character."""
        return self._of_bytes(np.flatnonzero((self.data - np.uint8(SPACE)) > TILDE - SPACE))

    def _of_bytes(self, at: np.ndarray) -> np.ndarray:
        found = np.zeros(len(self.ends), dtype=bool)
        if len(at):
            found[np.searchsorted(self.ends, at + self.first, side="right")] = True
        return found

    def edges(self) -> tuple[np.ndarray, np.ndarray]:
        """The first and last byte of each text; 0 for an empty one."""
        filled = self.ends > self.starts
        if not len(self.data):
            return np.zeros((2, len(filled)), dtype=np.uint8)
        first = self.data[np.where(filled, self.starts - self.first, 0)]
        last = self.data[np.where(filled, self.ends - 1 - self.first, 0)]
        return np.where(filled, first, 0), np.where(filled, last, 0)

    def contains(self, byte: bytes) -> bool:
        return byte in self.data.tobytes()

    def prints(self) -> np.ndarray:
        """A 64-bit fingerprint of each text."""
        lengths = self.lengths
        found = np.empty(len(lengths), dtype=np.uint64)
        for rows in _alike(lengths):
            found[rows] = self._prints_of(self.starts[rows] - self.first, int(lengths[rows[0]]))
        return found

    def _prints_of(self, starts, length) -> np.ndarray:
        """The fingerprints of texts that are all `length` bytes long, eight bytes at a time."""
        prints = np.full(len(starts), length, dtype=np.uint64)
        for begin in range(0, length, CHUNK):
            width = min(CHUNK, length - begin)
            words = np.zeros((len(starts), CHUNK), dtype=np.uint8)
            words[:, :width] = self.data[(starts + begin)[:, None] + np.arange(width)]
            prints = mixed(prints, words.view(np.uint64).ravel())
        return prints


def _alike(lengths: np.ndarray) -> list[np.ndarray]:
    """The positions of texts of each length."""
    if not len(lengths) or lengths.min() == lengths.max():
        return [np.arange(len(lengths))] if len(lengths) else []
    order = np.argsort(lengths, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1)


def mixed(prints: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Fingerprints with one more value each; equal ones stay equal, others are spread over 64 bits (splitmix64)."""
    prints = (prints ^ values.astype(np.uint64, copy=False)) + np.uint64(ODD)
    prints = (prints ^ (prints >> np.uint64(30))) * np.uint64(MIX[0])
    prints = (prints ^ (prints >> np.uint64(27))) * np.uint64(MIX[1])
    return prints ^ (prints >> np.uint64(31))


def allowing(characters: str) -> np.ndarray:
    """The bytes of these ASCII characters, for `holding`."""
    found = np.zeros(256, dtype=bool)
    found[list(characters.encode("ascii"))] = True
    return found
