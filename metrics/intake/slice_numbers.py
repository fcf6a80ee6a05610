"""Numbers the combinations of currency and dimensions that rows belong to. Pure."""

import math

import numpy as np

from metrics.intake.cells import distinct
from metrics.intake.columns import Words
from metrics.intake.profile import Profile

DENSE = 2**60
MEMBER_CHARS = 80


class SliceNumbers:
    """`numbers`: (currency, member of each dimension) → number, in the order in which they were met."""

    def __init__(self, profile: Profile, settings: dict):
        self.profile, self.settings = profile, settings
        self.numbers: dict[tuple, int] = {}

    def codes(self, count, block):
        """One number per row for its combination of currency and dimensions."""
        if not count:
            return np.zeros(0, dtype=np.int64)
        wanted = {"currency": self.profile.currency, **self.profile.slices}
        sources = [self._source(name, one, block, count) for name, one in wanted.items()]
        sizes = [len(words.words) for words in sources]
        if math.prod(sizes) > DENSE:
            return self._numbered_by_rows(sources, count)
        combined = np.zeros(count, dtype=np.int64)
        for words, size in zip(sources, sizes, strict=True):
            if size > 1:
                combined = combined * size + words.codes
        found, place = distinct(combined, math.prod(sizes))
        known = self.numbers
        members = list(zip(*_each(sources, sizes, found), strict=True))
        numbers = list(map(known.get, members))
        if None in numbers:
            numbers = [known.setdefault(one, len(known)) for one in members]
        return np.array(numbers, dtype=np.int64)[place]

    def _numbered_by_rows(self, sources, count):
        rows = zip(*([words.words[code] for code in words.codes.tolist()] for words in sources), strict=True)
        numbers = (self.numbers.setdefault(values, len(self.numbers)) for values in rows)
        return np.fromiter(numbers, dtype=np.int64, count=count)

    def _source(self, name, one, block, count) -> Words:
        if one is not None and one.is_found:
            return block[f"#{name}"]
        if one is not None and one.column:
            return self._members(block[one.column])
        text = "" if one is None else one.constant
        if one is not None and one.setting:
            text = str(
                self.settings.get(one.setting) or self.profile.settings[one.setting]["default"]
            ).strip()
            text = text.upper() if name == "currency" else text
        return Words(np.zeros(count, dtype=np.int32), [text])

    @staticmethod
    def _members(words: Words) -> Words:
        """Texts short enough for a member; only derived and joined ones can be longer."""
        if all(len(word) <= MEMBER_CHARS for word in words.words):
            return words
        return Words(
            words.codes,
            [word[: MEMBER_CHARS - 1] + "…" if len(word) > MEMBER_CHARS else word for word in words.words],
        )


def _each(sources: list[Words], sizes: list[int], combined: np.ndarray):
    """For every source the texts that the combined codes stand for."""
    after = math.prod(sizes)
    for words, size in zip(sources, sizes, strict=True):
        after //= max(1, size)
        codes = (combined // after) % max(1, size)
        yield np.array(list(words.words), dtype=object)[codes].tolist()
