"""A meeting rehearsed from a script, in the form that other programs rely on."""

import inspect
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import clock, orders, refusals, rehearsal

KEYS = {
    "at_s", "state", "part", "allot_s", "remaining_s", "overrun_s", "buffer_s", "ledger_s", "projected_end_s",
    "deltas_s",
}  # fmt: skip
THREE = [
    {"id": "A.R", "kind": "report", "planned_s": 120},
    {"id": "A.D", "kind": "discuss", "planned_s": 600},
    {"id": "Z", "kind": "single", "planned_s": 600, "minimum_s": 60, "weight": 0.5},
]


def rehearsed(*commands, **script):
    script = {
        "plan": "default-240",
        "scheduled": "2026-10-12T09:00:00+08:00",
        **script,
        "commands": list(commands),
    }
    return rehearsal.run(script)["states"]


def test_the_worked_trace_as_a_script():
    states = rehearsed(
        {"at_s": 240, "do": "start"},
        {"at_s": 900, "do": "next"},
        {"at_s": 1170, "do": "next"},
        {"at_s": 3330, "do": "read"},
        {"at_s": 3360, "do": "extend", "seconds": 300, "pay": ["compress", "end"]},
        {"at_s": 3540, "do": "next"},
        {"at_s": 3660, "do": "next"},
        {"at_s": 4260, "do": "pause"},
        {"at_s": 4620, "do": "read"},
        {"at_s": 4620, "do": "resume"},
        {"at_s": 5220, "do": "next"},
        {"at_s": 5220, "do": "skip", "part": "TEC.R"},
        budget_s=14400,
        buffer_s=600,
    )
    rows = [(s["part"], s["buffer_s"], s["projected_end_s"]) for s in states]
    assert rows == [
        ("OPEN", 360, 14400), ("SAL.R", 300, 14400), ("SAL.D", 300, 14400), ("SAL.D", 300, 14430),
        ("SAL.D", 300, 14400), ("MKT.R", 360, 14400), ("MKT.D", 411, 14400), ("MKT.D", 411, 14400),
        ("MKT.D", 411, 14760), ("MKT.D", 51, 14400), ("SC.R", 390, 14400), ("SC.R", 504, 14400),
    ]  # fmt: skip
    assert states[3] | {"allot_s": 0, "ledger_s": 0} == {
        "at_s": 3330, "state": "running", "part": "SAL.D", "allot_s": 0, "remaining_s": -30, "overrun_s": 30,
        "buffer_s": 300, "ledger_s": 0, "projected_end_s": 14430, "deltas_s": {},
    }  # fmt: skip
    assert states[4]["allot_s"]["MKT.D"] == 1539
    assert states[9]["deltas_s"] == {"PAUSE": 360, "BUFFER": -360}
    for state in states:
        assert set(state) == KEYS
        assert sum(state["ledger_s"].values()) == 14400


def test_the_lobby_is_read_before_the_start():
    (state,) = rehearsed({"at_s": -600, "do": "read"})
    assert (state["state"], state["part"], state["remaining_s"], state["at_s"]) == ("lobby", None, 0, -600)
    assert state["projected_end_s"] == 14400


def test_a_refused_command_says_why_and_changes_nothing():
    states = rehearsed(
        {"at_s": 0, "do": "next"},
        {"at_s": 0, "do": "start"},
        {"at_s": 60, "do": "read"},
        {"at_s": 60, "do": "goto", "part": "NOWHERE"},
        {"at_s": 60, "do": "borrow", "part": "XDEP", "seconds": 60},
        {"at_s": 60, "do": "read"},
    )
    assert [state.get("refused") for state in states] == [
        "not_running", None, None, "unknown_part", "lender_below_minimum", None,
    ]  # fmt: skip
    assert states[0] == {"refused": "not_running"}
    assert states[2] == states[5]


def test_undo_back_goto_shorten_park_and_end_follow_the_same_rules():
    states = rehearsed(
        {"at_s": 0, "do": "start"},
        {"at_s": 300, "do": "shorten", "seconds": 60},
        {"at_s": 310, "do": "undo"},
        {"at_s": 400, "do": "goto", "part": "XDEP"},
        {"at_s": 500, "do": "park", "part": "PLAN"},
        {"at_s": 600, "do": "back"},
        {"at_s": 700, "do": "end"},
        {"at_s": 760, "do": "end"},
    )
    assert states[2]["deltas_s"] == {"OPEN": 60, "BUFFER": -60}
    assert (states[3]["part"], states[4]["deltas_s"]) == ("XDEP", {"PLAN": -1800, "BUFFER": 1800})
    assert states[5] == {"refused": "nothing_before"}
    assert [state["state"] for state in states[6:]] == ["closing", "ended"]
    assert states[7]["projected_end_s"] == 760


def test_a_plan_of_ones_own_gets_the_defaults_for_what_is_left_out():
    plan = rehearsal.planned({"plan": THREE, "buffer_s": 60})
    assert [(part.minimum_s, part.weight, part.own) for part in plan.parts] == [
        (60, 1, "A.D"), (360, 1, None), (60, 0.5, None),
    ]  # fmt: skip
    assert plan.budget_s == 1380
    assert rehearsal.planned({"plan": [THREE[0] | {"own": None}, THREE[1]]}).parts[0].own is None


def test_a_plan_of_ones_own_runs():
    states = rehearsed(
        {"at_s": 0, "do": "start"},
        {"at_s": 180, "do": "next"},
        {"at_s": 200, "do": "extend", "seconds": 100, "pay": "compress"},
        {"at_s": 200, "do": "extend", "seconds": 60, "pay": ["part:Z"]},
        plan=THREE,
        budget_s=1300,
        buffer_s=0,
    )
    assert states[0]["ledger_s"]["END"] == -20
    assert states[1]["deltas_s"] == {"A.R": 60, "A.D": -60}
    assert states[2]["deltas_s"] == {"A.D": 100, "Z": -100}
    assert states[3]["deltas_s"] == {"A.D": 60, "Z": -60}


def test_a_clock_that_steps_backward_stands_still():
    states = rehearsed({"at_s": 0, "do": "start"}, {"at_s": 500, "do": "next"}, {"at_s": 100, "do": "read"})
    assert (states[2]["at_s"], states[2]["remaining_s"]) == (500, 180)


BAD = [
    None,
    [],
    {},
    {"commands": 1},
    {"commands": [], "plan": "nope"},
    {"commands": [], "plan": 7},
    {"commands": [], "plan": []},
    {"commands": [], "plan": [1]},
    {"commands": [], "plan": [{"id": "A", "kind": "single"}]},
    {"commands": [], "plan": [{"id": "A", "kind": "single", "planned_s": "60"}]},
    {"commands": [], "plan": [{"id": "A", "kind": "single", "planned_s": True}]},
    {"commands": [], "plan": [{"id": "A", "kind": "single", "planned_s": 60, "weight": float("nan")}]},
    {"commands": [], "plan": [{"id": "A", "kind": "single", "planned_s": 60, "own": "B"}]},
    {"commands": [], "plan": [{"id": "A", "kind": "talk", "planned_s": 60}]},
    {"commands": [], "plan": [{"id": [], "kind": {}, "planned_s": 60}]},
    {"commands": [], "plan": [{"id": "END", "kind": "single", "planned_s": 60}]},
    {"commands": [], "budget_s": 0},
    {"commands": [], "buffer_s": -1},
    {"commands": [], "scheduled": "2026-10-12T09:00:00"},
    {"commands": [], "scheduled": "soon"},
    {"commands": [], "scheduled": 5},
    {"commands": [], "anchor": []},
    {"commands": [], "order": []},
    {"commands": ["start"]},
    {"commands": [{"do": "start"}]},
    {"commands": [{"at_s": "0", "do": "start"}]},
    {"commands": [{"at_s": float("inf"), "do": "start"}]},
    {"commands": [{"at_s": 10**400, "do": "start"}]},
    {"commands": [{"at_s": 0, "do": "dance"}]},
    {"commands": [{"at_s": 0, "do": []}]},
    {"commands": [{"at_s": 0, "do": "goto"}]},
    {"commands": [{"at_s": 0, "do": "skip", "part": 5}]},
    {"commands": [{"at_s": 0, "do": "extend", "seconds": 1.5}]},
    {"commands": [{"at_s": 0, "do": "extend", "seconds": 60, "pay": ["gold"]}]},
    {"commands": [{"at_s": 0, "do": "extend", "seconds": 60, "pay": [[]]}]},
    {"commands": [{"at_s": 0, "do": "extend", "seconds": 60, "pay": 5}]},
]


@pytest.mark.parametrize("script", BAD, ids=lambda script: json.dumps(script)[:70])
def test_a_script_that_cannot_be_used_says_where(script):
    with pytest.raises(rehearsal.Unusable) as problem:
        rehearsal.run(script)
    assert str(problem.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
command = st.fixed_dictionaries(
    {"at_s": st.integers(0, 20000), "do": st.sampled_from([*clock.RULES, "read"])},
    optional={
        "part": json_values | st.sampled_from(["OPEN", "PLAN"]),
        "seconds": json_values | st.integers(0, 400),
        "pay": json_values | st.just(["compress", "end"]),
        "reason": json_values,
    },
)


@given(
    st.lists(command, max_size=8),
    st.dictionaries(st.sampled_from(["plan", "scheduled", "budget_s"]), json_values),
)
@settings(max_examples=150, deadline=None)
def test_no_script_ever_crashes(commands, more):
    try:
        result = rehearsal.run({"commands": commands, **more})
    except rehearsal.Unusable:
        return
    assert len(result["states"]) == len(commands)
    json.dumps(result, allow_nan=False)


def test_every_refusal_has_its_sentence():
    raised = set(re.findall(r'Refused\("(\w+)"', inspect.getsource(orders)))
    raised |= {refusal for _, refusal, _ in orders.RULES.values()}
    assert raised == set(refusals.SENTENCES)


def test_the_scheduled_start_may_carry_any_offset():
    states = rehearsed({"at_s": 60, "do": "start"}, scheduled="2026-03-29T00:30:00+00:00")
    assert states[0]["deltas_s"] == {"LATE": 60, "BUFFER": -60}
