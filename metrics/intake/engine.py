"""Checks one uploaded file against a profile and adds it up to facts. Pure but for the file named.

The file is opened behind the guard, read block by block, and every block is typed, judged and added up; findings
are made for failing cells only. Nothing is handed on unless the whole file may be used.
"""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from metrics.intake.block import HIDDEN, BlockReader
from metrics.intake.duplicates import RowKeys, WholeRows
from metrics.intake.findings import FileRefused, FindingLog, finding
from metrics.intake.limits import Limits
from metrics.intake.names import display_name
from metrics.intake.opening import Opening
from metrics.intake.outcome import Outcome, empty_facts, status_of
from metrics.intake.profile import Profile
from metrics.intake.tally import Tally
from metrics.intake.totals import TotalRows

# Sums of sums (weeks, months, years) stay inside 63 bits as well.
LARGEST_SUM = 2**62

Progress = Callable[[str, int, int], None]


def check(
    path: Path,
    file_name: str,
    profile: Profile,
    *,
    period: tuple | None = None,
    limits: Limits | None = None,
    settings: dict | None = None,
    progress: Progress | None = None,
    sheet: str = "",
) -> Outcome:
    """What the file at `path`, uploaded as `file_name`, amounts to. `period` is (first day, day after the last).

    `settings`: those of the profile, and `encoding`, `decimal` ("." or ","), `date_order` ("dmy", "mdy"), `values`
    ({column: allowed values}). `progress` is called with ("opening" | "checking" | "adding", done, total) in bytes.
    Never raises for what stands in the file.
    """
    limits, settings = limits or Limits(), dict(settings or {})
    run = _Run(Path(path), profile, period, limits, settings, progress or (lambda stage, done, total: None))
    outcome = run.outcome
    outcome.display_name = display_name(file_name) or ""
    outcome.size = run.path.stat().st_size
    with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
        try:
            run.progress("opening", 0, outcome.size)
            outcome.sha256 = _fingerprint(run.path, outcome.size, limits)
            source = Opening(profile, limits, settings, Path(scratch), run.log)
            for table in source.tables(run.path, file_name, sheet):
                run.read(table)
            run.read_whole = run.last_reader is not None
        except FileRefused as refused:
            run.log.add(*refused.findings)
    run.finish()
    return outcome


def _fingerprint(path: Path, size: int, limits: Limits) -> str:
    if size > max(limits.text_bytes, limits.sheet_bytes):
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Run:
    """One check: the state that is carried from block to block."""

    def __init__(self, path, profile, period, limits, settings, progress):
        self.path, self.profile, self.period = path, profile, period
        self.limits, self.settings, self.progress = limits, settings, progress
        self.log = FindingLog(limits.findings)
        self.outcome = Outcome(facts=empty_facts(profile.dimensions))
        self.tally = Tally(profile, settings)
        self.keys, self.whole = RowKeys(profile.key), WholeRows()
        self.last_reader = None
        self.read_whole = False

    def read(self, table) -> None:
        """Every block of one table: a text file, a sheet, or a member of a zip."""
        outcome, header = self.outcome, table.header
        outcome.encoding = outcome.encoding or table.encoding
        outcome.delimiter = outcome.delimiter or table.delimiter
        outcome.sheet = outcome.sheet or table.sheet
        self.log.add(*header.findings)
        if not header.places or any(one.severity == "error" for one in header.findings):
            return
        places = dict(header.places)
        outcome.headers = {name: header.cells[place] for name, place in places.items()}
        outcome.dropped_columns = len([c for c in header.cells if c.strip()]) - len(places)
        reader = BlockReader(
            profile=self.profile,
            places=places,
            headers=outcome.headers,
            sheet=table.sheet,
            decimal=table.decimal,
            log=self.log,
            limits=self.limits,
            lists=self.settings.get("values", {}),
            date1904=table.date1904,
            date_order=str(self.settings.get("date_order", "")),
        )
        wanted = dict(places)
        if self.profile.count_duplicate_rows:
            wanted |= {f"#{i}": i for i in range(len(header.cells)) if i not in places.values()}
        self.last_reader = reader
        totals = TotalRows(self.profile, reader)
        for block in table.rows.blocks(wanted):
            self._block(reader, block, totals)
            if self.tally.rows_read > table.row_limit:
                raise FileRefused(finding("TOO_MANY_ROWS", sheet=table.sheet, limit=table.row_limit))
            self.progress("checking", block.bytes_done, max(outcome.size, block.bytes_done))
        count, listed = table.rows.wrong_rows(table.sheet)
        if count:
            self.log.add_many("ROW_LENGTH", count, listed)
        totals.finish()

    def _block(self, reader, block, totals) -> None:
        typed = reader.read(block)
        self._preview(typed, block)
        columns = dict(typed.columns)
        for name, condition in self.profile.conditions.items():
            columns[name] = condition(columns)
        if self.period is not None:
            reader.note_period(typed, self.period, block.cells)
        reader.note_rules(typed, columns, block.cells)
        totals.add(typed, block)
        self.keys.add(typed.columns, typed.rows, typed.used)
        if self.profile.count_duplicate_rows:
            self.whole.add(block.cells, typed.used)
        self.tally.add(typed, columns)

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

    def finish(self) -> None:
        self.progress("adding", 0, 1)
        outcome, tally, log = self.outcome, self.tally, self.log
        if self.read_whole:
            count, pairs = self.keys.repeated(self.limits.findings)
            at, name = self.last_reader.at, (self.profile.key or ("",))[0]
            log.add_many(
                "KEY_DUPLICATE", count, [at(name, row, "KEY_DUPLICATE", first=one) for row, one in pairs]
            )
        if not log.has_errors and tally.rows_read - tally.total_rows == 0:
            log.add(finding("NO_ROWS", sheet=outcome.sheet))
        outcome.rows_read, outcome.rows_used = tally.rows_read, tally.rows_used
        outcome.rows_excluded = {reason: n for reason, n in tally.excluded.items() if n}
        if tally.total_rows:
            outcome.rows_excluded["total_row"] = tally.total_rows
        outcome.excluded_value = {r: v for r, v in tally.excluded_value.items() if tally.excluded[r]}
        outcome.counts = tally.counts()
        if self.profile.count_duplicate_rows:
            outcome.counts["exact_duplicate_rows"] = self.whole.repeated()
        if tally.blank_rows:
            outcome.counts["blank_rows"] = tally.blank_rows
        if not log.has_errors:
            self._add_up()
        outcome.findings, outcome.findings_total = log.listed(), log.total
        outcome.finding_counts = dict(log.counts)
        outcome.status, outcome.http_status = status_of(outcome.finding_counts, log.has_errors)
        self.progress("adding", 1, 1)

    def _add_up(self) -> None:
        """The facts and their totals, unless a sum would pass what can be stored exactly."""
        try:
            facts = self.tally.facts()
        except OverflowError:
            facts = None
        if facts is None or facts["value"].astype(float).abs().sum() > LARGEST_SUM:
            self.log.add(finding("SUM_TOO_LARGE"))
            return
        self.outcome.facts, self.outcome.totals = facts, self.tally.totals(facts)
