"""How a profile joins the tables of one hand-in: what is looked up where, and what a missing key means. Pure."""

from dataclasses import dataclass

from metrics.intake import expressions
from metrics.intake.expressions import NUMBER, TEXT, TRUTH, Expression
from metrics.intake.profile_parts import Column

MAIN = "main"
# What a key that is not found means: an error, a warning, or nothing.
MISSING = ("refuse", "warn", "allow")


@dataclass(frozen=True)
class Join:
    """Columns that every row takes from another table of the hand-in, by equal keys.

    `match`: pairs (own name, column there). Either `take` (own name → column there) of the one row with that key, or
    `sums` (own name → expression there) and `rows` (own name of their number) over all rows with it. `found` names
    the condition that the key is there. `unused`: whether keys there that no row asked for are listed.
    """

    part: str
    match: tuple[tuple[str, str], ...]
    take: dict[str, str]
    sums: dict[str, Expression]
    rows: str
    found: str
    missing: str
    unused: str

    @property
    def is_grouped(self) -> bool:
        return bool(self.sums or self.rows)

    @property
    def columns_there(self) -> set[str]:
        """The columns of the other table that are needed."""
        read = {name for one in self.sums.values() for name in one.names}
        return {there for _own, there in self.match} | set(self.take.values()) | read


def joins(top, tables: dict[str, dict[str, Column]], names: dict[str, str]) -> tuple[Join, ...]:
    """The joins of a table in their order; what they bring is added to `names` (name → kind)."""
    found = []
    for section in top.items("joins"):
        part = section.choice("part", tuple(tables))
        there = {name: column.kind for name, column in tables[part].items()}
        match = section.take("match", kind=dict)
        if not match:
            section.fail("match", "own column: column there, at least once")
        for own, other in match.items():
            if own not in names or other not in there:
                section.fail("match", f"{own!r} or {other!r} is no column")
            if names[own] != there[other]:
                section.fail("match", f"{own!r} is {names[own]}, {other!r} is {there[other]}")
        one = Join(
            part=part,
            match=tuple(match.items()),
            take=_taken(section, there),
            sums={
                name: section.expression(f"{section.place}.sum.{name}", source, there, NUMBER)
                for name, source in section.take("sum", kind=dict, default={}).items()
            },
            rows=section.take("rows", kind=str, default=""),
            found=section.take("found", kind=str, default=""),
            missing=section.choice("missing", MISSING, default="refuse"),
            unused=section.choice("unused", ("warn", "allow"), default="allow"),
        )
        if one.take and one.is_grouped:
            section.fail("take", "a join takes columns of one row, or sums many")
        brought = {name: there[other] for name, other in one.take.items()}
        brought |= dict.fromkeys(one.sums, NUMBER)
        brought |= ({one.rows: NUMBER} if one.rows else {}) | ({one.found: TRUTH} if one.found else {})
        _add(section, "take", brought, names)
        found.append(one)
    return tuple(found)


def _taken(section, there) -> dict[str, str]:
    take = section.take("take", kind=dict, default={})
    for other in take.values():
        if other not in there:
            section.fail("take", f"no column there is called {other!r}")
    return dict(take)


def derived(top, names: dict[str, str]) -> dict[str, Expression]:
    """Columns computed from others, in their order; they are added to `names`."""
    found = {}
    for name, source in top.take("derived", kind=dict, default={}).items():
        try:
            found[name] = expressions.parse(str(source), names)
        except expressions.ExpressionError as error:
            top.fail(f"derived.{name}", str(error))
        if found[name].kind == TRUTH:
            top.fail(f"derived.{name}", "conditions have a section of their own")
        if found[name].kind == TEXT and found[name].constant is not None:
            top.fail(f"derived.{name}", "this is the same text in every row")
        _add(top, f"derived.{name}", {name: found[name].kind}, names)
    return found


def _add(section, key, brought: dict[str, str], names: dict[str, str]) -> None:
    for name, kind in brought.items():
        if not isinstance(name, str) or not name.isidentifier() or len(name) > 40:
            section.fail(key, f"{name!r} is no name")
        if name in names:
            section.fail(key, f"{name!r} is there already")
        names[name] = kind
