"""The grid editor: small corrections of a file, cell by cell, checked as the next version when they are done."""

import json

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from metrics import corrected_rows, working_copies
from metrics.models import ImportJob, Submission
from metrics.trial import findings_of
from metrics.web import grid_rows
from metrics.web.imports import job_of, kind
from metrics.working_copies import CannotCorrect, Edit
from reviewhub.people.permissions import may
from reviewhub.ui import figures

TEMPLATE = "metrics/grid.html"
MOST_BYTES = 1 << 20


def editable_job(request, pk) -> ImportJob:
    """The upload, for those who edit that department's data; for everybody else it does not exist."""
    job = job_of(request, pk)
    if not working_copies.is_readable(job) or not may(request.user, "submission.edit", job.department):
        raise Http404
    return job


@never_cache
def grid(request, pk):
    return page(request, editable_job(request, pk))


def page(request, job: ImportJob, *, problems=(), typed=None, status=200):
    try:
        copy = working_copies.of(job)
        found = shown(request.user, job, copy)
    except CannotCorrect as refusal:
        context = {"job": job, "kind": kind(job), "closed": refusal.problems, "too_much": True}
        context |= {"problems": (), "copy": None, "summary": None, "next_number": None}
        return render(request, TEMPLATE, context)
    only_found = request.GET.get("only") == "found"
    rows = found.matching(only_found)
    wanted = number(request.GET.get("row", ""))
    first = page_of(rows, wanted if wanted is not None else number(request.GET.get("at", "")), request)
    closed = working_copies.edit_problems(job, by=request.user)
    context = {
        "job": job,
        "kind": kind(job),
        "too_much": False,
        "copy": copy,
        "next_number": next_number(job),
        "closed": closed,
        "problems": problems,
        "columns": found.columns,
        "rows": found.page(rows, first),
        "total": len(rows),
        "only_found": only_found,
        "filters": filters(found, only_found),
        "summary": found.summary(),
        "general": found.general,
        "form": form_of(found, wanted, typed) if wanted is not None and not closed else None,
    }
    return render(request, TEMPLATE, context, status=status)


def page_of(rows: list[int], row: int | None, request) -> int | str:
    """The page that shows `row`, else the one that was asked for."""
    return rows.index(row) // grid_rows.PER_PAGE + 1 if row in rows else request.GET.get("page", "1")


def next_number(job: ImportJob) -> int | None:
    """The number of the version that the corrections will be, where they correct a version."""
    if job.submission is None:
        return None
    return Submission.objects.of_series(job.submission).aggregate(last=Max("number"))["last"] + 1


def shown(user, job: ImportJob, copy) -> grid_rows.Shown:
    corrected = corrected_rows.of(copy)
    remarks = grid_rows.remarks_at(user, job, set(corrected.shown_rows()))
    return grid_rows.Shown(job, corrected, findings_of(job, corrected), remarks)


def filters(found: grid_rows.Shown, only_found: bool) -> list[dict]:
    language = get_language() or "en"
    every, some = (figures.number(len(found.matching(only)), 0, language) for only in (False, True))
    return [
        {"label": _("All rows: %(count)s") % {"count": every}, "url": "?", "active": not only_found},
        {
            "label": _("Only rows with findings: %(count)s") % {"count": some},
            "url": "?only=found",
            "active": only_found,
        },
    ]


def form_of(found: grid_rows.Shown, row: int, typed: dict | None) -> dict | None:
    """One row as a plain form, for those without a script and for small screens."""
    if row not in found.corrected.shown_rows():
        return None
    told = found.row(row, found.columns)
    for cell in told["cells"]:
        cell["typed"] = (typed or {}).get(cell["place"], cell["value"])
    return told


def number(text: str) -> int | None:
    """A row or a place as it stands in an address; None for anything else."""
    sign, digits = text[:1] == "-", text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        return None
    return -int(digits) if sign else int(digits)


@never_cache
@require_POST
def keep(request, pk):
    """JSON in, JSON out: what became of each cell that was typed, and the marks of the rows that are shown."""
    job = editable_job(request, pk)
    edits, rows = asked(request)
    if edits is None:
        return JsonResponse({"problems": [_("This could not be read.")]}, status=400)
    try:
        kept, findings = working_copies.keep(job, edits, by=request.user, at=timezone.now())
    except CannotCorrect as refusal:
        return JsonResponse({"problems": refusal.problems}, status=409)
    corrected = corrected_rows.of(working_copies.of(job))
    remarks = grid_rows.remarks_at(request.user, job, set(corrected.shown_rows()))
    found = grid_rows.Shown(job, corrected, findings, remarks)
    told = {"cells": [answered(one, corrected) for one in kept], "marks": found.marks(rows)}
    return JsonResponse(told | found.summary())


def asked(request) -> tuple[list[Edit] | None, list[int]]:
    """(edits, rows on the page); None for a body that is no such document."""
    try:
        given = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
        edits = [
            Edit(int(one["row"]), int(one["place"]), int(one["number"]), str(one["value"]))
            for one in given["edits"]
        ]
        return edits, [int(row) for row in given.get("rows", [])][: 2 * grid_rows.PER_PAGE]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None, []


def answered(kept: working_copies.Kept, corrected) -> dict:
    """One cell of the answer, its message in the reader's language."""
    row, place = kept.edit.row, kept.edit.place
    is_there = kept.state != "gone"
    message = "" if is_there else _("This cell is not there any more; load the page again.")
    if kept.finding:
        worded = grid_rows.told(kept.finding)
        message = f"{worded['message']} {worded['hint']}".strip()
    if kept.state == "conflict":
        message = grid_rows.conflict(kept)
    return {
        "row": row,
        "place": place,
        "state": kept.state,
        "number": kept.number,
        "value": corrected.value(row, place) if is_there else "",
        "changed": is_there and corrected.value(row, place) != corrected.original(row, place),
        "message": message,
    }


@never_cache
def cell(request, pk):
    """What is known of one cell: findings, comments, and the values it had."""
    job = editable_job(request, pk)
    row, place = (number(request.GET.get(name, "")) for name in ("row", "place"))
    try:
        copy = working_copies.of(job)
    except CannotCorrect:
        raise Http404 from None
    found = shown(request.user, job, copy)
    column = next((one for one in found.columns if one["place"] == place), None)
    if column is None or row not in found.corrected.shown_rows():
        raise Http404
    context = {
        "job": job,
        "cell": found.cell(row, column),
        "row": found.row(row, ()),
        "findings": [grid_rows.told(one) for at in (place, -1) for one in found.findings.get((row, at), ())],
        "remarks": [
            one for key in ((row, place), (row, -1), (0, place)) for one in found.remarks.get(key, ())
        ],
        "history": corrected_rows.history(copy, row, place),
        "closed": working_copies.edit_problems(job, by=request.user),
    }
    return render(request, "metrics/_grid_cell.html", context)


@require_POST
def row(request, pk):
    """The plain form: keep a row, take it out, bring it back, or add one."""
    job, act = editable_job(request, pk), request.POST.get("do", "")
    wanted, at = number(request.POST.get("row", "")), timezone.now()
    try:
        if act == "add":
            wanted = working_copies.add_row(job, by=request.user, at=at)
            return redirect(f"{address(job)}?row={wanted}#row-{wanted}")
        if act in ("remove", "restore") and wanted is not None:
            working_copies.take_out(job, wanted, by=request.user, at=at, is_removed=act == "remove")
            return redirect(f"{address(job)}#row-{wanted}")
        if act == "save" and wanted is not None:
            return kept_row(request, job, wanted, at)
    except CannotCorrect as refusal:
        return page(request, job, problems=refusal.problems, status=409)
    return HttpResponse(status=400)


def kept_row(request, job: ImportJob, wanted: int, at):
    """Keep one row of the form; with what is refused, the form again."""
    typed = {
        place: value
        for name, value in request.POST.items()
        if name.startswith("cell-") and (place := number(name.removeprefix("cell-"))) is not None
    }
    edits = [
        Edit(wanted, place, number(request.POST.get(f"number-{place}", "")) or 0, value)
        for place, value in typed.items()
    ]
    kept, _findings = working_copies.keep(job, edits, by=request.user, at=at)
    corrected = corrected_rows.of(working_copies.of(job))
    problems = [
        f"{grid_rows.column_letter(one['place'] + 1)}{grid_rows.label(one['row'])}: {one['message']}"
        for one in (answered(each, corrected) for each in kept)
        if one["message"]
    ]
    if not problems:
        messages.success(request, _("Saved."))
        return redirect(f"{address(job)}#row-{wanted}")
    request.GET = request.GET.copy()
    request.GET["row"] = str(wanted)
    return page(request, job, problems=problems, typed=typed, status=422)


def address(job: ImportJob) -> str:
    return reverse("import-grid", args=[job.pk])


@require_POST
def check(request, pk):
    job = editable_job(request, pk)
    try:
        made = working_copies.check(job, by=request.user, at=timezone.now())
    except CannotCorrect as refusal:
        return page(request, job, problems=refusal.problems, status=409)
    return redirect("import", made.pk)
