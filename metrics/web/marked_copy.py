"""The marked copy of an uploaded file as a download: beside its findings, for those who may read the file itself."""

from django.http import FileResponse, Http404
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from metrics import marked_copies
from metrics.web.imports import job_of
from metrics.web.version import reads_inside, version


@never_cache
@require_GET
def import_marked(request, pk):
    job = job_of(request, pk)
    if job.outcome is None:
        raise Http404
    return answer(job.source, job.outcome, profile=job.profile, settings=job.settings)


@never_cache
@require_GET
def submission_marked(request, pk):
    row = version(request, pk)
    if not reads_inside(request.user, row):
        raise Http404
    job = row.jobs.order_by("created_at").first()
    findings = {"findings": row.findings, "findings_total": row.findings_total}
    return answer(row.source, findings, profile=row.profile, settings=job.settings if job else {})


def answer(source, document: dict, *, profile: str, settings: dict) -> FileResponse:
    """The workbook; 404 where there is nothing to mark, or the file is gone or too large."""
    if not document["findings"] or not marked_copies.is_possible(source):
        raise Http404
    try:
        with marked_copies.marked(
            source,
            document["findings"],
            total=document["findings_total"],
            profile=profile,
            settings=settings.get("values", {}),
            language=get_language() or "en",
        ) as path:
            # The open file outlives its name.
            stream = path.open("rb")
    except OSError as error:
        raise Http404 from error
    told = FileResponse(
        stream,
        as_attachment=True,
        filename=marked_copies.file_name(source),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    told["X-Content-Type-Options"] = "nosniff"
    told["Cache-Control"] = "no-store, private"
    return told
