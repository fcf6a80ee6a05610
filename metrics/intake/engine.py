"""Checks one uploaded file against a profile and adds it up to facts. Pure but for the file named.

The file is opened behind the guard, read block by block, and every block is typed, judged and added up; findings
are made for failing cells only. Nothing is handed on unless the whole file may be used.
"""

import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from metrics.intake.block import BlockReader
from metrics.intake.findings import FileRefused, FindingLog, finding
from metrics.intake.given_day import day_of_range, given_day, require_settings
from metrics.intake.handin import sorted_out
from metrics.intake.limits import Limits
from metrics.intake.lookups import Lookup
from metrics.intake.names import display_name
from metrics.intake.opening import Opening
from metrics.intake.outcome import Outcome, empty_facts, status_of, together
from metrics.intake.profile import Profile
from metrics.intake.table_run import TableRun

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
    work = _Work(Path(path), profile, period, limits, settings, progress or (lambda stage, done, total: None))
    outcome = work.outcome
    outcome.display_name = display_name(file_name) or ""
    outcome.size = work.path.stat().st_size
    with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
        try:
            work.progress("opening", 0, outcome.size)
            require_settings(profile, settings)
            work.given_day = given_day(profile, settings, period, file_name)
            source = Opening(profile, limits, settings, Path(scratch), work.log)
            if profile.parts:
                work.read_parts(sorted_out(source, work.path, file_name))
            else:
                work.read_one(source.tables(work.path, file_name, sheet))
        except FileRefused as refused:
            work.log.add(*refused.findings)
    work.finish()
    return outcome


class _Work:
    """One check: what is common to all tables of the hand-in."""

    def __init__(self, path, profile, period, limits, settings, progress):
        self.path, self.profile, self.period = path, profile, period
        self.limits, self.settings, self.progress = limits, settings, progress
        self.log = FindingLog(limits.findings)
        self.outcome = Outcome(facts=empty_facts(profile.dimensions))
        self.runs: list[TableRun] = []
        self.given_day: int | None = None

    def read_one(self, tables) -> None:
        """The tables of a file that all belong to one profile."""
        run = self._run(self.profile, [])
        for table in tables:
            run.read(table)
        run.read_through()

    def read_parts(self, hand_in) -> None:
        """Every part that delivers figures, with what it looks up in the others."""
        used = [(name, one) for name, one in self.profile.tables.items() if one.aggregates or one.counted]
        for name, part in used:
            run = self._run(part, self._lookups(part, hand_in, {name for name, _ in used}))
            for table in hand_in.of(name, self.log):
                run.read(table)
            run.read_through()
            for lookup in run.lookups:
                lookup.note_unused(self.log)

    def _run(self, profile, lookups) -> "TableRun":
        run = TableRun(self, profile, lookups)
        self.runs.append(run)
        return run

    def _lookups(self, part: Profile, hand_in, telling: set[str]) -> list[Lookup]:
        """What `part` looks up. Problems of a table that is read for its own figures too are listed only there."""
        found = []
        for join in part.joins:
            there = self.profile.tables[join.part]
            kinds = {name: column.kind for name, column in there.columns.items()}
            lookup = Lookup(join, kinds, self.limits.lookup_rows)
            heard = join.part in telling or join.part in self.looked_up
            log = FindingLog(self.limits.findings) if heard else self.log
            for table in hand_in.of(join.part, log):
                self._fill(lookup, there, table, log)
            self.looked_up.add(join.part)
            lookup.close(self.log)
            found.append(lookup)
        return found

    def _fill(self, lookup: Lookup, there: Profile, table, log) -> None:
        header = table.header
        log.add(*header.findings)
        if not header.places or any(one.severity == "error" for one in header.findings):
            return
        reader = self.reader(there, table, log)
        key = lookup.join.match[0][1]
        place = (table.sheet, reader.headers.get(key, key), header.places.get(key, -1) + 1)
        for block in table.rows.blocks(dict(header.places)):
            typed = reader.read(block)
            lookup.add(typed.columns, typed.rows, typed.used, place)
        count, listed = table.rows.wrong_rows(table.sheet)
        if count:
            log.add_many("ROW_LENGTH", count, listed)

    @cached_property
    def looked_up(self) -> set[str]:
        """The parts whose cells were judged while they were looked up in."""
        return set()

    def reader(self, profile: Profile, table, log) -> BlockReader:
        places = dict(table.header.places)
        return BlockReader(
            profile=profile,
            places=places,
            headers={name: table.header.cells[place] for name, place in places.items()},
            sheet=table.sheet,
            marks=table.marks,
            log=log,
            limits=self.limits,
            lists=self.settings.get("values", {}),
            date1904=table.date1904,
            date_order=str(self.settings.get("date_order", "")),
            year=str(self.settings.get("year", "") or (self.period[0].year if self.period else "")),
            said=table.header.said,
            settings=self.settings,
            given_day=day_of_range(stated, self.period)
            if (stated := table.header.stated)
            else self.given_day,
        )

    def finish(self) -> None:
        self.progress("adding", 0, 1)
        outcome, log = self.outcome, self.log
        for run in self.runs:
            run.finish()
        if not log.has_errors and not any(run.tally.rows_of_data for run in self.runs):
            log.add(finding("NO_ROWS", sheet=outcome.sheet))
        if not log.has_errors:
            self._add_up()
        outcome.findings, outcome.findings_total = log.listed(), log.total
        outcome.finding_counts = dict(log.counts)
        outcome.status, outcome.http_status = status_of(outcome.finding_counts, log.has_errors)
        self.progress("adding", 1, 1)

    def _add_up(self) -> None:
        """The facts and their totals, unless a sum would pass what can be stored exactly."""
        try:
            frames = [run.tally.facts() for run in self.runs]
        except OverflowError:
            frames = []
        if not frames or any(one["value"].astype(float).abs().sum() > LARGEST_SUM for one in frames):
            self.log.add(finding("SUM_TOO_LARGE"))
            return
        for run, facts in zip(self.runs, frames, strict=True):
            self.outcome.totals |= run.tally.totals(facts)
        self.outcome.facts = frames[0] if len(frames) == 1 else together(frames)
