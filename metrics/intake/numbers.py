"""Numbers as people and programs write them, read exactly. Pure.

Whole blocks are cast in one go; only the cells that are not plainly written are looked at one by one.
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics.intake.columns import Exact
from metrics.intake.profile_parts import NumberForm
from metrics.intake.text_bytes import TextBytes, without

MISSING = frozenset(
    ["-", "--", "—", "–", "/", "无", "無", "N/A", "n/a", "NA", "#", "null", "NULL", "None", "暂无"]
)
EXCEL_ERRORS = frozenset(
    ["#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"]
)
# Stands in a cell whose formula has no saved result; a private character that no export writes.
UNSAVED = "\ue000"
BLANKS = " \t\u00a0\u202f\u2007\u2009\u3000"
# Full-width digits and signs are the ASCII ones 0xFEE0 further; nothing else is folded (① is not 1).
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
MINUS = {0x2212: "-", 0xFE63: "-", 0xFFE5: "¥"}
CURRENCY = re.compile(
    r"^(?:[A-Z]{3} ?|[A-Z]{0,3} ?[$€£¥₹₩฿₫₱] ?|(?:Rs|RM|Rp)\.? ?)|(?: ?[A-Z]{3}| ?[$€£¥₹₩฿₫₱元円]| ?zł| ?kr\.?)$"
)
UNITS = re.compile(r"^(.*[0-9.]) ?(百万|千万|万|萬|亿|億|千|[kKmM]|bn|mn)$")
_POWERS = {3: "千 k K", 4: "万 萬", 6: "百万 m M mn", 7: "千万", 8: "亿 億", 9: "bn"}
POWERS = {word: power for power, words in _POWERS.items() for word in words.split()}
PLAIN = {
    ".": re.compile(r"^([0-9]*)(?:\.([0-9]*))?$"),
    ",": re.compile(r"^([0-9]*)(?:,([0-9]*))?$"),
}
GROUPED = {
    ".": re.compile(r"^[0-9]{1,3}(?:([, '’\u00a0\u202f\u2009])[0-9]{3}(?:\1[0-9]{3})*)(?:\.[0-9]*)?$"),
    ",": re.compile(r"^[0-9]{1,3}(?:([. '’\u00a0\u202f\u2009])[0-9]{3}(?:\1[0-9]{3})*)(?:,[0-9]*)?$"),
}
# With one or two digits behind it, and nothing but groups before it, the other mark can only be the decimal one.
OTHER = {".": ",", ",": "."}
OTHER_MARK = {
    ".": re.compile(r"^[0-9]+,[0-9]{1,2}$|^[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}$"),
    ",": re.compile(r"^[0-9]+\.[0-9]{1,2}$|^[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,2}$"),
}
GROUP_MARKS = {".": ", '’\u00a0\u202f\u2009", ",": ". '’\u00a0\u202f\u2009"}
THOUSANDS = r"[0-9]{1,3}([., '’\u00a0\u202f\u2009])[0-9]{3}(\1[0-9]{3})*"
# Numbers of no more characters have no more than the 15 digits that a binary float tells apart.
FLOAT_CHARS = 15
EXPONENT = re.compile(r"^([0-9]+(?:\.[0-9]*)?)[eE]([+-]?[0-9]{1,2})$")


@dataclass(frozen=True)
class ReadNumber:
    """The units at the column's scale, or a code why there are none; `code` alone with units is a warning."""

    units: int | None
    code: str = ""
    params: tuple = ()


def read_number(text: str, form: NumberForm, decimal: str = ".") -> ReadNumber:
    """One cell as written by a person. `decimal` is the file's decimal mark; "?" where it could not be settled."""
    cell = text.strip(BLANKS)
    if cell in MISSING:
        return ReadNumber(None, "VALUE_MISSING")
    if cell in EXCEL_ERRORS:
        return ReadNumber(None, "EXCEL_ERROR")
    if cell == UNSAVED:
        return ReadNumber(None, "FORMULA_NO_VALUE")
    folded = cell.translate(FULL_WIDTH).translate(MINUS)
    warning = "NUMBER_FULLWIDTH" if any(0xFF10 <= ord(c) <= 0xFF19 for c in cell) else ""
    negative, body = _sign(folded)
    body, percent = (body[:-1].rstrip(), True) if body.endswith("%") else (body, False)
    if percent and not form.percent:
        return ReadNumber(None, "NUMBER_UNIT")
    bare = CURRENCY.sub("", body, count=1).strip(BLANKS) if not body.isdigit() else body
    if bare != body and re.search("[0-9]", bare):
        if not form.currency:
            return ReadNumber(None, "NUMBER_UNIT")
        negative, body = (negative or bare.startswith("-")), bare.removeprefix("-")
    power = 0
    if match := UNITS.match(body):
        if not form.scale_words:
            return ReadNumber(None, "NUMBER_UNIT")
        body, power = match[1], POWERS[match[2]]
    parts = _parts(body, form, decimal)
    if isinstance(parts, str):
        return ReadNumber(None, "TEXT_IN_NUMBER" if form.words and cell[:1].isalpha() else parts)
    whole, fraction, exponent = parts
    return _scaled(whole, fraction, exponent + power, negative, percent, form, warning)


def _sign(cell: str):
    if cell.startswith("(") and cell.endswith(")"):
        return True, cell[1:-1].strip(BLANKS)
    if cell[:1] in ("-", "+"):
        return cell[0] == "-", cell[1:].lstrip(BLANKS)
    return False, cell


def _parts(body: str, form: NumberForm, decimal: str):
    """(whole digits, decimal digits, exponent), or the code why it is not a number."""
    if decimal == "?" and form.decimals == 0 and re.fullmatch(THOUSANDS, body):
        # A whole number has no decimals, so its marks can only part thousands.
        return re.sub("[^0-9]", "", body), "", 0
    if decimal == "?":
        if re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", body):
            return "NUMBER_AMBIGUOUS"
        decimal = "," if re.search(r",[0-9]*$", body) and not body.count(",") > 1 else "."
    if form.mixed_marks and OTHER_MARK[decimal].match(body):
        decimal = OTHER[decimal]
    exponent = 0
    if form.exponents and (match := EXPONENT.match(body)):
        body, exponent = match[1], int(match[2])
    if GROUPED[decimal].match(body):
        for mark in GROUP_MARKS[decimal]:
            body = body.replace(mark, "")
    match = PLAIN[decimal].match(body)
    if match is None or not (match[1] or match[2]) or not body.isascii():
        return "NUMBER_FORMAT"
    return match[1], match[2] or "", exponent


def _scaled(whole, fraction, exponent, negative, percent, form, warning) -> ReadNumber:
    exponent -= 2 if percent else 0
    digits = (whole + fraction).lstrip("0") or "0"
    places = len(fraction) - exponent
    while places > 0 and digits.endswith("0") and len(digits) > 1:
        digits, places = digits[:-1], places - 1
    if digits == "0":
        places = 0
    if form.rounded and places > form.decimals:
        digits, places = _shortened(digits, places - form.decimals), form.decimals
    if places > form.decimals or len(digits) - places > form.digits:
        return ReadNumber(None, "NUMBER_PRECISION", (("digits", form.digits), ("decimals", form.decimals)))
    units = int(digits) * 10 ** (form.decimals - places)
    return ReadNumber(-units if negative else units, warning)


def _shortened(digits: str, dropped: int) -> str:
    """The digits without the last `dropped` ones, rounded half to even."""
    whole, rest = divmod(int(digits), 10**dropped)
    half = 10**dropped // 2
    return str(whole + (rest > half or (rest == half and whole % 2 == 1)))


@dataclass
class NumberColumn:
    """The numbers of one block and, per failing cell, its code and parameters."""

    exact: Exact
    failures: list[tuple[int, str, dict]]


def read_numbers(
    cells: pa.StringArray, form: NumberForm, decimal: str, cache: dict, cast=None
) -> NumberColumn:
    """Numbers of a block of text cells. `cast` marks cells that a spreadsheet stored as numbers: those are written
    with a point whatever the file's decimal mark. `cache` remembers odd cells over blocks."""
    if decimal == "." or not form.decimals:
        units, odd, blank = _written_with_points(cells, form)
    else:
        units, odd, blank = _written_otherwise(cells, form, cast)
    known = ~blank
    failures = []
    odd_cells = cells.take(pa.array(odd)).to_pylist()
    for index, text in zip(odd.tolist(), odd_cells, strict=True):
        mark = "." if cast is not None and cast[index] else decimal
        found = cache.get((text, mark))
        if found is None:
            found = cache[(text, mark)] = read_number(text, form, mark)
        if found.units is None:
            known[index] = False
        else:
            units[index] = found.units
        if found.code:
            failures.append((index, found.code, dict(found.params)))
    return NumberColumn(Exact(units, form.decimals, None if known.all() else known), failures)


def _written_with_points(cells: pa.StringArray, form: NumberForm):
    """(units, the positions of odd cells, which cells are blank); the column is cast in one go, and only where that
    fails is looked for the cells that cannot be."""
    look = TextBytes(cells)
    blank = look.lengths == 0
    odd = look.not_numeric(pointed=bool(form.decimals))
    longest = int(look.lengths.max(initial=0))
    found = _cast_all(cells, form, longest, blank | odd)
    if found is None:
        odd |= look.crooked() & ~blank
        found = _cast_all(cells, form, longest, blank | odd)
    if found is None:
        odd |= ~blank & ~pc.match_substring_regex(cells, _plain(form)).to_numpy(zero_copy_only=False)
        found = _cast(cells, form.decimals, blank | odd), np.zeros(0, dtype=np.int64)
    units, failed = found
    odd[failed] = True
    return units, np.flatnonzero(odd), blank


def _cast_all(cells: pa.StringArray, form: NumberForm, longest: int, left_out: np.ndarray):
    """(units, the positions of cells with more digits than declared) of all cells but those `left_out`; None where one
    of them cannot be cast. No cell has more than `longest` characters, all of them digits, points and minus signs."""
    try:
        if longest <= FLOAT_CHARS and form.decimals:
            found = _cast_short(cells, form, left_out)
            if found is not None:
                return found
        return _cast_within(cells, form, left_out), np.zeros(0, dtype=np.int64)
    except pa.ArrowInvalid:
        return None


def _cast_short(cells, form: NumberForm, left_out: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """(units, the positions of cells with more digits than declared), by way of binary floats: twice as fast as
    decimals, and exact. Two different numbers of at most 15 digits are never the same float, so that a float equal to
    that of its units is the number that was written. None where units have more digits; raises pa.ArrowInvalid.
    """
    floats = _values(cells, pa.float64(), np.float64, left_out)
    units = np.rint(floats * 10**form.decimals)
    sizes = np.abs(units)
    if not (sizes < 10**FLOAT_CHARS).all():
        return None
    wrong = (sizes >= 10 ** (form.digits + form.decimals)) | (units / 10**form.decimals != floats)
    return units.astype(np.int64), np.flatnonzero(wrong)


def _cast_within(cells: pa.StringArray, form: NumberForm, left_out: np.ndarray) -> np.ndarray:
    """Units of numbers that have no more digits than declared. Raises pa.ArrowInvalid."""
    units = _cast(cells, form.decimals, left_out)
    most = 10 ** min(form.digits + form.decimals, 18)
    if len(units) and not (-most < units.min() and units.max() < most):
        raise pa.ArrowInvalid("more digits than declared")
    return units


def _plain(form: NumberForm) -> str:
    decimals = rf"(\.[0-9]{{1,{form.decimals}}})?" if form.decimals else ""
    return rf"^-?[0-9]{{1,{form.digits}}}{decimals}$"


def _written_otherwise(cells: pa.StringArray, form: NumberForm, cast):
    """Like `_written_with_points` where the decimal mark is a comma or unclear: whole numbers are plain, and what a
    spreadsheet stored as a number."""
    blank = pc.equal(cells, "").to_numpy(zero_copy_only=False)
    whole = rf"^-?[0-9]{{1,{form.digits}}}$"
    plain = pc.match_substring_regex(cells, whole).to_numpy(zero_copy_only=False)
    if cast is not None:
        plain |= pc.match_substring_regex(cells, _plain(form)).to_numpy(zero_copy_only=False) & cast
    return _cast(cells, form.decimals, ~plain), np.flatnonzero(~plain & ~blank), blank


def _cast(cells: pa.StringArray, decimals: int, left_out: np.ndarray) -> np.ndarray:
    """Plainly written numbers to units of 10^-decimals, without a binary float in between."""
    # A decimal64 is its units in one 64-bit word; profiles allow 18 digits in all.
    kind = pa.decimal64(18, decimals) if decimals else pa.int64()
    return _values(cells, kind, np.int64, left_out)


def _values(cells: pa.StringArray, kind: pa.DataType, word: type, left_out: np.ndarray) -> np.ndarray:
    """The cells cast to a kind of 64-bit words; 0 for those `left_out`. Raises pa.ArrowInvalid."""
    some = bool(left_out.any())
    cast = pc.cast(without(cells, left_out) if some else cells, kind)
    values = np.frombuffer(cast.buffers()[1], dtype=word)[cast.offset : cast.offset + len(cast)].copy()
    if some:
        values[left_out] = 0
    return values


def out_of_range(exact: Exact, form: NumberForm) -> np.ndarray:
    """Rows whose number lies outside the declared bounds."""
    outside = np.zeros(len(exact.units), dtype=bool)
    for bound, beyond in ((form.minimum, np.less), (form.maximum, np.greater)):
        if bound is not None:
            outside |= beyond(exact.units, _bound_units(bound, exact.scale))
    return outside if exact.known is None else outside & exact.known


def _bound_units(bound: str, scale: int) -> int:
    whole, _, fraction = bound.partition(".")
    return int(whole + fraction.ljust(scale, "0")[:scale]) if scale else int(whole)
