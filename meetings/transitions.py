"""What each event of a meeting's log does to its state. Pure; events are added up, never recomputed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from meetings.plan import BUFFER, END, LATE, PAUSE, Plan, second, seconds_between

UNDO_WINDOW_S = 15
LOBBY, RUNNING, PAUSED, CLOSING, ENDED = "lobby", "running", "paused", "closing", "ended"
PENDING, ACTIVE, DONE, SKIPPED, PARKED = "pending", "active", "done", "skipped", "parked"


@dataclass(frozen=True)
class Event:
    """One line of the log. `deltas` are seconds by account and add up to zero; `at` is aware."""

    seq: int
    at: datetime
    actor: object
    type: str
    payload: dict = field(default_factory=dict)
    deltas: dict = field(default_factory=dict)
    client_id: str = ""


@dataclass(frozen=True)
class Latest:
    """The last event that moved the clock: what an undo would void."""

    seq: int
    at: datetime
    actor: object
    type: str


@dataclass(frozen=True)
class State:
    """Where a meeting stands. Seconds are whole, instants are whole seconds."""

    seq: int
    phase: str
    current: str | None
    since: datetime | None
    closed_s: dict
    status: dict
    started_at: datetime | None
    paused_at: datetime | None
    pause_reason: str
    ended_at: datetime | None
    ledger: dict
    closing_at: datetime | None = None
    last_at: datetime | None = None
    latest: Latest | None = None
    # The state that an undo goes back to; kept only while an undo may still ask for it.
    before: "State | None" = field(default=None, compare=False, repr=False)


def opening(plan: Plan) -> State:
    """The state before the start; END is negative for a plan over its budget."""
    ledger = {each.id: each.planned_s for each in plan.parts}
    spare = plan.budget_s - sum(ledger.values()) - plan.buffer_s
    return State(
        seq=0,
        phase=LOBBY,
        current=None,
        since=None,
        closed_s=dict.fromkeys(plan.order, 0),
        status=dict.fromkeys(plan.order, PENDING),
        started_at=None,
        paused_at=None,
        pause_reason="",
        ended_at=None,
        ledger=ledger | {BUFFER: plan.buffer_s, LATE: 0, PAUSE: 0, END: spare},
    )


def clamped(at: datetime, last_at: datetime | None) -> datetime:
    """`at`, or `last_at` when the clock stepped backward: the log never runs backward."""
    return at if last_at is None or at >= last_at else last_at


def elapsed(plan: Plan, state: State, part: str, at: datetime) -> int:
    """Seconds that a part has used up to `at`; never less than were closed."""
    closed = state.closed_s[part]
    if state.phase == RUNNING and part == state.current:
        closed += max(0, seconds_between(state.since, at))
    return closed


def pending(plan: Plan, state: State) -> list[str]:
    """Ids of the parts still to come, in agenda order."""
    return [each for each in plan.order if state.status[each] == PENDING]


def apply(plan: Plan, state: State, event: Event) -> State:
    """The state after `event`. Raises ValueError when the log is out of order."""
    if event.seq <= state.seq:
        raise ValueError(f"event {event.seq} cannot follow event {state.seq}")
    at = second(clamped(event.at, state.last_at))
    if event.type == "event.voided":
        return _voided(state, event, at)
    step = STEPS.get(event.type)
    if step is None:  # queue, capture, stage, vote: they stand in the log and leave the clock alone
        return replace(state, seq=event.seq, last_at=at)
    after = step(plan, state, event.payload, at)
    return replace(
        after,
        seq=event.seq,
        last_at=at,
        ledger=_posted(state.ledger, event.deltas),
        latest=Latest(event.seq, at, event.actor, event.type),
        before=_undoable(state, at),
    )


def replay(plan: Plan, events: Iterable[Event]) -> State:
    """The state that a whole log adds up to: as if every voided event had never been."""
    events = list(events)
    voided = {event.payload.get("seq") for event in events if event.type == "event.voided"}
    state = opening(plan)
    for event in events:
        if event.type == "event.voided" or event.seq in voided:
            at = second(clamped(event.at, state.last_at))
            state = replace(state, seq=event.seq, last_at=at)
        else:
            state = apply(plan, state, event)
    return state


def _posted(ledger, deltas):
    if sum(deltas.values()):
        raise ValueError(f"the deltas {deltas} do not add up to zero")
    return {account: seconds + deltas.get(account, 0) for account, seconds in ledger.items()}


def _undoable(state, at):
    latest = state.latest
    if latest and seconds_between(latest.at, at) > UNDO_WINDOW_S:
        return replace(state, before=None)
    return state


def _voided(state, event, at):
    latest = state.latest
    if latest is None or state.before is None or latest.seq != event.payload.get("seq"):
        raise ValueError(f"event {event.seq} voids an event that is not the last one")
    return replace(state.before, seq=event.seq, last_at=at)


def _leave(plan, state, at, status):
    """The current part is closed with the seconds it used."""
    part = state.current
    if part is None:
        raise ValueError("the log closes a part while none is on the floor")
    return replace(
        state,
        closed_s=state.closed_s | {part: elapsed(plan, state, part, at)},
        status=state.status | {part: status},
    )


def _enter(state, part, at):
    if part is None:
        return replace(state, phase=CLOSING, current=None, since=None, closing_at=at)
    return replace(state, phase=RUNNING, current=part, since=at, status=state.status | {part: ACTIVE})


def _started(plan, state, payload, at):
    return _enter(replace(state, started_at=at), payload["to"], at)


def _next(plan, state, payload, at):
    return _enter(_leave(plan, state, at, DONE), payload["to"], at)


def _interrupted(plan, state, payload, at):
    return _enter(_leave(plan, state, at, PENDING), payload["to"], at)


def _unchanged(plan, state, payload, at):
    return state


def _dropped(status):
    def step(plan, state, payload, at):
        if payload["part"] != state.current:
            return replace(state, status=state.status | {payload["part"]: status})
        return _enter(_leave(plan, state, at, status), payload["to"], at)

    return step


def _paused(plan, state, payload, at):
    state = _leave(plan, state, at, ACTIVE)
    return replace(state, phase=PAUSED, since=None, paused_at=at, pause_reason=payload.get("reason", ""))


def _resumed(plan, state, payload, at):
    return replace(state, phase=RUNNING, since=at, paused_at=None, pause_reason="")


def _closing(plan, state, payload, at):
    state = _leave(plan, state, at, DONE)
    dropped = dict.fromkeys(pending(plan, state), SKIPPED)
    state = replace(state, status=state.status | dropped, paused_at=None, pause_reason="")
    return _enter(state, None, at)


def _ended(plan, state, payload, at):
    return replace(state, phase=ENDED, ended_at=at)


def _reopened(plan, state, payload, at):
    return replace(state, phase=CLOSING, ended_at=None)


STEPS = {
    "meeting.started": _started,
    "part.next": _next,
    "part.back": _interrupted,
    "part.goto": _interrupted,
    "part.extended": _unchanged,
    "part.shortened": _unchanged,
    "part.skipped": _dropped(SKIPPED),
    "part.parked": _dropped(PARKED),
    "meeting.paused": _paused,
    "meeting.resumed": _resumed,
    "meeting.closing": _closing,
    "meeting.ended": _ended,
    "meeting.reopened": _reopened,
}
