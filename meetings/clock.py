"""The live clock of a meeting: what is left, when it ends, how it stands. Pure.

The whole clock is reached through this module: `from meetings import clock`. `decide` turns an order
into an event, `apply` and `replay` turn events into a state, the functions below read a state at an
instant. All instants are aware; all durations are whole seconds (experience §3.3–3.5).
"""

from datetime import datetime

from meetings import ledger
from meetings.ledger import ASK, ORDERS, PRESETS, STANDARD, Settings, settings_of
from meetings.orders import PARK_TARGETS, PAUSE_REASONS, RULES, Command, Refused, decide, preceding, upcoming
from meetings.plan import (
    ACCOUNTS,
    BUFFER,
    END,
    KINDS,
    LATE,
    PAUSE,
    Plan,
    PlannedPart,
    default_minimum,
    default_weight,
    later,
    part,
    second,
    seconds_between,
)
from meetings.transitions import (
    CLOSING,
    ENDED,
    LOBBY,
    PAUSED,
    UNDO_WINDOW_S,
    Event,
    State,
    apply,
    clamped,
    elapsed,
    opening,
    pending,
    replay,
)

__all__ = [
    "ACCOUNTS", "ASK", "BUFFER", "END", "KINDS", "LATE", "ORDERS", "PARK_TARGETS", "PAUSE", "PAUSE_REASONS", "PRESETS",
    "RULES", "STANDARD", "UNDO_WINDOW_S", "Command", "Event", "Plan", "PlannedPart", "Refused", "Settings", "State",
    "allot", "apply", "badge", "buffer", "clamped", "decide", "default_minimum", "default_weight", "elapsed",
    "hard_end", "health", "late", "later", "opening", "overrun", "part", "paused", "pending", "preceding",
    "projected_end", "projected_end_by_parts", "remaining", "replay", "second", "seconds_between",
    "settings_of", "slip", "snapshot", "upcoming",
]  # fmt: skip

TIGHT_S = 300


def allot(plan: Plan, state: State, part: str) -> int:
    """Seconds a part may take now: planned plus all its deltas."""
    return state.ledger[part]


def remaining(plan: Plan, state: State, at: datetime, part: str | None = None) -> int:
    """Seconds the current part (or `part`) has left, negative when over; 0 when no part is current."""
    part = part or state.current
    return ledger.remaining(plan, state, part, at) if part else 0


def overrun(plan: Plan, state: State, at: datetime) -> int:
    """Seconds the current part runs over its allotment; never negative."""
    return max(0, -remaining(plan, state, at))


def buffer(plan: Plan, state: State) -> int:
    """Seconds in the buffer account."""
    return state.ledger[BUFFER]


def paused(plan: Plan, state: State, at: datetime) -> int:
    """Seconds of the pause that is going on."""
    return max(0, seconds_between(state.paused_at, at)) if state.phase == PAUSED else 0


def late(plan: Plan, state: State, at: datetime) -> int:
    """Seconds since the scheduled start of a meeting that has not begun; 0 before it."""
    return max(0, seconds_between(plan.scheduled, at)) if state.phase == LOBBY else 0


def _closing(state, at):
    return max(0, seconds_between(state.closing_at, at)) if state.phase == CLOSING else 0


def hard_end(plan: Plan, state: State) -> datetime:
    """When the budget is used up: from the scheduled start, or the actual one (anchor `duration`)."""
    start = state.started_at if plan.anchor == "duration" and state.started_at else plan.scheduled
    return later(start, plan.budget_s).astimezone(plan.scheduled.tzinfo)


def projected_end(plan: Plan, state: State, at: datetime) -> datetime:
    """When the meeting ends if nothing else happens, by the accounts (experience §3.4)."""
    at = second(clamped(at, state.last_at))
    live = overrun(plan, state, at) + paused(plan, state, at) + late(plan, state, at)
    live += max(0, _closing(state, at) - (state.ledger[BUFFER] if state.phase == CLOSING else 0))
    return later(hard_end(plan, state), live - state.ledger[END])


def projected_end_by_parts(plan: Plan, state: State, at: datetime) -> datetime:
    """The same instant, added up from the parts still to come; equality is what the tests hold."""
    at = second(clamped(at, state.last_at))
    if state.phase == ENDED:
        return state.ended_at
    if state.phase == LOBBY:
        at = max(at, plan.scheduled)
    to_come = sum(max(0, ledger.remaining(plan, state, each, at)) for each in pending(plan, state))
    spare = max(0, state.ledger[BUFFER] - _closing(state, at))
    return later(at, max(0, remaining(plan, state, at)) + to_come + spare)


def slip(plan: Plan, state: State, at: datetime) -> int:
    """Seconds that the projected end lies behind the hard end; negative when before it."""
    return seconds_between(hard_end(plan, state), projected_end(plan, state, at))


def badge(plan: Plan, state: State, at: datetime) -> str:
    """`on_time`, `tight` (up to five minutes late) or `late`."""
    behind = slip(plan, state, at)
    return "on_time" if behind <= 0 else "tight" if behind <= TIGHT_S else "late"


def health(plan: Plan, state: State, at: datetime) -> str:
    """`red` when late; `amber` when under a quarter of the buffer must last for over half of the parts."""
    if slip(plan, state, at) > TIGHT_S:
        return "red"
    scarce = state.ledger[BUFFER] * 4 < plan.buffer_s
    return "amber" if scarce and len(pending(plan, state)) * 2 > len(plan.parts) else "green"


def snapshot(plan: Plan, state: State, at: datetime) -> dict:
    """All that a screen needs to draw and to count on by itself; JSON-ready, instants ISO 8601."""
    seen = clamped(at, state.last_at)
    return {
        "seq": state.seq,
        "phase": state.phase,
        "part": state.current,
        "next": upcoming(plan, state) if state.phase not in (CLOSING, ENDED) else None,
        "parts": [_part_shown(plan, state, each, seen) for each in plan.parts],
        "since": _iso(state.since),
        "remaining_s": remaining(plan, state, seen),
        "overrun_s": overrun(plan, state, seen),
        "buffer_s": buffer(plan, state),
        "ledger_s": dict(state.ledger),
        "scheduled": _iso(plan.scheduled),
        "started_at": _iso(state.started_at),
        "ended_at": _iso(state.ended_at),
        "projected_end": _iso(projected_end(plan, state, seen)),
        "hard_end": _iso(hard_end(plan, state)),
        "slip_s": slip(plan, state, seen),
        "badge": badge(plan, state, seen),
        "health": health(plan, state, seen),
        "late_s": late(plan, state, seen),
        "paused_s": paused(plan, state, seen),
        "paused_at": _iso(state.paused_at),
        "pause_reason": state.pause_reason,
        "server_now": at.isoformat(timespec="milliseconds"),
    }


def _part_shown(plan, state, each, at):
    return {
        "id": each.id,
        "kind": each.kind,
        "planned_s": each.planned_s,
        "allot_s": state.ledger[each.id],
        "closed_s": state.closed_s[each.id],
        "elapsed_s": elapsed(plan, state, each.id, at),
        "status": state.status[each.id],
    }


def _iso(at):
    return at.isoformat() if at else None
