"""The tidy templates, by department, as workbooks to fill in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from metrics import tidy_templates
from metrics.models import MetricVersion
from reviewhub.people.models import Department

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def templates(request):
    """Every template that the reader's departments hand in."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    departments = Department.objects.visible_to(request.user).active()
    groups = [
        {"department": one, "templates": [_row(template, language, request.user) for template in own]}
        for one in departments
        if (own := tidy_templates.of_department(one))
    ]
    return render(request, "metrics/templates.html", {"groups": groups})


@require_safe
def template_file(request, table):
    """One workbook. 404 for a template of a department that the reader does not see."""
    try:
        template = tidy_templates.named(table)
    except tidy_templates.UnknownTemplate as unknown:
        raise Http404 from unknown
    departments = Department.objects.visible_to(request.user).active()
    if not any(template in tidy_templates.of_department(one) for one in departments):
        raise Http404
    answer = HttpResponse(tidy_templates.file_of(template), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{tidy_templates.file_name(template)}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _row(template, language: str, user) -> dict:
    versions = MetricVersion.objects.visible_to(user).filter(
        metric__code__in=template.metrics, effective_to=None
    )
    return {
        "table": template.table,
        "title": template.title[language],
        "row": template.row[language],
        "note": template.note[language],
        "columns": len(template.columns),
        "metrics": sorted(
            (version.name, version.metric.code) for version in versions.select_related("metric")
        ),
    }
