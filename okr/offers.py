"""Offers from above and proposals from below: one object with a trail. Both consents make the key result, or link it.

Who stands above is the owner of what would be served, or who sets it; who stands below is the person it is meant for,
or the lead of the department. An executive never consents in the place of a department.
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.units import scaled
from okr import negotiation, setting
from okr.models import SCALE, Contribution, Cycle, KeyResult, Objective, Offer, OfferStep, six
from okr.negotiation import ABOVE, ACCEPT, AGREED, BELOW, COMMENT, COUNTER, PROPOSE, WITHDRAW, Step, Terms
from okr.setting import CannotSet, ResultWish
from reviewhub.people import activity
from reviewhub.people.models import Department, User

LONGEST, MOST_OPEN = 300, 500
ANSWER_IN = dt.timedelta(days=7)  # from the moment its terms were put on the table


@dataclass(frozen=True)
class Wish:
    """What is offered or proposed: for a department or one person of it, below `serves`. `result`: one that stands."""

    serves: Objective | KeyResult
    department: Department
    person: User | None = None
    result: KeyResult | None = None
    title: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    terms: Terms = Terms()


def speaks_above(serves: Objective | KeyResult, *, by) -> bool:
    """Whether `by` may offer something below `serves`, and consent to what is proposed for it."""
    if not by.is_active or by.is_partner:
        return False
    return by.pk == serves.owner_id or not setting.set_problems(serves.cycle, serves.department, by=by)


def speaks_below(department: Department, person: User | None, *, by) -> bool:
    """The person it is meant for; without one whoever leads the department."""
    if not by.is_active or by.is_partner:
        return False
    return by == person if person else department.pk in by.abilities.get("okr.set", ())


def speaks(offer: Offer, side: str, *, by) -> bool:
    if offer.cycle.state == Cycle.State.CLOSED:
        return False
    if side == ABOVE:
        return speaks_above(offer.serves, by=by)
    return speaks_below(offer.department, offer.person, by=by)


def steps_of(offer: Offer) -> list[Step]:
    return [
        Step(one.kind, one.side, one.by_id, terms_of(one), one.words)
        for one in sorted(offer.steps.all(), key=lambda one: one.number)
    ]


def terms_of(step: OfferStep) -> Terms | None:
    if step.kind not in (PROPOSE, COUNTER):
        return None
    return Terms(six(step.target), step.due_on, step.weight)


def may(offer: Offer, kind: str, *, by) -> bool:
    """Whether `by` may take this step now, whatever terms and words they give it."""
    return _side(offer, kind, steps_of(offer), by=by) is not None


def waiting(user, cycle: Cycle | None = None) -> list[Offer]:
    """Open ones that wait for the word of `user`, the oldest first."""
    if not user.is_active or user.is_partner:
        return []
    rows = Offer.objects.visible_to(user).open().exclude(cycle__state=Cycle.State.CLOSED)
    rows = rows.filter(cycle=cycle) if cycle else rows
    rows = shown(rows).order_by("changed_at", "pk")[:MOST_OPEN]
    return [one for one in rows if may(one, ACCEPT, by=user)]


def shown(rows):
    """Offers with what their pages read."""
    both = ("cycle", "department", "person", "result")
    above = ("objective__department", "objective__cycle", "parent__department", "parent__cycle")
    return rows.select_related(*both, *above).prefetch_related("steps__by")


@transaction.atomic
def propose(cycle: Cycle, wish: Wish, side: str, words: str = "", *, by, at: dt.datetime) -> Offer:
    """Begin the talk for `side`. What is open already with the same words stays one. Raises CannotSet."""
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    words, title = _line(words), _line(wish.result.title if wish.result else wish.title)
    if problems := _wish_problems(cycle, wish, title, side, by=by) | _terms_problems(cycle, wish.terms):
        raise CannotSet(problems)
    above = {"objective": None, "parent": None}
    above["objective" if isinstance(wish.serves, Objective) else "parent"] = wish.serves
    same = above | {"department": wish.department, "person": wish.person, "result": wish.result}
    if found := cycle.offers.open().filter(**same, title=title).first():
        return found
    offer = cycle.offers.create(
        **same,
        title=title,
        unit=wish.unit.strip(),
        baseline=None if wish.baseline is None else scaled(wish.baseline, SCALE),
        waits_for=negotiation.other(side),
        begun_at=at,
        changed_at=at,
    )
    _keep(offer, [], Step(PROPOSE, side, by.pk, wish.terms, words), by=by, at=at)
    return offer


@transaction.atomic
def take(
    offer: Offer, kind: str, words: str = "", terms: Terms | None = None, *, by, at: dt.datetime
) -> Offer:
    """Accept, counter, decline, withdraw or comment. Raises CannotSet. An acceptance makes or links the key result."""
    Cycle.objects.select_for_update().get(pk=offer.cycle_id)
    offer, words = shown(Offer.objects.filter(pk=offer.pk)).get(), _line(words)
    before = steps_of(offer)
    side = _side(offer, kind, before, by=by)
    if side is None:
        raise CannotSet({"": _refused(offer, kind, before, by=by)})
    if kind != COUNTER:
        terms = None
    elif problems := _terms_problems(offer.cycle, terms):
        raise CannotSet(problems)
    if len(words) > LONGEST:
        raise CannotSet({"words": _("Say why, in at most %(most)s characters.") % {"most": LONGEST}})
    step = Step(kind, side, by.pk, terms, words)
    if said := negotiation.problem(before, step):
        field = {"NO_WORDS": "words", "SAME_TERMS": "target"}.get(said, "")
        raise CannotSet({field: _why(said)})
    if kind == ACCEPT:
        offer.result = _agreed(offer, [*before, step], by=by, at=at)
    _keep(offer, before, step, by=by, at=at)
    return offer


def _side(offer: Offer, kind: str, before: list[Step], *, by) -> str | None:
    """For which side `by` takes this step; None where they may not."""
    if kind not in (ACCEPT, COUNTER, negotiation.DECLINE, WITHDRAW, COMMENT):
        return None
    stands = negotiation.standing(before)
    if kind == COMMENT:
        return next((one for one in (BELOW, ABOVE) if speaks(offer, one, by=by)), None)
    if stands.state != negotiation.OPEN:
        return None
    side = stands.written_for if kind == WITHDRAW else stands.turn
    if kind in (ACCEPT, COUNTER) and by.pk == stands.written_by:
        return None
    return side if speaks(offer, side, by=by) else None


def _refused(offer: Offer, kind: str, before: list[Step], *, by) -> str:
    stands = negotiation.standing(before)
    if kind != COMMENT and stands.state != negotiation.OPEN:
        return _why("ENDED")
    own = kind in (ACCEPT, COUNTER) and by.pk == stands.written_by
    return _why("OWN_TERMS" if own else "NOT_YOUR_TURN")


def _why(code: str) -> str:
    return {
        "ENDED": _("This was settled in the meantime."),
        "NOT_YOUR_TURN": _("The other side answers now, or the cycle is scored."),
        "OWN_TERMS": _("Somebody of the side that was asked accepts this, not who asked."),
        "SAME_TERMS": _("Change the target, the day or the weight; or accept it."),
        "NO_WORDS": _("Say why, in at most %(most)s characters.") % {"most": LONGEST},
        "BEGUN": _("This was settled in the meantime."),
    }[code]


def _wish_problems(cycle: Cycle, wish: Wish, title: str, side: str, *, by) -> dict[str, str]:
    found = {}
    if cycle.state == Cycle.State.CLOSED:
        found[""] = _("This cycle is scored: it stays as it is.")
    elif side == ABOVE and not speaks_above(wish.serves, by=by):
        found["serves"] = _("Its owner offers below it, or who sets it.")
    elif side == BELOW and not speaks_below(wish.department, wish.person, by=by):
        found["who"] = _("Propose for yourself or for the department you lead.")
    if wish.serves.cycle_id != cycle.pk or wish.serves.dropped_at is not None:
        found["serves"] = _("This stands in another cycle.")
    if wish.department.kind == Department.Kind.PARTNER or not wish.department.is_active:
        found["who"] = _("This department cannot own key results.")
    if wish.person and (wish.person.is_partner or wish.person.department_id != wish.department.pk):
        found["who"] = _("%(name)s cannot own it.") % {"name": wish.person.display_name}
    if wish.result is None and not 0 < len(title) <= setting.LONGEST:
        found["title"] = _("Say in one line what is to be reached, in at most %(most)s characters.") % {
            "most": setting.LONGEST
        }
    if wish.result is not None:
        one = wish.result
        if one.cycle_id != cycle.pk or one.dropped_at is not None or one.department_id != wish.department.pk:
            found["result"] = _("Choose a key result of the same department.")
        elif one == wish.serves:
            found["result"] = _("A key result does not help itself.")
        elif _hangs(one, wish.serves):
            found["result"] = _("It stands below it already.")
    if wish.baseline is not None and setting.is_unfit(wish.baseline):
        found["baseline"] = _("Write a number with at most six decimals.")
    elif wish.baseline is not None and wish.baseline == wish.terms.target:
        found["target"] = _("The target is the baseline: there is no way to go.")
    if cycle.offers.open().count() >= MOST_OPEN:
        found[""] = _("A cycle holds at most %(most)s open offers.") % {"most": MOST_OPEN}
    return found


def _terms_problems(cycle: Cycle, terms: Terms) -> dict[str, str]:
    found = {}
    if terms.target is not None and setting.is_unfit(terms.target):
        found["target"] = _("Write a number with at most six decimals.")
    if terms.due_on is not None and not cycle.starts_on <= terms.due_on < cycle.ends_on:
        found["due_on"] = _("This day lies outside the cycle.")
    if terms.weight is not None and not 1 <= terms.weight <= 100:
        found["weight"] = _("A weight lies between 1 and 100.")
    return found


def _hangs(row: KeyResult, serves: Objective | KeyResult) -> bool:
    return row.objective_id == serves.pk if isinstance(serves, Objective) else row.parent_id == serves.pk


def _agreed(offer: Offer, steps: list[Step], *, by, at: dt.datetime) -> KeyResult:
    """The key result as both sides want it: made below what it serves; one that stands elsewhere already helps it."""
    stands = negotiation.standing(steps)
    assert stands.state == AGREED
    if offer.serves.dropped_at is not None or (offer.result and offer.result.dropped_at is not None):
        raise CannotSet({"": _("It was dropped.")})
    terms = stands.terms
    owner = offer.person or User.objects.get(pk=[one.by for one in steps if one.side == BELOW][-1])
    above = {"objective": offer.objective, "parent": offer.parent}
    if offer.result is None:
        wish = ResultWish(
            offer.title,
            department=offer.department,
            owner=owner,
            baseline=six(offer.baseline),
            target=terms.target,
            unit=offer.unit,
            due_on=terms.due_on,
            weight=terms.weight,
            **above,
        )
        return setting.keep_result(offer.cycle, wish, by=by, at=at, agreed=True)
    row = offer.result
    is_loose = row.objective_id is None and row.parent_id is None
    if is_loose or offer.objective_id or offer.parent.pk == row.parent_id:
        changed = replace(_as_wish(row), **above, **_new(terms))
    else:
        changed = replace(_as_wish(row), **_new(terms))
        _help(offer, stands, by=by, at=at)
    return setting.keep_result(offer.cycle, changed, by=by, at=at, row=row, agreed=True)


def _help(offer: Offer, stands: negotiation.Standing, *, by, at: dt.datetime) -> None:
    """A link beside its parent, with the two consents of the talk."""
    pair = {"giver": offer.result, "receiver": offer.parent}
    if Contribution.objects.filter(**pair, ended_at=None, accepted_at__isnull=False).exists():
        return
    asked = {"asked_at": at, "asked_by_id": stands.written_by, "from_helper": stands.written_for == BELOW}
    Contribution.objects.update_or_create(
        **pair, ended_at=None, defaults=asked | {"accepted_at": at, "accepted_by": by}
    )


def _as_wish(row: KeyResult) -> ResultWish:
    given = {name: getattr(row, name) for name in ResultWish.__dataclass_fields__}
    return ResultWish(**given | {name: six(given[name]) for name in ("baseline", "target", "change")})


def _new(terms: Terms) -> dict:
    """What the terms change of a key result that stands; what they leave out stays."""
    given = {name: getattr(terms, name) for name in ("target", "due_on", "weight")}
    found = {name: value for name, value in given.items() if value is not None}
    return found | ({"change": None, "in_points": None} if "target" in found else {})


def _keep(offer: Offer, before: list[Step], step: Step, *, by, at: dt.datetime) -> None:
    terms = step.terms or Terms()
    OfferStep.objects.create(
        offer=offer,
        number=len(before) + 1,
        kind=step.kind,
        side=step.side,
        at=at,
        by=by,
        target=None if terms.target is None else scaled(terms.target, SCALE),
        due_on=terms.due_on,
        weight=terms.weight,
        words=step.words,
    )
    stands = negotiation.standing([*before, step])
    offer.state, offer.waits_for = stands.state, stands.turn
    offer.changed_at = offer.changed_at if step.kind == COMMENT else at
    offer.save(update_fields=["state", "waits_for", "changed_at", "result"])
    said = {"title": offer.title, "cycle": offer.cycle.code}
    activity.record(f"okr.offer_{step.kind}", offer, by=by, at=at, params=said, department=offer.department)


def _line(text: str) -> str:
    return " ".join(text.split())
