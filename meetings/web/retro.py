"""The retrospective of a meeting: times, who paid, ratings, the replay, and the one improvement for next time."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actions import handover
from meetings import outcome, retro
from meetings.problems import Refused
from meetings.web.closing import number
from meetings.web.orders import meeting_of
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

WIDTH = 1000


@never_cache
@require_GET
def read(request, pk):
    return page(request, over(request, pk))


@require_POST
def settle(request, pk):
    """The one improvement for next time."""
    found = over(request, pk)
    if not retro.may_settle(request.user):
        raise Http404
    text, owner = request.POST.get("text", ""), request.POST.get("owner", "")
    try:
        chosen = handover.chosen(owner, by=request.user)
        retro.settle(found, text, chosen, by=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, found, problem=str(refusal.problem), typed={"text": text, "owner": owner})
    messages.success(request, _("It is shown at the next meeting."))
    return redirect("meeting-retro", pk=pk)


@require_POST
def judge(request, pk):
    """Whether what the last meeting wanted to do better was kept in this one."""
    found = meeting_of(request, pk)
    row = retro.before(found)
    if row is None or request.user.is_partner or not retro.may_settle(request.user):
        raise Http404
    try:
        retro.judge(row, request.POST.get("verdict", ""), by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal.problem))
    return redirect("meeting-retro" if found.state in retro.OVER else "meeting", pk=pk)


def over(request, pk):
    """A meeting that has ended, for colleagues."""
    found = meeting_of(request, pk)
    if found.state not in retro.OVER or found.started_at is None or request.user.is_partner:
        raise Http404
    return found


def page(request, found, *, problem="", typed=None):
    seen, own = retro.of(found, request.user), getattr(found, "improvement", None)
    longest = (seen.length_s or 0) // 60
    minute = min(number(request.GET.get("minute")) or 0, longest)
    moment = retro.moment(found, minute, request.user)
    context = {
        "meeting": found,
        "retro": seen,
        "bars": bars(seen.items),
        "paid": payers(found, seen.paid),
        "compared": retro.compared(found),
        "spoken": shares(seen.spoken),
        "heard": sum(bool(item.used_s) for item in seen.items),
        "length": round((seen.length_s or 0) / 60),
        "budget": outcome.minutes(seen.budget_s),
        "improvement": own,
        "last": retro.before(found),
        "may_settle": retro.may_settle(request.user),
        "people": handover.choices(request.user) if retro.may_settle(request.user) else [],
        "typed": typed or {"text": own.text if own else "", "owner": str(own.owner_id) if own else ""},
        "problem": problem,
        "longest": longest,
        "minute": minute,
        "moment": moment,
        "by_plan": retro.by_plan(seen.items, minute * 60),
        "then": then(found, seen, moment, minute),
    }
    status = UNPROCESSABLE if problem else 200
    return fragment(request, "meetings/retro.html", context, ["replay"], status=status)


def bars(items) -> list[dict]:
    """Planned above, used below: x and width of each item on one common scale."""
    whole = max(sum(item.planned_s for item in items), sum(item.used_s for item in items), 1)
    rows, planned, used = [], 0, 0
    for item in items:
        rows.append(
            {
                "item": item,
                "planned_x": round(planned * WIDTH / whole),
                "planned_w": max(1, round(item.planned_s * WIDTH / whole) - 2),
                "used_x": round(used * WIDTH / whole),
                "used_w": max(0, round(item.used_s * WIDTH / whole) - 2),
                "is_over": item.used_s > item.planned_s,
            }
        )
        planned, used = planned + item.planned_s, used + item.used_s
    return rows


def then(found, seen, moment, minute) -> dict:
    """The chart of one minute: the plan above, below what was used by then, where the clock stood, what was written."""
    whole = max(sum(item.planned_s for item in seen.items), seen.length_s or 0, 1)
    planned, used = [], []
    for rows, seconds in ((planned, "planned_s"), (used, None)):
        begins = 0
        for item in seen.items:
            took = item.planned_s if seconds else moment.used.get(item.part.segment_id, 0)
            width = max(0, round(took * WIDTH / whole) - 2)
            over = not seconds and took > item.planned_s
            rows.append({"x": round(begins * WIDTH / whole), "width": width, "is_over": over})
            begins += took
    started = found.started_at
    pins = [round((row.captured_at - started).total_seconds() * WIDTH / whole) for row in moment.lines]
    return {"planned": planned, "used": used, "now": round(minute * 60 * WIDTH / whole), "pins": pins}


def payers(found, paid: dict[str, int]) -> list[tuple[str, int]]:
    """(who gave, seconds), the largest first."""
    titles = {part.code: part.segment.title for part in found.parts.select_related("segment")}
    titles |= {"BUFFER": _("Buffer"), "END": _("Later end")}
    given: dict[str, int] = {}
    for account, seconds in paid.items():
        name = titles.get(account, account)
        given[name] = given.get(name, 0) + seconds
    return sorted(given.items(), key=lambda one: -one[1])


def shares(spoken: list[dict]) -> list[dict]:
    """Departments with their share of the talk in whole percent."""
    whole = sum(one["seconds"] for one in spoken)
    chinese = (get_language() or "").startswith("zh")
    return [
        {
            "name": one["zh" if chinese else "en"] or _("Others"),
            "seconds": one["seconds"],
            "percent": round(one["seconds"] * 100 / whole),
        }
        for one in spoken
        if whole
    ]
