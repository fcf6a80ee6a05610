"""The files behind the newest versions of the demo company: what was uploaded, checked by the product's own door."""

import csv
import io

import pandas as pd
from django.core.files.base import ContentFile

from metrics import intake, kept_files, outcomes, reception
from metrics.intake.expressions import DAY, NUMBER
from metrics.intake.profile import Profile
from metrics.models import ImportJob, SourceFile, Submission
from reviewhub.demo import reported

DAYS = {"month": "%Y-%m"}


def keep(versions: list[tuple[Submission, Profile, pd.DataFrame]]) -> None:
    """A file and the finished import of it for each (version, profile, rows of its month)."""
    sources, jobs = [], []
    for row, profile, frame in versions:
        name = f"{profile.name}-{row.period_start:%Y-%m}.csv"
        source = kept_files.keep(
            ContentFile(written(profile, frame)),
            name=name,
            limit=reception.limits().text_bytes,
            by=row.uploaded_by,
            at=row.uploaded_at,
        )
        source.keep_until = (row.uploaded_at + kept_files.KEEP_USED).date()
        sources.append(source)
        jobs.append(_job(row, profile, source))
        row.source = source
    SourceFile.objects.bulk_create(sources)
    ImportJob.objects.bulk_create(jobs)
    Submission.objects.bulk_update([row for row, *_rest in versions], ["source"])


def _job(row: Submission, profile: Profile, source: SourceFile) -> ImportJob:
    outcome = intake.check(
        kept_files.path_of(source),
        source.name,
        profile,
        period=(row.period_start, row.period_end),
        limits=reception.limits(),
        settings={},
    )
    return ImportJob(
        department=row.department,
        source=source,
        profile=profile.name,
        settings={"values": {}, "sheet": ""},
        period_start=row.period_start,
        period_end=row.period_end,
        state=ImportJob.State.DONE,
        done=source.size,
        total=source.size,
        attempts=1,
        created_at=row.uploaded_at,
        created_by=row.uploaded_by,
        finished_at=row.uploaded_at,
        outcome=outcomes.storable(outcomes.of(outcome, profile=profile.name, seconds=0.0)),
        submission=row,
    )


def written(profile: Profile, frame: pd.DataFrame) -> bytes:
    """The rows as a csv file in the columns of the template."""
    names = [name for name in profile.columns if name in frame]
    columns = [_texts(profile.columns[name], frame[name]) for name in names]
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(names)
    lines.writerows(zip(*columns, strict=True))
    return out.getvalue().encode()


def _texts(column, values: pd.Series) -> list[str]:
    if column.kind == DAY:
        return values.dt.strftime(DAYS.get(column.type, "%Y-%m-%d")).tolist()
    if column.kind != NUMBER:
        return values.fillna("").astype(str).tolist()
    units = [None if pd.isna(one) else int(one) for one in values]
    if column.type != "decimal":
        return ["" if one is None else str(one) for one in units]
    return ["" if one is None else _decimal(one) for one in units]


def _decimal(units: int) -> str:
    """10⁻⁴ as people write it: with two decimals at least."""
    whole, rest = divmod(abs(units), 10_000)
    text = f"{rest:04d}"
    text = text[:2] if text.endswith("00") else text.rstrip("0")
    return f"{'-' if units < 0 else ''}{whole}.{text}"


def newest(frame: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """The rows of the last month."""
    months = reported.month_texts(frame[profile.day])
    return frame[months == months.max()]
