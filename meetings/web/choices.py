"""The ways in which an order may be given now, and what each would cost, in the facilitator's words."""

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings import asides, clock, logbook, quotes, running
from meetings.models import Attendance
from meetings.problems import Problem
from meetings.web import words
from meetings.web.orders import meeting_of

HAND_OVER = "fac.offer"
AT_HAND = ("next", "back", "skip")  # pressed without a chooser: their prices stand under the buttons
LONGEST_S = 1800
NAMED_PAYERS = 3


@never_cache
@require_GET
def choices(request, pk):
    """`?do=extend&seconds=300` → every way with its price; only whoever holds the meeting is told."""
    meeting = meeting_of(request, pk)
    if not running.may_run(meeting, request.user):
        text = str(Problem("not_the_facilitator"))
        return JsonResponse({"error": "not_the_facilitator", "text": text}, status=403)
    do, seconds = request.GET.get("do", ""), asked_seconds(request.GET.get("seconds", ""))
    offered = people(meeting) if do == HAND_OVER else priced(meeting, do, seconds, request.user)
    return JsonResponse({"seq": meeting.seq, "choices": offered})


@never_cache
@require_GET
def prices(request, pk):
    """What Next, Back and Skip would cost if they were pressed now; for whoever holds the meeting."""
    meeting = meeting_of(request, pk)
    if not running.may_run(meeting, request.user):
        text = str(Problem("not_the_facilitator"))
        return JsonResponse({"error": "not_the_facilitator", "text": text}, status=403)
    plan, state = logbook.standing(meeting)
    names = {part.code: words.part_name(part) for part in logbook.parts_of(meeting)}
    at, settings, found = logbook.instant(), running.paying(meeting), {}
    for do in AT_HAND if state.current else ():
        order = running.asked(do, {}, by=request.user)
        found[do] = shown(quotes.quote(plan, state, order, at, settings), names, state)
    return JsonResponse({"seq": meeting.seq, "prices": found})


def asked_seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(LONGEST_S)) else None


def people(meeting) -> list[dict]:
    """Who could take the console, those in the room first."""
    there = set(Attendance.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    rows = sorted(asides.holders(meeting), key=lambda person: person.pk not in there)
    return [
        {
            "label": str(person),
            "detail": _("here") if person.pk in there else _("not signed in here"),
            "order": {"cmd": HAND_OVER, "person": person.pk},
        }
        for person in rows
    ]


def priced(meeting, do, seconds, by) -> list[dict]:
    """Each way with its label and its price; a way that the rules refuse says why."""
    plan, state = logbook.standing(meeting)
    names = {part.code: words.part_name(part) for part in logbook.parts_of(meeting)}
    order = running.asked(do, {"seconds": seconds}, by=by)
    offered = quotes.choices(plan, state, order, logbook.instant(), running.paying(meeting))
    return [shown(each, names, state) for each in offered]


def shown(quote: quotes.Quote, names: dict, state: clock.State) -> dict:
    order = quote.order
    said = {
        "label": label(order, names, state),
        "detail": payers(quote, names),
        "cost": cost(quote),
        "order": given(order),
    }
    if quote.refusal:
        said |= {"refused": str(Problem(quote.refusal.code, quote.refusal.params)), "cost": ""}
    return said


def given(order: clock.Command) -> dict:
    """The order as the browser sends it back."""
    fields = {"part": order.part, "seconds": order.seconds, "reason": order.reason, "to": order.to}
    fields = {name: value for name, value in fields.items() if value}
    return {"cmd": order.do, **fields} | ({"pay": list(order.pay)} if order.pay else {})


def label(order: clock.Command, names: dict, state: clock.State) -> str:
    if order.do == "extend":
        return words.payer(order.pay[0]) if order.pay else _("The usual order")
    if order.do == "shorten":
        minutes = order.seconds // 60
        return ngettext("%(number)s minute less", "%(number)s minutes less", minutes) % {"number": minutes}
    if order.do == "pause":
        return words.pause_reasons()[order.reason]
    part = names.get(order.part or state.current, "")
    if order.do == "park":
        return _("Park %(part)s: %(target)s") % {"part": part, "target": words.park_targets()[order.to]}
    return part


def cost(quote: quotes.Quote) -> str:
    """`Ends 12:07 instead of 12:00`, to the second where minutes would not tell them apart."""
    ends, instead = timezone.localtime(quote.ends_at), timezone.localtime(quote.instead_of)
    exact = "%H:%M:%S" if ends != instead and f"{ends:%H:%M}" == f"{instead:%H:%M}" else "%H:%M"
    if ends == instead:
        return _("Still ends %(time)s") % {"time": ends.strftime(exact)}
    return _("Ends %(time)s instead of %(before)s") % {
        "time": ends.strftime(exact),
        "before": instead.strftime(exact),
    }


def payers(quote: quotes.Quote, names: dict) -> str:
    """Which accounts give or receive, the largest first: `Buffer −5:00 · Sales · Report −0:51`."""
    moved = [(account, seconds) for account, seconds in quote.deltas.items() if account != clock.END]
    moved.sort(key=lambda each: -abs(each[1]))
    said = [f"{names.get(account) or words.account(account)} {signed(s)}" for account, s in moved]
    more = len(said) - NAMED_PAYERS
    rest = [_("%(number)s more") % {"number": more}] if more > 0 else []
    return "; ".join(said[:NAMED_PAYERS] + rest)


def signed(seconds: int) -> str:
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'−' if seconds < 0 else '+'}{minutes}:{rest:02}"
