"""The tidy templates that departments fill in where a platform has no export: one for each table."""

from functools import cache

from metrics.intake.profile import Profile
from metrics.intake.template import Template
from metrics.models import MetricVersion
from metrics.template_workbook import workbook


class UnknownTemplate(LookupError):
    """No template has this name."""


@cache
def everything() -> tuple[Template, ...]:
    """Every template that the product brings, in the order of the tables."""
    found = (Profile.load(name).template for name in Profile.shipped())
    return tuple(sorted(filter(None, found), key=lambda one: one.position))


def named(name: str) -> Template:
    """The template of a profile (`sales-daily`) or table (`sales_daily`). Raises UnknownTemplate."""
    for one in everything():
        if name in (one.profile, one.table):
            return one
    raise UnknownTemplate(name)


def of_department(department) -> list[Template]:
    return [one for one in everything() if one.department in (department.slug, department.code)]


def file_name(template: Template) -> str:
    return f"{template.table}.xlsx"


def file_of(template: Template) -> bytes:
    """The workbook, with the names that its metrics have in the dictionary today."""
    rows = MetricVersion.objects.filter(metric__code__in=template.metrics, effective_to=None)
    names = {code: (zh, en) for code, zh, en in rows.values_list("metric__code", "name_zh", "name_en")}
    return workbook(template, names)
