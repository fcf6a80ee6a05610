"""The block that stands on the stage, as a piece of a page: drawn large, with its number and its fingerprint."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings import signals
from meetings.web.orders import meeting_of
from meetings.web.record_boards import Recorded
from metrics import boards, sources
from metrics.models import Snapshot
from metrics.periods import Period


@never_cache
@require_GET
def chart(request, pk):
    """What was put up last; nothing for partners, no figure that the reader may not read."""
    found = meeting_of(request, pk)
    up = signals.chart(found.events.order_by("seq"))
    if request.user.is_partner or up is None:
        raise Http404
    code, _slash, block = up["block"].partition("/")
    board = boards.board(code)
    snapshot = (
        Snapshot.objects.select_related("review").filter(pk=up["snapshot"], review=found.review).first()
    )
    if snapshot is None:
        raise Http404
    one = None
    if board is not None:  # whose board it is does not matter: only what every colleague may read goes up
        period = Period.between(found.review.period_start, found.review.period_end)
        known = sources.standing(None, None, user=request.user, snapshot=snapshot)
        asked = Recorded(board, period, user=request.user, snapshot=snapshot, known=known)
        one = next(iter(asked.page.only(block)), None)
    context = {"one": one, "review": found.review, "snapshot": snapshot, "board": board}
    return render(request, "meetings/_stage_chart.html", context)
