"""The page of a qualitative item: its notes in a form for the department, to read for everybody else who may."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from metrics import attachments
from metrics import notes as writing
from metrics.models import Note, NoteVersion, Review
from metrics.web.note_form import NoteForms, initial
from metrics.web.stored_file import download
from metrics.web.upload_form import guarded
from reviewhub.people.models import Department
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/notes.html"
MOST_BODY = attachments.MOST_BYTES


@csrf_exempt  # only until the body is read through the guard; `guarded_notes` is protected
@never_cache
@require_http_methods(["GET", "POST"])
def notes(request, slug, code, item):
    refusal = ""
    if request.method == "POST":
        guard = guarded(request, MOST_BODY)
        try:
            request.POST  # noqa: B018 - reads the body through the guard
        except (TooManyFilesSent, MultiPartParserError):
            refusal = _("This form cannot be read.")
        refusal = attachments.too_large(guard.too_large) if guard.too_large else refusal
    return guarded_notes(request, slug, code, item, refusal)


@csrf_protect
def guarded_notes(request, slug, code, item, refusal):
    review, department, writes = addressed(request, slug, code, item)
    if request.method == "GET":
        return page(request, review, department, item, writes=writes)
    forms, former = typed(request, review, department, item), writing.newest(review, department, item)
    if refusal or not forms.is_valid():
        problems = [refusal] if refusal else [str(one) for one in forms.non_form_errors()]
        return page(
            request, review, department, item, writes=writes, forms=forms, problems=problems, status=422
        )
    if "more" in request.POST:
        return page(request, review, department, item, writes=writes, forms=one_more(forms))
    return saved(request, review, department, item, forms, former, writes=writes)


def typed(request, review, department, item):
    known = writing.newest(review, department, item)
    return NoteForms(request.POST, request.FILES, prefix="note", initial=initial(known))


def one_more(forms):
    """The same form with what was typed, and a blank entry more. Chosen files have to be chosen again."""
    kept = [one.cleaned_data for one in forms.forms if not one.is_blank]
    return NoteForms(prefix="note", initial=kept)


def saved(request, review, department, item, forms, former, *, writes):
    at, chosen = timezone.now(), [one for one in forms.forms if not one.is_blank]
    chosen = [one for one in chosen if not one.cleaned_data.get("remove")]
    number = request.POST.get("number", "")
    try:
        may_write = not writing.save_problems(review, department, item, by=request.user)
        entries = entries_of(chosen, former, by=request.user, at=at) if may_write else []
        writing.save(
            review,
            department,
            item,
            entries,
            number=int(number) if number.isdecimal() and len(number) < 9 else -1,
            by=request.user,
            at=at,
        )
    except NotTaken:
        return page(request, review, department, item, writes=writes, forms=forms, status=422)
    except writing.CannotSave as refusal:
        status = 409 if refusal.is_stale else 422
        problems = refusal.problems.get(None, [])
        return page(
            request, review, department, item, writes=writes, forms=forms, problems=problems, status=status
        )
    messages.success(request, _("Handed in. The data owner sees it now."))
    return redirect("notes", department.slug, review.code, item)


class NotTaken(Exception):
    """A file was refused; its entry says why."""


def entries_of(chosen, former: NoteVersion | None, *, by, at) -> list[writing.Entry]:
    """The entries of the forms; a new file takes the place of the one it kept, and is kept once all else is right.

    Raises NotTaken.
    """
    bare = [entry(one, former) for one in chosen]
    for form, one in zip(chosen, bare, strict=True):
        form.explain(writing.entry_problems(one.cleaned, has_file=bool(form.cleaned_data.get("file"))))
    if any(form.errors for form in chosen):
        raise NotTaken
    return [with_file(form, one, by=by, at=at) for form, one in zip(chosen, bare, strict=True)]


def entry(form, former: NoteVersion | None) -> writing.Entry:
    given = form.cleaned_data
    kept = former.notes.filter(pk=given["kept"]).select_related("file").first() if former else None
    file = kept.file if kept and not given["drop_file"] else None
    return writing.Entry(given["kind"], given["title"], given["text"], given["link"], file)


def with_file(form, one: writing.Entry, *, by, at) -> writing.Entry:
    file = form.cleaned_data.get("file")
    if not file:
        return one
    try:
        return replace(one, file=attachments.attach(file, name=file.name, by=by, at=at))
    except attachments.CannotAttach as refusal:
        form.explain([str(refusal)])
        raise NotTaken from refusal


def addressed(request, slug: str, code: str, item: str) -> tuple[Review, Department, bool]:
    """(review, department, whether the reader writes); to who may neither read nor write it there is none."""
    department = get_object_or_404(Department.objects.active(), slug=slug)
    review = get_object_or_404(Review.objects.visible_to(request.user), code=code)
    line = writing.ITEMS.get(item)
    if line is None or line.department != department.code:
        raise Http404
    writes = may(request.user, "submission.edit", department)
    seen = NoteVersion.objects.visible_to(request.user).filter(
        review=review, department=department, item=item
    )
    if not writes and not seen.exists():
        raise Http404
    return review, department, writes


def page(request, review, department, item, *, writes, forms=None, problems=(), status=200):
    found = NoteVersion.objects.visible_to(request.user).select_related("handed_in_by")
    history = list(found.filter(review=review, department=department, item=item))
    forms = forms or NoteForms(prefix="note", initial=initial(history[0] if history else None))
    name_files(forms, history[0] if history else None)
    wanted = request.GET.get("version", "")
    shown = next((one for one in history if str(one.number) == wanted), next(iter(history), None))
    save_problems = writing.save_problems(review, department, item, by=request.user) if writes else []
    context = {
        "review": review,
        "department": department,
        "line": writing.ITEMS[item],
        "title": writing.title(item),
        "history": history,
        "shown": shown,
        "is_newest": not history or shown == history[0],
        "notes": shown.notes.select_related("file") if shown else (),
        "forms": forms,
        "number": history[0].number if history else 0,
        "writes": writes and not save_problems,
        "save_problems": save_problems,
        "problems": problems,
        "accepted": ",".join(f".{ending}" for ending in attachments.ACCEPTED),
        "most_bytes": attachments.MOST_BYTES,
    }
    return fragment(request, TEMPLATE, context, status=status)


def name_files(forms, version: NoteVersion | None) -> None:
    """Give each entry the note of `version` that it keeps, for its file."""
    known = {str(one.pk): one for one in version.notes.select_related("file")} if version else {}
    for one in forms:
        one.kept_note = known.get(str(one["kept"].value() or ""))


@require_GET
def note_file(request, pk):
    """The file of a note, for who may read the note."""
    seen = NoteVersion.objects.visible_to(request.user)
    return download(get_object_or_404(Note, pk=pk, version__in=seen, file__isnull=False).file)
