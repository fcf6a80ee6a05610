"""What a facilitator may order, and the one event that each order becomes. Pure.

An order never changes a state itself: it is refused in words, or it becomes an event whose deltas are
worked out here, once, and stored.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from meetings import ledger
from meetings.ledger import STANDARD, Settings, add, fund, remaining, settle, settle_overrun, spare
from meetings.plan import BUFFER, END, LATE, PAUSE, Plan, second, seconds_between
from meetings.transitions import (
    ACTIVE,
    CLOSING,
    DONE,
    ENDED,
    LOBBY,
    PAUSED,
    PENDING,
    RUNNING,
    UNDO_WINDOW_S,
    Event,
    State,
    clamped,
    elapsed,
    pending,
)

PAUSE_REASONS = ("break", "technical", "sidebar", "emergency")
PARK_TARGETS = ("parking_lot", "async", "next_meeting")


@dataclass(frozen=True)
class Command:
    """An order. `pay` names the sources of time in order; empty means the settings' order."""

    do: str
    actor: object = None
    client_id: str = ""
    part: str | None = None
    seconds: int | None = None
    pay: tuple[str, ...] = ()
    reason: str = ""
    to: str = ""
    confirmed: bool = False


class Refused(Exception):
    """An order that the rules do not allow: `code` and `params` of meetings.refusals."""

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def decide(plan: Plan, state: State, command: Command, at: datetime, settings: Settings = STANDARD) -> Event:
    """The event that `command` becomes at `at` (aware). Raises Refused and changes nothing."""
    rule = RULES.get(command.do)
    if rule is None:
        raise Refused("unknown_command", command=command.do)
    allowed, refusal, order = rule
    if state.phase not in allowed:
        raise Refused(refusal, phase=state.phase)
    for source in command.pay:
        _known_source(plan, source)
    at = second(clamped(at, state.last_at))
    kind, payload, deltas = order(plan, state, command, at, settings)
    return Event(state.seq + 1, at, command.actor, kind, payload, deltas, command.client_id)


def _known_source(plan, source):
    if source in ("own", "buffer", "compress", "end", "park"):
        return
    if not source.startswith("part:"):
        raise Refused("unknown_source", source=source)
    if plan.find(source[5:]) is None:
        raise Refused("unknown_part", part=source[5:])


def upcoming(plan: Plan, state: State) -> str | None:
    """The pending part that `next` activates: the first after the current one, else the first left behind."""
    waiting = pending(plan, state)
    if state.current is None:
        return waiting[0] if waiting else None
    place = plan.order.index(state.current)
    return next((part for part in waiting if plan.order.index(part) > place), waiting[0] if waiting else None)


def preceding(plan: Plan, state: State) -> str | None:
    """The part that `back` reopens: the nearest earlier one that has been on the floor."""
    place = plan.order.index(state.current)
    for part in reversed(plan.order[:place]):
        status = state.status[part]
        if status == DONE or (status != PENDING and state.closed_s[part]):
            return part
    return None


def _start(plan, state, command, at, settings):
    late = seconds_between(plan.scheduled, at) if plan.anchor == "wall" else 0
    deltas = {}
    if late > 0:
        deltas = add({LATE: late}, fund(plan, state, late, command.pay or settings.late_order))
    elif late < 0:
        deltas = {LATE: late, BUFFER: -late}
    return "meeting.started", {"to": upcoming(plan, state)}, deltas


def _next(plan, state, command, at, settings):
    payload = {"from": state.current, "to": upcoming(plan, state)}
    return "part.next", payload, settle(plan, state, at, command.pay or settings.order, settings)


def _back(plan, state, command, at, settings):
    target = preceding(plan, state)
    if target is None:
        raise Refused("nothing_before")
    deltas = settle_overrun(plan, state, at, command.pay or settings.order)
    return "part.back", {"from": state.current, "to": target}, deltas


def _goto(plan, state, command, at, settings):
    target = _named(plan, command.part)
    if state.status[target] == ACTIVE:
        raise Refused("already_active", part=target)
    if state.status[target] == DONE:
        raise Refused("already_done", part=target)
    deltas = settle_overrun(plan, state, at, command.pay or settings.order)
    return "part.goto", {"from": state.current, "to": target}, deltas


def _named(plan, part):
    if plan.find(part) is None:
        raise Refused("unknown_part", part=part)
    return part


def _seconds(command, limit):
    if command.seconds is None or not 1 <= command.seconds <= limit:
        raise Refused("seconds_out_of_range", limit_s=limit)
    return command.seconds


def _extend(plan, state, command, at, settings):
    seconds = _seconds(command, settings.extend_limit_s)
    order = command.pay or settings.order
    if len(order) == 1 and order[0].startswith("part:"):
        _lendable(plan, state, order[0][5:], seconds)
    paid = fund(plan, state, seconds, order)
    from_end = -paid.get(END, 0)
    if from_end and order[-1] == "park":
        raise Refused("no_time_left", missing_s=from_end)
    if from_end > settings.confirm_end_above_s and not command.confirmed:
        raise Refused("needs_confirmation", seconds=from_end)
    payload = {"part": state.current, "seconds": seconds, "pay": list(order)}
    return "part.extended", payload, add({state.current: seconds}, paid)


def _borrow(plan, state, command, at, settings):
    lender = _named(plan, command.part)
    seconds = _seconds(command, settings.extend_limit_s)
    _lendable(plan, state, lender, seconds)
    payload = {"part": state.current, "seconds": seconds, "pay": [f"part:{lender}"]}
    return "part.extended", payload, {state.current: seconds, lender: -seconds}


def _lendable(plan, state, lender, seconds):
    if state.status[lender] != PENDING:
        raise Refused("not_pending", part=lender)
    if seconds > spare(plan, state, lender):
        raise Refused("lender_below_minimum", part=lender, spare_s=spare(plan, state, lender))


def _shorten(plan, state, command, at, settings):
    seconds = _seconds(command, plan.budget_s)
    left = remaining(plan, state, state.current, at)
    if seconds > left:
        raise Refused("not_enough_left", left_s=max(0, left))
    deltas = add({state.current: -seconds}, ledger.save(plan, state, seconds, settings.saved))
    return "part.shortened", {"part": state.current, "seconds": seconds}, deltas


def _drop(plan, state, command, at, settings, status):
    part = state.current if command.part is None else _named(plan, command.part)
    if state.status[part] not in (PENDING, ACTIVE):
        raise Refused("already_done", part=part)
    payload = {"part": part, "to": state.current, "reason": command.reason}
    if part == state.current:
        payload["to"] = upcoming(plan, state)
    if status == "part.parked":
        payload["target"] = command.to or PARK_TARGETS[0]
    left = remaining(plan, state, part, at)
    if left < 0:
        return status, payload, settle_overrun(plan, state, at, command.pay or settings.order)
    others = replace(state, status=state.status | {part: DONE})  # a dropped part is not repaid
    saved = ledger.save(plan, others, left, "end" if command.to == "end" else settings.saved)
    return status, payload, add({part: -left}, saved)


def _skip(plan, state, command, at, settings):
    return _drop(plan, state, command, at, settings, "part.skipped")


def _park(plan, state, command, at, settings):
    return _drop(plan, state, command, at, settings, "part.parked")


def _pause(plan, state, command, at, settings):
    reason = command.reason or PAUSE_REASONS[0]
    if reason not in PAUSE_REASONS:
        raise Refused("unknown_reason", reason=reason)
    return "meeting.paused", {"reason": reason}, {}


def _resume(plan, state, command, at, settings):
    gone = seconds_between(state.paused_at, at)
    paid = fund(plan, state, gone, command.pay or settings.resume_order)
    return "meeting.resumed", {"seconds": gone}, add({PAUSE: gone}, paid)


def _end(plan, state, command, at, settings):
    """To closing: all that is left goes to END. From closing: the buffer keeps what closing took of it."""
    if state.phase == CLOSING:
        unspent = state.ledger[BUFFER] - seconds_between(state.closing_at, at)
        payload = {"reason": command.reason} if command.reason else {}
        return "meeting.ended", payload, add({BUFFER: -unspent}, {END: unspent})
    dropped = pending(plan, state)
    deltas = {part: -(state.ledger[part] - state.closed_s[part]) for part in dropped}
    deltas[state.current] = -remaining(plan, state, state.current, at)
    deltas[BUFFER] = -state.ledger[BUFFER]
    if state.phase == PAUSED:
        deltas[PAUSE] = seconds_between(state.paused_at, at)
    deltas[END] = -sum(deltas.values())
    payload = {"from": state.current, "used_s": elapsed(plan, state, state.current, at), "dropped": dropped}
    return "meeting.closing", payload, add(deltas)


def _reopen(plan, state, command, at, settings):
    if seconds_between(state.ended_at, at) > settings.reopen_within_s:
        raise Refused("too_late_to_reopen", limit_s=settings.reopen_within_s)
    return "meeting.reopened", {}, {}


def _undo(plan, state, command, at, settings):
    latest, before = state.latest, state.before
    if latest is None:
        raise Refused("nothing_to_undo")
    if before is None or seconds_between(latest.at, at) > UNDO_WINDOW_S:
        raise Refused("too_late_to_undo", limit_s=UNDO_WINDOW_S)
    if latest.actor != command.actor:
        raise Refused("not_yours_to_undo")
    deltas = {account: before.ledger[account] - seconds for account, seconds in state.ledger.items()}
    return "event.voided", {"seq": latest.seq, "type": latest.type}, add(deltas)


RULES = {
    "start": ((LOBBY,), "not_in_lobby", _start),
    "next": ((RUNNING,), "not_running", _next),
    "back": ((RUNNING,), "not_running", _back),
    "goto": ((RUNNING,), "not_running", _goto),
    "extend": ((RUNNING, PAUSED), "not_running", _extend),
    "borrow": ((RUNNING,), "not_running", _borrow),
    "shorten": ((RUNNING,), "not_running", _shorten),
    "skip": ((RUNNING,), "not_running", _skip),
    "park": ((RUNNING,), "not_running", _park),
    "pause": ((RUNNING,), "not_running", _pause),
    "resume": ((PAUSED,), "not_paused", _resume),
    "end": ((RUNNING, PAUSED, CLOSING), "nothing_to_end", _end),
    "reopen": ((ENDED,), "not_ended", _reopen),
    "undo": ((LOBBY, RUNNING, PAUSED, CLOSING, ENDED), "nothing_to_undo", _undo),
}
