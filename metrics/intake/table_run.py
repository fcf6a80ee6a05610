"""One table of a hand-in on its way through the check: what is carried from block to block. Pure but for the file."""

import numpy as np

from metrics.intake import odd_rows, row_rules, same_keys
from metrics.intake.block import HIDDEN
from metrics.intake.controls import differing_controls
from metrics.intake.duplicates import RowKeys, WholeRows, row_prints
from metrics.intake.findings import FileRefused, finding
from metrics.intake.lookups import Lookup
from metrics.intake.profile import Profile
from metrics.intake.shared_rows import SharedRows
from metrics.intake.tally import PRINTS, Tally
from metrics.intake.totals import TotalRows


class TableRun:
    """One table of the check: the state that is carried from block to block."""

    def __init__(self, work, profile: Profile, lookups: list[Lookup]):
        self.work, self.profile, self.lookups = work, profile, lookups
        self.period, self.limits, self.log, self.outcome = work.period, work.limits, work.log, work.outcome
        self.tally = Tally(profile, work.settings)
        self.keys, self.whole = RowKeys(profile.key), WholeRows()
        self.prints = profile.count_duplicate_rows or any(
            one.how == "repeated" for one in profile.aggregates.values()
        )
        self.shared = SharedRows(profile.shape.shared_key, work.settings)
        self.last_reader = None
        self.read_whole = False
        self.windows: set[str] = set()
        self.tables: list[tuple] = []
        self.repeated: tuple[int, list] = (0, [])

    def read(self, table) -> None:
        """Every block of one table: a text file, a sheet, or a member of a zip."""
        outcome, header = self.outcome, table.header
        outcome.encoding = outcome.encoding or table.encoding
        outcome.delimiter = outcome.delimiter or table.delimiter
        outcome.sheet = outcome.sheet or table.sheet
        self.log.add(*header.findings)
        if not header.places:
            return
        reader = self.work.reader(self.profile, table, self.log)
        if self is self.work.runs[0]:
            outcome.headers = reader.headers
            outcome.dropped_columns = len([c for c in header.cells if c.strip()]) - len(reader.places)
        wanted = dict(reader.places)
        self.tally.columns |= wanted.keys()
        if self.prints:
            wanted |= {f"#{i}": i for i in range(len(header.cells)) if i not in reader.places.values()}
        self.last_reader = reader
        self.tables.append((reader, table))
        self.keys.begin_table()
        totals = TotalRows(self.profile, reader)
        for block in table.rows.blocks(wanted):
            # Where a column is missing, rules, keys and periods wait for it; every cell is judged now.
            reader.read(block) if header.missing else self._block(reader, block, totals)
            if self.tally.rows_read > table.row_limit:
                raise FileRefused(finding("TOO_MANY_ROWS", sheet=table.sheet, limit=table.row_limit))
            self.work.progress("checking", block.bytes_done, max(outcome.size, block.bytes_done))
        totals.add_marked(getattr(table.rows, "marked", ()), self.tally)
        self.shared.end_of_table(table.sheet)
        count, listed = table.rows.wrong_rows(table.sheet)
        if count:
            self.log.add_many("ROW_LENGTH", count, listed)
            self.log.add(*odd_rows.judged(reader, table.rows.odd, table.rows.width, table.delimiter))
        totals.finish()

    def _block(self, reader, block, totals) -> None:
        typed = reader.read(block)
        self.shared.add(typed, block)
        if self is self.work.runs[0]:
            self._preview(typed, block)
        columns = dict(typed.columns)
        listed = np.zeros(len(typed.rows), dtype=bool)
        for lookup in self.lookups:
            found, missed = lookup.attach(columns, typed.used)
            columns |= found
            listed |= missed
            there = self.work.profile.tables[lookup.join.part]
            row_rules.note_missed(reader, lookup.join, there, missed, typed, block.cells)
        for name, expression in (self.profile.derived | self.profile.conditions).items():
            columns[name] = expression(columns)
        if self.profile.day:
            days = columns[self.profile.day]
            self.tally.outside = row_rules.note_period(reader, days, typed, self.period, block, listed)
        row_rules.note_rules(reader, typed, columns, block.cells)
        totals.add(typed, block)
        self.keys.add(typed.columns, typed.rows, typed.used)
        if self.prints:
            columns[PRINTS] = row_prints(block.cells, len(typed.rows))
            self.whole.add(columns[PRINTS], typed.used)
        self.windows |= reader.found.windows
        self.tally.add(
            typed,
            columns,
            lambda name, found: reader.note(name, found, block, typed),
            sums=not self.log.has_errors,
        )

    def _preview(self, typed, block):
        """The first rows as they stand in the file; personal columns are hidden, unmapped ones absent."""
        shown = self.outcome.first_rows
        for index in range(min(len(typed.rows), 10 * self.limits.preview_rows)):
            if len(shown) >= self.limits.preview_rows:
                return
            if typed.blank[index]:
                continue
            row = {}
            for name in self.outcome.headers:
                text = block.cells[name][index].as_py()
                row[name] = HIDDEN if text and self.profile.columns[name].personal else text[:80]
            shown.append(row)

    def read_through(self) -> None:
        """After the last table, while its files are still there."""
        self.read_whole = self.last_reader is not None
        if self.read_whole:
            self.repeated = self.keys.repeated(self.limits.findings, self._keys_of)

    def _keys_of(self, table: int, rows: np.ndarray) -> list[tuple]:
        return same_keys.keys_of(*self.tables[table], self.profile.key, rows)

    def finish(self) -> None:
        """What was counted on the way, added to the outcome."""
        outcome, tally = self.outcome, self.tally
        if self.read_whole:
            count, pairs = self.repeated
            at, name = self.last_reader.at, (self.profile.key or ("",))[0]
            self.log.add_many(
                "KEY_DUPLICATE", count, [at(name, row, "KEY_DUPLICATE", first=one) for row, one in pairs]
            )
        self.shared.judge(self.log)
        if len(self.windows) > 1:
            self.log.add(finding("WINDOWS_MIXED", windows=", ".join(sorted(self.windows))))
        if tally.excluded.get("other_period") and not tally.rows_used and not self.log.has_errors:
            self.log.add(finding("NO_ROWS_IN_PERIOD", rows=tally.excluded["other_period"]))
        outcome.rows_read, outcome.rows_used = (
            outcome.rows_read + tally.rows_read,
            outcome.rows_used + tally.rows_used,
        )
        found = {"total_row": tally.total_rows}
        for reason, rows in (tally.excluded | found).items():
            if rows:
                outcome.rows_excluded[reason] = outcome.rows_excluded.get(reason, 0) + rows
        outcome.excluded_value |= {r: v for r, v in tally.excluded_value.items() if tally.excluded[r]}
        counts = tally.counts()
        outcome.counts |= counts
        self.log.add(*differing_controls(self.profile, counts))
        if self.profile.count_duplicate_rows:
            outcome.counts["exact_duplicate_rows"] = self.whole.repeated()
        if tally.blank_rows:
            outcome.counts["blank_rows"] = outcome.counts.get("blank_rows", 0) + tally.blank_rows
