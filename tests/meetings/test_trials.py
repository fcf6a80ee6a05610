"""Random meetings hold what every meeting must hold, and a clock that is wrong is found out (experience §3)."""

import json
from dataclasses import replace

import pytest

from meetings import clock, ledger, orders, rehearsal, transitions, trials
from tests.meetings.test_rehearsal_commands import ran

RULES = {
    "a_clock_set_back_gives_nothing_back", "a_closed_part_holds_what_it_used", "a_line_can_be_added",
    "beside_moves_nothing", "buffer_is_never_below_zero", "deltas_sum_to_zero", "double_is_harmless", "ends_agree",
    "ledger_sums_to_the_budget", "nobody_pays_below_the_minimum", "one_part_at_a_time", "parts_to_come_have_time",
    "past_stays", "replay_is_the_state", "stale_is_harmless", "time_never_runs_back", "undo_is_the_log_without_it",
    "whole_seconds",
}  # fmt: skip


def test_a_hundred_random_meetings_hold_every_rule():
    found = trials.run(100, seed=6)
    assert (found.scripts, found.broken, set(found.checks)) == (100, [], RULES)
    assert set(found.events) == set(transitions.STEPS) | {"event.voided"}
    assert found.checks["ends_agree"] == found.commands > 2000
    assert found.checks["undo_is_the_log_without_it"] == found.events["event.voided"] > 25
    assert found.backward > 100


def wrong_end(plan, state, at):
    return clock.later(projected_end(plan, state, at), 1 if state.phase == "paused" else 0)


def stumbling_save(plan, state, seconds, to):
    return save(plan, state, seconds - 1, to)


def forgetful_replay(plan, events):
    return replay(plan, list(events)[:-1])


def untidy_decide(plan, state, command, at, settings):
    state.ledger["END"] -= 1
    return decide(plan, state, command, at, settings)


def patient_apply(plan, state, event):
    return apply(plan, state, replace(event, seq=max(event.seq, state.seq + 1)))


def clock_as_it_is(at, last_at):
    return at


projected_end, save, replay, decide, apply = (
    clock.projected_end, ledger.save, clock.replay, clock.decide, clock.apply,
)  # fmt: skip


@pytest.mark.parametrize(
    ("module", "name", "fault", "rule"),
    [
        (clock, "projected_end", wrong_end, "ends_agree"),
        (ledger, "save", stumbling_save, "a_line_can_be_added"),
        (clock, "replay", forgetful_replay, "replay_is_the_state"),
        (clock, "decide", untidy_decide, "past_stays"),
        (clock, "apply", patient_apply, "double_is_harmless"),
        (orders, "clamped", clock_as_it_is, "time_never_runs_back"),
    ],
)
def test_a_fault_in_the_clock_is_found_with_the_meeting_that_shows_it(monkeypatch, module, name, fault, rule):
    monkeypatch.setattr(module, name, fault)
    found = trials.run(60, seed=6, most_broken=3)
    assert {each["rule"] for each in found.broken} == {rule}
    assert len(found.broken) == 3


def test_the_command_tells_by_its_exit_status_whether_the_rules_held(capsys, monkeypatch, tmp_path):
    status, out = ran(capsys, "rehearse", "--random", "12", "--seed", "6", "--json")
    shown = json.loads(out)
    assert (status, shown["status"], shown["scripts"], shown["broken"]) == (0, "held", 12, [])
    assert set(shown["checks"]) <= RULES
    assert "12 random meetings of seed 6" in ran(capsys, "rehearse", "--random", "12", "--seed", "6")[1]
    monkeypatch.setattr(clock, "projected_end", wrong_end)
    status, out = ran(capsys, "rehearse", "--random", "12", "--seed", "6", "--json")
    [broken, *_others] = json.loads(out)["broken"]
    assert (status, broken["rule"]) == (1, "ends_agree")
    assert "BROKEN" in ran(capsys, "rehearse", "--random", "12", "--seed", "6")[1]


def test_a_random_meeting_is_a_script_that_can_be_rehearsed(capsys, tmp_path):
    status, out = ran(capsys, "rehearse", "--random", "12", "--seed", "6", "--show", "11")
    script = tmp_path / "script.json"
    script.write_text(out)
    assert (status, json.loads(out)) == (0, trials.scripted(6, 11))
    assert trials.scripted(7, 11) != trials.scripted(6, 11)
    states = json.loads(ran(capsys, "rehearse", str(script), "--json")[1])["states"]
    assert states == rehearsal.run(trials.scripted(6, 11))["states"]


@pytest.mark.parametrize(
    "asked",
    [
        [], ["script.json", "--random", "5"], ["--random", "0"], ["--random", "-1"], ["--random", "1000001"],
        ["--random", "3", "--show", "3"],
    ],
)  # fmt: skip
def test_what_cannot_be_tried_has_status_two(capsys, asked):
    status, out = ran(capsys, "rehearse", *asked, "--json")
    assert (status, json.loads(out)["status"]) == (2, "unusable")
