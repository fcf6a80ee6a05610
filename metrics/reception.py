"""The door for uploads: what can be said about a file at once, before anything is stored."""

import tempfile
from pathlib import Path

from django.conf import settings as installation

from metrics import bundles, intake, kept_files, known_profiles, outcomes
from metrics.intake.findings import FileRefused, Finding, finding
from metrics.intake.kinds import file_kind
from metrics.intake.names import extension
from metrics.intake.outcome import status_of
from metrics.models import ImportJob, SourceFile
from reviewhub.people.models import Department
from reviewhub.people.permissions import may

# Settings that every profile takes, beside its own.
COMMON_SETTINGS = ("encoding", "decimal", "date_order", "shared")
MEMBER_CHARS = 80  # a setting may become a member of a dimension
LIMITS = {
    "csv_bytes": "text_bytes",
    "csv_rows": "text_rows",
    "xlsx_bytes": "sheet_bytes",
    "xlsx_unpacked_bytes": "unpacked_bytes",
    "xlsx_rows": "sheet_rows",
    "columns": "columns",
}


class CannotReceive(Exception):
    """The upload is refused at the door and nothing was stored; `document` says why (see outcomes)."""

    def __init__(self, document: dict):
        super().__init__(", ".join(document["finding_counts"]))
        self.document = document

    @property
    def http_status(self) -> int:
        return self.document["http_status"]


def limits() -> "intake.Limits":
    """The limits of this installation (docs/settings.md)."""
    return intake.Limits(**{LIMITS[name]: value for name, value in installation.INTAKE_LIMITS.items()})


def most_bytes(name: str = "") -> int:
    """How many bytes a file of this name may have; of any kind without a name."""
    allowed = limits()
    if not name:
        return max(allowed.text_bytes, allowed.sheet_bytes)
    return allowed.sheet_bytes if extension(name).startswith("xls") else allowed.text_bytes


def require(name: str, *, department: Department, profile: str, settings: dict, by) -> str:
    """The file name as it may be shown, when `by` may upload this here. Raises CannotReceive."""
    if by is not None and not may(by, "submission.edit", department):
        raise CannotReceive(outcomes.refusal("DEPARTMENT_CLOSED", who=by.display_name))
    if profile:
        fitting(profile, department=department, settings=settings)
    shown = intake.display_name(name)
    if shown is None:
        raise CannotReceive(_from_intake(finding("BAD_FILE_NAME", value=name)))
    return shown


def kept(file, *, name: str, by, at, more: tuple = ()) -> SourceFile:
    """The file on disk, its row not saved yet; with `more` an archive of all files of the hand-in.

    Raises CannotReceive, and OSError for an unreadable path.
    """
    if more:
        return _kept_together([(file, name), *more], by=by, at=at)
    try:
        source = kept_files.keep(file, name=name, limit=most_bytes(name), by=by, at=at)
    except kept_files.FileTooLarge:
        raise CannotReceive(too_large(name)) from None
    except kept_files.DiskFull:
        raise CannotReceive(outcomes.refusal("DISK_FULL")) from None
    try:
        file_kind(kept_files.path_of(source), name, limits())
    except FileRefused as refused:
        kept_files.discard(source)
        raise CannotReceive(_from_intake(*refused.findings)) from None
    return source


def _kept_together(files, *, by, at) -> SourceFile:
    try:
        with bundles.packed(files, limits()) as packed:
            return kept(packed.path, name=packed.name, by=by, at=at)
    except FileRefused as refused:
        raise CannotReceive(_from_intake(*refused.findings)) from None


def too_large(name: str) -> dict:
    """The document that refuses a file of which more bytes came than are taken."""
    allowed = most_bytes(name)
    mib = f"{allowed / 2**20:.1f}"
    return _from_intake(
        finding("FILE_TOO_LARGE", size=allowed + 1, limit=allowed, size_mib=mib, limit_mib=mib)
    )


def profile_for(job: ImportJob, path) -> known_profiles.KnownProfile:
    """The profile named by the job, or the one whose headers the file carries. Raises CannotReceive."""
    if job.profile:
        return fitting(job.profile, department=job.department, settings=job.settings["values"])
    everything = {known.name: known for known in known_profiles.everything()}
    profiles = [known.profile for known in everything.values()]
    name = intake.detect(path, job.source.name, profiles, limits=limits()) or _only_one(
        everything, job.department
    )
    if name is None:
        _require_readable(path, job.source.name)
        raise CannotReceive(outcomes.refusal("PROFILE_NOT_FOUND", known=_listed(everything)))
    return fitting(name, department=job.department, settings=job.settings["values"])


def _only_one(everything: dict, department: Department) -> str | None:
    """The one profile of a department that has but one: its own findings explain a wrong header best."""
    own = [name for name, known in everything.items() if known.is_of(department)]
    return own[0] if len(own) == 1 else None


def _require_readable(path: Path, name: str) -> None:
    """A file that cannot be read at all says so, instead of being called unknown. Raises CannotReceive."""
    from metrics.intake import opening  # noqa: PLC0415 - pyarrow, only where a file is looked at

    with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
        try:
            opening.first_rows(path, name, limits(), Path(scratch))
        except FileRefused as refused:
            raise CannotReceive(_from_intake(*refused.findings)) from None


def fitting(name: str, *, department: Department, settings: dict) -> known_profiles.KnownProfile:
    """The profile called `name`, if it is one of `department` and knows every setting. Raises CannotReceive."""
    try:
        known = known_profiles.named(name)
    except known_profiles.UnknownProfile:
        names = _listed({one.name: one for one in known_profiles.everything()})
        raise CannotReceive(
            outcomes.refusal("PROFILE_UNKNOWN", status="unreadable", name=name[:80], known=names)
        ) from None
    owner = known.department()
    if owner is not None and owner.pk != department.pk:
        names = {"zh": owner.name_zh, "en": owner.name_en}
        raise CannotReceive(outcomes.refusal("PROFILE_OTHER_DEPARTMENT", profile=name, department=names))
    allowed = [*known.profile.settings, *COMMON_SETTINGS]
    if unknown := [key for key in settings if key not in allowed]:
        raise CannotReceive(
            outcomes.refusal(
                "SETTING_UNKNOWN",
                status="unreadable",
                profile=name,
                name=unknown[0][:80],
                known=", ".join(allowed),
            )
        )
    if long := [key for key, value in settings.items() if len(value) > MEMBER_CHARS]:
        raise CannotReceive(
            outcomes.refusal(
                "SETTING_TOO_LONG", status="unreadable", profile=name, name=long[0][:80], limit=MEMBER_CHARS
            )
        )
    return known


def digest_of(profile: str) -> str:
    """The digest of the profile as it is now; "" when it is gone."""
    try:
        return known_profiles.named(profile).profile.digest
    except known_profiles.UnknownProfile:
        return ""


def _from_intake(*findings: Finding) -> dict:
    counts = {one.code: 1 for one in findings}
    status, http_status = status_of(counts, has_errors=True)
    document = outcomes.refusal(findings[0].code, status=status)
    return document | {
        "findings": [outcomes.coded(one) for one in findings],
        "findings_total": len(findings),
        "finding_counts": counts,
        "http_status": http_status,
    }


def _listed(profiles: dict) -> str:
    return ", ".join(sorted(profiles)) or "–"
