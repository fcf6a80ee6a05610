"""The product's own check of the file, as an import runs it: `python -m benchmarks.validation.product FILE [ROWS]`."""

import datetime as dt
import json
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.validation import contestants

PROFILE = Path(__file__).with_name("order-lines.yaml")
MARCH = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
# The settings of an installation that takes larger files, and lists everything; rules and steps are the usual ones.
LARGE = {"findings": 100_000, "text_bytes": 1024**3, "text_rows": 10_000_000, "sheet_rows": 1_000_000}


def check(path: Path):
    """The outcome of the file under the benchmark's profile."""
    from metrics.intake import Limits, Profile, check, readers  # noqa: PLC0415 - work is measured without imports

    if path.suffix == ".xlsx":
        readers.start()
    profile = Profile.parse(PROFILE.read_text(encoding="utf-8"))
    limits = replace(Limits(), **LARGE)
    return lambda: check(path, path.name, profile, period=MARCH, limits=limits)


def cells(outcome) -> list[tuple[int, str]]:
    """The findings as (row, column), as the reference has them."""
    if len(outcome.findings) != outcome.findings_total:
        raise SystemExit("not every finding is listed")
    return [(one.row, one.header) for one in outcome.findings]


def of_readers() -> float:
    """Processor seconds up to now of the process that waits, with its libraries loaded, to read workbooks."""
    from metrics.intake import readers  # noqa: PLC0415

    if readers._waiting is None:
        return 0.0
    fields = (
        Path(f"/proc/{readers._waiting[2].pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    )
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def ended_readers() -> float:
    """Processor seconds of that process and its readers, which end."""
    from metrics.intake import readers  # noqa: PLC0415

    readers._forget()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    run = check(Path(sys.argv[1]))
    loaded = of_readers()
    answer = contestants.measured(lambda: cells(run()))
    answer["cpu"] += ended_readers() - loaded
    print(json.dumps(answer))
