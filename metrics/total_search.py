"""Looks for totals that miss their parts in a new version: rows that its file sums up, and weeks beside their days."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from metrics import kept_files, known_profiles, reception, total_slips, units
from metrics.models import Observation, Slip, Submission
from metrics.total_slips import Gap, Line, WeekGap

MOST_SLIPS = 20
# A pair of versions with more figures is not compared.
MOST_FIGURES = 50_000
# Units of a profile → kinds of stored values.
KINDS = {"money": "money", "count": "int"}
MEMBERS = ("platform", "country", "category", "channel", "segment")
WEEK = dt.timedelta(days=7)


def found(version: Submission, *, at: dt.datetime) -> list[Slip]:
    """The slips between totals and parts, with the cell to mend where one figure explains the gap."""
    profile = known_profiles.named(version.profile).profile
    return [*_stated(version, profile, at), *_weekly(version, profile, at)][:MOST_SLIPS]


# --- Totals that the file states -----------------------------------------------------------------------------------


def _stated(version: Submission, profile, at: dt.datetime) -> list[Slip]:
    job = version.jobs.order_by("created_at").first()
    has_totals = version.rows_excluded.get("total_row")
    if not has_totals or job is None or version.source is None or not version.source.content:
        return []
    from metrics.intake import stated_totals  # noqa: PLC0415 - pyarrow, only in the worker

    sheets = stated_totals.stated_rows(
        kept_files.path_of(version.source),
        version.source.name,
        profile,
        period=(version.period_start, version.period_end),
        limits=reception.limits(),
        settings=job.settings["values"],
        sheet=job.settings["sheet"],
    )
    columns = _summed(profile)
    made = []
    for rows in sheets.values():
        cells = {row.row: row.cells for row in rows}
        for gap in total_slips.gaps([_line(row) for row in rows], columns):
            made.append(_of_gap(version, profile, gap, columns[gap.column], cells, at))
    return made


def _summed(profile) -> dict[str, str]:
    """Column → the metric that is its plain sum."""
    found: dict[str, str] = {}
    for code, one in profile.aggregates.items():
        names = one.what.names if one.how == "sum" and not (one.weight or one.once or one.per) else ()
        if len(names) == 1 and (name := next(iter(names))) in profile.columns:
            found.setdefault(name, code)
    return found


def _line(row) -> Line:
    values = {name: cell.value for name, cell in row.cells.items()}
    return Line(row.row, row.day, row.texts, values, row.total_in)


def _of_gap(version, profile, gap: Gap, metric: str, cells: dict, at: dt.datetime) -> Slip:
    code, dimension = _kind(profile, gap)
    total = cells[gap.total.row][gap.column]
    params = {
        "stated": f"{gap.stated.normalize():f}",
        "added": f"{gap.added.normalize():f}",
        "row": gap.total.row,
        "sheet": total.sheet,
        "dimension": dimension,
    }
    mended = []
    if gap.guess:
        cell = cells[gap.guess.of][gap.column]
        params |= {"guess": gap.guess.code, "at": gap.guess.of}
        mended = [] if gap.guess.code == total_slips.TWICE else [_cell(cell, gap.guess.after)]
    days = [day.isoformat() for day in gap.days]
    return Slip(
        submission=version, code=code, metric=metric, days=days, params=params, cells=mended, found_at=at
    )


def _kind(profile, gap: Gap) -> tuple[str, str]:
    """("PARTS", dimension) for members on one day, "WEEK" for the days of one week, else "SUM"."""
    days = gap.days
    dimension = next((name for name, one in profile.slices.items() if one.column == gap.total.total_in), "")
    if dimension and len(days) == 1:
        return "PARTS", dimension
    if 1 < len(days) <= 7 and days[-1] - days[0] < WEEK:
        return "WEEK", ""
    return "SUM", dimension


def _cell(cell, after: Decimal) -> dict:
    """The cell with the text that it should have, written with its own decimal mark."""
    text = f"{round(after, cell.scale).normalize():f}"
    text = text.replace(".", ",") if cell.mark == "," else text
    return {"sheet": cell.sheet, "row": cell.row, "column": cell.column, "before": cell.text, "after": text}


# --- Weeks of one table and days of another ------------------------------------------------------------------------


def _weekly(version: Submission, profile, at: dt.datetime) -> list[Slip]:
    """Against every other table that holds the same metrics at the other grain."""
    if profile.grain not in ("day", "week"):
        return []
    mine = {
        code: KINDS[one.unit]
        for code, one in profile.aggregates.items()
        if one.how in ("sum", "rows", "distinct") and not one.is_in_parts and one.unit in KINDS
    }
    standing = Submission.objects.touching(version.period_start, version.period_end).in_force(drafts=True)
    made = []
    for other in standing.exclude(profile=version.profile).order_by("pk"):
        shared = sorted(set(mine) & set(other.totals))
        if shared and _grain(other.profile) in {"day", "week"} - {profile.grain}:
            made += _beside(version, profile, other, {code: mine[code] for code in shared}, at)
    return made


def _grain(name: str) -> str:
    try:
        return known_profiles.named(name).profile.grain
    except known_profiles.UnknownProfile:
        return ""


def _beside(version, profile, other, kinds: dict[str, str], at) -> list[Slip]:
    start = max(version.period_start, other.period_start)
    end = min(version.period_end, other.period_end)
    if start.day > 1:  # months cut weeks in both tables alike, other ends do not
        start += dt.timedelta(days=-start.weekday() % 7)
    if end.day > 1:
        end -= dt.timedelta(days=end.weekday())
    if start >= end:
        return []
    rows = Observation.objects.filter(
        submission__in=(version.pk, other.pk), metric__in=kinds, day__gte=start, day__lt=end
    ).order_by()
    if rows.count() > MOST_FIGURES:
        return []
    names = [f"slice__{name}" for name in MEMBERS]
    facts = defaultdict(list)
    for pk, metric, day, value, currency, *members in rows.values_list(
        "submission", "metric", "day", "value", "currency", *names
    ):
        facts[metric, pk == version.pk].append((day, (currency, *members), units.plain(value, kinds[metric])))
    made = []
    for metric in sorted(kinds):
        own, others = facts[metric, True], facts[metric, False]
        made += _compared(version, profile, other, metric, own, others, at)
    return made


def _compared(version, profile, other, metric: str, own: list, others: list, at) -> list[Slip]:
    if not own or not others:
        return []
    # What both name: the currency, and the dimensions that both are split by.
    shared = [0, *(place for place in range(1, 6) if all(_is_split(one, place) for one in (own, others)))]
    is_week = profile.grain == "week"
    tables = [
        _added(one, shared, by_week=by_week) for one, by_week in ((own, is_week), (others, not is_week))
    ]
    weeks, days = tables if is_week else reversed(tables)
    parts = {part for _, part in weeks} & {part for _, part in days}
    weeks, days = ({key: v for key, v in one.items() if key[1] in parts} for one in (weeks, days))
    if not weeks or {part for _, part in tables[0]} != {part for _, part in tables[1]}:
        return []
    gaps = total_slips.week_gaps(weeks, days)
    return [_of_week(version, profile, other, metric, gap, shared, at) for gap in gaps]


def _is_split(facts: list, place: int) -> bool:
    return any(members[place] for _, members, _ in facts)


def _added(facts: list, shared: list[int], *, by_week: bool) -> dict[tuple, Decimal]:
    """(day, or the begin of its week, part) → figure."""
    table: dict[tuple, Decimal] = defaultdict(Decimal)
    for day, members, value in facts:
        day = total_slips.week_begin(day) if by_week else day
        table[day, tuple(members[place] for place in shared)] += value
    return dict(table)


def _of_week(version, profile, other, metric: str, gap: WeekGap, shared: list[int], at) -> Slip:
    names = ("currency", *MEMBERS)
    members = {names[place]: member for place, member in zip(shared, gap.part, strict=True) if member}
    params = {
        "stated": f"{gap.stated.normalize():f}",
        "added": f"{gap.added.normalize():f}",
        "table": other.profile,
        "is_week": profile.grain == "week",
    }
    cells = []
    if gap.code == "TWICE":
        members = {}
    elif gap.guess:
        params |= {"guess": gap.guess.code, "day": gap.guess.of.isoformat() if gap.guess.of else ""}
        cells = _mended(version, profile, metric, gap, members)
    days = [gap.week.isoformat()]
    return Slip(
        submission=version, code=gap.code, metric=metric, members=members, days=days, params=params,
        cells=cells, found_at=at,
    )  # fmt: skip


def _mended(version, profile, metric: str, gap: WeekGap, members: dict) -> list[dict]:
    """The cell of this version that is to blame; none where it stands in the other table."""
    from metrics.intake import locating  # noqa: PLC0415 - pyarrow, only in the worker

    is_of_week, job = gap.guess.of is None, version.jobs.order_by("created_at").first()
    if (profile.grain == "week") != is_of_week or gap.guess.code == total_slips.TWICE or job is None:
        return []
    if version.source is None or not version.source.content:
        return []
    sought = locating.Sought(metric, gap.guess.of or gap.week, tuple(members.items()))
    found = locating.locate(
        kept_files.path_of(version.source),
        version.source.name,
        profile,
        [sought],
        period=(version.period_start, version.period_end),
        limits=reception.limits(),
        settings=job.settings["values"],
        sheet=job.settings["sheet"],
    )
    return [_cell(cell, gap.guess.after) for cell in found.values()]
