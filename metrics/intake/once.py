"""Amounts of an order that are printed on every line, or on the first one only, taken once. Pure."""

import numpy as np

from metrics.intake.columns import Exact, Words

LISTED = 1_000


class FirstOfKey:
    """For one figure: the first row of each key that has a value; later rows have to repeat that value."""

    def __init__(self):
        self._first: dict[str, int] = {}
        self.differing = 0

    def take(self, keys: Words, value: Exact, mask: np.ndarray) -> tuple[np.ndarray, list[tuple]]:
        """(the rows that count, failures as (row, code, parameters) where a line says something else)."""
        rows = np.flatnonzero(mask if value.known is None else mask & value.known)
        taken = np.zeros(len(mask), dtype=bool)
        if not len(rows):
            return taken, []
        codes, units = keys.codes[rows], np.broadcast_to(value.units, mask.shape)[rows]
        found, at, place = np.unique(codes, return_index=True, return_inverse=True)
        firsts = []
        for code, index in zip(found.tolist(), at.tolist(), strict=True):
            word, here = keys.words[code], int(units[index])
            if word not in self._first:
                self._first[word] = here
                taken[rows[index]] = True
            firsts.append(self._first[word])
        # A nought on a later line says that the amount stands on the first one.
        wrong = np.flatnonzero((units != np.array(firsts, dtype=units.dtype)[place]) & (units != 0))
        self.differing += len(wrong)
        return taken, [
            (int(rows[i]), "ORDER_VALUE_DIFFERS", self._params(keys.at(rows[i]), value.scale))
            for i in wrong[:LISTED].tolist()
        ]

    def _params(self, word: str, scale: int) -> dict:
        units = self._first[word]
        whole, rest = divmod(abs(units), 10**scale)
        decimals = str(rest).zfill(scale).rstrip("0") if scale else ""
        text = f"{'-' if units < 0 else ''}{whole}{'.' + decimals if decimals else ''}"
        return {"key": word, "first": text}
