"""Formulas of derived metrics: parsed into a tree of our own and calculated in decimals. Pure.

The language: numbers, metric codes, + - * / and parentheses, comparisons, and SUM AVG MIN MAX IF ROUND ABS COALESCE;
and the functions that look at other periods or parts (PY PP CC BEG AVG_POINTS DAYS SLICE), which metrics.evaluation
answers.
There is no `eval`, no attribute, no text, no power. A missing input or a division by zero gives no number but the
reason why, and the reason travels up.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache

MAX_CHARS, MAX_NODES, MAX_DEPTH, MAX_REFERENCES = 4_000, 200, 20, 500
MAX_PARENTHESES = 100
LARGEST = Decimal(10) ** 18
CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[DivisionByZero, InvalidOperation, Overflow])
NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,12})?")
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
WITHIN = {  # function → least and most arguments
    "SUM": (1, 50),
    "AVG": (1, 50),
    "MIN": (1, 50),
    "MAX": (1, 50),
    "IF": (3, 3),
    "ROUND": (1, 2),
    "ABS": (1, 1),
    "COALESCE": (1, 50),
    "PY": (1, 1),
    "PP": (1, 1),
    "CC": (1, 1),
    "BEG": (1, 1),
    "AVG_POINTS": (1, 1),
    "DAYS": (0, 0),
    "SLICE": (2, 2),
}
ELSEWHERE = frozenset({"PY", "PP", "CC", "BEG", "AVG_POINTS", "DAYS", "SLICE"})
DIMENSION = re.compile(r"[a-z][a-z_]{0,19}")
RESERVED = frozenset(WITHIN)
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
TESTS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


class FormulaError(ValueError):
    """A formula that is not understood: `code`, the `position` of the character (from 0), and parameters."""

    def __init__(self, code: str, position: int = 0, **params):
        super().__init__(f"{code} at {position}: {params}")
        self.code, self.position, self.params = code, position, params


@dataclass(frozen=True)
class Answer:
    """A number, or None with the reason: MISSING, DIVISION_BY_ZERO, TOO_LARGE or OTHER_FIGURES (PY, SLICE …), and
    the metric codes concerned."""

    value: Decimal | None
    reason: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A formula that was understood. `references` are the metric codes it reads, in order of appearance."""

    source: str
    tree: tuple
    references: tuple[str, ...]

    def __call__(self, values: Mapping[str, Decimal | None]) -> Answer:
        """The answer for these inputs; a code that is absent or None is missing."""
        return calculate(self.tree, values)


@lru_cache(maxsize=1024)
def parse(source: str) -> Formula:
    """The formula in `source`. Raises FormulaError with FORMULA_SYNTAX or FORMULA_TOO_LARGE."""
    if len(source) > MAX_CHARS or source.count("(") > MAX_PARENTHESES:
        raise FormulaError("FORMULA_TOO_LARGE", limit=MAX_CHARS)
    text = source.strip()
    if not text.isascii():
        at = next(i for i, char in enumerate(text) if not char.isascii())
        raise FormulaError("FORMULA_SYNTAX", at, why="character", found=text[at])
    try:
        body = ast.parse(text.replace("\n", " ").replace("\r", " "), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        # The end of the text has no offset of its own.
        offset = getattr(error, "offset", None) or len(text)
        raise FormulaError("FORMULA_SYNTAX", min(offset, len(text) or 1) - 1, why="syntax") from None
    if sum(1 for node in ast.walk(body) if isinstance(node, ast.expr)) > MAX_NODES:
        raise FormulaError("FORMULA_TOO_LARGE", limit=MAX_NODES)
    reader = _Reader(text)
    tree = reader.read(body, 0)
    if tree[0] == "test":
        raise FormulaError("FORMULA_SYNTAX", 0, why="condition")
    return Formula(source, tree, tuple(reader.references))


class _Reader:
    def __init__(self, text):
        self.text, self.references = text, {}

    def fail(self, node, why, **params):
        raise FormulaError("FORMULA_SYNTAX", getattr(node, "col_offset", 0), why=why, **params)

    def read(self, node, depth):
        if depth > MAX_DEPTH:
            raise FormulaError("FORMULA_TOO_LARGE", getattr(node, "col_offset", 0), limit=MAX_DEPTH)
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._code(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            inner = self._value(node.operand, depth)
            return ("-", ("number", Decimal(0)), inner) if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            return SIGNS[type(node.op)], self._value(node.left, depth), self._value(node.right, depth)
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TESTS:
            left, right = self._value(node.left, depth), self._value(node.comparators[0], depth)
            return "test", TESTS[type(node.ops[0])], left, right
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        self.fail(node, "not_allowed", found=type(node).__name__)

    def _value(self, node, depth):
        tree = self.read(node, depth + 1)
        if tree[0] == "test":
            self.fail(node, "condition")
        return tree

    def _number(self, node):
        written = ast.get_source_segment(self.text, node) or ""
        if not NUMBER.fullmatch(written):
            self.fail(node, "number", found=written[:40])
        return "number", Decimal(written)

    def _code(self, node):
        if not CODE.fullmatch(node.id) or node.id in RESERVED:
            self.fail(node, "unknown name", found=node.id[:40])
        self.references.setdefault(node.id)
        if len(self.references) > MAX_REFERENCES:
            raise FormulaError("FORMULA_TOO_LARGE", node.col_offset, limit=MAX_REFERENCES)
        return "code", node.id

    def _call(self, node, depth):
        if not isinstance(node.func, ast.Name) or node.func.id not in WITHIN:
            name = ast.get_source_segment(self.text, node.func) or ""
            self.fail(node, "unknown name", found=name[:40])
        if node.func.id == "SLICE":
            return self._slice(node, depth)
        least, most = WITHIN[node.func.id]
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            self.fail(node, "arguments", found=node.func.id)
        if not least <= len(node.args) <= most:
            self.fail(node, "arguments", found=node.func.id, least=least, most=most)
        if node.func.id == "IF":
            condition = self.read(node.args[0], depth + 1)
            if condition[0] != "test":
                self.fail(node.args[0], "no condition")
            return ("IF", condition, *(self._value(one, depth) for one in node.args[1:]))
        parts = tuple(self._value(one, depth) for one in node.args)
        if node.func.id == "ROUND" and len(parts) == 2 and not self._is_places(parts[1]):
            self.fail(node.args[1], "places")
        return node.func.id, *parts

    def _slice(self, node, depth):
        """SLICE(x, dimension) or SLICE(x, dimension=member)."""
        last = [*node.args[1:], *node.keywords]
        if not node.args or len(last) != 1:
            self.fail(node, "arguments", found="SLICE", least=2, most=2)
        name = last[0].arg if isinstance(last[0], ast.keyword) else getattr(last[0], "id", "")
        member = getattr(last[0].value, "id", None) if isinstance(last[0], ast.keyword) else ""
        if not name or not DIMENSION.fullmatch(name) or member is None:
            self.fail(node, "dimension")
        return "SLICE", self._value(node.args[0], depth), ("part", name, member)

    @staticmethod
    def _is_places(part):
        return part[0] == "number" and part[1] in {Decimal(n) for n in range(7)}


def walk(tree: tuple) -> Iterator[tuple]:
    """`tree` and every node in it."""
    yield tree
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from walk(part)


class _NoNumber(Exception):
    def __init__(self, reason, *codes):
        super().__init__(reason)
        self.answer = Answer(None, reason, tuple(codes))


def calculate(tree: tuple, values: Mapping[str, Decimal | None]) -> Answer:
    """The answer of a tree; never raises for what stands in `values`."""
    try:
        value = _value(tree, values)
    except _NoNumber as none:
        return none.answer
    except DivisionByZero:
        return Answer(None, "DIVISION_BY_ZERO")
    except (InvalidOperation, Overflow):
        return Answer(None, "TOO_LARGE")
    return Answer(None, "TOO_LARGE") if abs(value) > LARGEST else Answer(value)


def _value(tree, values) -> Decimal:
    what, *parts = tree
    if what == "number":
        return parts[0]
    if what == "code":
        value = values.get(parts[0])
        if value is None or not Decimal(value).is_finite():
            raise _NoNumber("MISSING", parts[0])
        return Decimal(value)
    if what in "+-*/":
        return _arithmetic(what, _value(parts[0], values), _value(parts[1], values))
    if what == "IF":
        _, sign, left, right = parts[0]
        return _value(parts[1 if _holds(sign, _value(left, values), _value(right, values)) else 2], values)
    if what == "COALESCE":
        return _first_known(parts, values)
    if what in ELSEWHERE:
        raise _NoNumber("OTHER_FIGURES")
    numbers = [_value(part, values) for part in parts]
    return _function(what, numbers)


def _arithmetic(sign, left, right) -> Decimal:
    if sign == "/" and right == 0:
        raise _NoNumber("DIVISION_BY_ZERO")
    act = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}[sign]
    return act(left, right)


def _holds(sign, left, right) -> bool:
    return {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[sign]


def _first_known(parts, values) -> Decimal:
    for part in parts[:-1]:
        try:
            return _value(part, values)
        except _NoNumber:
            continue
    return _value(parts[-1], values)


def _function(name, numbers) -> Decimal:
    if name in ("SUM", "AVG"):
        total = Decimal(0)
        for number in numbers:
            total = CONTEXT.add(total, number)
        return total if name == "SUM" else CONTEXT.divide(total, Decimal(len(numbers)))
    if name == "ROUND":
        places = int(numbers[1]) if len(numbers) == 2 else 0
        return numbers[0].quantize(Decimal(1).scaleb(-places), context=CONTEXT)
    return {"MIN": min, "MAX": max, "ABS": lambda one: abs(one[0])}[name](numbers)


def require_no_cycle(formulas: Mapping[str, Formula], deepest: int = 50) -> list[str]:
    """Codes in an order in which each comes after those it reads. Raises FormulaError with FORMULA_CYCLE and the
    way round, or FORMULA_TOO_LARGE for a chain deeper than `deepest`."""
    depth: dict[str, int] = {}
    for start in formulas:
        path, stack = [], [(start, False)]
        while stack:
            code, leaving = stack.pop()
            if leaving:
                path.pop()
                inner = [depth[one] for one in formulas[code].references if one in formulas]
                depth[code] = 1 + max(inner, default=0)
                continue
            if code in path:
                raise FormulaError("FORMULA_CYCLE", way=[*path[path.index(code) :], code])
            if code not in formulas or code in depth:
                continue
            path.append(code)
            stack.append((code, True))
            stack.extend((one, False) for one in formulas[code].references)
    too_deep = next((code for code, levels in depth.items() if levels > deepest), None)
    if too_deep is not None:
        raise FormulaError("FORMULA_TOO_LARGE", limit=deepest, code_=too_deep)
    return sorted(depth, key=depth.get)
