"""What an order costs before it is given, on the default agenda of 09:00 to 13:00 with a buffer of ten minutes."""

from datetime import datetime

import pytest
from hypothesis import given, settings

from meetings import clock, fitting, quotes
from tests.meetings.test_ledger_properties import meetings, played

NINE = datetime.fromisoformat("2026-10-12T09:00:00+08:00")
PLAN = fitting.plan("default-240", NINE)


def running(*orders):
    """The state after `orders`, each (minute, order, arguments)."""
    state = clock.opening(PLAN)
    for minute, do, arguments in [(0, "start", {}), *orders]:
        event = clock.decide(PLAN, state, clock.Command(do, "li", **arguments), at(minute))
        state = clock.apply(PLAN, state, event)
    return state


def at(minute):
    return clock.later(NINE, minute * 60)


def offered(do, minute, state=None, **arguments):
    return quotes.choices(PLAN, state or running(), clock.Command(do, "li", **arguments), at(minute))


def ends(quote):
    return f"{quote.ends_at:%H:%M:%S}"


def test_each_payer_says_when_the_meeting_would_end():
    paid = offered("extend", 5, seconds=300)
    assert [(quote.order.do, quote.order.pay, ends(quote)) for quote in paid] == [
        ("extend", ("buffer",), "13:00:00"),
        ("extend", ("compress",), "13:00:00"),
        ("extend", ("end",), "13:05:00"),
        ("park", (), "13:00:00"),
    ]
    assert paid[0].deltas == {"OPEN": 300, "BUFFER": -300}
    assert {quote.instead_of for quote in paid} == {at(240)}


def test_a_buffer_that_does_not_reach_lets_the_end_pay_the_rest():
    paid = offered("extend", 5, seconds=900)
    assert (ends(paid[0]), paid[0].deltas["END"]) == ("13:05:00", -300)


def test_what_the_rules_refuse_costs_nothing_and_says_why():
    dear = offered("extend", 5, seconds=1200)[2]
    assert (dear.refusal.code, dear.deltas, dear.ends_at) == ("needs_confirmation", {}, at(240))
    bare = quotes.choices(PLAN, clock.opening(PLAN), clock.Command("extend", "li", seconds=60), NINE)
    assert [quote.refusal.code for quote in bare] == ["not_running"]


def test_only_parts_above_their_minimum_lend():
    lent = {
        quote.order.part: quote.refusal and quote.refusal.code for quote in offered("borrow", 5, seconds=300)
    }
    assert lent["SAL.D"] is None
    assert lent["SAL.R"] == "lender_below_minimum"
    assert "XDEP" not in lent
    assert "PLAN" not in lent


def test_every_part_that_is_not_closed_can_be_reached_and_the_rest_dropped():
    state = running((10, "next", {}), (11, "skip", {"part": "MKT.R"}))
    assert [quote.order.part for quote in offered("goto", 12, state)][:3] == ["SAL.D", "MKT.R", "MKT.D"]
    assert [quote.order.part for quote in offered("skip", 12, state)][:3] == ["SAL.R", "SAL.D", "MKT.D"]
    parked = [(quote.order.part, quote.order.to) for quote in offered("park", 12, state)]
    assert parked[:4] == [
        ("SAL.R", "parking_lot"), ("SAL.R", "async"), ("SAL.R", "next_meeting"), ("SAL.D", "parking_lot"),
    ]  # fmt: skip


def test_minutes_are_given_back_up_to_what_is_left():
    assert [quote.refusal and quote.refusal.code for quote in offered("shorten", 8)] == [
        None, None, "not_enough_left",
    ]  # fmt: skip


def test_a_pause_is_offered_with_its_four_reasons():
    assert [quote.order.reason for quote in offered("pause", 5)] == [
        "break", "technical", "sidebar", "emergency",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("preset", "order", "resume"),
    [
        ("ask", clock.ORDERS["standard"], ("buffer", "compress", "end")),
        ("standard", clock.ORDERS["standard"], ("buffer", "compress", "end")),
        ("hard-stop", clock.ORDERS["hard-stop"], ("buffer", "compress", "end")),
        ("keep-depth", clock.ORDERS["keep-depth"], ("buffer", "end")),
    ],
)
def test_a_preset_says_who_pays_for_overruns_and_pauses(preset, order, resume):
    chosen = clock.settings_of(preset)
    assert (chosen.order, chosen.resume_order, chosen.late_order) == (order, resume, ("buffer", "end"))


@given(meetings)
@settings(max_examples=40, deadline=None)
def test_a_quote_is_what_the_order_then_costs(meeting):
    for plan, before, event, _after, _at in played(meeting):
        if event is None or event.type == "event.voided":
            continue
        order = next(each for _jump, each in meeting[2] if each.actor == event.actor)
        asked = quotes.quote(plan, before, order, event.at, meeting[1])
        try:
            decided = clock.decide(plan, before, order, event.at, meeting[1])
        except clock.Refused as refusal:
            assert asked.refusal.code == refusal.code
            continue
        assert asked.deltas == decided.deltas
        assert asked.ends_at == clock.projected_end(plan, clock.apply(plan, before, decided), event.at)
