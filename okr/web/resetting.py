"""The reset of a cycle as a page: grade each key result, then score them all."""

import datetime as dt
from fractions import Fraction

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from okr import carrying
from okr import cascade as cascades
from okr import reset as resets
from okr.cascade import Cascade
from okr.models import Cycle, Grade, KeyResult, six
from okr.setting import CannotSet
from okr.web import pages
from okr.web.cards import shown_progress
from okr.web.editing import own_cycle
from reviewhub.ui.htmx import UNPROCESSABLE

LINES = 25  # of one page


class GradeForm(forms.Form):
    cause = forms.ChoiceField(label=pgettext_lazy("of a score", "Cause"), required=False)
    then = forms.ChoiceField(label=pgettext_lazy("key result", "Next cycle"), required=False)
    sentence = forms.CharField(
        label=pgettext_lazy("of a score", "Why, in one sentence"),
        required=False,
        widget=forms.TextInput({"maxlength": resets.LONGEST, "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = [("", "–"), *Grade.Cause.choices]
        self.fields["then"].choices = [("", "–"), *Grade.Then.choices]

    @classmethod
    def of(cls, row: KeyResult, grade: Grade | None) -> "GradeForm":
        names = ("cause", "then", "sentence")
        given = {name: getattr(grade, name) for name in names} if grade else {}
        return cls(initial=given, prefix=f"k{row.pk}")


@never_cache
@require_GET
def page(request, code):
    return shown(request, seen(request, code))


@require_POST
def grade(request, code, pk):
    found, form = seen(request, code), GradeForm(request.POST, prefix=f"k{pk}")
    row = found.result(pk)
    if row is None:
        raise Http404
    if form.is_valid():
        try:
            resets.grade(row, **form.cleaned_data, by=request.user, at=timezone.now())
        except CannotSet as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field or None, sentence)
        else:
            messages.success(request, _("Saved."))
            number = request.GET.get("page", "")
            query = f"?page={number}" if number.isdecimal() else ""
            return redirect(f"/okr/{found.cycle.code}/reset/{query}#k{pk}")
    return shown(request, found, {pk: form}, status=UNPROCESSABLE)


@require_POST
def close(request, code):
    found = seen(request, code)
    try:
        resets.reset(found.cycle, by=request.user, at=timezone.now())
    except CannotSet as refusal:
        return shown(request, found, problems=list(refusal.problems.values()), status=UNPROCESSABLE)
    messages.success(request, _("The cycle is scored. It stays as it is from now on."))
    return redirect("okr-reset", code)


def seen(request, code: str) -> Cascade:
    cycle = own_cycle(request, code)
    return cascades.cascade(cycle, user=request.user, on=resets.last_day(cycle, timezone.now()))


def shown(request, found: Cascade, typed: dict | None = None, problems: list | None = None, *, status=200):
    cycle = found.cycle
    is_scored = cycle.state == Cycle.State.CLOSED
    rows, often = resets.lines(found), carrying.often(cycle)
    graded = sum(1 for one in rows if one.grade if is_scored or one.is_graded)
    part = Paginator(rows, LINES).get_page(request.GET.get("page"))
    context = pages.frame(request, found, "reset") | {
        "page": part,
        "rows": [
            line(request, one, typed or {}, is_scored) | {"often": often.get(one.row.pk)} for one in part
        ],
        "graded": graded,
        "all": len(rows),
        "is_scored": is_scored,
        "problems": problems or [],
        "refused": [] if is_scored else resets.reset_problems(found, by=request.user, at=timezone.now()),
        "last_day": cycle.ends_on - dt.timedelta(days=1),
    }
    return render(request, "okr/reset.html", context, status=status)


def line(request, one: resets.Line, typed: dict, is_scored: bool) -> dict:
    """One key result in words. Of a scored cycle what was kept counts, not what figures say today."""
    score, figures = one.score, (one.baseline, one.target, one.actual)
    if is_scored:
        kept = one.grade
        score = None if kept is None or kept.score is None else Fraction(kept.score, resets.MILLION)
        figures = tuple(six(getattr(kept, name, None)) for name in ("baseline", "target", "actual"))
    unit = pages.figure_unit(one.row, "")
    baseline, target, actual = (pages.written(value, unit) for value in figures)
    may = not is_scored and not resets.grade_problems(one.row, by=request.user)
    form = (typed.get(one.row.pk) or GradeForm.of(one.row, one.grade)) if may else None
    if form is not None:  # the page says what is needed; resets.grade refuses what lacks it
        needed = resets.needs_cause(one.score)
        for name, is_needed in (("cause", needed), ("sentence", needed), ("then", True)):
            form.fields[name].required = is_needed
    return {
        "row": one.row,
        "key": f"k{one.row.pk}",
        "grade": one.grade,
        "is_graded": one.is_graded,
        "score": shown_progress(score)[1],
        "is_known": score is not None,
        "by_itself": None not in figures,
        "baseline": baseline,
        "target": target,
        "actual": actual,
        "form": form,
        "refused": typed[one.row.pk].non_field_errors() if one.row.pk in typed and not may else [],
    }
