"""What one is told and where: the matrix, the hours, a test of each channel, the calendar's secret address."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from reviewhub.notices import choices, feeds, hooks, trying
from reviewhub.notices.models import Channel
from reviewhub.ui.htmx import UNPROCESSABLE, fragment, refused, target

TEMPLATE = "notices/settings.html"
PARTS = ("tests",)
CLOCK = {"type": "time"}


class HoursForm(forms.Form):
    opens = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(CLOCK, format="%H:%M"))
    closes = forms.TimeField(label=gettext_lazy("To"), widget=forms.TimeInput(CLOCK, format="%H:%M"))
    weekends = forms.BooleanField(label=gettext_lazy("Saturdays and Sundays too"), required=False)

    def clean(self):
        given = super().clean()
        if {"opens", "closes"} <= given.keys():
            for field, sentence in choices.hours_problems(given["opens"], given["closes"]).items():
                self.add_error(field, sentence)
        return given


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request):
    """The page; POST keeps the matrix."""
    if request.method != "POST":
        return fragment(request, TEMPLATE, page(request), PARTS)
    offered = {kind.code for kind in choices.offered(request.user)}
    ticked = {Channel.EMAIL: request.POST.getlist("mail"), Channel.CHAT: request.POST.getlist("chat")}
    columns = [Channel.EMAIL] + ([Channel.CHAT] if choices.ways(request.user).chats else [])
    wanted = {(code, column): code in ticked[column] for code in offered for column in columns}
    choices.choose(request.user, wanted)
    messages.success(request, _("Saved."))
    return redirect("notice-settings")


@require_POST
def hours(request):
    form = HoursForm(request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, page(request, hours_form=form), status=UNPROCESSABLE)
    given = form.cleaned_data
    choices.set_hours(request.user, given["opens"], given["closes"], weekends=given["weekends"])
    messages.success(request, _("Saved."))
    return redirect("notice-settings")


@require_POST
def test(request):
    """A test on one channel; the fragment that answers asks again until it has arrived or not."""
    try:
        trying.send(request.user, request.POST.get("channel", ""), at=timezone.now())
    except trying.CannotTry as refusal:
        return refused(request, TEMPLATE, page(request, test_problems=refusal.problems), PARTS)
    if target(request) in PARTS:
        return fragment(request, TEMPLATE, page(request), PARTS)
    return redirect(reverse("notice-settings") + "#tests")


@never_cache
@sensitive_variables("token", "address")
@require_POST
def subscribe(request):
    """A new secret address, shown in this answer alone."""
    token = feeds.subscribe(request.user, at=timezone.now())
    address = settings.BASE_URL + reverse("calendar-feed", args=[token])
    return render(request, TEMPLATE, page(request, address=address))


@require_POST
def unsubscribe(request):
    feeds.revoke(request.user, at=timezone.now())
    messages.success(request, _("The address of your calendar no longer works."))
    return redirect(reverse("notice-settings") + "#calendar")


def page(request, **given) -> dict:
    reader, at = request.user, timezone.now()
    open_hours = choices.hours(reader)
    hours_now = {"opens": open_hours.opens, "closes": open_hours.closes, "weekends": open_hours.weekends}
    ways = choices.ways(reader)
    context = {
        "rows": choices.matrix(reader),
        "ways": ways,
        "chats": [hooks.shown(hook) for hook in ways.chats],
        "hours_form": HoursForm(initial=hours_now),
        "hours_now": hours_now,
        "zone": open_hours.zone.key,
        "tests": tests(reader, at=at),
        "test_problems": [],
        "feed": feeds.current(reader),
        "address": "",
    }
    return context | given


def tests(reader, *, at) -> dict:
    """For each channel: whether it can be tried, and the last test while it is young."""
    last = trying.latest(reader, at=at)
    rows = [
        {
            "channel": channel,
            "label": Channel(channel).label,
            "problems": trying.problems(reader, channel, at=at),
            "trials": last.get(channel, []),
        }
        for channel in trying.CHANNELS
    ]
    young = [one for row in rows for one in row["trials"] if at < one.at + trying.WATCHED_FOR]
    return {"rows": rows, "is_waiting": any(one.is_moving for one in young)}
