"""Looks at many texts at once by their bytes. Pure.

Finds the few texts that need a closer look, so that thousands of plain ones are never touched one by one.
"""

import numpy as np
import pyarrow as pa

SPACE, TILDE = 0x20, 0x7E
MINUS, POINT, SLASH, NINE = b"-./9"
CHUNK = 8
ODD = 0x9E3779B97F4A7C15
# The first bytes of a word of eight, by how many.
FIRST_BYTES = np.array([2 ** (8 * count) - 1 for count in range(CHUNK + 1)], dtype=np.uint64)
MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def without(texts: pa.StringArray, left_out: np.ndarray) -> pa.StringArray:
    """The same texts on the same memory, those of `left_out` being null: a cast passes them over."""
    _, offsets, data = texts.buffers()
    valid = pa.py_buffer(np.packbits(~left_out, bitorder="little"))
    begin, length = 4 * texts.offset, 4 * (len(texts) + 1)
    return pa.StringArray.from_buffers(
        len(texts), offsets.slice(begin, length), data, valid, int(np.count_nonzero(left_out))
    )


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

    def not_numeric(self, *, pointed: bool) -> np.ndarray:
        """Which texts have a byte that is no digit and no minus sign, nor a point where numbers are `pointed`."""
        # - . / and the digits follow one another.
        stray = (self.data - np.uint8(MINUS)) > NINE - MINUS
        for other in (SLASH,) if pointed else (SLASH, POINT):
            stray |= self.data == other
        return self._of_bytes(np.flatnonzero(stray))

    def crooked(self) -> np.ndarray:
        """Which texts of digits, points and minus signs are no number for certain: two points, a point without a
        digit beside it at an end, a minus sign behind the first place or alone."""
        first, last = self.edges()
        found = (last == POINT) | (first == POINT) | (last == MINUS)
        points = np.concatenate([[0], np.cumsum(self.data == POINT, dtype=np.int32)])
        found |= points[self.ends - self.first] - points[self.starts - self.first] > 1
        signs = np.flatnonzero(self.data == MINUS) + self.first
        texts = np.searchsorted(self.ends, signs, side="right")
        found[texts[self.starts[texts] != signs]] = True
        return found

    def unprintable(self) -> np.ndarray:
        """Which texts have a byte that is no printable ASCII character."""
        return self._of_bytes(np.flatnonzero((self.data - np.uint8(SPACE)) > TILDE - SPACE))

    def _of_bytes(self, at: np.ndarray) -> np.ndarray:
        found = np.zeros(len(self.ends), dtype=bool)
        if len(at):
            found[np.searchsorted(self.ends, at + self.first, side="right")] = True
        return found

    def maybe_blank(self) -> np.ndarray:
        """The positions of texts that are empty, or begin with a blank or a part of another character."""
        first, _last = self.edges()
        return np.flatnonzero((first <= SPACE) | (first >= 0x80))

    def edges(self) -> tuple[np.ndarray, np.ndarray]:
        """The first and last byte of each text; 0 for an empty one."""
        if not len(self.data):
            return np.zeros((2, len(self.ends)), dtype=np.uint8)
        filled = self.ends > self.starts
        if filled.all():
            return self.data[self.starts - self.first], self.data[self.ends - (self.first + 1)]
        first = self.data[np.minimum(self.starts - self.first, len(self.data) - 1)]
        last = self.data[np.maximum(self.ends - (self.first + 1), 0)]
        return first * filled, last * filled

    def contains(self, byte: bytes) -> bool:
        return byte in self.data.tobytes()

    def prints(self) -> np.ndarray:
        """A 64-bit fingerprint of each text, made of its length and of eight bytes at a time."""
        lengths = self.lengths
        prints = lengths.astype(np.uint64)
        # Every place of the data as the number that begins there, whatever its alignment.
        data = np.concatenate([self.data, np.zeros(CHUNK, dtype=np.uint8)])
        words = np.ndarray((len(self.data) + 1,), dtype="<u8", buffer=data, strides=(1,))
        if len(lengths) and lengths.min() == lengths.max():
            length = int(lengths[0])
            for begin in range(0, length, CHUNK):
                mine = words[begin::length][: len(lengths)]
                prints = mixed(prints, mine & FIRST_BYTES[min(CHUNK, length - begin)])
            return prints
        at, longest = self.starts - np.int32(self.first), int(lengths.max(initial=0))
        for begin in range(0, longest, CHUNK):
            more = lengths > begin
            if 2 * np.count_nonzero(more) > len(lengths):
                mine = words[np.minimum(at + begin, len(self.data))]
                mine &= FIRST_BYTES[np.clip(lengths - begin, 0, CHUNK)]
                prints = np.where(more, mixed(prints, mine), prints)
            else:
                rows = np.flatnonzero(more)
                mine = words[at[rows] + begin] & FIRST_BYTES[np.minimum(lengths[rows] - begin, CHUNK)]
                prints[rows] = mixed(prints[rows], mine)
        return prints


def mixed(prints: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Fingerprints with one more value each; equal ones stay equal, others are spread over 64 bits (splitmix64)."""
    prints = (prints ^ values.astype(np.uint64, copy=False)) + np.uint64(ODD)
    prints = (prints ^ (prints >> np.uint64(30))) * np.uint64(MIX[0])
    prints = (prints ^ (prints >> np.uint64(27))) * np.uint64(MIX[1])
    return prints ^ (prints >> np.uint64(31))
