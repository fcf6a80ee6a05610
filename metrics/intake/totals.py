"""Compares a total row of the file with the sum of the rows above it. Pure."""

from decimal import Decimal

import numpy as np

from metrics.intake.block import BlockReader
from metrics.intake.columns import Exact
from metrics.intake.expressions import NUMBER
from metrics.intake.profile import Profile

ENOUGH = 50


class TotalRows:
    def __init__(self, profile: Profile, reader: BlockReader):
        self.profile, self.reader = profile, reader
        self.names = [name for name in reader.places if profile.columns[name].kind == NUMBER]
        self.sums = {name: Decimal(0) for name in self.names}
        self.stated: list[tuple[int, str, Decimal]] = []

    def add(self, typed, block) -> None:
        for name in self.names:
            column: Exact = typed.columns[name]
            good = typed.used if column.known is None else typed.used & column.known
            units = column.units[good]
            total = (
                int(units.sum())
                if abs(column.largest()) * max(1, len(units)) < 2**62
                else sum(units.tolist())
            )
            self.sums[name] += Decimal(total).scaleb(-column.scale)
            for index in np.flatnonzero(typed.total).tolist():
                if len(self.stated) < ENOUGH and (column.known is None or column.known[index]):
                    value = Decimal(int(column.units[index])).scaleb(-column.scale)
                    self.stated.append((int(typed.rows[index]), name, value))

    def finish(self) -> None:
        """A warning for each number of the last total row that is not the sum of all rows."""
        last = max((row for row, _, _ in self.stated), default=0)
        for row, name, value in self.stated:
            if row == last and value != self.sums[name]:
                params = {"stated": str(value.normalize()), "sum": str(self.sums[name].normalize())}
                self.reader.log.add(self.reader.at(name, row, "TOTAL_DIFFERS", value, **params))
