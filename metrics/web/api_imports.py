"""Uploads by API: what became of a file that was handed over, and every finding in it."""

import datetime as dt
import uuid

from django.utils.translation import get_language
from ninja import Query, Router, Schema

from metrics import outcomes
from metrics.models import ImportJob
from metrics.periods import Period
from reviewhub.api import door

router = Router()


class FindingOut(Schema):
    """One thing that was found; `row` counts as a spreadsheet does, `suggestion` is what most likely belongs there."""

    code: str
    severity: str
    sheet: str
    row: int | None
    column: str
    header: str
    value: str
    message: str
    hint: str
    suggestion: str


class FindingsOut(Schema):
    items: list[FindingOut]
    next: str | None


class ImportOut(Schema):
    """A file on its way in. While `state` is queued or running the outcome is empty; ask again.

    `status` accepted or warnings: `submission` is the new version. rejected or unreadable: nothing changed.
    """

    id: uuid.UUID
    state: str
    stage: str
    done: int
    total: int
    department: str
    period: str
    file: str
    profile: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    status: str | None
    submission: int | None
    rows_read: int | None
    rows_used: int | None
    rows_excluded: dict[str, int]
    totals: dict[str, str]
    findings_total: int
    seconds: float | None
    url: str
    findings_url: str


class ImportsOut(Schema):
    items: list[ImportOut]
    next: str | None


def jobs(request):
    found = ImportJob.objects.visible_to(request.auth.user).select_related("department", "source")
    return request.auth.within(found)


def told(job: ImportJob) -> ImportOut:
    document = job.outcome or {}
    return ImportOut(
        id=job.pk,
        state=job.state,
        stage=job.stage,
        done=job.done,
        total=job.total,
        department=job.department.slug,
        period=Period.between(job.period_start, job.period_end).text,
        file=job.source.name,
        profile=document.get("profile") or job.profile,
        created_at=job.created_at,
        finished_at=job.finished_at,
        status=document.get("status"),
        submission=job.submission_id,
        rows_read=document.get("rows_read"),
        rows_used=document.get("rows_used"),
        rows_excluded=dict(sorted(document.get("rows_excluded", {}).items())),
        totals=written(document.get("totals", {})),
        findings_total=document.get("findings_total", 0),
        seconds=document.get("seconds"),
        url=f"/api/v1/imports/{job.pk}",
        findings_url=f"/api/v1/imports/{job.pk}/findings",
    )


def written(totals: dict) -> dict[str, str]:
    """Exact decimals as text, counts too: one type for every total."""
    return {code: str(value) for code, value in sorted(totals.items())}


def findings_page(findings: list[dict], asked: door.Paged) -> dict:
    language = get_language() or "en"
    return door.page(findings, None, asked, lambda one: outcomes.worded(one, language))


@router.get(
    "/imports", response=ImportsOut, **door.needs("submissions:read", summary="Uploads, newest first")
)
def list_imports(request, asked: Query[door.Paged]):
    return door.page(jobs(request), ("-created_at", "-id"), asked, told)


@router.get("/imports/{uuid:pk}", response=ImportOut, **door.needs("submissions:read", summary="One upload"))
def show_import(request, pk: uuid.UUID):
    return told(door.one(jobs(request).filter(pk=pk)))


@router.get(
    "/imports/{uuid:pk}/findings",
    response=FindingsOut,
    **door.needs("submissions:read", summary="What was found in an upload (the first 1,000)"),
)
def import_findings(request, pk: uuid.UUID, asked: Query[door.Paged]):
    job = door.one(jobs(request).filter(pk=pk))
    return findings_page((job.outcome or {}).get("findings", []), asked)
