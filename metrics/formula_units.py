"""What kind of thing a formula gives: units multiply and cancel, and only like is added to like. Pure.

A unit of the dictionary ("CCY/单", "次/年", "%") is read as powers of its parts. A number written into a formula fits
any unit; one that scales (365, 1000) may turn a unit into another, so that only the sums in it are checked.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from metrics.formula import Formula, FormulaError

PURE = {"%", "倍", "指数", ""}
DAY = "天"
# Things that are counted. A rate of one to another (orders per visit) is a plain ratio.
COUNTS = {"单", "件", "人", "次", "款", "条"}
LIST = "枚举"
CURRENCY = re.compile(r"[A-Z]{3}")
UNSCALED = {Decimal(0), Decimal(1)}

Unit = dict[str, int]


def powers(unit: str) -> Unit:
    """`CCY/m³·天` → {CCY: 1, m³: −1, 天: −1}; a ratio has none."""
    found: Unit = {}
    for place, side in enumerate(unit.split("/")):
        for part in side.split("·"):
            if part.strip() not in PURE:
                found[part.strip()] = found.get(part.strip(), 0) + (1 if place == 0 else -1)
    return {part: power for part, power in found.items() if power}


def require_units(formula: Formula, unit: str, units: Mapping[str, str]) -> None:
    """Raises FormulaError: UNIT_MISMATCH or CURRENCY_MIX where unlike things are added, or where the formula gives
    something else than `unit`. `units` are those of the metrics that it reads."""
    reader = _Units(units)
    given = reader.of(formula.tree)
    if given is None or reader.scales:
        return
    wanted = powers(unit)
    if given != wanted and not (not wanted and not _counted_alike(given)):
        raise _mismatch("=", given, wanted)


def written(unit: Unit | None) -> str:
    """{CCY: 1, 单: −1} → CCY/单; a plain ratio is %."""
    over = "·".join(part for part, power in (unit or {}).items() for _ in range(power))
    under = "·".join(part for part, power in (unit or {}).items() for _ in range(-power))
    return (over or "1") + ("/" + under if under else "") if unit else "%"


def _counted_alike(unit: Unit) -> Unit:
    """The unit with orders, visits and people taken as one kind of thing."""
    left = {part: power for part, power in unit.items() if part not in COUNTS}
    counts = sum(power for part, power in unit.items() if part in COUNTS)
    return left | ({"count": counts} if counts else {})


def _mismatch(sign: str, left: Unit, right: Unit) -> FormulaError:
    def other_currency(unit):
        return {("¤" if CURRENCY.fullmatch(part) else part): power for part, power in unit.items()}

    alike = left != right and other_currency(left) == other_currency(right)
    code = "CURRENCY_MIX" if alike else "UNIT_MISMATCH"
    return FormulaError(code, left=written(left), right=written(right), sign=sign)


class _Units:
    """Walks a tree; None is a written number, which fits anything."""

    def __init__(self, units):
        self.units, self.scales = units, False

    def of(self, node: tuple) -> Unit | None:
        match node:
            case ("number", _):
                return None
            case ("code", code):
                return self._of_metric(code)
            case ("DAYS",):
                return {DAY: 1}
            case ("*" | "/" as sign, left, right):
                return self._product(sign, left, right)
            case ("CC", inner):
                unit = self.of(inner) or {}
                return {("CCY" if CURRENCY.fullmatch(part) else part): power for part, power in unit.items()}
            case ("IF", ("test", sign, left, right), yes, no):
                self._alike(sign, [left, right])
                return self._alike(":", [yes, no])
            case ("ROUND" | "SLICE" | "PY" | "PP" | "BEG" | "AVG_POINTS" | "ABS", inner, *_):
                return self.of(inner)
        sign, *parts = node
        return self._alike(sign if sign in "+-" else ",", parts)

    def _of_metric(self, code: str) -> Unit:
        unit = self.units.get(code, "")
        if unit == LIST:
            raise FormulaError("UNIT_MISMATCH", left=code, right=LIST, sign="=")
        return powers(unit)

    def _product(self, sign: str, left: tuple, right: tuple) -> Unit | None:
        sides = self.of(left), self.of(right)
        for node, unit in zip((left, right), sides, strict=True):
            self.scales |= unit is None and not (node[0] == "number" and node[1] in UNSCALED)
        if sides == (None, None):
            return None
        found = dict(sides[0] or {})
        for part, power in (sides[1] or {}).items():
            found[part] = found.get(part, 0) + (power if sign == "*" else -power)
        return {part: power for part, power in found.items() if power}

    def _alike(self, sign: str, nodes: list[tuple]) -> Unit | None:
        """The one unit of all `nodes`; written numbers take the unit of the others."""
        known = [unit for unit in map(self.of, nodes) if unit is not None]
        for other in known[1:]:
            if other != known[0]:
                raise _mismatch(sign, known[0], other)
        return known[0] if known else None
