"""Texts that say that a row sums up others. Pure."""

import re

import numpy as np
import pyarrow as pa

from metrics.intake.text_bytes import SPACE, TextBytes

WORDS = frozenset(
    """合计 总计 小计 合计： 总计： 合计: 总计: total totals subtotal sum""".split() + ["grand total"]
)
# In a column of days no text stands for itself, so "W40 total" and "第40周合计" say it as well.
LOOSE = re.compile(
    r"(?:^|[\W\d_周月])(?:sub|grand )?total\W?$|^(?:sub|grand )?totals?\b|(?:合计|总计|小计)[：:]?$",
    re.IGNORECASE,
)
MOST_DAYS = 2_000
# Fewer distinct texts than this are compared one by one.
MANY = 200


def is_total_word(text: str, *, is_loose: bool = False) -> bool:
    """One text; `is_loose` where it stands in a column of days."""
    word = text.strip().casefold()
    return word in WORDS or (is_loose and bool(LOOSE.search(word)))


def total_words(texts: pa.StringArray, *, is_loose: bool = False) -> np.ndarray:
    """Which of these texts, without blanks around them and in any case, are words for a total."""
    if is_loose and len(texts) < MOST_DAYS:
        return np.array([is_total_word(text, is_loose=True) for text in texts.to_pylist()], dtype=bool)
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
