"""The thread of a task, a key result or a line of a meeting as a page: one station below the other, gaps in words."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actions import followup, serving
from actions.models import Action
from meetings import stations, tracing
from meetings.models import Capture
from meetings.tracing import Thread
from metrics.web import sales_words
from metrics.web.sales_words import Words
from okr import cascade as cascades
from okr import setting
from okr.models import KeyResult
from okr.tree import Node
from okr.web.cards import shown_progress, url_of
from reviewhub.ui import days
from reviewhub.ui.htmx import UNPROCESSABLE

KINDS = {
    stations.TASK: gettext_lazy("Task"),
    stations.RESULT: gettext_lazy("Key result"),
    stations.OBJECTIVE: gettext_lazy("Objective"),
    stations.LINE: pgettext_lazy("thread", "Written down"),
    stations.MEETING: pgettext_lazy("thread", "Meeting"),
    stations.FIGURE: gettext_lazy("Figure"),
    stations.FILE: pgettext_lazy("thread", "Source file"),
}
GAPS = {
    "NO_TASK": gettext_lazy("Nobody works on it yet."),
    "NO_RESULT": gettext_lazy("The task serves no key result."),
    "NO_COMPANY": gettext_lazy("It serves no key result of the company."),
    "NO_OBJECTIVE": gettext_lazy("It belongs to no objective."),
    "ROUND": gettext_lazy("The thread comes round in a circle and never reaches the company."),
    "GONE": gettext_lazy("What it served was dropped."),
    "NO_LINE": gettext_lazy("No line of a meeting stands behind it."),
    "NO_METRIC": gettext_lazy("It reads no metric, so no figure shows what came of it."),
    "NO_READING": gettext_lazy("The metric has no figure for this time."),
    "NO_FILE": gettext_lazy("No file stands behind the figure."),
}
UNMENDABLE = ("NO_READING", "NO_FILE", "NO_LINE", "NO_TASK", "NO_RESULT")


@dataclass(frozen=True)
class Shown:
    """One station as the page draws it; a gap or a closed one has neither title nor address."""

    kind: str
    label: str
    title: str = ""
    url: str = ""
    said: str = ""
    badge: str = ""
    gap: str = ""
    mend: tuple[str, str] | None = None
    is_closed: bool = False
    is_start: bool = False


@never_cache
@require_GET
def of_task(request, pk):
    return task_page(request, seen(request, pk))


def seen(request, pk) -> Action:
    rows = Action.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("result__cycle", "review", "metric", "owner"), pk=pk)


def task_page(request, row: Action, *, problems=(), status=200):
    found = tracing.of_task(row, user=request.user, on=timezone.localdate())
    return drawn(request, found, row.title, stations.TASK, problems=problems, status=status)


@never_cache
@require_GET
def of_result(request, code, pk):
    rows = KeyResult.objects.visible_to(request.user).filter(cycle__code=code).standing()
    row = get_object_or_404(rows.select_related("cycle"), pk=pk)
    found = tracing.of_result(row, user=request.user, on=timezone.localdate())
    return drawn(request, found, row.title, stations.RESULT)


@never_cache
@require_GET
def of_line(request, pk):
    rows = Capture.objects.visible_to(request.user).select_related("meeting__review")
    row = get_object_or_404(rows, pk=pk)
    found = tracing.of_line(row, user=request.user, on=timezone.localdate())
    return drawn(request, found, row.text, stations.LINE)


@require_POST
def serve(request, pk):
    """Hang a task that serves nothing on a key result."""
    row = seen(request, pk)
    try:
        serving.serve(row, request.POST.get("result", ""), by=request.user, at=timezone.now())
    except followup.CannotChange as refusal:
        return task_page(request, row, problems=refusal.problems, status=UNPROCESSABLE)
    messages.success(request, _("The task serves this key result now."))
    return redirect("action-thread", row.pk)


def drawn(request, found: Thread, title: str, start: str, *, problems=(), status=200):
    shown = [draw(request, found, one) for one in found.stations]
    place = next((at for at, one in enumerate(shown) if one.kind == start and one.title), None)
    context = {
        "title": title,
        "stations": shown,
        "start": place,
        "is_traced": found.is_traced,
        "gaps": sum(bool(one.gap) for one in shown),
        "task": found.task,
        "problems": problems,
        "results": [],
    }
    hangs = found.task is not None and found.task.result_id is None
    if hangs and not serving.problems(found.task, by=request.user):
        context["results"] = serving.choices(request.user)
    return render(request, "meetings/thread.html", context, status=status)


def draw(request, found: Thread, one: stations.Station) -> Shown:
    label = str(KINDS[one.kind])
    if one.is_closed:
        return Shown(one.kind, label, is_closed=True)
    if one.gap:
        return Shown(one.kind, label, gap=str(GAPS[one.gap]), mend=mend(request, found, one))
    if one.thing is found.tasks:
        return of_tasks(found, label)
    if isinstance(one.thing, Node):
        return of_node(found, one, label)
    return DRAWN[one.kind](one.thing, one.kind, label)


def of_tasks(found: Thread, label: str) -> Shown:
    rows = found.tasks
    if len(rows) == 1:
        return of_action(rows[0], stations.TASK, label)
    done = sum(row.status == Action.Status.DONE for row in rows)
    title = ngettext("%(count)s task", "%(count)s tasks", len(rows)) % {"count": len(rows)}
    url = reverse("okr-result", args=[found.cascade.cycle.code, found.result.pk])
    return Shown(stations.TASK, label, title, f"{url}#below", _("%(count)s done") % {"count": done})


def mend(request, found: Thread, one: stations.Station) -> tuple[str, str] | None:
    """What is pressed to close the gap, and where it leads, for who may: the last node that stands is changed."""
    nodes = [
        each.thing for each in found.stations if isinstance(each.thing, Node) and each.thing.kind != "task"
    ]
    if found.cascade is None or not nodes or one.gap in UNMENDABLE:
        return None
    node = found.cascade.tree[cascades.result_key(found.result.pk)] if one.gap == "NO_METRIC" else nodes[-1]
    is_result, pk = node.kind == "result", int(node.key[1:])
    row = found.cascade.result(pk) if is_result else found.cascade.objective(pk)
    code = found.cascade.cycle.code
    if setting.set_problems(found.cascade.cycle, row.department, by=request.user):
        return None
    name = "okr-result-edit" if is_result else "okr-objective-edit"
    words = _("Choose its metric") if one.gap == "NO_METRIC" else _("Say what it serves")
    return words, reverse(name, args=[code, row.pk])


def of_node(found: Thread, one: stations.Station, label: str) -> Shown:
    node = one.thing
    percent, text = shown_progress(found.cascade.progress[node.key].value)
    if node.kind == stations.TASK:
        task = found.task
        return of_action(task, one.kind, label) if task else Shown(one.kind, label, node.title)
    said = [_("The whole company") if node.is_companys else node.department, node.owner]
    return Shown(
        one.kind,
        label,
        node.title,
        url_of(found.cascade, node.key),
        " · ".join(filter(None, [*said, "" if percent is None else text])),
    )


def of_action(row: Action, kind, label) -> Shown:
    owner = row.owner.display_name if row.owner else _("nobody yet")
    due = days.short_day(row.due_on, get_language() or "en") if row.due_on else ""
    said = " · ".join(filter(None, [str(row.get_status_display()), owner, due]))
    return Shown(kind, label, row.title, reverse("action", args=[row.pk]), said)


def of_capture(row: Capture, kind, label) -> Shown:
    said = [str(row.get_kind_display()), row.owner.display_name if row.owner else ""]
    said.append(f"{timezone.localtime(row.captured_at):%H:%M}")
    url = reverse("review-decisions", args=[row.meeting.review.code])
    return Shown(kind, label, row.text, url, " · ".join(filter(None, said)))


def of_meeting(row, kind, label) -> Shown:
    day = days.short_day(timezone.localtime(row.scheduled_at).date(), get_language() or "en")
    said = f"{day} · {row.get_state_display()}"
    return Shown(kind, label, row.title, reverse("meeting", args=[row.pk]), said)


def of_figure(figure: tracing.Figure, kind, label) -> Shown:
    reading = figure.reading
    money = reading.definition.value_type == "money"
    value = Words(reading.definition, reading.currency if money else "").exact(reading.value)
    unit = "" if money or reading.definition.is_ratio else reading.unit
    when = sales_words.period(figure.period, get_language() or "en")
    said = " · ".join(filter(None, [f"{value} {unit}".strip(), figure.part, when]))
    query = urlencode({"month": figure.period.text})
    url = f"{reverse('passport', args=[reading.definition.code])}?{query}"
    return Shown(kind, label, reading.definition.name, url, said, badge=reading.status)


def of_files(files: tracing.Files, kind, label) -> Shown:
    rows = ngettext("%(count)s row", "%(count)s rows", files.source.rows) % {"count": files.source.rows}
    more = files.count - 1
    others = (
        ngettext("and %(count)s more file", "and %(count)s more files", more) % {"count": more}
        if more
        else ""
    )
    said = " · ".join(filter(None, [files.version.department.name, rows, others]))
    url = reverse("submission", args=[files.version.pk])
    name = files.source.file or files.source.profile
    return Shown(kind, label, name, url, said, badge=files.source.standing)


DRAWN = {
    stations.TASK: of_action,
    stations.LINE: of_capture,
    stations.MEETING: of_meeting,
    stations.FIGURE: of_figure,
    stations.FILE: of_files,
}
