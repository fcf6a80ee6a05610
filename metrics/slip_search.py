"""Looks for slips of the hand in a new version: its figures against their own past, and the cells to mend."""

import datetime as dt
import logging
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from metrics import kept_files, known_profiles, reception, total_search, units
from metrics.models import ImportJob, Observation, Slice, Slip, Submission
from reviewhub.people.models import Company

log = logging.getLogger(__name__)

# How far back the past of a table reaches, in days, by its grain.
LOOKED_BACK = {"day": 100, "week": 210, "month": 760}
# A version with more figures is not looked at: nobody typed it.
MOST_FIGURES = 400_000
MOST_SLIPS, MOST_CELLS, MOST_SLICES = 50, 500, 5
# Where nobody handed in rates: about what a dollar, a euro and a pound cost (CNY).
USUAL_RATES = {"USD": Decimal("7.1"), "EUR": Decimal("7.8"), "GBP": Decimal("9.1")}
RATE = "FX_AVERAGE"


def look(version: Submission, *, at: dt.datetime) -> list[Slip]:
    """Find and keep the slips of a version that was just imported; none where its past is too short."""
    try:
        found = _found(version, at=at) + total_search.found(version, at=at)
    except known_profiles.UnknownProfile:
        return []
    with transaction.atomic():
        Slip.objects.filter(submission=version).delete()
        return Slip.objects.bulk_create(found)


def _found(version: Submission, *, at: dt.datetime) -> list[Slip]:
    from metrics import slips  # noqa: PLC0415 - pandas, only in the worker

    profile = known_profiles.named(version.profile).profile
    grain = profile.grain if profile.grain in LOOKED_BACK else "month"
    past = _past(version, LOOKED_BACK[grain])
    kinds = _kinds(profile)
    frames = _frames(version, past, kinds) if past else None
    if frames is None:
        return []
    rates, told = _rates(version)
    plain_rates = {name: float(rate) for name, rate in rates.items()}
    found = slips.slips(*frames[:2], grain=grain, kinds=kinds, rates=plain_rates)
    made, sought = [], {}
    for group in _grouped(found)[:MOST_SLIPS]:
        slip = _slip(version, frames[2], group, rates, told, at=at)
        made.append(slip)
        is_sure = factor_of(slip) is not None and not slip.params.get("also")
        sought[id(slip)] = [_sought(one, frames[2]) for one in group] if is_sure else []
    _mend(version, profile, made, sought)
    return made


def _grouped(found: list) -> list[list]:
    """What one mistake explains: the days of a slice, or all of them where many slices are off alike."""
    alike: dict[tuple, dict[int, list]] = {}
    for one in found:
        alike.setdefault((one.code, one.metric, one.factor), {}).setdefault(one.slice, []).append(one)
    groups = []
    for slices in alike.values():
        if len(slices) > MOST_SLICES:
            groups.append([one for several in slices.values() for one in several])
        else:
            groups += slices.values()
    return groups


def _sought(one, keys: list):
    from metrics.intake import locating  # noqa: PLC0415 - pyarrow, only in the worker

    return locating.Sought(one.metric, one.day.date(), tuple(_members(*keys[one.slice]).items()))


def _past(version: Submission, days: int) -> list[int]:
    """The versions before it that count: the same department, kind of file and no later period."""
    rows = Submission.objects.filter(
        department=version.department_id,
        profile=version.profile,
        period_end__lte=version.period_start,
        period_start__gte=version.period_start - dt.timedelta(days=days),
    )
    return list(rows.in_force(drafts=True).values_list("pk", flat=True))


def _kinds(profile) -> dict[str, str]:
    """Metric → "money", "count" or "ratio", of the figures that are added up day by day."""
    known = {"money": "money", "count": "count"}
    return {
        code: "ratio" if one.is_in_parts else known.get(one.unit, "ratio")
        for code, one in profile.aggregates.items()
        if not one.per and one.how != "top"
    }


def _frames(version: Submission, past: list[int], kinds: dict):
    """(past, present, number of a slice → (slice, currency)); None where there are too many figures."""
    import pandas as pd  # noqa: PLC0415 - only in the worker

    wanted = [*kinds, *(units.weight_code(code) for code in kinds)]
    rows = Observation.objects.filter(submission__in=[version.pk, *past], metric__in=wanted).order_by()
    if rows.count() > MOST_FIGURES:
        return None
    columns = ["submission", "metric", "day", "slice", "currency", "value"]
    frame = pd.DataFrame.from_records(list(rows.values_list(*columns)), columns=columns)
    if frame.empty:
        return None
    numbers, keys = pd.factorize(pd.MultiIndex.from_frame(frame[["slice", "currency"]]))
    frame = frame.assign(slice=numbers, day=pd.to_datetime(frame["day"]), value=frame["value"].astype(float))
    frame = _divided(frame.drop(columns="currency"))
    now = frame["submission"] == version.pk
    return frame[~now], frame[now], list(keys)


def _divided(frame):
    """Figures in two parts as their quotients."""
    is_weight = frame["metric"].str.endswith(units.WEIGHT)
    if not is_weight.any():
        return frame
    by = ["submission", "metric", "day", "slice"]
    weights = frame[is_weight].assign(metric=frame["metric"].str.removesuffix(units.WEIGHT))
    both = frame[~is_weight].merge(weights, on=by, how="left", suffixes=("", "_of"))
    quotients = both["value"] / both["value_of"].replace(0, float("nan"))
    both["value"] = both["value"].where(both["value_of"].isna(), quotients)
    return both.dropna(subset="value").drop(columns="value_of")


def _rates(version: Submission) -> tuple[dict[str, Decimal], str]:
    """(currency → company currency, "handed_in" or "usual"): the average of the version's month where it is there, else
    of the last one before it, else what is usual."""
    first = version.period_start.replace(day=1)
    since = first - dt.timedelta(days=LOOKED_BACK["day"])
    standing = Submission.objects.touching(since, version.period_end).in_force(drafts=True)
    rows = Observation.objects.filter(
        submission__in=standing.filter(profile="fx").values("pk"),
        metric__in=(RATE, units.weight_code(RATE)),
        day__gte=since,
        day__lt=version.period_end,
    ).order_by("day")
    parts: dict[str, dict[str, int]] = {}
    told = "usual"
    for code, value, other, day in rows.values_list("metric", "value", "slice__other", "day"):
        parts.setdefault(other.get("rate_currency", ""), {})[code] = value
        told = "handed_in" if day >= first else told
    found = {
        name: (Decimal(both[RATE]) / both[units.weight_code(RATE)]).quantize(Decimal("0.0001"))
        for name, both in parts.items()
        if name and both.get(RATE) and both.get(units.weight_code(RATE))
    }
    if found:
        return {name: rate for name, rate in found.items() if rate >= 1}, told
    company = Company.objects.first()
    return (USUAL_RATES, "usual") if company is None or company.currency == "CNY" else ({}, "usual")


def _slip(version, keys, group: list, rates: dict, told: str, *, at: dt.datetime) -> Slip:
    first = group[0]
    is_of_one = first.slice >= 0 and len({one.slice for one in group}) == 1
    members = _members(*keys[first.slice]) if is_of_one else {}
    params = {"ratio": f"{first.ratio:.4g}", "factor": f"{first.factor:.6g}"}
    if first.currency:
        rate = f"{rates[first.currency]:f}"
        params |= {"currency": first.currency, "rate": rate, "rates": told, "also": first.also}
    days = sorted({one.day.date().isoformat() for one in group})
    return Slip(
        submission=version,
        code=first.code,
        metric=first.metric,
        members=members,
        days=days,
        params=params,
        found_at=at,
    )


def _members(slice_id: int, currency: str) -> dict[str, str]:
    row = Slice.objects.get(pk=slice_id)
    named = {name: getattr(row, name) for name in ("platform", "country", "category", "channel", "segment")}
    found = {name: value for name, value in (named | row.other).items() if value}
    return found | ({"currency": currency} if currency else {})


def factor_of(slip: Slip) -> Decimal | None:
    """What the figures are multiplied by to mend them; None where nothing would."""
    if slip.code == "SIGN":
        return Decimal(-1)
    if slip.code == "CURRENCY":
        rate = Decimal(slip.params["rate"])
        return rate if float(slip.params["factor"]) < 1 else 1 / rate
    powers = {"PERCENT": 100, "THOUSAND": 1_000, "WAN": 10_000}
    if slip.code not in powers:
        return None
    power = Decimal(powers[slip.code])
    return power if float(slip.params["factor"]) < 1 else 1 / power


def _mend(version: Submission, profile, found: Iterable[Slip], sought: dict[int, list]) -> None:
    """Fill in the cells of those slips of which each figure stands in a cell of its own."""
    from metrics.intake import locating  # noqa: PLC0415 - pyarrow, only in the worker

    sought = {key: several for key, several in sought.items() if 0 < len(several) <= MOST_CELLS}
    job = version.jobs.order_by("created_at").first()
    if not sought or job is None or version.source is None or not version.source.content:
        return
    cells = locating.locate(
        kept_files.path_of(version.source),
        version.source.name,
        profile,
        [one for several in sought.values() for one in several],
        period=(version.period_start, version.period_end),
        limits=reception.limits(),
        settings=job.settings["values"],
        sheet=job.settings["sheet"],
    )
    for slip in found:
        places = [cells.get(one) for one in sought.get(id(slip), ())]
        if places and all(places):
            slip.cells = [_cell(one, locating.written(one, factor_of(slip))) for one in places]


def _cell(found, after: str) -> dict:
    return {
        "sheet": found.sheet,
        "row": found.row,
        "column": found.column,
        "before": found.text,
        "after": after,
    }


def after_import(job: ImportJob, *, at: dt.datetime) -> None:
    """Look at the version that a job made; a search that fails never takes the import with it."""
    if job.submission_id is None or Slip.objects.filter(submission=job.submission_id).exists():
        return
    try:
        look(job.submission, at=at)
    except Exception:
        log.exception("version %s could not be searched for slips", job.submission_id)
