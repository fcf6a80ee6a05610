"""A meeting rehearsed from a script: the real orders and the real clock, without a database. Pure."""

import math
from datetime import datetime

from meetings import clock, fitting

# The largest script that is read: far above any meeting, far below what would stop a machine.
MOST_PARTS, MOST_COMMANDS, LONGEST_S = 200, 10_000, 30 * 86_400
UNSCHEDULED = "2026-01-05T09:00:00+00:00"
ACTOR = "facilitator"


class Unusable(Exception):
    """The script cannot be read; the sentence says where and why."""


def run(script: dict) -> dict:
    """The states that a script leads to, one per command, in the form of `manage.py rehearse --json`.

    A command that the rules refuse gives {"refused": code} and changes nothing. Raises Unusable.
    """
    plan, settings, commands = read(script)
    state, states = clock.opening(plan), []
    for at_s, command in commands:
        state, shown = _played(plan, state, command, at_s, settings)
        states.append(shown)
    return {"states": states}


def read(script: dict) -> tuple[clock.Plan, clock.Settings, list[tuple[int, clock.Command]]]:
    """The plan of a script, who pays, and its (seconds from the scheduled start, command). Raises Unusable."""
    if not isinstance(script, dict):
        raise Unusable("a script is an object with a plan and commands")
    settings = clock.Settings(order=_order(script.get("order", "standard")))
    return planned(script), settings, steps(_list(script, "commands", MOST_COMMANDS))


def steps(commands: list) -> list[tuple[int, clock.Command]]:
    """(whole seconds from the scheduled start, command) of each entry of a script. Raises Unusable."""
    return [_step(command, f"commands[{place}]") for place, command in enumerate(commands)]


def _played(plan, state, command, at_s, settings):
    at, deltas = clock.later(plan.scheduled, at_s), {}
    if command.do != "read":
        try:
            event = clock.decide(plan, state, command, at, settings)
        except clock.Refused as refusal:
            return state, {"refused": refusal.code}
        state, deltas = clock.apply(plan, state, event), event.deltas
    return state, _shown(plan, state, clock.clamped(at, state.last_at), deltas)


def _shown(plan, state, at, deltas):
    return {
        "at_s": clock.seconds_between(plan.scheduled, at),
        "state": state.phase,
        "part": state.current,
        "allot_s": {part: clock.allot(plan, state, part) for part in plan.order},
        "remaining_s": clock.remaining(plan, state, at),
        "overrun_s": clock.overrun(plan, state, at),
        "buffer_s": clock.buffer(plan, state),
        "ledger_s": dict(state.ledger),
        "projected_end_s": clock.seconds_between(plan.scheduled, clock.projected_end(plan, state, at)),
        "deltas_s": deltas,
    }


def planned(script: dict) -> clock.Plan:
    """The plan of a script: a template's name, or a list of parts. Raises Unusable."""
    given = script.get("plan", "default-240")
    scheduled = _instant(script.get("scheduled", UNSCHEDULED))
    budget_s = _whole(script, "budget_s", None, 1)
    buffer_s = _whole(script, "buffer_s", None, 0)
    anchor = script.get("anchor", "wall")
    try:
        if isinstance(given, str):
            if given not in fitting.TEMPLATES:
                raise Unusable(f"plan: there is no template {given!r}")
            return fitting.plan(given, scheduled, budget_s=budget_s, buffer_s=buffer_s, anchor=anchor)
        parts = _parts(_list(script, "plan", MOST_PARTS))
        buffer_s = buffer_s or 0
        if budget_s is None:
            budget_s = sum(each.planned_s for each in parts) + buffer_s
        return clock.Plan(parts, budget_s, buffer_s, scheduled, anchor)
    except ValueError as flaw:
        raise Unusable(f"plan: {flaw}") from flaw


def _parts(given):
    kinds = {each.get("id"): each.get("kind") for each in map(_object, given) if _is_text(each.get("id"))}
    return tuple(_part(each, f"plan[{place}]", kinds) for place, each in enumerate(given))


def _part(given, where, kinds):
    part_id, kind = given.get("id"), given.get("kind")
    if not _is_text(part_id) or not _is_text(kind):
        raise Unusable(f"{where}: a part needs an id and a kind")
    own = given.get("own", _discussion(part_id, kind, kinds))
    if own is not None and not _is_text(own):
        raise Unusable(f"{where}.own: a part id is needed")
    weight = given.get("weight")
    if weight is not None and not (_is_number(weight) and 0 <= weight <= 1_000_000):
        raise Unusable(f"{where}.weight: a number from 0 is needed")
    planned_s = _whole(given, "planned_s", where, 0)
    if planned_s is None:
        raise Unusable(f"{where}.planned_s is missing")
    minimum_s = _whole(given, "minimum_s", where, 0)
    return clock.part(part_id, kind, planned_s, minimum_s=minimum_s, weight=weight, own=own)


def _discussion(part_id, kind, kinds):
    """A report X.R has X.D as its own discussion when nothing else is said."""
    twin = part_id.removesuffix(".R") + ".D"
    return twin if kind == "report" and part_id.endswith(".R") and kinds.get(twin) == "discuss" else None


def _step(given, where):
    given = _object(given)
    at_s, do = given.get("at_s"), given.get("do")
    if not _is_number(at_s) or abs(at_s) > LONGEST_S:
        raise Unusable(f"{where}.at_s: seconds from the scheduled start are needed")
    if not _is_text(do) or (do != "read" and do not in clock.RULES):
        raise Unusable(f"{where}.do: there is no command {do!r}")
    return math.floor(at_s), clock.Command(
        do=do,
        actor=_text(given, "by", where) or ACTOR,
        part=_needed_part(given, do, where),
        seconds=_whole(given, "seconds", where, -LONGEST_S),
        pay=_pay(given.get("pay", []), f"{where}.pay"),
        reason=_text(given, "reason", where),
        to=_text(given, "to", where),
        confirmed=given.get("confirmed") is True,
    )


def _needed_part(given, do, where):
    part = _text(given, "part", where) or None
    if part is None and do in ("goto", "borrow"):
        raise Unusable(f"{where}.part is missing")
    return part


def _pay(given, where):
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or len(names) > MOST_PARTS:
        raise Unusable(f"{where}: a list of sources is needed")
    for name in names:
        if not _is_text(name) or not (
            name in ("own", "buffer", "compress", "end") or name.startswith("part:")
        ):
            raise Unusable(f"{where}: buffer, compress, end and part:ID can pay, not {name!r}")
    return tuple(names)


def _order(name):
    if not _is_text(name) or name not in clock.ORDERS:
        raise Unusable(f"order: one of {', '.join(clock.ORDERS)} is needed")
    return clock.ORDERS[name]


def _instant(given):
    try:
        at = datetime.fromisoformat(given)
    except (TypeError, ValueError) as flaw:
        raise Unusable("scheduled: an ISO 8601 instant is needed") from flaw
    if at.tzinfo is None or not 1900 < at.year < 3000:
        raise Unusable("scheduled: an instant with an offset is needed, between 1901 and 2999")
    return at


def _whole(given, key, where, least):
    seconds = given.get(key)
    if seconds is None:
        return None
    if type(seconds) is not int or not least <= seconds <= LONGEST_S:
        raise Unusable(f"{where + '.' if where else ''}{key}: whole seconds from {least} are needed")
    return seconds


def _text(given, key, where):
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise Unusable(f"{where}.{key}: a text is needed")
    return value or ""


def _list(script, key, most):
    given = script.get(key)
    if not isinstance(given, list) or len(given) > most:
        raise Unusable(f"{key}: a list of at most {most} is needed")
    return given


def _object(given):
    if not isinstance(given, dict):
        raise Unusable(f"{str(given)[:40]!r} is not an object")
    return given


def _is_text(value):
    return isinstance(value, str) and value != ""


def _is_number(value):
    return type(value) is int or (type(value) is float and math.isfinite(value))
