"""Expressions of a profile over the columns of a block of rows. Pure.

A whitelist over Python's syntax tree, never `eval`: names of columns and conditions, numbers, texts, and/or/not,
comparisons, `in`, exact + - *, and a few functions (more in expression_calls.py). Numbers are scaled
integers (see columns.py).
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from metrics.intake import columns as col
from metrics.intake import moments
from metrics.intake.expression_calls import CALLS, chosen_texts
from metrics.intake.value_kinds import DAY, MOMENT, NUMBER, TEXT, TRUTH

MAX_CHARS, MAX_NODES, MAX_DEPTH = 2_000, 200, 20


class ExpressionError(ValueError):
    """An expression that is not understood; the text says what and where."""


@dataclass(frozen=True)
class Expression:
    source: str
    kind: str
    run: Callable = field(repr=False, compare=False)
    names: frozenset[str] = frozenset()
    constant: object = None

    def __call__(self, block: dict):
        return self.run(block)


COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
ARITHMETIC = {ast.Add: col.add, ast.Sub: col.subtract, ast.Mult: col.multiply}


def parse(source: str, names: dict[str, str]) -> Expression:
    """The expression over columns of the given kinds. Raises ExpressionError."""
    if len(source) > MAX_CHARS:
        raise ExpressionError(f"an expression may have {MAX_CHARS} characters")
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(f"{source!r} is not an expression") from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError(f"an expression may have {MAX_NODES} parts")
    return _Reader(source, names).read(tree)


class _Reader:
    def __init__(self, source, names):
        self.source, self.names, self.depth = source, names, 0

    def fail(self, why):
        raise ExpressionError(f"{self.source!r}: {why}")

    def read(self, node, kind=None) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} deep")
        reader = getattr(self, f"_{type(node).__name__.lower()}", None)
        if reader is None:
            self.fail(f"{type(node).__name__} is not part of this language")
        found = reader(node)
        self.depth -= 1
        if kind is not None and found.kind != kind:
            self.fail(f"{kind} is expected, not {found.kind} ({ast.unparse(node)})")
        return found

    def made(self, kind, run, *parts, constant=None):
        return Expression(self.source, kind, run, frozenset().union(*(p.names for p in parts)), constant)

    def _name(self, node):
        if node.id not in self.names:
            self.fail(f"unknown name {node.id!r}")
        name = node.id
        return Expression(self.source, self.names[name], lambda block: block[name], frozenset([name]))

    def _constant(self, node):
        value = node.value
        if isinstance(value, bool):
            return self.made(TRUTH, lambda block: col.truth(value, block))
        if isinstance(value, str):
            return self.made(TEXT, lambda block: value, constant=value)
        if isinstance(value, (int, float)):
            # The number as it was written: a binary float must not stand between 0.1 and 0.1.
            written = ast.get_source_segment(self.source.strip(), node)
            exact = col.exact_constant(written)
            if exact is None:
                self.fail(f"{written} is not a plain number")
            return self.made(NUMBER, lambda block: exact)
        self.fail(f"{value!r} is not part of this language")

    def _unaryop(self, node):
        if isinstance(node.op, ast.Not):
            inner = self.read(node.operand, TRUTH)
            return self.made(TRUTH, lambda block: ~inner(block), inner)
        inner = self.read(node.operand, NUMBER)
        if isinstance(node.op, ast.USub):
            return self.made(NUMBER, lambda block: col.negate(inner(block)), inner)
        self.fail("only - and not stand before a value")

    def _boolop(self, node):
        parts = [self.read(value, TRUTH) for value in node.values]
        both = isinstance(node.op, ast.And)

        def run(block):
            held = parts[0](block)
            for part in parts[1:]:
                held = held & part(block) if both else held | part(block)
            return held

        return self.made(TRUTH, run, *parts)

    def _binop(self, node):
        act = ARITHMETIC.get(type(node.op))
        if act is None:
            self.fail("only + - * are exact on whole columns")
        left, right = self.read(node.left, NUMBER), self.read(node.right, NUMBER)
        return self.made(NUMBER, lambda block: act(left(block), right(block)), left, right)

    def _compare(self, node):
        if len(node.ops) != 1:
            self.fail("compare two things at a time")
        op, left = type(node.ops[0]), self.read(node.left)
        if op in (ast.In, ast.NotIn):
            return self._membership(node, left, op is ast.NotIn)
        if op not in COMPARISONS:
            self.fail("this comparison is not part of the language")
        sign, right = COMPARISONS[op], self.read(node.comparators[0])
        timed = {left.kind, right.kind} == {DAY, MOMENT}
        if (left.kind != right.kind and not timed) or left.kind == TRUTH:
            self.fail(f"{left.kind} cannot be compared with {right.kind}")
        if left.kind == TEXT and sign not in ("==", "!="):
            self.fail("texts are equal or not; they have no order here")
        if left.kind == TEXT and left.constant is not None:
            left, right = right, left
        compares = {NUMBER: col.compare, TEXT: col.compare_texts, DAY: col.compare_days}
        act = moments.compare_moments if timed else compares.get(left.kind, moments.compare_moments)
        return self.made(TRUTH, lambda block: act(left(block), sign, right(block)), left, right)

    def _membership(self, node, left, negated):
        listed = node.comparators[0]
        if left.kind != TEXT or not isinstance(listed, (ast.Tuple, ast.List, ast.Set)):
            self.fail("in asks whether a text stands in a list of texts")
        words = frozenset(self.read(item, TEXT).constant for item in listed.elts)
        if None in words:
            self.fail("the list after in holds texts")
        test = words.__contains__
        return self.made(TRUTH, lambda block: col.words_where(left(block), test) ^ negated, left)

    def _call(self, node):
        if (
            not isinstance(node.func, ast.Name)
            or node.keywords
            or any(isinstance(a, ast.Starred) for a in node.args)
        ):
            self.fail("only plain calls of the listed functions are allowed")
        name = node.func.id
        if name in ("startswith", "endswith", "contains"):
            return self._text_test(name, node.args)
        if name in ("upper", "lower", "trim"):
            return self._text_change(name, node.args)
        if name in ("blank", "filled"):
            return self._presence(name, node.args)
        if name == "abs":
            inner = self.read(self.only(node.args), NUMBER)
            return self.made(NUMBER, lambda block: col.absolute(inner(block)), inner)
        if name == "case":
            return self._case(node.args)
        if name in CALLS:
            return CALLS[name](self, name, node.args)
        self.fail(f"unknown function {name!r}")

    def only(self, args):
        if len(args) != 1:
            self.fail("this function takes one value")
        return args[0]

    def _text_test(self, name, args):
        if len(args) < 2:
            self.fail(f"{name}(text, 'start', …) is expected")
        text, wanted = self.read(args[0], TEXT), tuple(self.read(a, TEXT).constant for a in args[1:])
        if None in wanted:
            self.fail(f"{name} looks for written texts")
        tests = {
            "startswith": lambda word: word.startswith(wanted),
            "endswith": lambda word: word.endswith(wanted),
            "contains": lambda word: any(part in word for part in wanted),
        }
        test = tests[name]
        return self.made(TRUTH, lambda block: col.words_where(text(block), test), text)

    def _text_change(self, name, args):
        text = self.read(self.only(args), TEXT)
        change = {"upper": str.upper, "lower": str.lower, "trim": str.strip}[name]
        return self.made(TEXT, lambda block: col.words_changed(text(block), change), text)

    def _presence(self, name, args):
        inner = self.read(self.only(args))
        if inner.kind == TRUTH:
            self.fail(f"{name} asks about a column")
        filled = name == "filled"
        return self.made(TRUTH, lambda block: col.known(inner(block)) ^ (not filled), inner)

    def _case(self, args):
        if len(args) < 3 or len(args) % 2 == 0:
            self.fail("case(condition, value, …, otherwise) is expected")
        conditions = [self.read(a, TRUTH) for a in args[:-1:2]]
        values = [self.read(a) for a in [*args[1:-1:2], args[-1]]]
        kind = values[0].kind
        if kind not in (NUMBER, TEXT) or any(value.kind != kind for value in values):
            self.fail("case chooses between numbers, or between texts")
        choose = col.chosen if kind == NUMBER else chosen_texts

        def run(block):
            held = [condition(block) for condition in conditions]
            return choose(held, [value(block) for value in values])

        return self.made(kind, run, *conditions, *values)
