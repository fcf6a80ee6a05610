"""Stamps as people and programs write them, read to the second in the profile's time zone. Pure."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics.intake.days import EPOCH, ISO, MANY, DayReader
from metrics.intake.moments import DAY_SECONDS, Moments


class MomentReader(DayReader):
    """Reads the stamps of one column to the second; a date alone is its midnight."""

    def read(self, coded: pa.DictionaryArray, numeric: np.ndarray | None = None):
        """(Moments, failures as (row, code)); see DayReader.read."""
        codes = coded.indices.to_numpy()
        if (numeric is None or not numeric.any()) and (
            stamps := self._iso_stamps(coded.dictionary)
        ) is not None:
            return Moments(stamps[codes], np.ones(len(codes), dtype=bool)), []
        texts = coded.dictionary.to_pylist()
        bare = np.zeros(len(codes), dtype=bool) if numeric is None else numeric
        pairs, place = np.unique(codes.astype(np.int64) * 2 + bare, return_inverse=True)
        found = [self._remembered(texts[pair // 2], bool(pair % 2)) for pair in pairs.tolist()]
        seconds = np.array([value or 0 for value, _ in found], dtype=np.int64)
        known = np.array([value is not None for value, _ in found], dtype=bool)
        odd = np.array([bool(code) for _, code in found], dtype=bool)
        failures = [(row, found[place[row]][1]) for row in np.flatnonzero(odd[place]).tolist()]
        return Moments(seconds[place], known[place]), failures

    def _iso_stamps(self, texts: pa.StringArray) -> np.ndarray | None:
        """The seconds of many distinct texts at once, where every one is an ISO date or stamp without zone."""
        if self.naive is not None or len(texts) < MANY:
            return None
        if not pc.all(pc.match_substring_regex(texts, ISO)).as_py():
            return None
        try:
            stamps = pc.cast(texts, pa.timestamp("s")).to_numpy(zero_copy_only=False).astype("datetime64[s]")
        except pa.ArrowInvalid:
            return None
        first, last = (
            np.datetime64(f"{year:04d}") for year in (self.form.first_year, self.form.last_year + 1)
        )
        return None if ((stamps < first) | (stamps >= last)).any() else stamps.astype(np.int64)

    def _checked(self, date: dt.date | dt.datetime):
        number, problem = super()._checked(date)
        if number is None:
            return None, problem
        clock = date.time() if isinstance(date, dt.datetime) else dt.time()
        seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
        return (date.toordinal() - EPOCH) * DAY_SECONDS + seconds, problem
