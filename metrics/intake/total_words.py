"""Texts that say that a row sums up others. Pure."""

import numpy as np
import pyarrow as pa

from metrics.intake.text_bytes import SPACE, TextBytes

WORDS = frozenset(
    """合计 总计 小计 合计： 总计： 合计: 总计: total totals subtotal sum""".split() + ["grand total"]
)
# Fewer distinct texts than this are compared one by one.
MANY = 200


def total_words(texts: pa.StringArray) -> np.ndarray:
    """Which of these texts, without blanks around them and in any case, are words for a total."""
    found = np.zeros(len(texts), dtype=bool)
    near = np.arange(len(texts)) if len(texts) < MANY else _near(texts)
    words = texts.take(pa.array(near)).to_pylist() if len(near) < len(texts) else texts.to_pylist()
    found[near] = [word.strip().casefold() in WORDS for word in words]
    return found


def _near(texts: pa.StringArray) -> np.ndarray:
    """The positions of texts that begin and end as a word for a total may."""
    first, last = TextBytes(texts).edges()
    return np.flatnonzero(BEGINNING[first] & ENDING[last])


def _edge(place: int) -> np.ndarray:
    """The bytes that may stand there: those of the words in both cases, blanks, and parts of other characters."""
    found = np.arange(256) <= SPACE
    found |= np.arange(256) >= 0x80
    for word in WORDS:
        for text in (word, word.upper()):
            found[text.encode()[place]] = True
    return found


BEGINNING, ENDING = _edge(0), _edge(-1)
