"""Sources in the browser: how each is doing, its history, asking it now, pausing it; administrators enter them."""

import copy

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics import feed_words, feeds, known_profiles, pulling
from metrics.models import Feed
from reviewhub.health import waking
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import UNPROCESSABLE

RUNS = 50
CONFIG = {
    "path": forms.CharField(
        label=gettext_lazy("Folder"),
        max_length=300,
        help_text=gettext_lazy("Below the folder for sources of this server, like sales/amazon."),
    ),
    "url": forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        widget=forms.TextInput({"spellcheck": "false"}),
        help_text=gettext_lazy("HTTPS, on a host that the server allows. Unchanged data is not fetched again."),
    ),
    "secret": forms.CharField(
        label=gettext_lazy("Name of the secret"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("Like ERP_DATABASE. The server keeps the secret itself; only its name stands here."),
    ),
    "file": forms.CharField(
        label=gettext_lazy("Or an SQLite file"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Below the folder for sources of this server."),
    ),
    "query": forms.CharField(
        label=gettext_lazy("Query"),
        max_length=feeds.LONGEST_QUERY,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "class": "form-control mono"}),
        help_text=gettext_lazy("One SELECT. :start and :end are the first day of the period and the day after it."),
    ),
}  # fmt: skip


SENT = gettext_lazy("Sent as Authorization. The server keeps the secret itself; only its name stands here.")


class Named(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return getattr(row, "display_name", "") or row.name


class FeedForm(forms.Form):
    """A source of one kind; which fields its place needs follows from the kind."""

    name = forms.CharField(label=pgettext_lazy("of a source", "Name"), max_length=80)
    department = Named(Department.objects.none(), label=gettext_lazy("Department"), empty_label="–")
    profile = forms.ChoiceField(label=gettext_lazy("Kind of file"), required=False)
    covers = forms.ChoiceField(label=gettext_lazy("Period"), choices=Feed.Covers)
    every_minutes = forms.TypedChoiceField(label=gettext_lazy("How often"), coerce=int, initial=60)
    owner = Named(User.objects.none(), label=gettext_lazy("Looked after by"), empty_label="–")

    def __init__(self, *args, kind: str, reader: User, feed: Feed | None = None, **kwargs):
        same = ("name", "department", "profile", "covers", "every_minutes", "owner")
        kept = {name: getattr(feed, name) for name in same} | feed.config if feed else {"owner": reader}
        super().__init__(*args, initial=kept, **kwargs)
        self.kind = kind
        for name in feeds.NAMES[kind]:
            self.fields[name] = copy.deepcopy(CONFIG[name])
        if kind == Feed.Kind.ADDRESS:
            self.fields["secret"].help_text = SENT
        self.fields["department"].queryset = Department.objects.visible_to(reader).active()
        self.fields["owner"].queryset = User.objects.visible_to(reader).active()
        self.fields["every_minutes"].choices = feed_words.EVERY.items()
        if kind != Feed.Kind.FOLDER:
            self.fields["covers"].choices = [one for one in Feed.Covers.choices if one[0] != "name"]
        self.fields["profile"].choices = [("", _("Found by its column headers"))] + [
            (known.name, known.title(get_language() or "en")) for known in known_profiles.everything()
        ]  # fmt: skip

    def details(self) -> feeds.Details:
        given = dict(self.cleaned_data)
        config = {name: given.pop(name) for name in feeds.NAMES[self.kind]}
        return feeds.Details(kind=self.kind, config=config, **given)

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else None, sentence)


@never_cache
@require_safe
def sources(request):
    user = request.user
    if not any(may(user, one) for one in ("submission.edit", "submission.read_any", "people.manage")):
        raise Http404
    at = timezone.now()
    rows = Feed.objects.visible_to(user).select_related("department", "owner")
    context = {"feeds": [shown(row, user, at) for row in rows], "may_enter": feeds.may_enter(user)}
    return render(request, "metrics/sources.html", context | {"kinds": Feed.Kind.choices})


def shown(feed: Feed, user, at) -> dict:
    """One source in words: its state, its health, and what may be pressed."""
    off = "disabled" if feed.disabled_at else "paused" if feed.paused_at else ""
    state = off or ("failing" if feed.failures else "good" if feed.last_success_at else "new")
    state = "unusual" if state == "good" and feed.warnings else state
    fresh = feeds.freshness(feed, at=at)
    return {
        "row": feed,
        "state": state,
        "fresh_s": int(fresh.total_seconds()) if fresh is not None else None,
        "problem": feed_words.worded(feed.problem),
        "warnings": feed_words.warned(feed.warnings),
        "certificate_days": (feed.certificate_until - at.date()).days if feed.certificate_until else None,
        "every": feed_words.EVERY.get(feed.every_minutes, ""),
        "is_running": bool(feed.lease_until and feed.lease_until > at),
        "may_handle": feeds.may_handle(feed, user),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, kind):
    if kind not in Feed.Kind:
        raise Http404
    require_enter(request)
    return entered(request, kind)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def source(request, pk):
    """One source with its history; administrators change it by POST."""
    feed = feed_of(request, pk)
    if request.method == "POST":
        require_enter(request)
    return entered(request, feed.kind, feed)


def entered(request, kind: str, feed: Feed | None = None):
    form = None
    if feeds.may_enter(request.user):
        form = FeedForm(request.POST or None, kind=kind, reader=request.user, feed=feed)
    if request.method == "POST" and form.is_valid():
        try:
            row = feeds.keep(form.details(), by=request.user, at=timezone.now(), feed=feed)
            messages.success(request, _("Saved. It is asked within a minute."))
            return redirect("source", row.pk)
        except feeds.CannotKeep as refusal:
            form.explain(refusal.problems)
    context = {"form": form, "kind": Feed.Kind(kind).label, "one": None, "fields": feeds.NAMES[kind]}
    if feed:
        runs = feed.runs.select_related("by").prefetch_related("jobs")[:RUNS]
        told = [
            {
                "run": run,
                "problem": feed_words.worded(run.problem),
                "warnings": feed_words.warned(run.warnings),
                "took_s": None if run.took_ms is None else run.took_ms / 1000,
                "glyph": glyph(run),
            }
            for run in runs
        ]
        context |= {"one": shown(feed, request.user, timezone.now()), "runs": told, "strip": told[::-1]}
    status = UNPROCESSABLE if form is not None and form.is_bound else 200
    return render(request, "metrics/source.html", context, status=status)


GLYPHS = {"failed": "fail", "running": "running", "unchanged": "na", "done": "pass"}


def glyph(run) -> str:
    return "warn" if run.warnings else GLYPHS[run.state]


def feed_of(request, pk) -> Feed:
    return get_object_or_404(
        Feed.objects.visible_to(request.user).select_related("department", "owner"), pk=pk
    )


def handled(request, pk) -> Feed:
    """A source that this person may pause and ask."""
    feed = feed_of(request, pk)
    if not feeds.may_handle(feed, request.user):
        raise PermissionDenied(_("Only the department and administrators handle this source."))
    return feed


@require_POST
def run(request, pk):
    """Ask it now: by a worker, or by the next sweep where there is none."""
    feed = handled(request, pk)
    waking.wake(pulling.TASK, feed.pk, pulling.Reason.PRESSED, request.user.pk)
    messages.success(request, _("It is being asked. The history says what became of it."))
    return redirect("source", pk)


@require_POST
def switch(request, pk):
    feed = handled(request, pk)
    verb = feeds.pause if request.POST.get("do") == "pause" else feeds.resume
    verb(feed, by=request.user, at=timezone.now())
    return redirect("source", pk)


@require_POST
def remove(request, pk):
    feed = feed_of(request, pk)
    require_enter(request)
    feeds.remove(feed, by=request.user, at=timezone.now())
    messages.success(request, _("Deleted. What it brought stays."))
    return redirect("sources")


def require_enter(request) -> None:
    """A partner finds nothing here; a colleague is told who may."""
    if request.user.is_partner:
        raise Http404
    if not feeds.may_enter(request.user):
        raise PermissionDenied(_("Only an administrator enters sources."))
