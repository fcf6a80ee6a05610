"""Links that two sides must want: a key result that helps another, and a department that owns one together with others.

One person asks for one side, another one accepts for the other; either side declines or ends it, with a reason. Every
command names the link by its row: one that ended is never accepted, and asking anew makes a row without consents.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from okr.models import Contribution, Cycle, KeyResult, Share
from okr.setting import CannotSet, set_problems
from reviewhub.people import activity
from reviewhub.people.models import Department

LONGEST = 300


def speaks_for(side: KeyResult | Department, cycle: Cycle, *, by) -> bool:
    """Whether `by` may consent for a key result (its owner, or who sets it) or for a department (who sets for it)."""
    if cycle.state == Cycle.State.CLOSED or not by.is_active or by.is_partner:
        return False
    if isinstance(side, Department):
        return not set_problems(cycle, side, by=by)
    return by.pk == side.owner_id or not set_problems(cycle, side.department, by=by)


def sides(link: Contribution | Share) -> tuple[KeyResult | Department, KeyResult]:
    """Who helps, and which key result is helped."""
    return (link.giver, link.receiver) if isinstance(link, Contribution) else (link.department, link.result)


def may_accept(link: Contribution | Share, *, by) -> bool:
    helper, helped = sides(link)
    asked = helped if link.from_helper else helper
    waits = link.accepted_at is None and link.ended_at is None
    return waits and by.pk != link.asked_by_id and speaks_for(asked, helped.cycle, by=by)


def may_end(link: Contribution | Share, *, by) -> bool:
    helper, helped = sides(link)
    return link.ended_at is None and any(speaks_for(one, helped.cycle, by=by) for one in (helper, helped))


@transaction.atomic
def ask(
    helper: KeyResult | Department, helped: KeyResult, *, from_helper: bool, by, at: dt.datetime
) -> Contribution | Share:
    """Ask the other side; `from_helper`: the helping side asks. What was asked already stays. Raises CannotSet."""
    Cycle.objects.select_for_update().get(pk=helped.cycle_id)
    if said := _ask_problem(helper, helped, helper if from_helper else helped, by=by):
        raise CannotSet({"other": said})
    if isinstance(helper, Department):
        rows, pair = Share.objects, {"department": helper, "result": helped}
    else:
        rows, pair = Contribution.objects, {"giver": helper, "receiver": helped}
    if link := rows.filter(**pair, ended_at=None).first():
        return link
    link = rows.create(**pair, from_helper=from_helper, asked_at=at, asked_by=by)
    _record("okr.link_asked", link, by=by, at=at)
    return link


def _ask_problem(helper, helped: KeyResult, asking, *, by) -> str:
    if not speaks_for(asking, helped.cycle, by=by):
        return _("Its owner asks, or who sets it, while the cycle is not scored.")
    if helped.dropped_at is not None or getattr(helper, "dropped_at", None) is not None:
        return _("It was dropped.")
    if isinstance(helper, Department):
        if helper.kind == Department.Kind.PARTNER or not helper.is_active:
            return _("This department cannot own key results.")
        if helper.pk == helped.department_id:
            return _("The key result is this department's already.")
    elif helper == helped:
        return _("A key result does not help itself.")
    elif helper.cycle_id != helped.cycle_id:
        return _("This stands in another cycle.")
    elif helper.parent_id == helped.pk:
        return _("It stands below it already.")
    return ""


@transaction.atomic
def accept(link: Contribution | Share, *, by, at: dt.datetime) -> None:
    """Consent for the side that was asked. Twice the same is once. Raises CannotSet."""
    link = _as_it_stands(link)
    if link.accepted_at is not None and link.ended_at is None:
        return
    if link.ended_at is not None:
        raise CannotSet({"": _("This was ended in the meantime.")})
    if any(getattr(one, "dropped_at", None) is not None for one in sides(link)):
        raise CannotSet({"": _("It was dropped.")})
    if not may_accept(link, by=by):
        raise CannotSet({"": _("Somebody of the side that was asked accepts this, not who asked.")})
    link.accepted_at, link.accepted_by = at, by
    link.save(update_fields=["accepted_at", "accepted_by"])
    _record("okr.link_accepted", link, by=by, at=at)


@transaction.atomic
def end(link: Contribution | Share, reason: str, *, by, at: dt.datetime) -> None:
    """Decline, withdraw or end it. It stays as a row with the reason. Twice the same is once. Raises CannotSet."""
    link, reason = _as_it_stands(link), " ".join(reason.split())
    if link.ended_at is not None:
        return
    if not may_end(link, by=by):
        raise CannotSet({"": _("Either side ends this, while the cycle is not scored.")})
    if not 0 < len(reason) <= LONGEST:
        raise CannotSet({"reason": _("Say why, in at most %(most)s characters.") % {"most": LONGEST}})
    link.ended_at, link.ended_by, link.reason = at, by, reason
    link.save(update_fields=["ended_at", "ended_by", "reason"])
    _record("okr.link_ended", link, by=by, at=at, reason=reason)


def contributions(cycle: Cycle) -> list[Contribution]:
    """Those of key results that stand, the newest first."""
    rows = Contribution.objects.filter(
        receiver__cycle=cycle, giver__dropped_at=None, receiver__dropped_at=None
    )
    people = ("asked_by", "accepted_by", "ended_by")
    both = ("giver__department", "giver__cycle", "receiver__department", "receiver__cycle")
    return list(rows.select_related(*people, *both).order_by("-asked_at", "-pk"))


def shares(cycle: Cycle) -> list[Share]:
    rows = Share.objects.filter(result__cycle=cycle, result__dropped_at=None)
    people = ("asked_by", "accepted_by", "ended_by")
    return list(
        rows.select_related(*people, "department", "result__department", "result__cycle").order_by(
            "-asked_at", "-pk"
        )
    )


def of_result(row: KeyResult) -> list[Contribution | Share]:
    """What links the key result with others, ended ones too."""
    return [
        *(one for one in shares(row.cycle) if one.result_id == row.pk),
        *(one for one in contributions(row.cycle) if row.pk in (one.giver_id, one.receiver_id)),
    ]


def _as_it_stands(link: Contribution | Share) -> Contribution | Share:
    """The row as the database has it now, its cycle held: two presses come one after the other."""
    Cycle.objects.select_for_update().get(pk=sides(link)[1].cycle_id)
    return type(link)._default_manager.get(pk=link.pk)


def _record(code: str, link: Contribution | Share, *, by, at, **more) -> None:
    helper, helped = sides(link)
    name = helper.code if isinstance(helper, Department) else helper.title
    said = {"helper": name, "title": helped.title, "cycle": helped.cycle.code} | more
    activity.record(code, helped, by=by, at=at, params=said, department=helped.department)
