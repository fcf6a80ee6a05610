"""What the checks would find in a corrected file, before anything is handed over."""

import tempfile
from pathlib import Path

from metrics import intake, known_profiles, outcomes, reception
from metrics.corrected_rows import Corrected
from metrics.intake.findings import column_letter, column_position
from metrics.models import ImportJob

# What a cell cannot hold whatever stands beside it; typed anew it is not kept.
REFUSING = frozenset(
    """NUMBER_FORMAT NUMBER_UNIT NUMBER_AMBIGUOUS NUMBER_PRECISION DATE_INVALID DATE_AMBIGUOUS VALUE_UNKNOWN
    OUT_OF_RANGE CELL_TOO_LONG TEXT_TOO_LONG CHAR_FORBIDDEN ID_PRECISION_LOST ID_LOOKS_LIKE_DATE EXCEL_ERROR
    PERIOD_MISMATCH""".split()
)


def findings_of(job: ImportJob, corrected: Corrected) -> dict[tuple[int, int], list[dict]]:
    """(row, place) → findings as stored documents have them; place -1 for a whole row, (0, -1) for the file.

    A worksheet is tried as text: what only its cells can tell is taken from its own check, for cells as they were.
    """
    profile, order = known_profiles.named(job.profile).profile, corrected.order()
    settings = {name: value for name, value in job.settings["values"].items() if name != "encoding"}
    if corrected.table.kind == "xlsx":
        settings.setdefault("decimal", ".")
    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        path = Path(folder) / "trial.csv"
        path.write_bytes(corrected.as_text())
        period = (job.period_start, job.period_end)
        name = job.source.name.rpartition(".")[0] + ".csv"
        outcome = intake.check(
            path, name, profile, period=period, limits=reception.limits(), settings=settings
        )
    found: dict[tuple[int, int], list[dict]] = {}
    known = _told(job) if corrected.table.kind == "xlsx" else None
    for one in map(outcomes.coded, outcome.findings):
        row = order[one["row"] - corrected.table.first] if one["row"] else 0
        place = column_position(one["column"]) - 1
        if known is not None and place >= 0 and (row, place) not in corrected.changes:
            if (row, one["column"], one["code"]) not in known:
                continue
        found.setdefault((row, place), []).append(one)
    return found


def _told(job: ImportJob) -> set[tuple[int, str, str]]:
    return {(one["row"] or 0, one["column"], one["code"]) for one in job.outcome["findings"]}


def letter(place: int) -> str:
    """0 → A."""
    return column_letter(place + 1)
