"""The talk between two levels, without a database: whatever is pressed, terms count once both sides wanted them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.negotiation import (
    ABOVE,
    ACCEPT,
    AGREED,
    BELOW,
    COMMENT,
    COUNTER,
    DECLINE,
    OPEN,
    PROPOSE,
    WITHDRAW,
    Standing,
    Step,
    Terms,
    other,
    problem,
    standing,
)

FIRST, NEXT = Terms(Decimal(30), dt.date(2026, 12, 31), 40), Terms(Decimal(20))
OFFER = Step(PROPOSE, ABOVE, "ceo", FIRST)


@pytest.mark.parametrize(
    ("before", "step", "said"),
    [
        ([], Step(ACCEPT, BELOW, "sales"), "BEGUN"),
        ([OFFER], OFFER, "BEGUN"),
        ([OFFER], Step(ACCEPT, ABOVE, "ceo"), "NOT_YOUR_TURN"),
        ([OFFER], Step(ACCEPT, BELOW, "ceo"), "OWN_TERMS"),
        ([OFFER], Step(COUNTER, BELOW, "sales", FIRST, "no"), "SAME_TERMS"),
        ([OFFER], Step(COUNTER, BELOW, "sales", NEXT, " "), "NO_WORDS"),
        ([OFFER], Step(DECLINE, BELOW, "sales"), "NO_WORDS"),
        ([OFFER], Step(WITHDRAW, BELOW, "sales", words="no"), "NOT_YOUR_TURN"),
        ([OFFER, Step(WITHDRAW, ABOVE, "ceo", words="late")], Step(ACCEPT, BELOW, "sales"), "ENDED"),
        (
            [OFFER, Step(WITHDRAW, ABOVE, "ceo", words="late")],
            Step(COMMENT, BELOW, "sales", words="pity"),
            "",
        ),
        ([OFFER], Step(ACCEPT, BELOW, "sales"), ""),
    ],
)
def test_a_step_follows_or_says_why_not(before, step, said):
    assert problem(before, step) == said


def test_a_counter_offer_turns_the_talk_round():
    steps = [OFFER, Step(COUNTER, BELOW, "sales", NEXT, "two people left")]
    assert standing(steps) == Standing(OPEN, NEXT, "sales", BELOW)
    assert standing(steps).turn == ABOVE
    assert standing([*steps, Step(ACCEPT, ABOVE, "ceo")]) == Standing(AGREED, NEXT, "sales", BELOW)


STEPS = st.builds(
    Step,
    st.sampled_from([PROPOSE, COUNTER, ACCEPT, DECLINE, WITHDRAW, COMMENT]),
    st.sampled_from([ABOVE, BELOW]),
    st.sampled_from(["ceo", "sales", "both"]),
    st.sampled_from([FIRST, NEXT, None]),
    st.sampled_from(["", "because"]),
)


@given(st.lists(STEPS, max_size=30))
def test_no_sequence_of_steps_agrees_without_one_person_of_each_side_wanting_the_same_terms(steps):
    trail = []
    for step in steps:
        ended = bool(trail) and standing(trail).state != OPEN
        if not problem(trail, step):
            trail.append(step)
            assert not ended or step.kind == COMMENT
    if not trail or standing(trail).state != AGREED:
        return
    talk = [one for one in trail if one.kind != COMMENT]
    wrote, accepted = talk[-2:]
    assert (accepted.kind, accepted.side) == (ACCEPT, other(wrote.side))
    assert wrote.kind in (PROPOSE, COUNTER) and (wrote.terms or Terms()) == standing(trail).terms
    assert wrote.by != accepted.by
