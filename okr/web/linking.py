"""Pages of links that two sides must want: asking on the page of a key result, answering there or in the list."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from okr import cascade as cascades
from okr import links, setting
from okr.models import Contribution, KeyResult, Share
from okr.web import editing, pages
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE


class AskForm(forms.Form):
    """Whom to link: another key result, in either direction, or a department that owns it too."""

    other = forms.ChoiceField()

    def __init__(self, *args, row: KeyResult, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].label = _("Who with whom")
        others = [
            one
            for one in KeyResult.objects.visible_to(user).filter(cycle=row.cycle).standing()
            if one.pk != row.pk and row.pk != one.parent_id and one.pk != row.parent_id
        ]
        self.results = {str(one.pk): one for one in others}
        self.departments = {
            str(one.pk): one
            for one in Department.objects.active().exclude(kind=Department.Kind.PARTNER)
            if one.pk != row.department_id
        }
        own = links.speaks_for(row, row.cycle, by=user)
        mine = [one for one in others if links.speaks_for(one, row.cycle, by=user)]
        choices = [("", _("Choose"))]
        if own:
            choices += [
                (_("Ask it to help this"), [(f"from-{one.pk}", one.title) for one in others]),
                (_("Offer this as help to"), [(f"to-{one.pk}", one.title) for one in others]),
                (
                    _("Ask it to own this too"),
                    [(f"owns-{key}", one.name) for key, one in self.departments.items()],
                ),
            ]
        else:
            choices += [
                (_("Offer as help to this"), [(f"give-{one.pk}", one.title) for one in mine]),
                (_("Ask this to help"), [(f"take-{one.pk}", one.title) for one in mine]),
                (
                    _("Offer to own this too"),
                    [
                        (f"join-{key}", one.name)
                        for key, one in self.departments.items()
                        if links.speaks_for(one, row.cycle, by=user)
                    ],
                ),
            ]
        self.fields["other"].choices = [one for one in choices if one[1]]
        self.is_open = len(self.fields["other"].choices) > 1

    def sides(self, row: KeyResult) -> tuple:
        """Who helps, who is helped, and whether the helping side asks."""
        kind, key = self.cleaned_data["other"].split("-")
        if kind in ("owns", "join"):
            return self.departments[key], row, kind == "join"
        other = self.results[key]
        return (other, row, kind == "give") if kind in ("from", "give") else (row, other, kind == "to")


def shown(link: Contribution | Share, user) -> dict:
    """A link as the reader sees it, with what the reader may do about it."""
    helper, helped = links.sides(link)
    is_share = isinstance(link, Share)
    return {
        "link": link,
        "kind": "owns" if is_share else "helps",
        "helper": helper.name if is_share else helper.title,
        "helper_url": "" if is_share else reverse("okr-result", args=[helped.cycle.code, helper.pk]),
        "helped": helped.title,
        "helped_url": reverse("okr-result", args=[helped.cycle.code, helped.pk]),
        "may_accept": links.may_accept(link, by=user),
        "may_end": links.may_end(link, by=user),
    }


def of_result(request, row: KeyResult, form: AskForm | None = None) -> dict:
    """What the page of a key result shows of its links."""
    if request.user.is_partner:
        return {"links": [], "ask": None}
    form = form or AskForm(row=row, user=request.user)
    is_open = row.cycle.state != row.cycle.State.CLOSED and form.is_open
    return {
        "links": [shown(one, request.user) for one in links.of_result(row)],
        "ask": form if is_open else None,
    }


@never_cache
@require_GET
def listed(request, code):
    """Links of the cycle: what waits for the reader first, then what waits for others, then what stands."""
    return list_page(request, code)


def list_page(request, code, *, wrong=None, status: int = 200):
    cycle = editing.own_cycle(request, code)
    found = pages.seen(request, code)
    rows = [shown(one, request.user) for one in [*links.shares(cycle), *links.contributions(cycle)]]
    waiting = [one for one in rows if one["link"].ended_at is None and one["link"].accepted_at is None]
    context = pages.frame(request, found, "links") | {
        "mine": [one for one in waiting if one["may_accept"]],
        "others": [one for one in waiting if not one["may_accept"]],
        "standing": [one for one in rows if one["link"].counts],
        "ended": [one for one in rows if one["link"].ended_at is not None],
        "wrong": wrong or {},
    }
    return render(request, "okr/links.html", context, status=status)


@require_POST
def ask(request, code, pk):
    row = editing.found(request, KeyResult, editing.own_cycle(request, code), pk)
    form = AskForm(request.POST, row=row, user=request.user)
    if form.is_valid():
        helper, helped, from_helper = form.sides(row)
        try:
            links.ask(helper, helped, from_helper=from_helper, by=request.user, at=timezone.now())
        except setting.CannotSet as refusal:
            form.add_error("other", " ".join(refusal.problems.values()))
        else:
            messages.success(request, _("Asked. It counts once the other side accepts."))
            return redirect("okr-result", code, pk)
    found = pages.seen(request, code)
    if cascades.result_key(pk) not in found.tree.nodes:
        raise Http404
    return pages.result_page(request, found, pk, ask_form=form, status=UNPROCESSABLE)


def link_of(request, code, kind: str, pk: int) -> Contribution | Share:
    cycle = editing.own_cycle(request, code)
    rows = {"helps": links.contributions, "owns": links.shares}.get(kind)
    for one in rows(cycle) if rows else []:
        if one.pk == pk:
            return one
    raise Http404


@require_POST
def accept(request, code, kind, pk):
    link = link_of(request, code, kind, pk)
    try:
        links.accept(link, by=request.user, at=timezone.now())
    except setting.CannotSet as refusal:
        return list_page(request, code, wrong=_wrong(kind, pk, refusal, ""), status=UNPROCESSABLE)
    messages.success(request, _("Accepted: it counts from now on."))
    return redirect("okr-links", code)


@require_POST
def end(request, code, kind, pk):
    link, reason = link_of(request, code, kind, pk), request.POST.get("reason", "")
    try:
        links.end(link, reason, by=request.user, at=timezone.now())
    except setting.CannotSet as refusal:
        return list_page(request, code, wrong=_wrong(kind, pk, refusal, reason), status=UNPROCESSABLE)
    messages.success(request, _("Ended. The other side reads the reason."))
    return redirect("okr-links", code)


def _wrong(kind: str, pk: int, refusal: setting.CannotSet, reason: str) -> dict:
    """Which link it was, why, and what was typed."""
    return {"kind": kind, "pk": pk, "said": " ".join(refusal.problems.values()), "reason": reason}
