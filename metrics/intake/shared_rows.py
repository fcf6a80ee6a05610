"""Two tables of one hand-in that hold the same keys: a true overlap of two exports, or two stores that count alike?

Nobody can tell from the keys alone, so it is asked, with the evidence: how many keys both hold and how many of their
rows are the same in every cell. The answer is a setting: `shared=same` leaves the repeated rows out,
`shared=stores` keeps them as different orders. Pure.
"""

import numpy as np
import pandas as pd

from metrics.intake.columns import Words
from metrics.intake.findings import FindingLog, finding

SETTING = "shared"
ANSWERS = ("same", "stores")
EXAMPLES = 3


class SharedRows:
    """Collects the keys of each table with a fingerprint of their rows; judges at the end of the file."""

    def __init__(self, key: str, settings: dict):
        self.key, self.answer = key, str(settings.get(SETTING) or "")
        self._tables: list[tuple[str, dict[str, int]]] = []
        self._current: dict[str, int] = {}
        self.number = 0

    def add(self, typed, block) -> None:
        """Note the rows of a block; with an answer, rows of an overlap are left out and stores are kept apart."""
        if not self.key or self.key not in block.cells:
            return
        words = typed.columns[self.key]
        prints = _prints(block.cells, len(block.rows))
        rows = np.flatnonzero(typed.used)
        earlier = self._earlier() if self.answer == "same" else {}
        repeated = np.zeros(len(block.rows), dtype=bool)
        for row in rows.tolist():
            word = words.at(row)
            if not word:
                continue
            repeated[row] = word in earlier
            self._current[word] = (self._current.get(word, 0) + int(prints[row])) & 0xFFFFFFFFFFFFFFFF
        if self.answer == "same" and repeated.any():
            typed.skipped["overlap"] = repeated
        # While nobody has answered, the tables are kept apart, so that the question is the only finding.
        if self.answer != "same" and self._tables:
            number = len(self._tables) + 1
            apart = [f"{word}\x1f{number}" if word else word for word in words.words]
            typed.columns[self.key] = Words(words.codes, apart)

    def _earlier(self) -> set[str]:
        return set().union(*(keys for _, keys in self._tables)) if self._tables else set()

    def end_of_table(self, name: str) -> None:
        if self.key:
            self._tables.append((name, self._current))
            self._current = {}

    def judge(self, log: FindingLog) -> None:
        """Ask when two tables share keys and nobody has answered."""
        if self.answer in ANSWERS or len(self._tables) < 2:
            return
        for number, (name, keys) in enumerate(self._tables):
            for other, others in self._tables[:number]:
                both = keys.keys() & others.keys()
                if both:
                    same = sum(1 for key in both if keys[key] == others[key])
                    params = {
                        "other": other,
                        "shared": len(both),
                        "same": same,
                        "examples": ", ".join(sorted(both)[:EXAMPLES]),
                    }
                    log.add(finding("KEYS_SHARED", sheet=name, **params))


def _prints(cells, count) -> np.ndarray:
    """A 64-bit fingerprint of the cells of each row."""
    prints = np.zeros(count, dtype=np.uint64)
    for number, column in enumerate(cells.values(), 1):
        coded = column.dictionary_encode()
        words = np.array(coded.dictionary.to_pylist(), dtype=object)
        if len(words):
            each = pd.util.hash_array(words, categorize=False)
            prints ^= (each * np.uint64(2 * number + 1))[coded.indices.to_numpy()]
    return prints
