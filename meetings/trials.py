"""Random meetings, tried against what must hold for every meeting (experience §3). Pure.

A seed gives the same meetings on every machine, and each is a script that `rehearsal.run` plays: whoever
finds a broken rule can look at it step by step.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from meetings import clock, fitting, rehearsal

MOST_SCRIPTS = 1_000_000
PEOPLE = ("li", "li", "li", "chen")
PARTS = ("OPEN", "SAL.R", "SAL.D", "MKT.R", "MKT.D", "READ", "BREAK", "XDEP", "PLAN")
SOURCES = ("own", "buffer", "compress", "end", "part:SAL.D", "part:BREAK", "part:NOBODY")
OFTEN = (
    "next",
    "next",
    "extend",
    "borrow",
    "back",
    "goto",
    "shorten",
    "skip",
    "park",
    "pause",
    "undo",
    "undo",
)
SELDOM = ("start", "resume", "end", "reopen", "read")
# What moves a meeting on where most orders are refused.
ON = {"lobby": "start", "paused": "resume", "closing": "end", "ended": "reopen"}
# Mostly forward, often by seconds (so that an undo is in time), sometimes with a fraction, sometimes backward.
JUMPS = (0, 1, 3.75, 7, 14, 15, 16, 61.001, 240, 400, 400, 1200, 1900.5, -3, -300)
BESIDE = ("queue.joined", "queue.called", "capture.add", "vote.cast", "fac.changed", "stage.blanked")


@dataclass
class Found:
    """What the trials counted: lines of the log, refusals, how often each rule was asked, and where one broke."""

    scripts: int = 0
    commands: int = 0
    events: Counter = field(default_factory=Counter)
    refused: int = 0
    backward: int = 0
    checks: Counter = field(default_factory=Counter)
    broken: list = field(default_factory=list)


def run(count: int, seed: int, most_broken: int = 10) -> Found:
    """Try `count` random meetings; stops after `most_broken` of them broke a rule."""
    found = Found()
    for number in range(count):
        script = scripted(seed, number)
        found.scripts += 1
        for place, rule in try_out(script, found):
            found.broken.append({"script": number, "command": place, "rule": rule})
            break
        if len(found.broken) >= most_broken:
            break
    return found


def scripted(seed: int, number: int) -> dict:
    """The random meeting `number` of a seed, as `manage.py rehearse` reads it."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - the same meetings again, not a secret
    script = _plan(chance) | {"scheduled": "2026-10-12T09:00:00+08:00", "commands": []}
    script["order"] = chance.choice(sorted(clock.ORDERS))
    script["anchor"] = chance.choice(("wall", "wall", "duration"))
    plan, policy, _none = rehearsal.read(script)
    state, at_s = clock.opening(plan), chance.choice((-600, 0, 0, 240, 1500))
    for _turn in range(chance.randint(10, 40)):
        at_s += chance.choice(JUMPS)
        script["commands"].append(_command(chance, plan, state) | {"at_s": at_s})
        state = _moved(plan, state, script, policy)
    return script


def _moved(plan, state, script, policy):
    """Where the meeting stands after the last command: the next one shall not always be refused."""
    [(at_s, command)] = rehearsal.steps(script["commands"][-1:])
    try:
        event = clock.decide(plan, state, command, clock.later(plan.scheduled, at_s), policy)
        return clock.apply(plan, state, event)
    except (clock.Refused, ValueError):
        return state


def _plan(chance):
    if chance.random() < 0.6:
        return {"plan": chance.choice(sorted(fitting.TEMPLATES))}
    ids = chance.sample(PARTS, chance.choice((1, 2, 5, 7, len(PARTS))))
    parts = []
    for each in ids:
        part = {"id": each, "kind": chance.choice(clock.KINDS), "planned_s": chance.randint(0, 3000)}
        part["minimum_s"] = chance.choice((None, None, chance.randint(0, 3000)))
        part["weight"] = chance.choice((None, None, 0, 1, 2, 0.5))
        parts.append(part)
    if len(parts) > 1 and chance.random() < 0.5:
        parts[0] |= {"kind": "report", "own": parts[1]["id"]}
    return {"plan": parts, "budget_s": chance.randint(1, 14_400), "buffer_s": chance.randint(0, 1200)}


def _command(chance, plan, state):
    do = chance.choice(OFTEN if chance.random() < 0.93 else SELDOM)
    if state.phase in ON and chance.random() < 0.75:
        do = ON[state.phase]
    given = {"do": do, "by": chance.choice(PEOPLE), "confirmed": chance.random() < 0.5}
    if do in ("goto", "borrow") or (do in ("skip", "park") and chance.random() < 0.6):
        given["part"] = chance.choice(clock.pending(plan, state) * 2 + [*PARTS, "NOBODY"])
    if do in ("extend", "borrow", "shorten"):
        given["seconds"] = chance.choice((1, 60, 60, 120, 299, 300, 900, 1800, 0, 1801))
    if chance.random() < 0.4:
        given["pay"] = chance.choices(SOURCES, k=chance.randint(1, 3))
    if do == "pause":
        given["reason"] = chance.choice(("", "technical", "sidebar", "bored"))
    if do in ("skip", "park"):
        given["to"] = chance.choice(("", "end", "async"))
    return given


def try_out(script: dict, found: Found) -> Iterator[tuple[int, str]]:
    """Every (place of the command, rule) that a meeting breaks. Counts into `found`."""
    plan, policy, steps = rehearsal.read(script)
    state, log, last_s = clock.opening(plan), [], None
    for place, (at_s, command) in enumerate(steps):
        at = clock.later(plan.scheduled, at_s)
        found.commands += 1
        found.backward += last_s is not None and at_s < last_s
        last_s = at_s
        before, event, after = _frozen(state), None, state
        if command.do != "read":
            try:
                event = _stored(clock.decide(plan, state, command, at, policy))
            except clock.Refused:
                found.refused += 1
        if event is not None:
            found.events[event.type] += 1
            log.append(event)
            after = _applied(plan, state, event)
            yield from _broken({"a_line_can_be_added": after is not None}, place, found)
            if after is None:
                return
        yield from _broken({"past_stays": _frozen(state) == before}, place, found)
        if event is not None:
            yield from _broken(_of_line(plan, state, event, after, log), place, found)
        state = after
        yield from _broken(_of_state(plan, state, at), place, found)


def _broken(rules, place, found):
    found.checks.update(rules.keys())
    yield from ((place, rule) for rule, holds in rules.items() if not holds)


def _of_line(plan, before, event, after, log):
    """What must hold when a line is added to the log."""
    rules = {
        "deltas_sum_to_zero": sum(event.deltas.values()) == 0,
        "time_never_runs_back": before.last_at is None or event.at >= before.last_at,
        "double_is_harmless": _applied(plan, after, event) is None,
        "stale_is_harmless": _applied(plan, after, replace(event, seq=before.seq, client_id="late")) is None,
        "replay_is_the_state": clock.replay(plan, log) == after,
        "beside_moves_nothing": _beside(plan, after, len(log)),
    }
    if event.type == "event.voided":
        rules["undo_is_the_log_without_it"] = _without_voided(plan, log) == _apart(after)
    if event.type in ("part.extended", "part.next", "meeting.resumed"):
        rules["nobody_pays_below_the_minimum"] = all(
            after.ledger[part.id] >= max(part.minimum_s, before.closed_s[part.id])
            for part in plan.parts
            if event.deltas.get(part.id, 0) < 0 and part.id != before.current
        )
    return rules


def _of_state(plan, state, at):
    """What must hold at every instant."""
    later, earlier = clock.later(at, 977), clock.later(at, -3600)
    last = state.last_at or at
    active = [part for part, status in state.status.items() if status == "active"]
    return {
        "ledger_sums_to_the_budget": sum(state.ledger.values()) == plan.budget_s,
        "whole_seconds": all(type(seconds) is int for seconds in state.ledger.values()),
        "ends_agree": all(
            clock.projected_end(plan, state, each) == clock.projected_end_by_parts(plan, state, each)
            for each in (at, later, earlier)
        ),
        "a_clock_set_back_gives_nothing_back": state.last_at is None
        or _seen(plan, state, clock.later(last, -3600)) == _seen(plan, state, last),
        "buffer_is_never_below_zero": state.ledger[clock.BUFFER] >= 0,
        "parts_to_come_have_time": all(
            clock.remaining(plan, state, at, part) >= 0 for part in clock.pending(plan, state)
        ),
        "one_part_at_a_time": active == ([state.current] if state.phase in ("running", "paused") else []),
        "a_closed_part_holds_what_it_used": all(
            state.ledger[part] == state.closed_s[part]
            for part, status in state.status.items()
            if status in ("done", "skipped", "parked")
        ),
    }


def _seen(plan, state, at):
    return clock.snapshot(plan, state, at) | {"server_now": ""}


def _stored(event):
    """The line as it comes back from the log: payload and deltas are JSON there."""
    payload, deltas = json.loads(json.dumps([event.payload, event.deltas]))
    return replace(event, payload=payload, deltas=deltas)


def _applied(plan, state, event):
    """The state after a line, or None when the log does not take it."""
    try:
        return clock.apply(plan, state, event)
    except ValueError:
        return None


def _beside(plan, state, turn):
    line = clock.Event(state.seq + 1, state.last_at, "li", BESIDE[turn % len(BESIDE)], {"person": 1})
    return _apart(clock.apply(plan, state, line)) == _apart(state)


def _without_voided(plan, log):
    voided = {each.payload["seq"] for each in log if each.type == "event.voided"}
    kept = [each for each in log if each.type != "event.voided" and each.seq not in voided]
    return _apart(clock.replay(plan, kept))


def _apart(state):
    """A state without the number and instant of the last line."""
    return replace(state, seq=0, last_at=None)


def _frozen(state):
    """What a state says, apart from the state: later writing into it would show."""
    return state.seq, state.phase, dict(state.ledger), dict(state.status), dict(state.closed_s)
