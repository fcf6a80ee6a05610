"""The promise of a task: its owner accepts, proposes other terms or declines; who asked answers (decision 78)."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from actions import followup, handover, promise_steps
from actions.models import Action, PromiseStep
from actions.promise_steps import ABOVE, ALONE, ASKER, OWNER, Standing, Step, Terms
from reviewhub.notices import planning
from reviewhub.people.models import User
from reviewhub.people.permissions import may

WAITS, ANSWERED = "promise.waits", "promise.answered"  # kinds of notices (actions.promise_notices)
Kind = PromiseStep.Kind
LONGEST = PromiseStep._meta.get_field("reason").max_length
ENDS = {
    promise_steps.ACCEPT: Kind.ACCEPTED,
    promise_steps.KEEP: Kind.KEPT,
    promise_steps.DECLINE: Kind.DECLINED,
    promise_steps.OVERRULE: Kind.OVERRULED,
}


class CannotSay(Exception):
    """Nothing was changed; `problems` says why: field (owner, due_on, reason) → sentence, "" for none of them."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Said:
    """What a person says. `owner` and `due_on` with propose and overrule; `seen`: `token` of what they looked at."""

    kind: str
    owner: User | None = None
    due_on: dt.date | None = None
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Promise:
    """How the promise of one action stands for one reader. `side`: theirs, "" for a bystander.

    `asks`: the owner has not answered yet. `doors`: what the reader may say now (kinds of promise_steps).
    """

    now: Standing
    last: PromiseStep | None
    side: str
    asks: bool
    doors: frozenset[str] = field(default_factory=frozenset)

    @property
    def waits_for_me(self) -> bool:
        """One press of the reader accepts something."""
        return promise_steps.ACCEPT in self.doors

    @property
    def state(self) -> str:
        """asked, proposed, declined or agreed; "" where nobody was asked."""
        if self.now.proposed is not None:
            return "proposed"
        return self.now.state if self.asks or self.last is not None else ""


def latest(actions) -> dict[int, PromiseStep]:
    """Action's key → the last step of its promise. One query."""
    rows = PromiseStep.objects.filter(action__in=[one.pk for one in actions]).latest_of_each()
    return {row.action_id: row for row in rows.select_related("owner", "by")}


def standing(action: Action, last: PromiseStep | None) -> Standing:
    """What stands, from the action and the last step; a proposal is always the last one."""
    now = Standing(Terms(action.owner_id, action.due_on))
    if last is None:
        return now
    if last.kind != Kind.PROPOSED:
        return Standing(now.terms, last.state)
    return Standing(now.terms, last.state, Terms(last.owner_id, last.due_on), last.side)


def side_of(action: Action, person: User, last: PromiseStep | None) -> str:
    """Whose word it is: the owner's, of who asked, or of who asked it of themselves."""
    if not person.is_active:
        return ""
    if action.owner_id == person.pk:
        mine = action.raised_by_id in (None, person.pk)
        mine = mine and (last is None or (last.side, last.by_id) == (ALONE, person.pk))
        return ALONE if mine else OWNER
    return ASKER if action.raised_by_id == person.pk or followup.may_edit(action, person) else ""


def seen_by(person: User, action: Action, last: PromiseStep | None) -> Promise:
    """The promise as `person` sees it."""
    now, side = standing(action, last), side_of(action, person, last)
    by_others = action.raised_by_id not in (None, action.owner_id)
    asks = bool(action.owner_id and now.state == promise_steps.ASKED and (by_others or last is not None))
    doors = set()
    if side and action.status not in handover.OVER:
        doors.add(promise_steps.PROPOSE)
        yes = (promise_steps.ACCEPT, promise_steps.KEEP, promise_steps.DECLINE)
        if asks or last is not None:
            doors |= {kind for kind in yes if not promise_steps.problem(now, Step(kind, side))}
        if side == ASKER and now.state == promise_steps.AGREED and may(person, "action.edit_any"):
            doors.add(promise_steps.OVERRULE)
    return Promise(now, last, side, asks, frozenset(doors))


def token(action: Action, last: PromiseStep | None) -> str:
    """What a form carries, so that nobody says yes to terms they have not seen."""
    return f"{last.pk if last else 0}:{action.owner_id or 0}:{action.due_on or ''}"


def trail(action: Action) -> list[PromiseStep]:
    """Every step, the first one first; for those who may see the action."""
    return list(action.promise_steps.select_related("owner", "by"))


@transaction.atomic
def say(action: Action, said: Said, *, by: User, at: dt.datetime) -> Action:
    """Take one step. To accept twice is once. Raises CannotSay."""
    action = followup.locked(action)
    last = latest([action]).get(action.pk)
    now, side = standing(action, last), side_of(action, by, last)
    if said.seen and said.seen != token(action, last):
        raise CannotSay({"": _("This was changed in the meantime. Look at it as it stands now.")})
    if said.kind == promise_steps.OVERRULE and side == ASKER and may(by, "action.edit_any"):
        side = ABOVE
    if said.kind == promise_steps.ACCEPT and side in (OWNER, ALONE) and last and now == _agreed(now):
        return action
    terms = Terms(said.owner.pk if said.owner else None, said.due_on)
    has_terms = said.kind in (promise_steps.PROPOSE, promise_steps.OVERRULE)
    step = Step(said.kind, side, terms if has_terms else None)
    if found := problems(action, now, step, said, by=by):
        raise CannotSay(found)
    return _take(action, now, step, said.reason, by=by, at=at)


def _agreed(now: Standing) -> Standing:
    return Standing(now.terms, promise_steps.AGREED)


def problems(action: Action, now: Standing, step: Step, said: Said, *, by: User) -> dict[str, str]:
    """Field → why `by` cannot say this."""
    if not step.side or said.kind == promise_steps.OVERRULE and step.side != ABOVE:
        return {"": _("Only its owner, who asked, the department's lead and the facilitator can say this.")}
    if action.status in handover.OVER:
        return {"": _("This action is over; reopen it first.")}
    moves = said.owner is not None and said.owner.pk != now.terms.owner
    if step.terms and (said.owner is None or moves and handover.chosen(str(said.owner.pk), by=by) is None):
        return {"owner": _("Name the person whose task it is.")}
    if code := promise_steps.problem(now, step):
        return {"due_on" if code == "nothing_new" else "": sentence_of(code)}
    applies = step.terms and promise_steps.after(now, step).terms == step.terms and step.side != ABOVE
    if not said.reason and (said.kind == promise_steps.DECLINE or step.terms and not applies):
        return {"reason": _("Say why.")}
    if len(said.reason) > LONGEST:
        return {"reason": _("Say why, in at most %(most)s characters.") % {"most": LONGEST}}
    return {}


def sentence_of(code: str) -> str:
    return {
        "nothing_to_answer": _("There is nothing to answer any more."),
        "agreed_already": _("This was accepted; propose another date or owner instead."),
        "not_the_owner": _("Only its owner can decline it."),
        "nobody": _("Name the person whose task it is."),
        "nothing_new": _("Name another date or another owner."),
    }[code]


def _take(action: Action, now: Standing, step: Step, reason: str, *, by, at) -> Action:
    then = promise_steps.after(now, step)
    named = step.terms or then.terms
    applied = Kind.OFFERED if then.proposed is None else Kind.PROPOSED
    _put(action, then.terms, by=by, at=at)
    kind = ENDS.get(step.kind, applied)
    made = PromiseStep.objects.create(
        action=action,
        kind=kind,
        side=step.side,
        state=then.state,
        owner_id=named.owner,
        due_on=named.due_on,
        reason=reason,
        at=at,
        by=by,
    )
    if kind != Kind.OFFERED:
        followup.record(f"action.promise_{kind}", action, by=by, at=at)
    asked_anew = kind == Kind.OFFERED and (now.proposed is not None or now.state == promise_steps.DECLINED)
    if kind in (Kind.PROPOSED, Kind.DECLINED) or asked_anew:
        _tell(WAITS, action, made)
    elif now.proposed is not None or kind == Kind.OVERRULED:
        _tell(ANSWERED, action, made)
    return action


def _tell(code: str, action: Action, step: PromiseStep) -> None:
    planning.raise_occurrence(code, action, at=step.at, cycle_key=str(step.pk), params={"step": step.pk})


def _put(action: Action, terms: Terms, *, by, at) -> None:
    """Bring the terms into force; the first date stays for ever."""
    if action.owner_id != terms.owner:
        before, action.owner = action.owner, User.objects.get(pk=terms.owner)
        changed = {
            "before": {"owner": before.username if before else None},
            "after": {"owner": action.owner.username},
        }
        action.save(update_fields=["owner"])
        followup.record("action.handed_over", action, by=by, at=at, **changed)
    if action.due_on != terms.due_on:
        before, action.due_on = action.due_on, terms.due_on
        action.original_due_on = action.original_due_on or terms.due_on
        action.save(update_fields=["due_on", "original_due_on"])
        dates = {
            "before": {"due_on": before.isoformat() if before else None},
            "after": {"due_on": terms.due_on.isoformat() if terms.due_on else None},
        }
        followup.record("action.rescheduled", action, by=by, at=at, **dates)


@transaction.atomic
def complete(action: Action, *, owner, due_on, result, by: User, at: dt.datetime) -> Action:
    """What the room says of it before the meeting is over; once accepted, owner and date stay. Raises CannotSay."""
    action = followup.locked(action)
    last = latest([action]).get(action.pk)
    now, terms = standing(action, last), Terms(owner.pk if owner else None, due_on)
    if terms != now.terms and now.state == promise_steps.AGREED:
        raise CannotSay({"": sentence_of("agreed_already")})
    action = followup.complete(action, owner=owner, due_on=due_on, result=result, by=by, at=at)
    if terms != now.terms and last is not None:
        named = {"owner": owner, "due_on": due_on, "state": promise_steps.ASKED}
        PromiseStep.objects.create(action=action, kind=Kind.OFFERED, side=ASKER, at=at, by=by, **named)
    return action
