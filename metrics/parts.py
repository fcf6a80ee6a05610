"""Pure. A part of the company: for some columns of a slice, the members that count."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of the company: for some columns of a slice, the members that count. Empty: everything."""

    members: tuple[tuple[str, frozenset], ...] = ()

    @classmethod
    def of(cls, **columns: Iterable[str]) -> "Part":
        return cls(tuple(sorted((name, frozenset(codes)) for name, codes in columns.items())))

    def without(self, columns: Iterable[str]) -> "Part":
        dropped = set(columns)
        return Part(tuple(item for item in self.members if item[0] not in dropped))

    def narrowed(self, column: str, codes: Iterable[str]) -> "Part":
        kept = dict(self.members)
        kept[column] = kept.get(column, frozenset(codes)) & frozenset(codes)
        return Part(tuple(sorted(kept.items())))


EVERYTHING = Part()
