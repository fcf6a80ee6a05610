"""The page of one's own notices, and the bell that counts them."""

import datetime as dt

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from reviewhub.notices import inbox, packing
from reviewhub.notices.models import Message
from reviewhub.ui.htmx import announce, fragment, target
from reviewhub.ui.returning import path_back

LINES = 25
READ = "noticesRead"


class Filter(forms.Form):
    kind = forms.ChoiceField(required=False, label=pgettext_lazy("of notices", "About"))

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Everything")), *kinds]


@never_cache
@require_GET
def notices(request):
    return fragment(request, "notices/inbox.html", listed(request), ["messages"])


@require_POST
def open_notice(request, uuid):
    """Mark it as read and go where it leads. A GET would let a prefetching browser read for its owner."""
    found = message_of(request, uuid)
    inbox.mark(found, at=timezone.now())
    return redirect(path_back(inbox.path(found, request.user), resolve_url("notices")))


@require_POST
def mark(request, uuid):
    found = message_of(request, uuid)
    if request.POST.get("unread"):
        inbox.unmark(found)
    else:
        inbox.mark(found, at=timezone.now())
    return answer(request)


@require_POST
def mark_all(request):
    inbox.mark_all(request.user, at=timezone.now())
    return answer(request)


@never_cache
@require_GET
def bell(request):
    """The inside of the bell, asked for now and then by a page that is being looked at."""
    return render(request, "notices/_bell.html", {"unread_notices": inbox.unread_count(request.user)})


def message_of(request, uuid) -> Message:
    return get_object_or_404(inbox.rows(request.user), pk=uuid)


def answer(request) -> HttpResponse:
    """The list as it was filtered, or back to it."""
    if target(request) == "messages":
        return announce(fragment(request, "notices/inbox.html", listed(request), ["messages"]), READ)
    return redirect(f"{resolve_url('notices')}?{request.GET.urlencode()}".rstrip("?"))


def listed(request) -> dict:
    reader, unread = request.user, request.GET.get("show") == "unread"
    form = Filter(request.GET, kinds=inbox.kinds_of(reader))
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    page = Paginator(inbox.rows(reader, kind=kind, unread=unread), LINES).get_page(request.GET.get("page"))
    return {
        "form": form,
        "page": page,
        "days": inbox.by_day(list(page.object_list), reader),
        "today": timezone.localdate(),
        "yesterday": timezone.localdate() - dt.timedelta(days=1),
        "kind": kind,
        "only_unread": unread,
        "unread": inbox.unread_count(reader),
        "held_back": packing.held_back(reader, at=timezone.now()),
        "query": request.GET.urlencode(),
    }
