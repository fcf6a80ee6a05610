"""Dimensions and currencies that no column holds: they stand in a header, or beside the amounts. Pure."""

import numpy as np

from metrics.intake.columns import Words
from metrics.intake.currencies import SHARED, currency_of, sign_of
from metrics.intake.findings import finding
from metrics.intake.profile import Profile
from metrics.intake.profile_parts import Slice


class FoundSlices:
    """What one table says of them. `said` is what its headers say besides; findings go to `reader`."""

    def __init__(self, profile: Profile, said: dict, settings: dict, reader):
        self.profile, self.said, self.settings, self.reader = profile, said, settings, reader
        wanted = {"currency": profile.currency, **profile.slices}
        self.wanted = {name: one for name, one in wanted.items() if one is not None and one.is_found}
        self._default = ""
        self._told: set[str] = set()
        self.windows: set[str] = set()

    def columns(self, block, used: np.ndarray) -> dict[str, Words]:
        """One text per row under the name "#" + dimension; `used` marks the rows that are data."""
        found = {}
        for name, one in self.wanted.items():
            words = self._of_sign(name, one, block, used) if one.sign else self._of_header(name, one, block)
            if name == "currency" and used.any() and not all(words.words) and not self._told:
                self._told.add("")
                self.reader.log.add(finding("CURRENCY_MISSING", sheet=self.reader.sheet, setting=one.setting))
            found[f"#{name}"] = words
        return found

    def _said(self, name: str, one: Slice) -> str:
        """What a header says, or a line above it."""
        text = self.said.get(one.header or f"#{name}", {}).get(one.part, "")
        if one.part != "currency":
            return f"{text}d" if text else ""
        certain = currency_of(text)
        return certain or (self._meant(one, text.upper(), one.header, 0) if text else "")

    def _of_header(self, name: str, one: Slice, block) -> Words:
        """The same text for every row, or that of a column where there is one."""
        text = self._said(name, one) or self._set(one)
        if one.part == "days" and text:
            self.windows.add(text)
        if one.column in self.reader.places:
            return self._filled(one, block, text)
        return Words(np.zeros(len(block.rows), dtype=np.int32), [text])

    def _filled(self, one: Slice, block, otherwise: str) -> Words:
        coded = block.coded(one.column)
        return Words(
            coded.indices.to_numpy(),
            [word.strip().upper() or otherwise for word in coded.dictionary.to_pylist()],
        )

    def _of_sign(self, name: str, one: Slice, block, used) -> Words:
        if one.column in self.reader.places:
            return self._filled(one, block, self._set(one))
        if one.sign not in block.cells:
            return Words(np.zeros(len(block.rows), dtype=np.int32), [self._set(one) or self._said(name, one)])
        coded = block.coded(one.sign)
        codes, texts = coded.indices.to_numpy(), coded.dictionary.to_pylist()
        words = []
        for number, text in enumerate(texts):
            sign = sign_of(text) if text.strip() else ""
            rows = np.flatnonzero((codes == number) & used) if sign else []
            meant = currency_of(sign) if len(rows) else ""
            words.append(meant or (self._meant(one, sign, one.sign, rows[0], block) if len(rows) else ""))
        known = next(filter(None, words), "")
        self._default = self._set(one) or self._default or known or self._said(name, one)
        return Words(codes, [word or self._default for word in words])

    def _set(self, one: Slice) -> str:
        default = self.profile.settings[one.setting]["default"] if one.setting else ""
        return str(self.settings.get(one.setting) or default).strip().upper()

    def _meant(self, one: Slice, sign: str, column: str, index, block=None) -> str:
        """The currency of a shared sign: as set, else as the profile says, which the reader is told."""
        row = int(block.rows[index]) if block is not None else 0
        value = block.cells[column][int(index)].as_py() if block is not None else sign
        sign = sign.replace("￥", "¥")
        known = {key.replace("￥", "¥").upper(): code for key, code in one.signs}
        if chosen := self._set(one):
            return chosen
        if sign not in SHARED and sign not in known:
            return ""  # no sign of money: the cell itself is judged as a number
        params = {"sign": sign, "others": ", ".join(SHARED.get(sign, ())), "setting": one.setting}
        assumed = known.get(sign, "")
        if sign not in self._told:
            self._told.add(sign)
            code = "CURRENCY_ASSUMED" if assumed else "CURRENCY_UNCLEAR"
            self.reader.log.add(self.reader.at(column, row, code, value, assumed=assumed, **params))
        return assumed
