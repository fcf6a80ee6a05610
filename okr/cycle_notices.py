"""Who is reminded of an offer that waits for an answer, and of a cycle that ends and is not scored."""

import datetime as dt
import zoneinfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from okr import offers
from okr.models import Cycle, KeyResult, Offer
from okr.negotiation import ACCEPT
from reviewhub.notices import kinds, ladder
from reviewhub.people.models import Company, User
from reviewhub.people.permissions import may
from reviewhub.ui import days

ALIGNMENT, RESET = "offer.due", "cycle.reset"
MORNING = dt.time(9)
SOON = 7  # days before the last day of a cycle
AGAIN = 7  # and every so many days after it until it is scored
MOST_NAMED = 12  # key results in one notice


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=ALIGNMENT,
            label=gettext_lazy("An offer waits for your answer"),
            note=gettext_lazy("Seven days after its last terms, to whoever can answer it; then every week."),
            subjects=waiting_offers,
            plans=offer_plans,
            recipients=answering,
            recheck=offer_recheck,
            render=offer_content,
            concerns=lambda user: not user.is_partner,
            visible=lambda occurrence, user: (
                Offer.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()
            ),
            reasons={
                "answered": gettext_lazy("It was answered."),
                "not_asked": gettext_lazy("Somebody else was asked."),
            },
        )
    )
    kinds.register(
        kinds.Kind(
            code=RESET,
            label=gettext_lazy("A cycle ends: grade and score it"),
            note=gettext_lazy(
                "Seven days before its end, when it has ended, then every week: owners of key results without a grade;"
                " from the end on also executives."
            ),
            subjects=ending_cycles,
            plans=cycle_plans,
            recipients=owing,
            recheck=cycle_recheck,
            render=cycle_content,
            concerns=lambda user: not user.is_partner,
            visible=lambda occurrence, user: (
                Cycle.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()
            ),
            reasons={
                "scored": gettext_lazy("The cycle is scored."),
                "graded": gettext_lazy("They have graded theirs."),
            },
        )
    )


def zone() -> zoneinfo.ZoneInfo:
    company = Company.objects.first()
    return zoneinfo.ZoneInfo(company.time_zone if company else "UTC")


# --- Offers


def waiting_offers(since: dt.datetime, until: dt.datetime):
    """Open offers whose terms are a week old; none but around nine in the morning."""
    if not ladder.mornings(MORNING, zone(), since, until):
        return Offer.objects.none()
    rows = Offer.objects.unanswered(until - offers.ANSWER_IN).exclude(cycle__state=Cycle.State.CLOSED)
    return rows.order_by("pk")


def offer_plans(offer: Offer, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    """On the first morning a week after the last terms, and every week from then on."""
    found, due = [], (offer.changed_at + offers.ANSWER_IN).astimezone(zone())
    first = due.date() + dt.timedelta(days=int(due.time() > MORNING))
    for day, moment in ladder.mornings(MORNING, zone(), since, until):
        late = (day - first).days
        if late >= 0 and late % AGAIN == 0:
            key = f"{offer.changed_at.isoformat()}+{late}d"
            found.append(kinds.Plan(key, moment, {"changed_at": offer.changed_at.isoformat()}))
    return found


def offer_of(occurrence) -> Offer:
    return offers.shown(Offer.objects.filter(pk=occurrence.subject_id)).get()


def answering(occurrence) -> list[User]:
    """Those of the side that is asked: leads, the person, owners of what it would serve. Executives only where they
    are one of these."""
    offer = offer_of(occurrence)
    above = offer.parent or offer.objective
    home = above.department if above else None
    leads = Q(assignments__role__code="lead", assignments__ended_at=None)
    leads &= Q(assignments__department__in=[one for one in (offer.department, home) if one])
    named = [one for one in (offer.person_id, above.owner_id if above else None) if one]
    people = User.objects.active().filter(leads | Q(pk__in=named)).distinct().order_by("pk")
    return [one for one in people if not one.is_partner and offers.may(offer, ACCEPT, by=one)]


def offer_recheck(occurrence, user, at: dt.datetime) -> str:
    offer = offer_of(occurrence)
    stands = (
        offer.state == Offer.State.OPEN and offer.changed_at.isoformat() == occurrence.params["changed_at"]
    )
    if not stands or offer.cycle.state == Cycle.State.CLOSED:
        return "answered"
    return "" if user is None or offers.may(offer, ACCEPT, by=user) else "not_asked"


def offer_content(occurrence, user) -> kinds.Content:
    offer = offer_of(occurrence)
    served = offer.parent or offer.objective
    return kinds.Content(
        title=_("Your answer is waited for: %(title)s") % {"title": offer.title},
        lines=(_("It would serve “%(title)s”.") % {"title": served.title},) if served else (),
        action=_("Open the offer"),
        path=reverse("okr-offer", args=[offer.cycle.code, offer.pk]),
        thread=f"offer:{offer.pk}",
    )


# --- Cycles


def ending_cycles(since: dt.datetime, until: dt.datetime):
    """Cycles that end within the week or have ended, and are not scored; none but around nine in the morning."""
    mornings = ladder.mornings(MORNING, zone(), since, until)
    if not mornings:
        return Cycle.objects.none()
    rows = Cycle.objects.exclude(state=Cycle.State.CLOSED)
    return rows.filter(ends_on__lte=mornings[-1][0] + dt.timedelta(days=SOON)).order_by("pk")


def cycle_plans(cycle: Cycle, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    """`ends_on` is the first day after it."""
    found = []
    for day, moment in ladder.mornings(MORNING, zone(), since, until):
        over = (day - cycle.ends_on).days
        if over == -SOON or (over >= 0 and over % AGAIN == 0):
            found.append(kinds.Plan(f"{over}d", moment, {"over": over}))
    return found


def cycle_of(occurrence) -> Cycle:
    return Cycle.objects.get(pk=occurrence.subject_id)


def ungraded(cycle: Cycle):
    """Key results that nobody graded yet."""
    return KeyResult.objects.filter(cycle=cycle, grade=None, owner__is_active=True).standing()


def owing(occurrence) -> list[User]:
    """Owners of what is not graded; once it is over also executives, who score it."""
    cycle = cycle_of(occurrence)
    owners = ungraded(cycle).values("owner")
    people = list(User.objects.active().filter(pk__in=owners).order_by("pk"))
    if occurrence.params["over"] >= 0:
        people += [one for one in User.objects.active().with_role("executive").order_by("pk") if scores(one)]
    return [one for one in dict.fromkeys(people) if not one.is_partner]


def scores(person: User) -> bool:
    return None in person.abilities.get("okr.set", ()) and may(person, "okr.set")


def cycle_recheck(occurrence, user, at: dt.datetime) -> str:
    cycle = cycle_of(occurrence)
    if cycle.state == Cycle.State.CLOSED:
        return "scored"
    if user is None or ungraded(cycle).filter(owner=user).exists():
        return ""
    return "" if occurrence.params["over"] >= 0 and scores(user) else "graded"


def cycle_content(occurrence, user) -> kinds.Content:
    cycle = cycle_of(occurrence)
    own = ungraded(cycle).filter(owner=user) if user else ungraded(cycle).none()
    said = {
        "cycle": cycle.code,
        "day": days.day(cycle.ends_on - dt.timedelta(days=1), get_language() or "en"),
    }
    titles = list(own.values_list("title", flat=True)[:MOST_NAMED])
    open_ = ungraded(cycle).count()
    waits = ngettext(
        "%(number)s key result is not graded yet.", "%(number)s key results are not graded yet.", open_
    ) % {"number": open_}
    grades = (
        titles or user is not None and not scores(user)
    )  # what was told an owner stays said when it is done
    title = _("Grade your key results of %(cycle)s") if grades else _("Score the cycle %(cycle)s")
    return kinds.Content(
        title=title % said,
        lines=(_("It ends on %(day)s.") % said, *([] if grades else [waits] if open_ else [])),
        items=tuple(kinds.Item(one) for one in titles),
        action=_("Open the reset"),
        path=reverse("okr-reset", args=[cycle.code]),
        thread=f"cycle:{cycle.pk}",
    )
