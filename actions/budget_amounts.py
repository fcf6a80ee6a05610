"""Pure. Amounts of money as people type them: 200000, 200,000, ¥200,000, 20万, 0.2m; read exactly, never as float."""

import re
import unicodedata
from decimal import Decimal

from metrics.units import CannotScale, plain, scaled

UNITS = {
    "": 1,
    "k": 10**3, "千": 10**3,
    "万": 10**4, "萬": 10**4, "w": 10**4,
    "m": 10**6, "mn": 10**6, "百万": 10**6,
    "亿": 10**8, "億": 10**8,
    "bn": 10**9,
}  # fmt: skip
SIGNS = {"¥": ("CNY", "JPY"), "元": ("CNY",), "$": ("USD",), "€": ("EUR",), "£": ("GBP",)}
LONGEST = 40
AMOUNT = re.compile(
    r"(?P<before>[a-z]{3}|[¥$€£])?(?P<minus>-)?"
    r"(?P<figure>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?P<unit>bn|mn|百万|[kwm千万萬亿億])?(?P<after>[a-z]{3}|[¥$€£元])?",
    re.IGNORECASE,
)
# More figures than any amount has; within them Decimal is exact.
FIGURES = 20
# A million millions: a hundred such lines still add up within 2⁶³.
MOST = Decimal(10) ** 12


class NoAmount(ValueError):
    """The text is no amount that can be moved; `code` says why: format, currency, negative, zero, decimals, large."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def read(typed: str, currency: str) -> int:
    """The amount in 10⁻⁴ of `currency`, more than nothing. Raises NoAmount; nothing is ever rounded."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed).replace("\u2212", "-"))
    found = AMOUNT.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise NoAmount("format")
    marks = [mark.upper() for mark in (found["before"], found["after"]) if mark]
    if any(currency not in SIGNS.get(mark, (mark,)) for mark in marks):
        raise NoAmount("currency")
    if found["minus"]:
        raise NoAmount("negative")
    figure = found["figure"].replace(",", "")
    if len(figure) > FIGURES:
        raise NoAmount("decimals" if "." in figure else "large")
    value = Decimal(figure) * UNITS[(found["unit"] or "").lower()]
    try:
        units = scaled(value, "money")
    except CannotScale as error:
        raise NoAmount("large" if value > MOST else "decimals") from error
    if value > MOST:
        raise NoAmount("large")
    if not units:
        raise NoAmount("zero")
    return units


def written(units: int | None) -> str:
    """A stored amount as a field shows it: `200,000`, `0.0001`; every decimal that is there, none that is not."""
    if units is None:
        return ""
    text = f"{plain(units, 'money'):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
