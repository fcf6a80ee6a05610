"""Stamps as people and programs write them, read to the second in the profile's time zone. Pure."""

import datetime as dt

import numpy as np
import pyarrow as pa

from metrics.intake.days import EPOCH, DayReader
from metrics.intake.moments import DAY_SECONDS, Moments


class MomentReader(DayReader):
    """Reads the stamps of one column to the second; a date alone is its midnight."""

    def read(self, coded: pa.DictionaryArray, numeric: np.ndarray | None = None):
        """(Moments, failures as (row, code)); see DayReader.read."""
        texts, codes = coded.dictionary.to_pylist(), coded.indices.to_numpy()
        bare = np.zeros(len(codes), dtype=bool) if numeric is None else numeric
        pairs, place = np.unique(codes.astype(np.int64) * 2 + bare, return_inverse=True)
        found = [self._remembered(texts[pair // 2], bool(pair % 2)) for pair in pairs.tolist()]
        seconds = np.array([value or 0 for value, _ in found], dtype=np.int64)
        known = np.array([value is not None for value, _ in found], dtype=bool)
        odd = np.array([bool(code) for _, code in found], dtype=bool)
        failures = [(row, found[place[row]][1]) for row in np.flatnonzero(odd[place]).tolist()]
        return Moments(seconds[place], known[place]), failures

    def _checked(self, date: dt.date | dt.datetime):
        number, problem = super()._checked(date)
        if number is None:
            return None, problem
        clock = date.time() if isinstance(date, dt.datetime) else dt.time()
        seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
        return (date.toordinal() - EPOCH) * DAY_SECONDS + seconds, problem
