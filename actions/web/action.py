"""The page of one action: what was promised, by when, who held it, and what both sides say to that."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actions import board, followup, handover, load, promise_steps, promising, suggested
from actions.models import Action, Blocker
from actions.web import effect_words
from metrics import readings
from reviewhub.ui.htmx import UNPROCESSABLE, fragment
from reviewhub.ui.returning import path_back


def seen(request, pk) -> Action:
    rows = Action.objects.visible_to(request.user)
    rows = board.with_pace(rows).select_related(
        "owner", "department", "review", "metric", "raised_by", "result__metric"
    )
    return get_object_or_404(rows, pk=pk)


@never_cache
@require_GET
def action(request, pk):
    return page(request, seen(request, pk))


def page(
    request, row: Action, *, problems=None, typed=None, unproved="", proof_typed="", more=None, status=200
):
    """`unproved`: why what was typed as proof, `proof_typed`, is none. `more`: refusals of actions.web.dependency."""
    from actions.web import dependency  # noqa: PLC0415 - it shows its refusals on this page

    last = promising.latest([row]).get(row.pk)
    promise = promising.seen_by(request.user, row, last)
    [card] = board.cards([row], reader=request.user, on=timezone.localdate())
    now = promise.now.proposed or promise.now.terms
    asked = {"owner": now.owner, "due_on": now.due_on.isoformat() if now.due_on else ""}
    context = {
        "action": row,
        "card": card,
        "figure": figure_of(row, request.user),
        **waiting(row, request.user),
        **(more or dependency.of(row, request.user)),
        "beside": beside(row, now) if promise.doors else None,
        "holders": handover.holders(row),
        "promise": promise,
        "token": promising.token(row, last),
        "trail": promising.trail(row),
        "people": handover.choices(request.user) if promise.doors else [],
        "problems": problems or {},
        "refused": (problems or {}).get("", ""),
        "typed": typed or asked | {"reason": ""},
        "effect": effect_words.of(row, request.user, language=get_language() or "en"),
        "unproved": unproved,
        "proof_typed": proof_typed,
        "proves": followup.may_move(row, request.user) and row.status != Action.Status.DROPPED,
    }
    return fragment(request, "actions/action.html", context, ["action"], status=status)


def beside(row: Action, now) -> dict | None:
    """What the one who would do it has to do in the same week already, where that is much."""
    found = load.due_beside([(now.owner, now.due_on)], but=[row.pk]).get((now.owner, now.due_on), 0)
    return {"number": found, "day": load.week_of(now.due_on)[0]} if found >= load.MUCH else None


def waiting(row: Action, reader) -> dict:
    """Whom it waits for, and whether that is late."""
    found = Blocker.objects.visible_to(reader).standing().filter(action=row)
    waits = found.select_related("department", "person").first()
    late = bool(waits and waits.state != Blocker.State.REFUSED and waits.due_at < timezone.now())
    return {"waits": waits, "waits_late": late}


def figure_of(row: Action, reader) -> str:
    """Where the figure stands that the action is about, for who may read it; "" else."""
    if row.metric is None or row.review is None or not readings.open_to(reader, row.metric.code):
        return ""
    return f"{reverse('explore', args=[row.metric.code])}?month={row.review.period_start:%Y-%m}"


@require_POST
def answer(request, pk):
    """One step of the promise: from the page of the task, or with one press from the first page."""
    row, given = seen(request, pk), request.POST
    owner = handover.chosen(given.get("owner", ""), by=request.user)
    said = promising.Said(
        given.get("say", ""),
        owner=owner,
        due_on=suggested.day_of(given.get("due_on", "")),
        reason=" ".join(given.get("reason", "").split()),
        seen=given.get("seen", ""),
    )
    try:
        if said.kind not in promise_steps.KINDS:
            raise promising.CannotSay({"": _("Choose an answer.")})
        promising.say(row, said, by=request.user, at=timezone.now())
    except promising.CannotSay as refusal:
        row.refresh_from_db()
        typed = {name: given.get(name, "") for name in ("due_on", "reason")}
        typed["owner"] = owner.pk if owner else ""
        return page(request, row, problems=refusal.problems, typed=typed, status=UNPROCESSABLE)
    messages.success(request, _("Your answer stands in the trail of the task."))
    if not Action.objects.visible_to(request.user).filter(pk=row.pk).exists():
        return redirect("actions")
    return redirect(path_back(given.get("next", ""), resolve_url("action", row.pk)))
