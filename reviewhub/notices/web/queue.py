"""The queue for administrators: what leaves, what does not, and the buttons that help."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from reviewhub.notices import queue, restoring
from reviewhub.notices.models import Delivery
from reviewhub.people.staffing import may_manage
from reviewhub.ui.htmx import fragment

LINES = 50


@never_cache
@require_GET
def shown(request):
    checked(request)
    return fragment(request, "notices/queue.html", page(request, tab_of(request.GET)), ["queue"])


@require_POST
def again(request, uuid):
    """One delivery once more."""
    found = get_object_or_404(Delivery.objects.visible_to(request.user), pk=uuid)
    checked(request)
    try:
        queue.send_again(found, by=request.user, at=timezone.now())
        messages.success(request, _("It goes out once more."))
    except queue.CannotSend as refusal:
        messages.error(request, " ".join(refusal.problems))
    return back(request)


@require_POST
def held(request):
    """What was held after a restore: send it, or drop it."""
    checked(request)
    is_release = request.POST.get("do") == "release"
    verb = queue.release_held if is_release else queue.drop_held
    count = verb(by=request.user, at=timezone.now())
    said = (
        ngettext("%(count)s notice goes out.", "%(count)s notices go out.", count)
        if is_release
        else ngettext("%(count)s notice was dropped.", "%(count)s notices were dropped.", count)
    )
    messages.success(request, said % {"count": count})
    return back(request)


@require_POST
def door(request):
    """Try a shut door now."""
    checked(request)
    try:
        queue.open_door(request.POST.get("channel", ""), by=request.user, at=timezone.now())
        messages.success(request, _("Tried again now."))
    except queue.CannotSend as refusal:
        messages.error(request, " ".join(refusal.problems))
    return back(request)


def checked(request) -> None:
    """A partner finds nothing here; a colleague is told who may."""
    if request.user.is_partner:
        raise Http404
    if not may_manage(request.user):
        raise PermissionDenied(_("Only an administrator looks after the queue."))


def tab_of(given) -> str:
    """The tab that was asked for; the first one unless it is known."""
    asked = given.get("tab", "")
    return asked if asked in queue.TABS else "waiting"


def back(request):
    return redirect(f"{reverse('notice-queue')}?tab={tab_of(request.POST)}")


def page(request, tab: str) -> dict:
    at, counted = timezone.now(), queue.counts()
    shown = Paginator(queue.rows(tab), LINES).get_page(request.GET.get("page"))
    return {
        "tab": tab,
        "tabs": [
            {
                "label": label,
                "url": f"{reverse('notice-queue')}?tab={code}",
                "active": code == tab,
                "count": None if code in ("sent", "not_sent") else counted[code],
            }
            for code, (label, _states) in queue.TABS.items()
        ],
        "page": shown,
        "lines": [queue.line(delivery) for delivery in shown],
        "held": queue.held() if tab == "held" else [],
        "held_total": sum(restoring.held().values()),
        "aside": queue.aside() if tab == "aside" else [],
        "not_sent": queue.not_sent() if tab == "not_sent" else [],
        "doors": queue.doors(),
        "vitals": queue.vitals(at=at),
        "at": at,
    }
