"""Compares a total row of the file with the sum of the rows above it. Pure."""

from decimal import Decimal

import numpy as np

from metrics.intake.block import BlockReader
from metrics.intake.columns import Exact
from metrics.intake.expressions import NUMBER
from metrics.intake.numbers import read_number
from metrics.intake.profile import Profile

ENOUGH = 50


class TotalRows:
    def __init__(self, profile: Profile, reader: BlockReader):
        self.profile, self.reader = profile, reader
        # Rates do not add up.
        columns = profile.columns
        self.names = [n for n in reader.places if columns[n].kind == NUMBER and not columns[n].number.percent]
        self.sums = {name: Decimal(0) for name in self.names}
        self.stated: list[tuple[int, str, Decimal]] = []

    def add(self, typed, block) -> None:
        for name in self.names:
            column: Exact = typed.columns[name]
            good = typed.used if column.known is None else typed.used & column.known
            units = column.units if good.all() else column.units[good]
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

    def add_marked(self, marked, tally) -> None:
        """Rows of another length that the profile knows: totals are compared, the rest is counted."""
        for row, mark, cells in marked:
            if not mark.is_total:
                tally.excluded[mark.reason] = tally.excluded.get(mark.reason, 0) + 1
                tally.rows_read += 1
                continue
            tally.total_rows += 1
            tally.rows_read += 1
            for name in self.names:
                place, form = self.reader.places[name], self.profile.columns[name].number
                read = (
                    read_number(cells[place], form, self.reader.marks[name]) if place < len(cells) else None
                )
                if read is not None and read.units is not None:
                    self.stated.append((row, name, Decimal(read.units).scaleb(-form.decimals)))

    def finish(self) -> None:
        """A warning for each number of the last total row that is not the sum of all rows."""
        last = max((row for row, _, _ in self.stated), default=0)
        for row, name, value in self.stated:
            if row == last and value != self.sums[name]:
                params = {"stated": str(value.normalize()), "sum": str(self.sums[name].normalize())}
                self.reader.log.add(self.reader.at(name, row, "TOTAL_DIFFERS", value, **params))
