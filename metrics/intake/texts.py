"""Texts and identifiers: cleaned, and refused where they were damaged or could deceive. Pure."""

import re
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process

from metrics.intake.columns import Texts, Words
from metrics.intake.numbers import EXCEL_ERRORS, UNSAVED
from metrics.intake.profile_parts import Column
from metrics.intake.text_bytes import SPACE, TextBytes

ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
COMBINING_RUN = 10
# Fewer distinct texts than this are judged one by one.
MANY = 200
FEW = 8
ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
AS_DATE = re.compile(rf"[0-9]{{1,2}}-(?:{MONTHS})|(?:{MONTHS})-[0-9]{{2}}|[0-9]{{1,2}}月[0-9]{{1,2}}日")
LOOKALIKES = str.maketrans(
    "АВЕЗКМНОРСТУХаеорсухіІѕЅјЈԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧοİı", "ABE3KMHOPCTYXaeopcyxiIsSjJdABEZHIKMNOPTYXoIi"
)


class TextReader:
    """Reads one text column; every distinct text is judged once and remembered over blocks."""

    def __init__(self, column: Column, allowed: dict[str, str] | None, text_chars: int, cell_chars: int):
        self.column, self.allowed = column, allowed
        self.text_chars, self.cell_chars = text_chars, cell_chars
        self._cache: dict[str, tuple[str, str, dict]] = {}
        self.names = list(dict.fromkeys(allowed.values())) if allowed else []

    def read(self, coded: pa.DictionaryArray, kinds: np.ndarray | None = None):
        """(Words, failures as (row, code, params)). `kinds` are those of the spreadsheet's cells (sheets.py)."""
        codes, texts = coded.indices.to_numpy(), coded.dictionary
        if self.allowed is None and len(texts) >= MANY:
            words, failures = self._many(codes, texts)
        else:
            found = [self._remembered(text) for text in texts.to_pylist()]
            words = Words(codes, [word for word, _, _ in found])
            failures = _failing(codes, dict(enumerate(found)), len(found))
        if kinds is not None and self.column.type == "code":
            failures += self._damaged(words, kinds)
        return words, failures

    def _many(self, codes, texts: pa.StringArray):
        """Like `read` for many distinct texts: only those that are not plainly written are judged one by one."""
        odd = self._odd(texts)
        places = np.flatnonzero(odd)
        if not len(places):
            return Words(codes, Texts(texts)), []
        judged = [self._remembered(text) for text in texts.take(pa.array(places)).to_pylist()]
        meant = pa.array([word for word, _, _ in judged], type=pa.string())
        read = pc.replace_with_mask(texts, pa.array(odd), meant)
        found = dict(zip(places.tolist(), judged, strict=True))
        return Words(codes, Texts(read)), _failing(codes, found, len(texts))

    def _odd(self, texts: pa.StringArray) -> np.ndarray:
        """Texts that may not be kept as they are: a wider net than the judgement of each."""
        look = TextBytes(texts)
        first, last = look.edges()
        odd = look.unprintable() | (look.lengths > min(self.text_chars, self.cell_chars))
        odd |= (first == SPACE) | (last == SPACE) | (first == ord("#"))
        if self.column.type == "code":
            odd |= (first == ord("=")) | (first == ord("'"))
            for mark, form in ((b"e", ROUNDED), (b"E", ROUNDED), (b"-", AS_DATE)):
                if look.contains(mark):
                    like = pc.match_substring_regex(texts, f"^(?:{form.pattern})$")
                    odd |= like.to_numpy(zero_copy_only=False)
        return odd

    def _damaged(self, words, kinds):
        """Identifiers that a spreadsheet keeps as a date, or as a number of more than 15 digits."""
        for row in np.flatnonzero(kinds == ord("d")).tolist():
            yield row, "ID_LOOKS_LIKE_DATE", {}
        for row in np.flatnonzero(kinds == ord("n")).tolist():
            if len(words.at(row).lstrip("-").split(".")[0]) > 15:
                yield row, "ID_PRECISION_LOST", {}

    def _remembered(self, text):
        found = self._cache.get(text)
        if found is None:
            found = self._judged(text)
            if len(self._cache) < 500_000:
                self._cache[text] = found
        return found

    def _judged(self, text: str) -> tuple[str, str, dict]:
        if len(text) > self.cell_chars:
            return "", "CELL_TOO_LONG", {"chars": len(text), "limit": self.cell_chars}
        if text.isascii() and text.isprintable():
            return self._meant(text.strip(), "", {})
        if text == UNSAVED:
            return "", "FORMULA_NO_VALUE", {}
        bad = FORBIDDEN.search(text)
        if bad:
            return "", "CHAR_FORBIDDEN", {"char": f"U+{ord(bad[0]):04X}"}
        clean = ZERO_WIDTH.sub("", text)
        # An emoji family is joined by U+200D; there it is part of the picture and nothing is hidden.
        warning = "ZERO_WIDTH_REMOVED" if clean != text else ""
        if self.column.type in ("code", "choice"):
            clean = unicodedata.normalize("NFKC", clean)
        else:
            clean = unicodedata.normalize("NFC", clean)
        if _combining_run(clean) > COMBINING_RUN:
            return "", "CHAR_FORBIDDEN", {"char": "U+0300…"}
        return self._meant(clean.strip(), warning, {})

    def _meant(self, text, warning, params):
        if text in EXCEL_ERRORS:
            return "", "EXCEL_ERROR", {}
        if len(text) > self.text_chars:
            return "", "TEXT_TOO_LONG", {"chars": len(text), "limit": self.text_chars}
        if self.column.type == "code" and text:
            # A spreadsheet keeps an identifier whole when it is written as a formula, or behind an apostrophe.
            text = text[2:-1] if text.startswith('="') and text.endswith('"') else text.removeprefix("'")
            if ROUNDED.fullmatch(text):
                return "", "ID_PRECISION_LOST", {}
            if AS_DATE.fullmatch(text):
                return "", "ID_LOOKS_LIKE_DATE", {}
        if self.allowed is not None and text:
            return self._listed(text, warning, params)
        return text, warning, params

    def _listed(self, text, warning, params):
        meant = self.allowed.get(text.casefold())
        if meant is not None:
            return meant, warning, params
        twin = self.allowed.get(text.translate(LOOKALIKES).casefold())
        if twin:
            return "", "VALUE_UNKNOWN", {"nearest": twin, "lookalike": True}
        near = process.extract(text, self.names, limit=3, score_cutoff=40)
        # Names that nothing brings near are told where they are few: a wrong proposal is worse than none.
        few = "" if near or len(self.names) > FEW else ", ".join(self.names)
        return "", "VALUE_UNKNOWN", {"nearest": ", ".join(name for name, _, _ in near), "allowed": few}


def _failing(codes, found: dict[int, tuple], size: int) -> list[tuple]:
    """The rows whose text failed, as (row, code, params); `found` holds what came of texts by their position."""
    odd = np.zeros(size, dtype=bool)
    odd[[place for place, (_, code, _) in found.items() if code]] = True
    if not odd.any():
        return []
    return [(row, *found[codes[row]][1:]) for row in np.flatnonzero(odd[codes]).tolist()]


def _combining_run(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        longest = max(longest, run)
    return longest
