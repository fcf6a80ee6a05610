"""A new version of a department's data: its number, its facts, and what must not stand beside it."""

import datetime as dt

from django.db.models import Max

from metrics import cell_log, kept_files, outcomes, profile_metrics, reception
from metrics.models import Correction, ImportJob, Submission
from metrics.periods import Period
from metrics.submission import LIVING, about, replace_older
from reviewhub.people import activity

State = ImportJob.State
MOST_LOGGED = 20  # cells of a correction in the activity log; the correction keeps all


def add(job: ImportJob, known, document: dict, frame, *, at: dt.datetime) -> dict:
    """Add the new version (or find the one that holds the same bytes); the document of the job."""
    if (earlier := same_upload(job, digest=known.profile.digest)) is not None and earlier.submission_id:
        job.submission_id = earlier.submission_id
        return document
    if (other := _overlapping(job)) is not None:
        document = outcomes.refused(
            document,
            "PERIOD_OVERLAP",
            other=Period.between(other.period_start, other.period_end).text,
            period=Period.between(job.period_start, job.period_end).text,
        )
        note_refusal(job, document, at=at)
        return document
    if clash := profile_metrics.clash(known.profile):
        document = outcomes.refused(document, "METRIC_DEFINED_OTHERWISE", **clash)
        note_refusal(job, document, at=at)
        return document
    profile_metrics.register(
        known.profile, department=job.department, holding_from=job.period_start, by=job.created_by, at=at
    )
    job.submission = _new_version(job, known, document, at=at)
    from metrics import facts  # noqa: PLC0415 - pandas, only in the worker that stores

    facts.store(job.submission, frame)
    replace_older(job.submission, (Submission.State.DRAFT,))
    kept_files.keep_longer(job.source, at=at)
    activity.record(
        "submission.uploaded",
        job.submission,
        by=job.created_by,
        at=at,
        params=about(job.submission) | {"file": job.source.name, "rows": document["rows_used"]},
        department=job.department,
    )
    _note_correction(job, at=at)
    cell_log.record(job, job.submission, at=at)
    return document


def _note_correction(job: ImportJob, *, at: dt.datetime) -> None:
    """Who corrected which cells, where this version was made so (metrics.corrections)."""
    correction = Correction.objects.filter(job=job).select_related("base").first()
    if correction is None:
        return
    cells = correction.cells[:MOST_LOGGED]
    activity.record(
        "submission.corrected",
        job.submission,
        by=job.created_by,
        at=at,
        params=about(job.submission)
        | {"base": correction.base.number if correction.base else 0, "count": len(correction.cells)},
        before={_named(cell): cell["before"] for cell in cells},
        after={_named(cell): cell["after"] for cell in cells},
        department=job.department,
    )


def _named(cell: dict) -> str:
    return f"{cell['sheet']} {cell['column']}{cell['row']}".strip()


def _new_version(job: ImportJob, known, document: dict, *, at: dt.datetime) -> Submission:
    series = Submission.objects.filter(
        department=job.department,
        profile=job.profile,
        period_start=job.period_start,
        period_end=job.period_end,
    )
    currencies = document["currencies"]
    return Submission.objects.create(
        department=job.department,
        profile=job.profile,
        profile_digest=known.profile.digest,
        period_start=job.period_start,
        period_end=job.period_end,
        number=(series.aggregate(last=Max("number"))["last"] or 0) + 1,
        source=job.source,
        uploaded_at=at,
        uploaded_by=job.created_by,
        currency=currencies[0] if len(currencies) == 1 else "",
        findings=document["findings"],
        findings_total=document["findings_total"],
        **{name: document[name] for name in ("rows_read", "rows_used", "rows_excluded", "excluded_value")},
        **{name: document[name] for name in ("counts", "totals")},
    )


def same_upload(job: ImportJob, digest: str = "") -> ImportJob | None:
    """An earlier job with the same bytes and settings whose version is the newest of its series, or that still runs."""
    jobs = ImportJob.objects.defer("outcome").select_related("submission", "source").exclude(pk=job.pk).filter(
        source__sha256=job.source.sha256,
        department=job.department,
        period_start=job.period_start,
        period_end=job.period_end,
        **({"profile": job.profile} if job.profile else {}),
    )  # fmt: skip
    for earlier in jobs.order_by("-created_at"):
        version = earlier.submission
        if earlier.settings != job.settings:
            continue
        if version is None:
            if earlier.state in (State.QUEUED, State.RUNNING) and not digest:
                return earlier
            continue
        current = digest or reception.digest_of(version.profile)
        if version.state in LIVING and version.profile_digest == current and not _is_followed(version):
            return earlier
    return None


def _is_followed(version: Submission) -> bool:
    return Submission.objects.of_series(version).filter(number__gt=version.number, state__in=LIVING).exists()


def _overlapping(job: ImportJob) -> Submission | None:
    """A living submission of the same kind of file for another period that shares days with this one."""
    return (
        Submission.objects.filter(department=job.department, profile=job.profile, state__in=LIVING)
        .touching(job.period_start, job.period_end)
        .exclude(period_start=job.period_start, period_end=job.period_end)
        .first()
    )


def note_refusal(job: ImportJob, document: dict, *, at: dt.datetime) -> None:
    activity.record(
        "submission.refused",
        job,
        by=job.created_by,
        at=at,
        params={
            "department": job.department.code,
            "file": job.source.name,
            "start": job.period_start.isoformat(),
            "end": job.period_end.isoformat(),
            "findings": document["findings_total"],
        },
        department=job.department,
    )
