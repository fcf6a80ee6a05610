"""The parts that figures can be split by: members by code, ISO code or name, regions as a tree over countries."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import BigIntegerField, CharField, Value
from django.utils.translation import get_language

from metrics import regions
from metrics.definitions import Definitions
from metrics.models import Member
from metrics.parts import Part
from metrics.reasons import CannotRead, Why
from metrics.sums import COLUMNS
from reviewhub.people.models import Department

OTHERS = (
    "account", "campaign", "carrier", "dept", "device", "lane", "reason", "sku", "status", "store", "supplier",
    "system", "warehouse",
)  # fmt: skip
DIMENSIONS = (*COLUMNS[:1], "region", *COLUMNS[1:], *OTHERS)
# What a slice can be asked for: the dimensions of readings, and what only formulas take parts by.
STORED = (*COLUMNS, *OTHERS, "location")


DEPARTMENT = (
    "department"  # in the place of a dimension: departments by name, where figures are split by "dept"
)


def column(dimension: str) -> str:
    """The stored column of a dimension: a region is a set of countries."""
    return "country" if dimension == "region" else dimension


@dataclass(frozen=True)
class Row:
    pk: int
    dimension: str
    code: str
    name_zh: str
    name_en: str
    iso: str
    parent: int | None


class Members:
    """The members of some dimensions, read with one query."""

    def __init__(self, rows: Iterable[Row]):
        self.rows = list(rows)
        self._by_pk = {row.pk: row for row in self.rows}
        self._by_code = {(row.dimension, row.code): row for row in self.rows}

    @classmethod
    def of(cls, dimensions: Iterable[str], *, regions: Mapping[str, Mapping] | None = None) -> "Members":
        """`regions`: the tree as it was frozen, {"country" | "region": {member: the region above it}}."""
        wanted = set(dimensions)
        if wanted & {"region", "country"}:
            wanted |= {"region", "country"}
        if not wanted:
            return cls([])
        columns = ("pk", "dimension", "code", "name_zh", "name_en", "iso", "parent", "position")
        found = Member.objects.filter(dimension__in=wanted).order_by().values_list(*columns)
        if "dept" in wanted:
            found = found.union(_departments(), all=True)
        rows = [Row(*row[:-1]) for row in found.order_by("dimension", "position", "code")]
        return cls(rows if regions is None else _placed(rows, regions))

    def name(self, dimension: str, code: str) -> str:
        """The member's name in the reader's language; the code itself where it has none."""
        row = self._by_code.get((dimension, code))
        if row is None:
            return code
        names = (row.name_zh, row.name_en)
        return next(filter(None, names if (get_language() or "").startswith("zh") else names[::-1]), code)

    def key(self, dimension: str, member: str) -> str:
        """The member of `dimension` under which a stored member counts: a country's region, else itself."""
        if dimension != "region":
            return member
        row = self._by_code.get(("country", member))
        above = self._by_pk.get(row.parent) if row else None
        return above.code if above else ""

    def code(self, dimension: str, text: str) -> str:
        """The code of what `text` (code, ISO code, either name) means; several of one name with commas.

        Raises CannotRead.
        """
        return ",".join(sorted(row.code for row in self._meant(dimension, text)))

    def stored(self, dimension: str, text: str) -> frozenset:
        """The stored members that `text` (code, ISO code, either name) means. Raises CannotRead."""
        matches = self._meant(dimension, text)
        if dimension != "region":
            return frozenset(row.code for row in matches)
        below = {row.pk for row in matches}
        while more := {row.pk for row in self.rows if row.parent in below} - below:
            below |= more
        return frozenset(row.code for row in self.rows if row.pk in below and row.dimension == "country")

    def _meant(self, dimension: str, text: str) -> list[Row]:
        matches = [row for row in self.rows if row.dimension == dimension and self._is(row, text)]
        if not matches:
            raise CannotRead(self._unknown(dimension, text))
        return matches

    @staticmethod
    def _is(row: Row, text: str) -> bool:
        wanted = text.strip().casefold()
        if wanted in {name.casefold() for name in (row.code, row.iso, row.name_zh, row.name_en) if name}:
            return True
        return row.dimension == "country" and bool(row.iso) and regions.place(text.strip())[1] == row.iso

    def _unknown(self, dimension, text) -> Why:
        names = {
            name: row.code
            for row in self.rows
            if row.dimension == dimension
            for name in (row.code, row.name_zh, row.name_en)
            if name
        }
        near = difflib.get_close_matches(text, list(names), n=3, cutoff=0.5)
        params = {"dimension": dimension, "member": text}
        if not near:
            return Why("UNKNOWN_MEMBER", params)
        return Why(
            "UNKNOWN_MEMBER_NEAR", params | {"near": ", ".join(dict.fromkeys(names[one] for one in near))}
        )


def _departments():
    """The names of the company's departments, as members of DEPARTMENT."""
    text = Value(DEPARTMENT, output_field=CharField()), Value("", output_field=CharField())
    nothing = Value(None, output_field=BigIntegerField())
    rows = Department.objects.order_by()
    return rows.values_list("pk", text[0], "code", "name_zh", "name_en", text[1], nothing, "position")


def _placed(rows: list[Row], tree: Mapping[str, Mapping]) -> list[Row]:
    """`rows` with countries and regions below the regions that `tree` names."""
    known = {row.code: row.pk for row in rows if row.dimension == "region"}
    return [
        replace(row, parent=known.get(tree[row.dimension].get(row.code))) if row.dimension in tree else row
        for row in rows
    ]


def check(code: str, dimensions: Iterable[str], definitions: Definitions) -> None:
    """Refuse to split `code` by what its parts do not add up over, or are not defined by. Raises CannotRead."""
    for dimension in dimensions:
        if dimension not in DIMENSIONS:
            known = ", ".join(DIMENSIONS)
            raise CannotRead(Why("UNKNOWN_DIMENSION", {"dimension": dimension, "known": known}))
        for base in sorted(definitions.bases(code)):
            definition = definitions[base]
            names = {dimension, column(dimension), "region" if dimension == "country" else dimension}
            if names & _not_additive(definition.dim_agg):
                raise CannotRead(Why("NOT_ADDITIVE", {"metric": base, "dimension": dimension}))
            if not names & set(definition.dimensions):
                params = {"metric": base, "dimension": dimension, "known": ", ".join(definition.dimensions)}
                raise CannotRead(Why("NO_SUCH_SPLIT", params))


def _not_additive(rule: str) -> set[str]:
    """The dimensions that `additive(platform,region); non_additive(category,sku)` excludes."""
    _, _, rest = rule.partition("non_additive(")
    return {name.strip() for name in rest.partition(")")[0].split(",")} if rest else set()


def part(where: Mapping[str, Iterable[str] | str], members: Members) -> Part:
    """The part of the company that `where` names; several members of one dimension mean any of them."""
    found = Part()
    for dimension, texts in where.items():
        texts = [texts] if isinstance(texts, str) else list(texts)
        found = found.narrowed(
            column(dimension), frozenset().union(*(members.stored(dimension, text) for text in texts))
        )
    return found
