"""Writing objectives and key results, with what is missing said while one types."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from okr import cascade as cascades
from okr import gap_words, linting, setting
from okr.models import KeyResult, Objective
from okr.tree import Tree
from okr.web import pages
from okr.web.forms import MeasureForm, ObjectiveForm, ResultForm, metric_names
from okr.web.past import range_words
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE

BOTH = ["GET", "POST"]


def own_cycle(request, code):
    """The cycle of a page on which colleagues write; a partner finds nothing."""
    if request.user.is_partner:
        raise Http404
    return pages.cycle_of(request, code)


@never_cache
@require_http_methods(BOTH)
def new_objective(request, code):
    return edited(request, own_cycle(request, code), None, ObjectiveForm, setting.keep_objective)


@never_cache
@require_http_methods(BOTH)
def edit_objective(request, code, pk):
    cycle = own_cycle(request, code)
    row = found(request, Objective, cycle, pk)
    return edited(request, cycle, row, ObjectiveForm, setting.keep_objective)


@never_cache
@require_http_methods(BOTH)
def new_result(request, code):
    return edited(request, own_cycle(request, code), None, ResultForm, setting.keep_result)


@never_cache
@require_http_methods(BOTH)
def edit_result(request, code, pk):
    cycle = own_cycle(request, code)
    return edited(request, cycle, found(request, KeyResult, cycle, pk), ResultForm, setting.keep_result)


def found(request, model, cycle, pk):
    row = (
        model.objects.visible_to(request.user)
        .filter(cycle=cycle, pk=pk, dropped_at=None)
        .select_related("department")
        .first()
    )
    if row is None:
        raise Http404
    return row


def edited(request, cycle, row, form_class, keep):
    """The form of a new row (`row` None) or of one that stands; what was typed stays when it is refused."""
    if request.method == "GET":
        form = form_class(
            initial=form_class.of(row) if row else first(request), cycle=cycle, user=request.user
        )
        return page(request, cycle, row, form)
    form = form_class(request.POST, cycle=cycle, user=request.user)
    if form.is_valid():
        try:
            kept = keep(cycle, form.wish, by=request.user, at=timezone.now(), row=row)
        except setting.CannotSet as refusal:
            form.explain(refusal.problems)
        else:
            messages.success(request, _("Saved."))
            kind = "objective" if isinstance(kept, Objective) else "result"
            return redirect(f"okr-{kind}", cycle.code, kept.pk)
    return page(request, cycle, row, form, status=UNPROCESSABLE)


def first(request) -> dict:
    """What a new form begins with: what the address says, and the reader's own department."""
    may_all = None in request.user.abilities.get("okr.set", ())
    home = request.user.department
    own = home.code if home and not may_all else ""
    return {
        "department": request.GET.get("department", own),
        "below": request.GET.get("below", ""),
        "owner": request.user.pk,
    }


def page(request, cycle, row, form, *, status=200):
    is_result = isinstance(form, ResultForm)
    context = {
        "okr_cycle": cycle,
        "row": row,
        "form": form,
        "metrics": metric_names(request.user) if is_result else [],
        "lint": lint_of(form) if is_result else [],
        "came_before": came_before(form) if is_result else "",
    }
    return render(
        request, "okr/result_form.html" if is_result else "okr/objective_form.html", context, status=status
    )


def came_before(form: ResultForm) -> str:
    """How far key results of the department in the form came in past cycles."""
    code = form["department"].value()
    if not code:
        return range_words(None)
    row = Department.objects.active().filter(code=code).first() if str(code).isalnum() else None
    return range_words(row.pk) if row else ""


@require_POST
def linted(request, code):
    """What a key result lacks as it is typed so far. Nothing is kept."""
    cycle = own_cycle(request, code)
    form = ResultForm(request.POST, cycle=cycle, user=request.user)
    form.is_valid()
    return render(request, "okr/_lint.html", {"lint": lint_of(form), "came_before": came_before(form)})


def lint_of(form: ResultForm) -> list[dict]:
    """What is missing, in words; nothing of a form that was not filled in yet."""
    if not form.is_bound or "title" not in form.cleaned_data:
        return []
    given = {name: form.cleaned_data.get(name) for name in ("baseline", "target", "change", "due_on")}
    metric = form.cleaned_data.get("metric")
    row = KeyResult(
        pk=0,
        title=form.cleaned_data["title"],
        owner=form.person("owner"),
        unit=form.cleaned_data.get("unit") or "",
        metric=metric,
        in_points={"yes": True, "no": False}.get(form.cleaned_data.get("in_points")),
        due_on=given["due_on"],
    )
    version = setting.version_on(metric, form.cycle.starts_on) if metric else None
    node = cascades.drafted(form.cycle, row, version, given)
    tree = Tree([node])
    return [
        {"finding": one, "said": gap_words.sentence(one, tree, {}), "advice": gap_words.advice(one)}
        for one in linting.lint(node)
    ]


@require_POST
def drop_objective(request, code, pk):
    return dropped(request, found(request, Objective, own_cycle(request, code), pk))


@require_POST
def drop_result(request, code, pk):
    return dropped(request, found(request, KeyResult, own_cycle(request, code), pk))


def dropped(request, row):
    try:
        setting.drop(row, by=request.user, at=timezone.now())
    except setting.CannotSet as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
    else:
        messages.success(request, _("Dropped. What stood below it stands by itself."))
    return redirect("okr-cascade", row.cycle.code)


@require_POST
def measure(request, code, pk):
    found_, form = pages.seen(request, code), MeasureForm(request.POST)
    row = found_.results.get(cascades.result_key(pk))
    if row is not None and form.is_valid():
        given = form.cleaned_data
        try:
            named = {name: given[name] for name in ("on", "confidence")}
            setting.measure(
                row, given["value"], given["evidence"], **named, by=request.user, at=timezone.now()
            )
        except setting.CannotSet as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field or None, sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("okr-result", code, pk)
    return pages.result_page(request, found_, pk, form, status=UNPROCESSABLE)
