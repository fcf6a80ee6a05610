"""Pure. Exact values as scaled integers: the scale is fixed by the kind of value, never by the row."""

from decimal import ROUND_HALF_UP, Decimal

# Decimal places kept, by value_type of the dictionary. Money and parts 10⁻⁴, counts 1, durations and ratios 10⁻⁶.
SCALES = {
    "money": 4,
    "int": 0,
    "part": 4,
    "ratio": 6,
    "ratio_x": 6,
    "duration": 6,
    "duration_ms": 6,
    "score": 6,
    "index": 6,
    "enum": 0,
}
LARGEST = 2**63 - 1


WEIGHT = "~"


def weight_code(code: str) -> str:
    """The code under which the denominators of a metric in two parts are stored."""
    return code + WEIGHT


class CannotScale(ValueError):
    """The value does not fit its scale: too many decimals, or past 2⁶³."""


def scaled(value: Decimal, value_type: str) -> int:
    """`value` as the integer that is stored; refuses to round (CannotScale)."""
    whole = value.scaleb(SCALES[value_type])
    if whole != whole.to_integral_value():
        raise CannotScale(f"{value} has more than {SCALES[value_type]} decimals")
    if abs(whole) > LARGEST:
        raise CannotScale(f"{value} is too large")
    return int(whole)


def plain(stored: int, value_type: str) -> Decimal:
    """The value behind a stored integer, exact."""
    return Decimal(stored).scaleb(-SCALES[value_type])


def shown(value: Decimal, decimals: int) -> Decimal:
    """`value` rounded for people: half away from zero, as invoices do."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
