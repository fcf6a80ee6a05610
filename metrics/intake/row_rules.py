"""What is wrong with rows whose cells were read: another period, keys that are missing, declared rules. Pure."""

import numpy as np

from metrics.intake.block import BlockReader, TypedBlock
from metrics.intake.columns import Days, known
from metrics.intake.days import day_of
from metrics.intake.profile import Profile


def note_period(reader: BlockReader, days: Days, typed: TypedBlock, period, block, said: np.ndarray):
    """Rows of another period than the one handed in for, and rows whose day cannot be derived (but for those in
    `said`, of which more is said already); a mask of the former where the profile leaves them out."""
    source = reader.profile.day_source
    if reader.given_day is not None:
        return None
    if reader.profile.day not in reader.profile.columns:
        missing = [(row, "REQUIRED") for row in np.flatnonzero(typed.used & ~days.known & ~said).tolist()]
        column = reader.profile.day_column
        reader.note_rows(column, missing, block.cells[column], typed.rows, typed.used)
    if period is None:
        return None
    first, end = ((bound - day_of(0)).days for bound in period)
    params = {"first": period[0].isoformat(), "end": period[1].isoformat()}
    found = {reader.profile.day_column: days}
    if source is not None and source.until in reader.places:
        found[source.until] = typed.columns[source.until]
        _note_spans(reader, typed, [reader.profile.day_column, source.until], block)
    mask = np.zeros(len(typed.rows), dtype=bool)
    for name, its in found.items():
        outside = its.known & typed.used & ((its.days < first) | (its.days >= end))
        mask |= outside
        if reader.profile.shape.other_periods == "refuse":
            listed = [(row, "PERIOD_MISMATCH", params) for row in np.flatnonzero(outside).tolist()]
            reader.note_rows(name, listed, block.cells[name], typed.rows, typed.used)
    return mask if reader.profile.shape.other_periods == "leave_out" else None


def _note_spans(reader: BlockReader, typed, names, block) -> None:
    """Rows about days of two months: their amounts cannot be divided between the months."""
    since, until = (typed.columns[name] for name in names)
    months = [days.days.astype("datetime64[D]").astype("datetime64[M]") for days in (since, until)]
    apart = since.known & until.known & typed.used & (months[0] != months[1])
    found = [(row, "SPAN_OF_MONTHS", {}) for row in np.flatnonzero(apart).tolist()]
    reader.note_rows(names[1], found, block.cells[names[1]], typed.rows, typed.used)


def note_missed(reader: BlockReader, join, there: Profile, missed, typed: TypedBlock, cells):
    """Rows whose key is not in the table `there` that they are joined to."""
    if join.missing == "allow" or not missed.any():
        return
    code = "LOOKUP_MISSING" if join.missing == "refuse" else "LOOKUP_MISSING_NOTED"
    column = reader.profile.stands_in(join.match[0][0])
    about = {"title_en": there.title_en, "title_zh": there.title_zh}
    found = [(row, code, about) for row in np.flatnonzero(missed).tolist()]
    reader.note_rows(column, found, cells[column], typed.rows, typed.used)


def note_rules(reader: BlockReader, typed: TypedBlock, block: dict, cells):
    """Rows that break a declared rule; rows with blank cells are not judged by it."""
    for rule in reader.profile.rules:
        judged = typed.used.copy()
        for name in rule.holds.names:
            if not isinstance(block[name], np.ndarray):
                judged &= known(block[name])
        broken = np.flatnonzero(judged & ~rule.holds(block))
        params = {"rule_en": rule.text_en, "rule_zh": rule.text_zh}
        found = [(row, "RULE_BROKEN", params) for row in broken.tolist()]
        reader.note_rows(rule.column, found, cells[rule.column], typed.rows, typed.used)
