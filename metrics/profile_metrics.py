"""The definitions that import profiles bring along: put into the dictionary when their figures first come in.

They form a pack of their own, so that the shipped dictionary stays what it is.
"""

import datetime as dt

from metrics.dictionary import FIRST_DAY
from metrics.intake.profile import Profile
from metrics.intake.profile_parts import OwnMetric
from metrics.models import Metric, MetricVersion
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, Department
from reviewhub.people.names import search_key

BEHIND_ALL = 100_000  # their position: behind the metrics of the dictionary
SECTIONS = {"SAL": "sales", "MKT": "marketing", "FIN": "finance", "TEC": "tech"}
VALUES = {"money": "money", "count": "int", "ratio": "ratio", "duration": "duration"}
ALONE = {"month": "per_month", "year": "per_year", "upload": "per_upload"}


def brought(profile: Profile) -> dict[str, OwnMetric]:
    """Every definition of the profile, those of its parts included, by code."""
    return {code: one for table in profile.tables.values() for code, one in table.own_metrics.items()}


def clash(profile: Profile) -> dict | None:
    """{metric, other} of a definition that the dictionary, or another profile, has under the same code."""
    taken = Metric.objects.filter(code__in=brought(profile)).exclude(profile=profile.name).first()
    return None if taken is None else {"metric": taken.code, "other": taken.profile or "dictionary"}


def register(profile: Profile, *, department: Department, holding_from: dt.date, by, at: dt.datetime) -> int:
    """Put the profile's definitions into the dictionary; how many are new or changed.

    A changed definition is a new version from `holding_from` on, or from the day after the former one began.
    """
    wanted = brought(profile)
    held = {
        version.metric.code: version
        for version in MetricVersion.objects.filter(
            metric__code__in=wanted, effective_to=None
        ).select_related("metric")
    }
    written = [
        version
        for place, (code, one) in enumerate(wanted.items())
        if (version := _written(one, held.get(code), profile, place, department, holding_from, by, at))
    ]
    if written:
        params = {"count": len(written), "profile": profile.name}
        activity.record(
            "dictionary.profile_metrics",
            written[0].metric,
            by=by,
            at=at,
            params=params,
            department=department,
        )
    return len(written)


def _written(one, former, profile, place, department, holding_from, by, at) -> MetricVersion | None:
    """The new version of a definition; None where the open one says the same."""
    fields = _fields(one, profile, department)
    if former is None:
        metric, number, start = _metric(one, profile, place, department), 1, FIRST_DAY
    elif all(getattr(former, name) == value for name, value in fields.items()):
        return None
    else:
        metric, number = former.metric, former.number + 1
        start = max(holding_from, former.effective_from + dt.timedelta(days=1))
        MetricVersion.objects.filter(pk=former.pk).update(effective_to=start)
    return MetricVersion.objects.create(
        metric=metric, number=number, effective_from=start, created_at=at, created_by=by, **fields
    )


def _metric(one, profile, place, department) -> Metric:
    confidential = department.code == "FIN"
    return Metric.objects.create(
        code=one.code,
        pack=Metric.Pack.PROFILE,
        profile=profile.name,
        is_enabled=True,
        confidentiality=Confidentiality.CONFIDENTIAL if confidential else Confidentiality.INTERNAL,
        position=BEHIND_ALL + place,
        search=search_key(one.code, one.name_zh, one.name_en),
    )


def _fields(one: OwnMetric, profile: Profile, department: Department) -> dict:
    is_sum = one.aggregate is not None
    return {
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "tier": "support",
        "kind": "base" if is_sum else "derived",
        "io": "output",
        "section": SECTIONS.get(department.code, "supply_chain"),
        "unit": one.unit,
        "value_type": VALUES[one.aggregate.unit] if is_sum else _value_type(one.unit),
        "decimals": one.decimals,
        "direction": one.direction,
        "time_agg": ALONE.get(one.aggregate.per, "sum") if is_sum else "recompute",
        "dim_agg": "additive" if is_sum else "non_additive",
        "grain": profile.grain,
        "dimensions": list(one.dimensions),
        "definition_zh": one.text_zh,
        "definition_en": one.text_en,
        "formula": one.formula,
        "engine": "upload" if is_sum else "app",
        "owner_dept": department,
        "steward_dept": department,
        "source_of_truth": f"{profile.title_zh} {profile.title_en}"[:300],
        "compare_as": "pp" if one.unit == "%" else "pct",
    }


def _value_type(unit: str) -> str:
    if unit.startswith("CCY"):
        return "money"
    return "ratio" if unit == "%" else "score"
