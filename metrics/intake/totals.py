"""Compares the total rows of a file with the sums of its rows. Pure."""

from decimal import Decimal

import numpy as np

from metrics.intake.block import BlockReader
from metrics.intake.columns import Exact
from metrics.intake.expressions import NUMBER
from metrics.intake.numbers import read_number
from metrics.intake.profile import Profile

# Totals of a table that are remembered; where there are more they are not judged.
ENOUGH = 5_000


class TotalRows:
    def __init__(self, profile: Profile, reader: BlockReader):
        self.profile, self.reader = profile, reader
        # Rates do not add up.
        columns = profile.columns
        self.names = [n for n in reader.places if columns[n].kind == NUMBER and not columns[n].number.percent]
        self.sums = {name: Decimal(0) for name in self.names}
        # The sum of everything above the last total row but one, by column: a subtotal begins there.
        self.above: dict[str, list[Decimal]] = {name: [] for name in self.names}
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
            before = self.sums[name]
            self.sums[name] += Decimal(total).scaleb(-column.scale)
            for index in np.flatnonzero(typed.total).tolist():
                if len(self.stated) < ENOUGH and (column.known is None or column.known[index]):
                    value = Decimal(int(column.units[index])).scaleb(-column.scale)
                    self.stated.append((int(typed.rows[index]), name, value))
                    so_far = sum(column.units[:index][good[:index]].tolist())
                    self.above[name].append(before + Decimal(so_far).scaleb(-column.scale))

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
        """A warning for each column whose totals do not fit: the last one is the sum of all rows or of those since the
        total before it, or all of them together are that sum."""
        if len(self.stated) >= ENOUGH:
            return
        last = max((row for row, _, _ in self.stated), default=0)
        for row, name, value in self.stated:
            if row == last and not self._fits(name, value):
                self.reader.log.add(self._differs(name, row, value))

    def _fits(self, name: str, value: Decimal) -> bool:
        return value in (self.sums[name], self._since(name)) or self._together(name) == self.sums[name]

    def _since(self, name: str) -> Decimal:
        """The rows between the last two totals."""
        above = self.above[name]
        return above[-1] - above[-2] if len(above) > 1 else self.sums[name]

    def _together(self, name: str) -> Decimal:
        return sum(value for _, named, value in self.stated if named == name)

    def _differs(self, name: str, row: int, value: Decimal):
        """Told by the reading that lies nearest: one total, one subtotal, or all of them together."""
        whole, several = self.sums[name], sum(named == name for _, named, _ in self.stated) > 1
        told = [("TOTAL_DIFFERS", value, whole)]
        if several:
            told += [
                ("TOTAL_DIFFERS", value, self._since(name)),
                ("TOTALS_DIFFER", self._together(name), whole),
            ]
        code, stated, added = min(told, key=lambda one: abs(one[1] - one[2]))
        params = {"stated": f"{stated.normalize():f}", "sum": f"{added.normalize():f}"}
        return self.reader.at(name, row, code, value, **params)
