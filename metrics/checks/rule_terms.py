"""Pure. Rules between metrics as the dictionary writes them: `A + B == C`, `SUM(platform: A) == A`, with a tolerance.

Sources of the forms: dictionary/rules.csv, its columns expression, tolerance and scope.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from metrics import formula
from metrics.formula import FormulaError

SIGN = re.compile(r"(==|<=|>=)")
EACH = re.compile(r"SUM\(\s*([a-z_]+)\s*:\s*([A-Z][A-Z0-9_]*)\s*\)")
TOLERANCE = re.compile(r"(\d+(?:\.\d+)?)\s*(%|pp|d)?")
GRAINS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Tolerance:
    """How far both sides may lie apart: an amount in the metric's own unit, or a share of the larger side."""

    amount: Decimal
    is_share: bool = False

    @classmethod
    def parse(cls, text: str) -> "Tolerance":
        """`0.01`, `0.1%` of the larger side, `0.5pp` (0.005 of a ratio), `0.5d` (days). Raises ValueError."""
        found = TOLERANCE.fullmatch(text.strip() or "0")
        if not found:
            raise ValueError(text)
        number, unit = Decimal(found[1]), found[2] or ""
        return cls(number / 100 if unit in ("%", "pp") else number, unit == "%")

    def of(self, left: Decimal, right: Decimal) -> Decimal:
        """The distance that is allowed between these two values."""
        return self.amount * max(abs(left), abs(right)) if self.is_share else self.amount


@dataclass(frozen=True)
class Term:
    """One comparison; `left` and `right` are trees of metrics.formula that may hold ("EACH", dimension, code)."""

    left: tuple
    sign: str
    right: tuple

    def holds(self, left: Decimal, right: Decimal, tolerance: Tolerance) -> bool:
        allowed = tolerance.of(left, right)
        if self.sign == "==":
            return abs(left - right) <= allowed
        return left <= right + allowed if self.sign == "<=" else left + allowed >= right

    @property
    def codes(self) -> set[str]:
        """The metrics that it reads."""
        nodes = [*formula.walk(self.left), *formula.walk(self.right)]
        return {node[1] for node in nodes if node[0] == "code"} | {
            node[2] for node in nodes if node[0] == "EACH"
        }

    @property
    def dimensions(self) -> set[str]:
        """The dimensions whose parts it adds up or takes."""
        nodes = [*formula.walk(self.left), *formula.walk(self.right)]
        return {node[1] for node in nodes if node[0] in ("EACH", "part")}


@dataclass(frozen=True)
class Scope:
    """Where a rule is asked: once for every member of `dimensions` in every unit of `grain`."""

    dimensions: tuple[str, ...]
    grain: str

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """`platform x day` is each platform on each day; `month` the company; without a grain it is the month."""
        words = [word.strip() for word in text.split(" x ") if word.strip()]
        grain = next((word for word in words if word in GRAINS), "month")
        return cls(tuple(word for word in words if word not in GRAINS and " " not in word), grain)


def terms(expression: str) -> list[Term]:
    """The comparisons of `expression`, all of which must hold. Raises FormulaError for names and functions that stand
    for something else than a metric (LEDGER, INVOICE …): such inputs are not handed in."""
    return [_term(part) for part in expression.split(" and ")]


def _term(text: str) -> Term:
    sides = SIGN.split(text)
    if len(sides) != 3:
        raise FormulaError("FORMULA_SYNTAX", 0, why="no condition")
    left, sign, right = sides
    return Term(_side(left), sign, _side(right))


def _side(text: str) -> tuple:
    each: dict[str, tuple] = {}

    def named(match: re.Match) -> str:
        name = f"EACH_{len(each)}"
        each[name] = ("EACH", match[1], match[2])
        return name

    return _replaced(formula.parse(EACH.sub(named, text)).tree, each)


def _replaced(tree: tuple, each: dict[str, tuple]) -> tuple:
    if tree[0] == "code" and tree[1] in each:
        return each[tree[1]]
    return tuple(_replaced(part, each) if isinstance(part, tuple) else part for part in tree)
