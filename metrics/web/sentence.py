"""Writing the owner's sentence over a figure, from whichever board shows it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from metrics import boards, sentences
from metrics.boards import DECK
from metrics.periods import BadPeriod, Period
from metrics.sentences import CannotSay
from metrics.web.explore import version_of
from reviewhub.ui.htmx import UNPROCESSABLE


@require_POST
def write(request, code):
    version, period = version_of(request.user, code), month_of(request.POST.get("month", ""))
    board = boards.board(request.POST.get("board", "")) or DECK
    text = request.POST.get("text", "")
    try:
        sentences.say(version.metric.code, period, text, by=request.user, at=timezone.now())
    except CannotSay as refusal:
        context = {"problems": refusal.problems, "text": text, "name": version.name, "code": code}
        context |= {"board": board.code, "period": period.text, "month": period.start}
        return render(request, "metrics/sentence.html", context, status=UNPROCESSABLE)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('board', args=[board.code])}?month={period.text}")


def month_of(text: str) -> Period:
    try:
        return Period.parse(text)
    except (BadPeriod, OverflowError):
        raise Http404 from None
