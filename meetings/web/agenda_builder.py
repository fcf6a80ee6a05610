"""The builder of an agenda: one form; each of its buttons keeps what was typed, then does its one thing."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from meetings import agenda, agenda_draft, agenda_templates, building, proposals
from meetings.building import CannotBuild
from meetings.problems import Problem
from meetings.web import agenda_form, agenda_rows
from meetings.web.agenda_form import Typed
from meetings.web.orders import meeting_of
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import UNPROCESSABLE

PAGE = "meetings/agenda.html"
STEPS = {"up": -1, "down": 1}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def builder(request, pk):
    """The agenda with its fits; saved, fitted, undone and published by the buttons of one form."""
    found = meeting_of(request, pk)
    checked(request)
    if found.state not in building.OPEN:
        messages.warning(request, str(Problem("agenda_closed")))
        return redirect("meeting", pk=pk)
    if request.method == "POST":
        return _done(request, found)
    return _page(request, found, Typed(draft=agenda.read(found)))


def checked(request) -> None:
    """A stranger finds nothing here; a colleague is told who may."""
    if request.user.is_partner:
        raise Http404
    if not may(request.user, "agenda.edit"):
        raise PermissionDenied(Problem("may_not_plan"))


def presenters(reader):
    """Who can present: the people of the house and of its partners."""
    return User.objects.visible_to(reader).active().order_by("department__position", "name", "username")


def _page(request, found, typed, *, status=200, **shown):
    context = agenda_rows.page(found, request.user, typed, presenters(request.user), **shown)
    return render(request, PAGE, context, status=status)


def _done(request, found):
    people = set(presenters(request.user).values_list("pk", flat=True))
    departments = {one.code for one in Department.objects.active()}
    typed = agenda_form.read(request.POST, agenda.read(found), people, departments)
    do, _colon, what = request.POST.get("do", "save").replace("\0", "").partition(":")
    if typed.problems and do != "undo":
        return _page(request, found, typed, status=UNPROCESSABLE)
    if do == "preview":
        return _page(request, found, typed, preview=what or request.POST.get("fit", ""))
    try:
        with transaction.atomic():
            place = ACTS.get(do, _save)(request, found, typed, what)
    except CannotBuild as refusal:
        return _page(
            request, found, typed, status=UNPROCESSABLE, problems=[str(one) for one in refusal.problems]
        )
    return redirect(reverse("meeting-agenda", args=[found.pk]) + place)


def _keep(request, found, draft, change, seen=None):
    seen = _number(request.POST.get("seen", "")) if seen is None else seen
    building.save(found, draft, change, by=request.user, at=timezone.now(), seen=seen)


def _number(typed):
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _save(request, found, typed, _what):
    _keep(request, found, typed.draft, "edit")
    messages.success(request, _("Saved."))
    return ""


def _move(step):
    def moved(request, found, typed, code):
        _keep(request, found, agenda_draft.moved(typed.draft, code, step), "order")
        return f"#item-{code}" if agenda_form.CODE.fullmatch(code) else ""

    return moved


def _remove(request, found, typed, code):
    _keep(request, found, agenda_draft.without(typed.draft, code), "removed")
    return "#items"


def _add(request, found, typed, _what):
    if len(typed.draft.items) >= agenda_form.MOST_ITEMS:
        raise CannotBuild([Problem("too_many_items", {"most": agenda_form.MOST_ITEMS})])
    stem = request.POST.get("new", "")
    known = dict(agenda_rows.addable(typed.draft))
    if stem not in known:
        raise CannotBuild([Problem("malformed", {"field": "new"})])
    code = agenda_draft.free_code(typed.draft, stem)
    _keep(request, found, agenda_draft.with_new(typed.draft, agenda_form.new(code, stem == "D")), "added")
    return f"#item-{code}"


def _fit(request, found, typed, what):
    chosen = what or request.POST.get("fit", "")
    offered = {one.strategy: one for one in agenda_draft.fits(typed.draft, agenda.named)}
    if chosen not in offered:
        raise CannotBuild([Problem("choose_fit")])
    if offered[chosen].draft is None:
        raise CannotBuild([Problem("cannot_fit", {"missing": offered[chosen].missing})])
    _keep(request, found, offered[chosen].draft, f"fit-{chosen}")
    return "#advice"


def _template(request, found, typed, _what):
    draft = agenda_templates.find(request.POST.get("template", "").replace("\0", ""))
    if draft is None:
        raise CannotBuild([Problem("choose_template")])
    _keep(request, found, draft, "template")
    return ""


def _as_template(request, found, typed, _what):
    _keep(request, found, typed.draft, "edit")
    name, series = (request.POST.get(field, "") for field in ("template_name", "series"))
    row = agenda_templates.keep(typed.draft, name, series, by=request.user, at=timezone.now())
    messages.success(request, _("Kept as the template “%(name)s”.") % {"name": row})
    return "#templates"


def _forget(request, found, typed, template):
    _keep(request, found, typed.draft, "edit")
    name = agenda_templates.forget(template, by=request.user, at=timezone.now())
    messages.success(request, _("The template “%(name)s” is gone.") % {"name": name})
    return "#templates"


def _propose(request, found, typed, key):
    chosen = next((one for one in proposals.of(found, typed.draft, request.user) if one.key == key), None)
    item = typed.draft.item(chosen.item) if chosen else None
    if item is None or chosen.is_taken:
        raise CannotBuild([Problem("no_such_proposal")])
    if len(item.questions) >= agenda_form.MOST_QUESTIONS:
        raise CannotBuild([Problem("too_many_questions", {"most": agenda_form.MOST_QUESTIONS})])
    asked = replace(item, questions=(*item.questions, chosen.question))
    _keep(request, found, typed.draft.with_item(asked), "proposal")
    return "#proposals"


def _undo(request, found, _typed, _what):
    building.undo(found, by=request.user, at=timezone.now(), seen=_number(request.POST.get("seen", "")))
    return "#advice"


def _publish(request, found, typed, _what):
    _keep(request, found, typed.draft, "edit")
    accepted = _number(request.POST.get("accept", "")) or None
    building.publish(
        found, accepted=accepted, by=request.user, at=timezone.now(), seen=building.latest(found)
    )
    messages.success(request, _("The agenda is published."))
    return ""


ACTS = {
    "save": _save,
    "up": _move(STEPS["up"]),
    "down": _move(STEPS["down"]),
    "remove": _remove,
    "add": _add,
    "apply": _fit,
    "template": _template,
    "keep": _as_template,
    "forget": _forget,
    "propose": _propose,
    "undo": _undo,
    "publish": _publish,
}
