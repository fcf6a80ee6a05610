"""Pages of offers: the list, a new one, and one with its trail and what the reader may answer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okr import negotiation, offers, setting
from okr.models import KeyResult, Objective, Offer, OfferStep, six
from okr.negotiation import ACCEPT, COMMENT, COUNTER, DECLINE, PROPOSE, WITHDRAW, Terms
from okr.web import editing, pages
from okr.web.forms import bare
from okr.web.offer_forms import CommentForm, CounterForm, NewForm, WordsForm
from reviewhub.ui.htmx import UNPROCESSABLE

FORMS = {COUNTER: CounterForm, DECLINE: WordsForm, WITHDRAW: WordsForm, COMMENT: CommentForm}
GLYPHS = {"open": "warn", "agreed": "pass", "declined": "na", "withdrawn": "na"}


def url_of(row: Objective | KeyResult) -> str:
    kind = "objective" if isinstance(row, Objective) else "result"
    return reverse(f"okr-{kind}", args=[row.cycle.code, row.pk])


def terms_words(offer: Offer, terms: Terms) -> dict:
    """Terms as a page shows them; "" for what they leave out."""
    unit = pages.figure_unit(offer.result, "") if offer.result and not offer.unit else offer.unit
    return {
        "target": "" if terms.target is None else pages.written(terms.target, unit),
        "due_on": terms.due_on,
        "weight": terms.weight,
    }


def line(offer: Offer, user) -> dict:
    """An offer as a list shows it."""
    steps = offers.steps_of(offer)
    return {
        "offer": offer,
        "url": reverse("okr-offer", args=[offer.cycle.code, offer.pk]),
        "serves_url": url_of(offer.serves),
        "is_upward": steps[0].side == negotiation.BELOW,
        "carrier": offer.person.display_name if offer.person else offer.department.name,
        "terms": terms_words(offer, negotiation.standing(steps).terms),
        "glyph": GLYPHS[offer.state],
        "is_mine": offers.may(offer, ACCEPT, by=user),
    }


def of_row(request, row: Objective | KeyResult) -> dict:
    """What the page of an objective or key result shows: offers below it, and the one it came from."""
    if request.user.is_partner:
        return {"offers": [], "may_offer": False}
    seen = Offer.objects.visible_to(request.user)
    mine = seen.filter(objective=row) if isinstance(row, Objective) else seen.filter(parent=row)
    found = list(offers.shown(mine))
    if isinstance(row, KeyResult):
        found += offers.shown(seen.filter(result=row))
    user, is_closed = request.user, row.cycle.state == row.cycle.State.CLOSED
    may = offers.speaks_above(row, by=user) or bool(user.department_id)
    return {"offers": [line(one, user) for one in found], "may_offer": may and not is_closed}


@never_cache
@require_GET
def listed(request, code):
    """What waits for the reader first, then what waits for the other side, then what came of others."""
    editing.own_cycle(request, code)
    found = pages.seen(request, code)
    rows = offers.shown(Offer.objects.visible_to(request.user).filter(cycle=found.cycle))
    lines = [line(one, request.user) for one in rows]
    is_open = found.cycle.state != found.cycle.State.CLOSED
    context = pages.frame(request, found, "offers") | {
        "mine": [one for one in lines if one["is_mine"]],
        "others": [one for one in lines if one["offer"].state == Offer.State.OPEN and not one["is_mine"]],
        "agreed": [one for one in lines if one["offer"].state == Offer.State.AGREED],
        "ended": [
            one for one in lines if one["offer"].state in (Offer.State.DECLINED, Offer.State.WITHDRAWN)
        ],
        "may_offer": is_open and NewForm(cycle=found.cycle, user=request.user).is_open,
    }
    return render(request, "okr/offers.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request, code):
    cycle = editing.own_cycle(request, code)
    first = {name: request.GET.get(name, "") for name in ("serves", "who", "result")}
    form = NewForm(request.POST or None, initial=first, cycle=cycle, user=request.user)
    if not form.is_open:
        raise Http404
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                offer = offers.propose(
                    cycle,
                    form.wish,
                    form.side,
                    form.cleaned_data["words"],
                    by=request.user,
                    at=timezone.now(),
                )
            except setting.CannotSet as refusal:
                form.explain(refusal.problems)
            else:
                messages.success(request, _("Sent. It counts once the other side accepts."))
                return redirect("okr-offer", code, offer.pk)
    return render(request, "okr/offer_form.html", {"okr_cycle": cycle, "form": form}, status=status)


def found_offer(request, code, pk) -> Offer:
    cycle = editing.own_cycle(request, code)
    row = offers.shown(Offer.objects.visible_to(request.user).filter(cycle=cycle, pk=pk)).first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_GET
def page(request, code, pk):
    return shown_page(request, found_offer(request, code, pk))


def shown_page(request, offer: Offer, wrong: dict | None = None, *, status: int = 200):
    """`wrong`: the form that was refused by the kind of its step, or the sentence where it has no form."""
    wrong = wrong or {}
    terms = negotiation.standing(offers.steps_of(offer)).terms
    first = {"target": bare(terms.target), "due_on": terms.due_on, "weight": terms.weight}
    answers = [
        {
            "kind": kind,
            "label": verb(kind),
            "form": wrong.get(kind) or form_class(initial=first, auto_id=f"{kind}_%s"),
            "is_wrong": kind in wrong,
        }
        for kind, form_class in FORMS.items()
        if kind != COMMENT and offers.may(offer, kind, by=request.user)
    ]
    may_comment = offers.may(offer, COMMENT, by=request.user)
    context = {
        "okr_cycle": offer.cycle,
        "one": line(offer, request.user),
        "baseline": pages.written(six(offer.baseline), offer.unit),
        "trail": [told(offer, step) for step in offer.steps.all()],
        "may_accept": offers.may(offer, ACCEPT, by=request.user),
        "answers": answers,
        "comment": (wrong.get(COMMENT) or CommentForm(auto_id="comment_%s")) if may_comment else None,
        "said": wrong.get(ACCEPT, ""),
    }
    return render(request, "okr/offer.html", context, status=status)


def verb(kind: str) -> str:
    return {
        ACCEPT: pgettext("offer", "Accept"),
        COUNTER: pgettext("offer", "Offer other terms"),
        DECLINE: pgettext("offer", "Decline"),
        WITHDRAW: pgettext("offer", "Withdraw"),
    }[kind]


def told(offer: Offer, step: OfferStep) -> dict:
    """One step of the trail in words."""
    terms = offers.terms_of(step)
    return {
        "step": step,
        "did": {
            PROPOSE: pgettext("trail of an offer", "proposed"),
            COUNTER: pgettext("trail of an offer", "offered other terms"),
            ACCEPT: pgettext("trail of an offer", "accepted"),
            DECLINE: pgettext("trail of an offer", "declined"),
            WITHDRAW: pgettext("trail of an offer", "withdrew it"),
            COMMENT: pgettext("trail of an offer", "said"),
        }[step.kind],
        "terms": terms_words(offer, terms) if terms else None,
    }


@require_POST
def take(request, code, pk, kind):
    offer = found_offer(request, code, pk)
    if kind != ACCEPT and kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST, auto_id=f"{kind}_%s") if kind in FORMS else None
    if form is None or form.is_valid():
        words = form.cleaned_data["words"] if form else ""
        terms = form.terms if kind == COUNTER else None
        try:
            offers.take(offer, kind, words, terms, by=request.user, at=timezone.now())
        except setting.CannotSet as refusal:
            if form is None or not offers.may(offer, kind, by=request.user):
                said = " ".join(refusal.problems.values())
                return shown_page(
                    request, found_offer(request, code, pk), {ACCEPT: said}, status=UNPROCESSABLE
                )
            form.explain(refusal.problems)
        else:
            messages.success(
                request, _("Agreed: the key result stands.") if kind == ACCEPT else _("Written down.")
            )
            return redirect("okr-offer", code, pk)
    return shown_page(request, offer, {kind: form}, status=UNPROCESSABLE)
