"""The dictionary by API: which metrics there are, and what one of them means on a day."""

import datetime as dt

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from metrics import dictionary_checks, dictionary_rows
from metrics.models import Metric, MetricVersion
from reviewhub.api import door

router = Router()


class MetricOut(Schema):
    """A metric as the version in force names it."""

    code: str
    name_zh: str
    name_en: str
    section: str
    unit: str
    tier: str
    pack: str
    enabled: bool
    version: int
    owner_dept: str


class MetricsOut(Schema):
    items: list[MetricOut]
    next: str | None


class VersionOut(Schema):
    version: int
    effective_from: dt.date
    effective_to: dt.date | None
    reason: str


class DefinitionOut(MetricOut):
    """`cells` are the columns of the dictionary's file; `checks` are its rules in words."""

    effective_from: dt.date
    cells: dict[str, str]
    aliases: list[str]
    checks: list[str]
    versions: list[VersionOut]


class Wanted(door.Paged):
    """`search`: name, other name, code, pinyin or initials. `on`: the day whose versions count, today if left out."""

    search: str = Field("", max_length=80)
    section: str = Field("", max_length=20)
    on: dt.date = None


def versions(request, on: dt.date | None):
    found = MetricVersion.objects.visible_to(request.auth.user).effective(on or timezone.localdate())
    found = found.select_related("metric", "owner_dept", "steward_dept")
    return request.auth.within(found, "owner_dept", "steward_dept")


def told(version: MetricVersion) -> dict:
    metric, same = version.metric, ("name_zh", "name_en", "section", "unit", "tier")
    return {name: getattr(version, name) for name in same} | {
        "code": metric.code,
        "pack": metric.pack,
        "enabled": metric.is_enabled,
        "version": version.number,
        "owner_dept": version.owner_dept.code,
    }


@router.get(
    "/dictionary", response=MetricsOut, **door.needs("dictionary:read", summary="Metrics, by their codes")
)
def list_metrics(request, asked: Query[Wanted]):
    rows = versions(request, asked.on)
    if text := asked.search.replace("\0", "").strip():
        rows = rows.filter(metric__in=Metric.objects.visible_to(request.auth.user).matching(text))
    if asked.section:
        rows = rows.filter(section=asked.section.replace("\0", ""))
    return door.page(rows, ("metric__code",), asked, told)


@router.get(
    "/dictionary/{slug:code}",
    response=DefinitionOut,
    **door.needs("dictionary:read", summary="What a metric means, with its versions"),
)
def show_metric(request, code: str, on: dt.date = None):
    version = door.one(versions(request, on).filter(metric__code=code.upper()))
    metric = version.metric
    return told(version) | {
        "effective_from": version.effective_from,
        "cells": dictionary_rows.cells(version),
        "aliases": [alias.text for alias in metric.aliases.all()],
        "checks": [str(sentence) for sentence in dictionary_checks.sentences(version.validation)],
        "versions": [
            {
                "version": one.number,
                "effective_from": one.effective_from,
                "effective_to": one.effective_to,
                "reason": one.reason,
            }
            for one in metric.versions.order_by("number")
        ],
    }
