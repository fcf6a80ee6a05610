"""What holds after any sequence of orders, whatever the plan and however the clock jumps."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import clock, fitting, ledger

NINE = datetime.fromisoformat("2026-10-12T09:00:00+08:00")
IDS = ("OPEN", "SAL.R", "SAL.D", "MKT.R", "MKT.D", "BREAK", "XDEP", "PLAN")
SOURCES = ("own", "buffer", "compress", "end", "part:SAL.D", "part:BREAK", "part:NOBODY", "park")


@st.composite
def plans(draw):
    if draw(st.booleans()):
        return fitting.plan(draw(st.sampled_from(sorted(fitting.TEMPLATES))), NINE)
    parts = []
    for part_id in draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True)):
        kind = draw(st.sampled_from(clock.KINDS))
        seconds = st.integers(0, 3000)
        minimum, weight = draw(st.none() | seconds), draw(st.none() | st.sampled_from([0, 1, 2, 0.5]))
        parts.append(clock.part(part_id, kind, draw(seconds), minimum_s=minimum, weight=weight))
    if len(parts) > 1:
        parts[0] = replace(parts[0], own=parts[1].id)
    return clock.Plan(
        tuple(parts),
        budget_s=draw(st.integers(1, 14400)),
        buffer_s=draw(st.integers(0, 1200)),
        scheduled=NINE,
        anchor=draw(st.sampled_from(["wall", "duration"])),
    )


OFTEN = (
    "next",
    "extend",
    "back",
    "goto",
    "shorten",
    "skip",
    "park",
    "pause",
    "borrow",
    "undo",
    "extend",
    "next",
)
SELDOM = ("start", "resume", "end", "reopen", "bogus")
orders = st.builds(
    clock.Command,
    do=st.sampled_from(OFTEN * 3 + SELDOM),
    actor=st.sampled_from(["li", "li", "li", "chen"]),
    part=st.none() | st.sampled_from([*IDS, "NOBODY"]),
    seconds=st.sampled_from([60, 1, 299, 900, 1800, 0, 1801, None]),
    pay=st.just(()) | st.lists(st.sampled_from(SOURCES), max_size=3).map(tuple),
    reason=st.sampled_from(["", "technical", "sidebar", "bored"]),
    to=st.sampled_from(["", "end", "async"]),
    confirmed=st.booleans(),
)
# Mostly forward, often by seconds only (so that an undo is in time), sometimes backward, with fractions.
jumps = st.sampled_from([0, 1, 3.75, 14, 61.001, 400, 1900.5, -300])
policies = st.builds(
    clock.Settings,
    order=st.sampled_from(sorted(clock.ORDERS.values())),
    saved=st.sampled_from(ledger.SAVED),
)
meetings = st.tuples(plans(), policies, st.lists(st.tuples(jumps, orders), min_size=10, max_size=40))


# What moves a meeting on from a phase in which most orders are refused.
ON = {"lobby": "start", "paused": "resume", "closing": "end", "ended": "reopen"}


def played(meeting):
    """Every step of a meeting: (plan, state before, event or None when refused, state after, instant)."""
    plan, policy, steps = meeting
    state, at = clock.opening(plan), NINE
    for jump, command in steps:
        at += timedelta(seconds=jump)
        if state.phase in ON and command.do in OFTEN[:4]:
            command = replace(command, do=ON[state.phase])
        try:
            event = clock.decide(plan, state, command, at, policy)
        except clock.Refused:
            yield plan, state, None, state, at
            continue
        after = clock.apply(plan, state, event)
        yield plan, state, event, after, at
        state = after


def memory_apart(state):
    """A state without the line number and instant of the last line of the log."""
    return replace(state, seq=0, last_at=None)


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_all_accounts_always_add_up_to_the_budget(meeting):
    for plan, _, event, state, _ in played(meeting):
        assert sum(state.ledger.values()) == plan.budget_s
        assert event is None or sum(event.deltas.values()) == 0
        assert all(type(seconds) is int for seconds in state.ledger.values())


@given(meetings, st.integers(-400, 4000))
@settings(max_examples=80, deadline=None)
def test_both_formulas_of_the_projected_end_agree_at_every_instant(meeting, wait):
    for plan, _, _, state, at in played(meeting):
        for instant in (at, at + timedelta(seconds=wait)):
            by_accounts = clock.projected_end(plan, state, instant)
            assert by_accounts == clock.projected_end_by_parts(plan, state, instant)


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_the_log_replayed_is_the_state_that_was_reached(meeting):
    plan, log = meeting[0], []
    for _, _, event, state, _ in played(meeting):
        log += [event] if event else []
        assert clock.replay(plan, log) == state


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_an_undo_is_the_log_without_the_event(meeting):
    plan, log = meeting[0], []
    for _, _, event, state, _ in played(meeting):
        log += [event] if event else []
        if event and event.type == "event.voided":
            voided = {each.payload["seq"] for each in log if each.type == "event.voided"}
            kept = [each for each in log if each.seq not in voided and each.type != "event.voided"]
            assert memory_apart(clock.replay(plan, kept)) == memory_apart(state)
            assert _summed(plan, log) == state.ledger


BESIDE = (
    "queue.joined", "queue.called", "queue.done", "tangent.pressed", "topic.parked", "presenter.ready", "stage.blanked",
    "capture.add", "doubt.closed", "doubt.ruled", "note.kept", "attendance.present", "attendance.absent",
)  # fmt: skip


@given(meetings, st.sampled_from(BESIDE))
@settings(max_examples=60, deadline=None)
def test_a_line_beside_the_clock_moves_nothing_wherever_it_falls(meeting, kind):
    for plan, _, _, state, at in played(meeting):
        aside = clock.Event(state.seq + 1, at, "li", kind, {"part": "SAL.R", "person": 1})
        assert memory_apart(clock.apply(plan, state, aside)) == memory_apart(state)


def _summed(plan, log):
    accounts = dict(clock.opening(plan).ledger)
    for event in log:
        for account, seconds in event.deltas.items():
            accounts[account] += seconds
    return accounts


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_no_pending_part_ever_has_less_than_nothing_left(meeting):
    for plan, _, _, state, at in played(meeting):
        for part in clock.pending(plan, state):
            assert clock.remaining(plan, state, at, part) >= 0
        assert state.ledger["BUFFER"] >= 0


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_nobody_pays_below_the_minimum(meeting):
    for plan, before, event, after, _ in played(meeting):
        if event is None or event.type not in ("part.extended", "part.next", "meeting.resumed"):
            continue
        for part in plan.parts:
            if event.deltas.get(part.id, 0) < 0 and part.id != before.current:
                assert after.ledger[part.id] >= max(part.minimum_s, before.closed_s[part.id])


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_exactly_one_part_is_active_while_the_meeting_runs(meeting):
    for _, _, _, state, _ in played(meeting):
        active = [part for part, status in state.status.items() if status == "active"]
        assert active == ([state.current] if state.phase in ("running", "paused") else [])


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_a_closed_part_holds_exactly_what_it_used_or_what_was_left_of_its_minutes(meeting):
    for _, _, _, state, _ in played(meeting):
        for part, status in state.status.items():
            if status in ("done", "skipped", "parked"):
                assert state.ledger[part] == state.closed_s[part]


@given(meetings)
@settings(max_examples=80, deadline=None)
def test_a_clock_that_steps_backward_gives_no_second_back(meeting):
    plan, last = meeting[0], None
    for _, before, event, after, at in played(meeting):
        if event is None:
            assert after is before
            continue
        assert last is None or event.at >= last
        last = event.at
        earlier = clock.snapshot(plan, after, at - timedelta(hours=1))
        assert earlier | {"server_now": ""} == clock.snapshot(plan, after, event.at) | {"server_now": ""}


@given(
    st.integers(0, 5000),
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 900)), min_size=1, max_size=8),
)
def test_water_filling_gives_whole_seconds_up_to_the_limits(total, givers):
    shares = {str(place): share for place, (share, _) in enumerate(givers)}
    limits = {str(place): limit for place, (_, limit) in enumerate(givers)}
    total = min(total, sum(limits.values()))
    given_seconds = ledger.water_fill(total, shares, limits)
    assert sum(given_seconds.values()) == total
    assert all(0 < seconds <= limits[key] for key, seconds in given_seconds.items())
