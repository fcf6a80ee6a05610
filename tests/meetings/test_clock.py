"""The live clock, to the second: the worked trace and each rule of the commands."""

from datetime import UTC, datetime, timedelta

import pytest

from meetings import clock, fitting
from meetings.clock import Command

NINE = datetime.fromisoformat("2026-10-12T09:00:00+08:00")


class Meeting:
    """A meeting as a facilitator sees it: orders by the wall clock, events kept."""

    def __init__(self, plan=None, settings=clock.STANDARD):
        self.plan = plan or fitting.plan("default-240", NINE)
        self.state = clock.opening(self.plan)
        self.settings = settings
        self.log = []

    def do(self, wall, do, **arguments):
        arguments.setdefault("actor", "li")
        event = clock.decide(self.plan, self.state, Command(do, **arguments), at(wall), self.settings)
        self.state = clock.apply(self.plan, self.state, event)
        self.log.append(event)
        return event.deltas

    def refused(self, wall, do, **arguments):
        before = self.state
        with pytest.raises(clock.Refused) as refusal:
            self.do(wall, do, **arguments)
        assert self.state == before
        return refusal.value.code

    def ends(self, wall):
        end = clock.projected_end(self.plan, self.state, at(wall))
        assert end == clock.projected_end_by_parts(self.plan, self.state, at(wall))
        return end.strftime("%H:%M:%S")

    def stands(self, wall):
        """Current part, allotted minutes, buffer minutes, projected end."""
        now = self.state.current
        return now, self.state.ledger[now] / 60, self.state.ledger["BUFFER"] / 60, self.ends(wall)

    def left(self, wall):
        return clock.remaining(self.plan, self.state, at(wall))

    def running(self, *, upto):
        """Started on time; parts passed with no time used until `upto` is on the floor at 09:00."""
        self.do("09:00:00", "start")
        while self.state.current != upto:
            self.do("09:00:00", "next")
        return self


def at(wall):
    hours, minutes, seconds = (int(part) for part in wall.split(":"))
    return NINE.replace(hour=0) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def test_the_worked_trace_is_followed_to_the_second():
    m = Meeting()
    assert m.ends("08:45:00") == "13:00:00"

    assert m.do("09:04:00", "start") == {"BUFFER": -240, "LATE": 240}
    assert m.stands("09:04:00") == ("OPEN", 10, 6, "13:00:00")
    assert m.do("09:15:00", "next") == {"BUFFER": -60, "OPEN": 60}
    assert m.stands("09:15:00") == ("SAL.R", 3, 5, "13:00:00")
    assert m.do("09:19:30", "next") == {"SAL.D": -90, "SAL.R": 90}
    assert m.stands("09:19:30") == ("SAL.D", 35.5, 5, "13:00:00")
    assert m.stands("09:55:30") == ("SAL.D", 35.5, 5, "13:00:30")
    assert m.do("09:56:00", "extend", seconds=300, pay=("compress",)) == {
        "MKT.R": -9, "MKT.D": -81, "SC.R": -9, "SC.D": -81, "FIN.R": -6, "FIN.D": -54,
        "TEC.R": -6, "TEC.D": -54, "SAL.D": 300,
    }  # fmt: skip
    assert m.stands("09:56:00") == ("SAL.D", 40.5, 5, "13:00:00")
    assert m.do("09:59:00", "next") == {"SAL.D": -60, "BUFFER": 60}
    assert m.stands("09:59:00") == ("MKT.R", 2.85, 6, "13:00:00")
    assert m.do("10:01:00", "next") == {"MKT.R": -51, "BUFFER": 51}
    assert m.stands("10:01:00") == ("MKT.D", 25.65, 6.85, "13:00:00")
    assert m.do("10:11:00", "pause", reason="emergency") == {}
    assert m.stands("10:11:00") == ("MKT.D", 25.65, 6.85, "13:00:00")
    assert m.stands("10:17:00") == ("MKT.D", 25.65, 6.85, "13:06:00")
    assert m.do("10:17:00", "resume") == {"BUFFER": -360, "PAUSE": 360}
    assert m.stands("10:17:00") == ("MKT.D", 25.65, 0.85, "13:00:00")
    assert m.do("10:27:00", "next") == {"MKT.D": -339, "BUFFER": 339}
    assert m.stands("10:27:00") == ("SC.R", 2.85, 6.5, "13:00:00")
    assert m.do("10:27:00", "skip", part="TEC.R") == {"TEC.R": -114, "BUFFER": 114}
    assert m.stands("10:27:00") == ("SC.R", 2.85, 8.4, "13:00:00")

    assert {account: seconds / 60 for account, seconds in m.state.ledger.items()} == {
        "OPEN": 11, "SAL.R": 4.5, "SAL.D": 39.5, "MKT.R": 2, "MKT.D": 20, "SC.R": 2.85, "SC.D": 25.65,
        "BREAK": 10, "FIN.R": 1.9, "FIN.D": 17.1, "TEC.R": 0, "TEC.D": 17.1, "XDEP": 40, "PLAN": 30,
        "BUFFER": 8.4, "LATE": 4, "PAUSE": 6, "END": 0,
    }  # fmt: skip
    assert clock.replay(m.plan, m.log) == m.state


def test_the_published_plan_opens_fifty_five_minutes_over_and_says_so():
    m = Meeting(fitting.plan("published", NINE))
    assert m.state.ledger["END"] == -55 * 60
    assert m.ends("08:00:00") == "13:55:00"
    assert clock.health(m.plan, m.state, at("08:00:00")) == "red"


def test_an_early_start_puts_the_minutes_won_into_the_buffer():
    m = Meeting()
    assert m.do("08:55:00", "start") == {"LATE": -300, "BUFFER": 300}
    assert m.ends("08:55:00") == "13:00:00"


def test_a_late_start_beyond_the_buffer_moves_the_end():
    m = Meeting()
    assert m.do("09:12:00", "start") == {"LATE": 720, "BUFFER": -600, "END": -120}
    assert m.ends("09:12:00") == "13:02:00"


def test_a_plan_anchored_on_its_duration_knows_no_late_start():
    default = fitting.plan("default-240", NINE)
    m = Meeting(clock.Plan(default.parts, 14400, 600, NINE, anchor="duration"))
    assert m.do("09:12:00", "start") == {}
    assert m.ends("09:12:00") == "13:12:00"
    assert clock.slip(m.plan, m.state, at("09:12:00")) == 0


def test_waiting_in_the_lobby_moves_the_projected_end():
    m = Meeting()
    assert m.ends("09:03:20") == "13:03:20"
    assert clock.late(m.plan, m.state, at("09:03:20")) == 200


def test_an_overrun_is_paid_by_buffer_then_compression_then_the_end():
    m = Meeting().running(upto="PLAN")
    m.do("09:00:00", "back")  # XDEP is reopened with nothing left, PLAN is the only part to come
    buffer = m.state.ledger["BUFFER"]
    assert buffer == (240 - 30) * 60
    assert m.do("12:40:00", "next") == {"XDEP": buffer + 600, "BUFFER": -buffer, "END": -600}


def test_a_report_eats_its_own_discussion_only_down_to_its_minimum():
    m = Meeting().running(upto="SAL.R")
    deltas = m.do("09:33:00", "next")  # 30 min over, SAL.D keeps 60 % of 37 min
    assert deltas == {"SAL.R": 1800, "SAL.D": -888, "BUFFER": -912}


def test_back_keeps_the_used_seconds_and_reopens_with_nothing_left():
    m = Meeting().running(upto="OPEN")
    m.do("09:10:00", "next")
    m.do("09:11:00", "next")
    assert m.state.current == "SAL.D"
    assert m.do("09:21:00", "back") == {}
    assert (m.state.current, m.left("09:21:00")) == ("SAL.R", 0)
    assert (m.state.status["SAL.D"], m.state.closed_s["SAL.D"]) == ("pending", 600)
    assert m.left("09:22:30") == -90
    assert m.ends("09:22:30") == "13:01:30"
    m.do("09:22:30", "extend", seconds=120, pay=("buffer",))
    assert m.left("09:22:30") == 30
    assert m.do("09:23:00", "next") == {}
    assert (m.state.current, m.left("09:23:00")) == ("SAL.D", 37 * 60 - 600)


def test_back_settles_an_overrun_first():
    m = Meeting().running(upto="OPEN")
    m.do("09:10:00", "next")
    assert m.do("09:14:00", "back") == {"SAL.R": 60, "SAL.D": -60}
    assert (m.state.current, m.left("09:14:00")) == ("OPEN", 0)


def test_back_from_the_first_part_is_refused():
    assert Meeting().running(upto="OPEN").refused("09:01:00", "back") == "nothing_before"


def test_goto_leaves_the_part_pending_and_next_comes_back_to_it_after_the_last():
    m = Meeting().running(upto="SAL.D")
    m.do("09:05:00", "goto", part="PLAN")
    assert (m.state.status["SAL.D"], m.state.closed_s["SAL.D"]) == ("pending", 300)
    m.do("09:10:00", "next")
    assert (m.state.phase, m.state.current) == ("running", "SAL.D")
    assert m.left("09:10:00") == 37 * 60 - 300
    m.do("09:10:00", "next")
    assert m.state.current == "MKT.R"


def test_goto_reopens_a_skipped_part_but_no_part_that_is_done():
    m = Meeting().running(upto="SAL.D")
    m.do("09:00:00", "skip", part="TEC.R")
    assert m.refused("09:00:00", "goto", part="OPEN") == "already_done"
    assert m.refused("09:00:00", "goto", part="SAL.D") == "already_active"
    assert m.refused("09:00:00", "goto", part="XXX") == "unknown_part"
    m.do("09:01:00", "goto", part="TEC.R")
    assert (m.state.current, m.left("09:01:00")) == ("TEC.R", 0)


def test_borrowing_stops_at_the_lenders_minimum():
    m = Meeting().running(upto="SAL.D")
    assert m.do("09:00:00", "borrow", part="BREAK", seconds=300) == {"SAL.D": 300, "BREAK": -300}
    assert m.refused("09:00:00", "borrow", part="BREAK", seconds=1) == "lender_below_minimum"
    assert m.refused("09:00:00", "extend", seconds=60, pay=("part:XDEP",)) == "lender_below_minimum"
    assert m.refused("09:00:00", "borrow", part="OPEN", seconds=60) == "not_pending"
    assert m.do("09:00:00", "extend", seconds=60, pay=("part:BREAK", "end")) == {"SAL.D": 60, "END": -60}


def test_extending_follows_the_order_that_was_named():
    m = Meeting().running(upto="SAL.D")  # buffer 10 + 10 + 3 min
    assert m.do("09:00:00", "extend", seconds=60) == {"SAL.D": 60, "BUFFER": -60}
    assert m.do("09:00:00", "extend", seconds=60, pay=("end",)) == {"SAL.D": 60, "END": -60}
    assert m.ends("09:00:00") == "13:01:00"
    assert m.do("09:00:00", "extend", seconds=1800, pay=("buffer",)) == {
        "SAL.D": 1800, "BUFFER": -1320, "END": -480,
    }  # fmt: skip


def test_more_than_fifteen_minutes_from_the_end_need_a_confirmation():
    m = Meeting().running(upto="SAL.D")
    assert m.refused("09:00:00", "extend", seconds=901, pay=("end",)) == "needs_confirmation"
    assert m.do("09:00:00", "extend", seconds=901, pay=("end",), confirmed=True)["END"] == -901


@pytest.mark.parametrize("seconds", [None, 0, -60, 1801])
def test_an_extension_beyond_reason_is_refused(seconds):
    m = Meeting().running(upto="SAL.D")
    assert m.refused("09:00:00", "extend", seconds=seconds) == "seconds_out_of_range"


def test_compression_never_touches_a_protected_part_or_a_minimum():
    m = Meeting(settings=clock.Settings(confirm_end_above_s=10**6, extend_limit_s=10**6)).running(
        upto="SAL.D"
    )
    m.do("09:00:00", "extend", seconds=10**5, pay=("compress", "end"))
    ledger = {part.id: (m.state.ledger[part.id], part) for part in m.plan.parts}
    for part_id in ("MKT.R", "MKT.D", "SC.R", "SC.D", "FIN.R", "FIN.D", "TEC.R", "TEC.D"):
        assert ledger[part_id][0] == ledger[part_id][1].minimum_s
    for part_id in ("BREAK", "XDEP", "PLAN"):
        assert ledger[part_id][0] == ledger[part_id][1].planned_s


def test_a_hard_stop_refuses_an_extension_that_nobody_can_pay():
    m = Meeting(settings=clock.Settings(order=clock.ORDERS["hard-stop"])).running(upto="PLAN")
    while m.state.ledger["BUFFER"] >= 1800:
        m.do("09:00:00", "extend", seconds=1800)
    assert m.refused("09:00:00", "extend", seconds=1800) == "no_time_left"


def test_shortening_gives_to_the_buffer_and_never_more_than_is_left():
    m = Meeting().running(upto="OPEN")
    assert m.do("09:05:00", "shorten", seconds=60) == {"OPEN": -60, "BUFFER": 60}
    assert m.refused("09:05:00", "shorten", seconds=241) == "not_enough_left"


def test_skipping_the_active_part_brings_the_next_one():
    m = Meeting().running(upto="SAL.R")
    assert m.do("09:01:00", "skip") == {"SAL.R": -120, "BUFFER": 120}
    assert (m.state.current, m.state.status["SAL.R"]) == ("SAL.D", "skipped")


def test_skipping_an_active_part_in_overrun_funds_it_first():
    m = Meeting().running(upto="SAL.R")
    assert m.do("09:04:00", "skip") == {"SAL.R": 60, "SAL.D": -60}


def test_a_skipped_part_may_bring_the_end_forward():
    m = Meeting().running(upto="OPEN")
    assert m.do("09:00:00", "skip", part="TEC.D", to="end") == {"TEC.D": -1080, "END": 1080}
    assert m.ends("09:00:00") == "12:42:00"


def test_parking_keeps_what_was_used_and_frees_the_rest():
    m = Meeting().running(upto="SAL.D")
    assert m.do("09:07:00", "park", to="next_meeting") == {"SAL.D": -1800, "BUFFER": 1800}
    assert (m.state.status["SAL.D"], m.log[-1].payload["target"]) == ("parked", "next_meeting")
    assert m.refused("09:07:00", "park", part="SAL.D") == "already_done"


def test_saved_time_may_repay_compressed_parts():
    m = Meeting(settings=clock.Settings(saved="repay")).running(upto="SAL.D")
    m.do("09:00:00", "extend", seconds=300, pay=("compress",))
    assert m.do("09:38:00", "next") == {
        "SAL.D": -240, "MKT.R": 7, "MKT.D": 65, "SC.R": 7, "SC.D": 65, "FIN.R": 5, "FIN.D": 43,
        "TEC.R": 5, "TEC.D": 43,
    }  # fmt: skip


def test_a_pause_freezes_the_part_and_is_paid_on_resuming():
    m = Meeting().running(upto="OPEN")
    m.do("09:05:00", "pause")
    assert m.left("09:25:00") == 300
    assert clock.paused(m.plan, m.state, at("09:25:00")) == 1200
    assert m.refused("09:25:00", "next") == "not_running"
    deltas = m.do("09:25:00", "resume")
    assert (deltas["PAUSE"], deltas["BUFFER"], deltas.get("END")) == (1200, -600, None)
    assert sum(deltas.values()) == 0
    assert m.ends("09:25:00") == "13:00:00"
    assert m.refused("09:26:00", "pause", reason="bored") == "unknown_reason"


def test_the_last_next_leads_to_closing_and_the_end_gives_the_leftovers_back():
    m = Meeting().running(upto="PLAN")
    m.do("12:50:00", "next")
    assert (m.state.phase, m.state.current, m.ends("12:50:00")) == ("closing", None, "13:00:00")
    buffer = m.state.ledger["BUFFER"]
    assert m.do("12:50:00", "end") == {"BUFFER": -buffer, "END": buffer}
    assert (m.state.phase, m.ends("12:50:00")) == ("ended", "12:50:00")
    assert m.state.ended_at == at("12:50:00")


def test_closing_takes_its_minutes_from_the_buffer_and_the_account_tells_the_true_end():
    m = Meeting().running(upto="PLAN")
    m.do("12:50:00", "next")
    m.do("12:54:00", "end")
    assert (m.state.ledger["BUFFER"], m.state.ledger["END"]) == (240, 360)
    assert m.ends("12:59:00") == "12:54:00"


def test_ending_in_the_middle_drops_the_rest_and_brings_the_end_forward():
    m = Meeting().running(upto="SAL.D")
    deltas = m.do("09:10:00", "end")
    assert (m.state.phase, m.state.ledger["SAL.D"], m.state.ledger["BUFFER"]) == ("closing", 600, 0)
    assert m.state.status["MKT.R"] == "skipped"
    assert deltas["END"] == (4 * 60 - 10) * 60
    assert m.ends("09:10:00") == "09:10:00"


def test_ending_out_of_a_pause_books_the_pause():
    m = Meeting().running(upto="SAL.D")
    m.do("09:10:00", "pause")
    m.do("09:15:00", "end")
    assert m.state.ledger["PAUSE"] == 300
    assert m.ends("09:15:00") == "09:15:00"


def test_a_meeting_may_be_reopened_for_a_quarter_of_an_hour():
    m = Meeting().running(upto="PLAN")
    m.do("12:50:00", "next")
    m.do("12:52:00", "end")
    assert m.refused("13:07:01", "reopen") == "too_late_to_reopen"
    m.do("13:07:00", "reopen")
    assert (m.state.phase, m.state.ended_at, m.ends("13:07:00")) == ("closing", None, "13:07:00")
    m.do("13:08:00", "end")
    assert m.ends("13:08:00") == "13:08:00"


def test_undo_within_fifteen_seconds_is_as_if_the_event_had_never_been():
    m = Meeting().running(upto="SAL.R")
    before = m.state
    m.do("09:03:30", "next")
    assert m.do("09:03:45", "undo") == {"SAL.R": -30, "SAL.D": 30}
    assert (m.state.current, m.left("09:03:45")) == ("SAL.R", -45)
    assert (m.state.ledger, m.state.closed_s, m.state.status) == (
        before.ledger,
        before.closed_s,
        before.status,
    )
    assert m.log[-1].type == "event.voided"
    assert clock.replay(m.plan, m.log) == m.state


def test_undo_is_refused_when_late_or_when_another_person_gave_the_order():
    m = Meeting().running(upto="SAL.R")
    m.do("09:01:00", "next")
    assert m.refused("09:01:05", "undo", actor="chen") == "not_yours_to_undo"
    assert m.refused("09:01:16", "undo") == "too_late_to_undo"
    assert Meeting().refused("09:00:00", "undo") == "nothing_to_undo"


def test_several_orders_can_be_undone_one_after_the_other():
    m = Meeting()
    m.do("09:00:00", "start")
    m.do("09:00:05", "next")
    m.do("09:00:10", "next")
    m.do("09:00:11", "undo")
    m.do("09:00:12", "undo")
    m.do("09:00:13", "undo")
    assert (m.state.phase, m.state.seq) == ("lobby", 6)
    assert m.refused("09:00:14", "undo") == "nothing_to_undo"


def test_a_capture_in_between_leaves_the_clock_alone_and_does_not_stop_an_undo():
    m = Meeting().running(upto="SAL.R")
    m.do("09:01:00", "next")
    capture = clock.Event(m.state.seq + 1, at("09:01:03"), "chen", "capture.add", {"text": "x"})
    m.state = clock.apply(m.plan, m.state, capture)
    m.log.append(capture)
    m.do("09:01:05", "undo")
    assert m.state.current == "SAL.R"
    assert clock.replay(m.plan, m.log) == m.state


def test_a_clock_stepping_backward_is_harmless():
    m = Meeting().running(upto="OPEN")
    m.do("09:10:00", "next")
    assert clock.clamped(at("09:05:00"), at("09:10:00")) == at("09:10:00")
    assert m.left("09:05:00") == 180
    assert m.do("09:05:00", "next") == {"SAL.R": -180, "BUFFER": 180}
    assert m.log[-1].at == at("09:10:00")
    assert m.ends("09:04:00") == "13:00:00"


def test_fractions_of_a_second_never_add_up():
    m = Meeting()
    for number, do in enumerate(["start"] + ["next"] * 13):
        wall = NINE + timedelta(seconds=7 * number, milliseconds=999 - number)
        event = clock.decide(m.plan, m.state, Command(do), wall)
        m.state = clock.apply(m.plan, m.state, event)
        assert clock.projected_end(m.plan, m.state, wall) == clock.projected_end_by_parts(
            m.plan, m.state, wall
        )
    assert sum(m.state.closed_s.values()) == 7 * 13


def test_an_hour_that_summer_time_takes_is_not_counted():
    start = datetime.fromisoformat("2026-03-29T01:30:00+01:00")
    assert clock.seconds_between(start, datetime.fromisoformat("2026-03-29T03:30:00+02:00")) == 3600


def test_the_health_is_amber_when_the_buffer_must_last_for_too_many_parts():
    m = Meeting()
    m.do("09:08:00", "start")
    assert clock.health(m.plan, m.state, at("09:08:00")) == "amber"
    m.do("09:08:00", "extend", seconds=420, pay=("end",))
    assert clock.health(m.plan, m.state, at("09:08:00")) == "red"
    assert clock.badge(m.plan, m.state, at("09:08:00")) == "late"


def test_the_snapshot_holds_what_a_screen_needs_to_count_on():
    m = Meeting().running(upto="SAL.R")
    shown = clock.snapshot(m.plan, m.state, at("09:01:00") + timedelta(milliseconds=250))
    assert shown["server_now"] == "2026-10-12T09:01:00.250+08:00"
    assert (shown["phase"], shown["part"], shown["next"], shown["seq"]) == ("running", "SAL.R", "SAL.D", 2)
    assert (shown["remaining_s"], shown["overrun_s"], shown["buffer_s"]) == (120, 0, 1200)
    assert (shown["projected_end"], shown["hard_end"]) == ("2026-10-12T13:00:00+08:00",) * 2
    assert shown["parts"][1] == {
        "id": "SAL.R", "kind": "report", "planned_s": 180, "allot_s": 180, "closed_s": 0, "elapsed_s": 60,
        "status": "active",
    }  # fmt: skip
    assert sum(shown["ledger_s"].values()) == 14400


@pytest.mark.parametrize(
    ("parts", "budget", "scheduled"),
    [
        ((), 60, NINE),
        ((clock.part("A", "single", 60), clock.part("A", "single", 60)), 60, NINE),
        ((clock.part("BUFFER", "single", 60),), 60, NINE),
        ((clock.part("A", "talk", 60),), 60, NINE),
        ((clock.part("A", "report", 60, own="B"),), 60, NINE),
        ((clock.part("A", "single", -1),), 60, NINE),
        ((clock.part("A", "single", 60),), 0, NINE),
        ((clock.part("A", "single", 60),), 60, NINE.replace(tzinfo=None)),
    ],
)
def test_a_plan_that_cannot_be_run_is_no_plan(parts, budget, scheduled):
    with pytest.raises(ValueError):
        clock.Plan(parts, budget, 0, scheduled)


def test_a_log_out_of_order_is_not_replayed():
    m = Meeting().running(upto="SAL.R")
    with pytest.raises(ValueError):
        clock.replay(m.plan, [m.log[1], m.log[0]])
    with pytest.raises(ValueError):
        clock.apply(m.plan, m.state, clock.Event(9, datetime.now(UTC), "x", "part.extended", {}, {"OPEN": 1}))


def test_a_discussion_that_paid_down_to_its_minimum_is_not_compressed_again():
    m = Meeting().running(upto="SAL.R")
    deltas = m.do("09:33:00", "next", pay=("own", "compress", "end"))
    assert deltas["SAL.D"] == -888
    assert m.state.ledger["SAL.D"] == m.plan.find("SAL.D").minimum_s
    assert sum(deltas.values()) == 0 and deltas["MKT.D"] < 0


def test_an_earlier_order_can_be_undone_up_to_its_own_fifteenth_second():
    m = Meeting().running(upto="SAL.R")
    m.do("09:01:00", "shorten", seconds=60)
    m.do("09:01:14", "next")
    m.do("09:01:15", "undo")
    assert m.do("09:01:15", "undo") == {"SAL.R": 60, "BUFFER": -60}


def test_back_reopens_a_part_that_was_parked_after_some_minutes():
    m = Meeting().running(upto="SAL.D")
    m.do("09:05:00", "park")
    m.do("09:06:00", "back")
    assert (m.state.current, m.left("09:06:00"), m.state.closed_s["SAL.D"]) == ("SAL.D", 0, 300)


def test_back_passes_over_a_part_that_was_never_on_the_floor():
    m = Meeting().running(upto="SAL.R")
    m.do("09:00:00", "skip", part="SAL.D")
    m.do("09:01:00", "next")
    m.do("09:02:00", "back")
    assert m.state.current == "SAL.R"


def test_three_tenths_of_the_buffer_are_enough_to_stay_green():
    m = Meeting()
    m.do("09:07:00", "start")
    assert clock.health(m.plan, m.state, at("09:07:00")) == "green"
