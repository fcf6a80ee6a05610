"""Data by API: a file handed over as by the form, the versions that were made, handing one in."""

import datetime as dt

from django.core.exceptions import TooManyFilesSent
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from ninja.decorators import decorate_view

from metrics import deadlines, importing, outcomes, reception
from metrics import submission as handing
from metrics.models import Review, Submission
from metrics.periods import Period
from metrics.web.api_imports import FindingsOut, ImportOut, findings_page, written
from metrics.web.api_imports import told as told_import
from metrics.web.upload_form import UploadForm, guarded
from reviewhub.api import door, problems
from reviewhub.api.problems import Problem, mistake
from reviewhub.people.permissions import departments_with, may

router = Router()
FORM = {
    "type": "object",
    "required": ["department", "period", "file"],
    "properties": {
        "department": {"type": "string", "description": "Code, short name or name"},
        "period": {"type": "string", "examples": ["2026-09", "2026-W36", "2026-09-01..2026-09-15"]},
        "profile": {"type": "string", "description": "Found by the column headers when left out"},
        "sheet": {"type": "string"},
        "encoding": {"type": "string"},
        "decimal": {"type": "string", "enum": [".", ","]},
        "date_order": {"type": "string", "enum": ["dmy", "mdy"]},
        "settings": {"type": "string", "description": "One KEY=VALUE on each line"},
        "file": {"type": "string", "format": "binary"},
        "parts": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "Further files of the same hand-in, for kinds of files that consist of several tables",
        },
    },
}
UPLOAD = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}}


class SubmissionOut(Schema):
    """One version of a department's data for a period. Totals are decimal strings."""

    id: int
    department: str
    profile: str
    period: str
    number: int
    state: str
    late: bool
    file: str | None
    uploaded_at: dt.datetime
    uploaded_by: str | None
    handed_in_at: dt.datetime | None
    certified_at: dt.datetime | None
    returned_at: dt.datetime | None
    return_reason: str
    currency: str
    rows_read: int
    rows_used: int
    rows_excluded: dict[str, int]
    totals: dict[str, str]
    findings_total: int


class SubmissionsOut(Schema):
    items: list[SubmissionOut]
    next: str | None


class Wanted(door.Paged):
    department: str = ""
    state: str = ""
    profile: str = ""


class HandInBody(Schema):
    """`accept_warnings`: somebody read them; without it a version with warnings is not handed in."""

    model_config = {"extra": "forbid"}
    accept_warnings: bool = False


def through_guard(view):
    """Have the body counted while it comes in, before anything reads it."""

    def counted(request, *args, **options):
        request.upload_guard = guarded(request)
        return view(request, *args, **options)

    return counted


@router.post(
    "/submissions",
    response={202: ImportOut},
    **door.needs("submissions:write", writes=True, summary="Hand a file over", **UPLOAD),
)
@decorate_view(through_guard)
@door.once
def upload(request):
    """The file is kept and queued; the answer says where to ask what became of it.

    The same bytes with the same settings as the newest version are not imported again: the answer is the earlier one.
    """
    form, file, parts = filled(request)
    try:
        receipt = importing.receive(
            file, name=file.name, by=request.auth.user, at=timezone.now(), more=parts, **form.options
        )
    except reception.CannotReceive as refusal:
        raise refused(refusal.document) from None
    return Status(202, told_import(receipt.job))


def filled(request):
    """(form, file, parts) of an upload that may be read. A Problem with every place otherwise."""
    files, parts = files_of(request, "file"), files_of(request, "parts")
    own = request.auth.within(departments_with(request.auth.user, "submission.edit"), "pk")
    data = request.POST.copy()
    asked = data.get("department", "")
    if "\0" not in asked and (named := own.named(asked).first()):
        data["department"] = named.slug
    form = UploadForm(data, departments=own)
    errors = [] if form.is_valid() else form_mistakes(form)
    if guard := request.upload_guard.too_large:
        raise refused(reception.too_large(guard))
    if len(files) != 1 or request.upload_guard.fields.get("file", 0) != 1:
        document = outcomes.refusal("ONE_FILE" if files else "FILE_MISSING")
        raise refused(document, errors)
    if errors:
        raise problems.invalid(errors)
    return form, files[0], [(one, one.name) for one in parts]


def files_of(request, field: str) -> list:
    try:
        return request.FILES.getlist(field)
    except TooManyFilesSent:
        raise refused(outcomes.refusal("ONE_FILE")) from None
    except MultiPartParserError:
        raise Problem(400, "BAD_REQUEST", _("The request cannot be read.")) from None


def form_mistakes(form) -> list[dict]:
    return [
        mistake(f"/{field}", (one["code"] or "invalid").upper(), one["message"])
        for field, found in form.errors.get_json_data().items()
        for one in found
    ]


def refused(document: dict, errors=()) -> Problem:
    """The refusal of an upload with its findings in words."""
    told = [outcomes.worded(one, get_language() or "en") for one in document["findings"]]
    places = [mistake("/file", one["code"], f"{one['message']} {one['hint']}") for one in told]
    return Problem(
        document["http_status"],
        told[0]["code"],
        " ".join(f"{one['message']} {one['hint']}" for one in told),
        [*places, *errors],
        {"findings": told, "findings_total": document["findings_total"]},
    )


def versions(request):
    found = Submission.objects.visible_to(request.auth.user)
    return request.auth.within(found.select_related("department", "source", "uploaded_by"))


def reviews_of(request):
    return Review.objects.visible_to(request.auth.user).prefetch_related("extensions")


def told(row: Submission, reviews) -> SubmissionOut:
    columns = ("number", "state", "profile", "uploaded_at", "handed_in_at", "certified_at", "returned_at")
    counts = ("return_reason", "currency", "rows_read", "rows_used", "findings_total")
    return SubmissionOut(
        id=row.pk,
        department=row.department.slug,
        period=Period.between(row.period_start, row.period_end).text,
        late=deadlines.is_late(row, deadlines.latest_touched(row, reviews)),
        file=row.source.name if row.source else None,
        uploaded_by=row.uploaded_by.username if row.uploaded_by else None,
        rows_excluded=dict(sorted(row.rows_excluded.items())),
        totals=written(row.totals),
        **{name: getattr(row, name) for name in (*columns, *counts)},
    )


@router.get(
    "/submissions",
    response=SubmissionsOut,
    **door.needs("submissions:read", summary="Versions of data, newest first"),
)
def list_submissions(request, asked: Query[Wanted]):
    rows = versions(request)
    for column, value in (
        ("department__slug", asked.department),
        ("state", asked.state),
        ("profile", asked.profile),
    ):
        rows = rows.filter(**{column: value.replace("\0", "")}) if value else rows
    reviews = list(reviews_of(request))
    return door.page(rows, ("-uploaded_at", "-id"), asked, lambda row: told(row, reviews))


@router.get(
    "/submissions/{int:pk}",
    response=SubmissionOut,
    **door.needs("submissions:read", summary="One version of data"),
)
def show_submission(request, pk: int):
    return told(door.one(versions(request).filter(pk=pk)), reviews_of(request))


@router.get(
    "/submissions/{int:pk}/findings",
    response=FindingsOut,
    **door.needs("submissions:read", summary="What was found in a version"),
)
def submission_findings(request, pk: int, asked: Query[door.Paged]):
    row, user = door.one(versions(request).filter(pk=pk)), request.auth.user
    if not may(user, "submission.edit", row.department) and not may(user, "submission.read_any"):
        raise problems.not_found()
    return findings_page(row.findings, asked)


@router.post(
    "/submissions/{int:pk}/hand-in",
    response={200: SubmissionOut},
    **door.needs("submissions:write", writes=True, summary="Hand a draft in to the data owner"),
)
@door.once
def hand_in(request, pk: int, given: HandInBody):
    row = door.one(versions(request).filter(pk=pk))
    try:
        row = handing.hand_in(
            row, by=request.auth.user, at=timezone.now(), accepts_warnings=given.accept_warnings
        )
    except handing.CannotHandIn as refusal:
        raise problems.refused(refusal.problems) from None
    return Status(200, told(door.one(versions(request).filter(pk=row.pk)), reviews_of(request)))
