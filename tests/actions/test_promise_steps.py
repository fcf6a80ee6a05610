"""Owner and asker: no sequence of answers leaves promised terms that one side did not agree to."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from actions import promise_steps
from actions.promise_steps import (
    ABOVE,
    ACCEPT,
    AGREED,
    ALONE,
    ASKER,
    DECLINE,
    KEEP,
    OVERRULE,
    OWNER,
    PROPOSE,
    Standing,
    Step,
    Terms,
    after,
    problem,
)

FIRST, LATER = dt.date(2026, 12, 5), dt.date(2026, 12, 12)
TERMS = [Terms(owner, day) for owner in (1, 2) for day in (FIRST, LATER, None)]
steps = st.builds(
    Step,
    st.sampled_from([ACCEPT, PROPOSE, KEEP, DECLINE, OVERRULE]),
    st.sampled_from([OWNER, ASKER]),
    st.sampled_from(TERMS),
)


@given(st.sampled_from(TERMS), st.lists(steps, max_size=12))
def test_promised_is_only_what_both_sides_said_yes_to(first, said):
    now = Standing(first)
    asker, owners = {first}, set()  # what each side said yes to; an owner only speaks for themself
    for step in said:
        step = Step(step.kind, ABOVE if step.kind == OVERRULE else step.side, step.terms)
        if problem(now, step):
            continue
        then, answers = after(now, step), promise_steps.is_answered_by(now, step.side)
        if now.state == AGREED and then.terms != now.terms:
            assert step.kind == OVERRULE or step.kind == ACCEPT and answers and then.terms == now.proposed
        named = step.terms if step.kind in (PROPOSE, OVERRULE) else now.proposed if answers else now.terms
        if step.kind in (PROPOSE, OVERRULE, ACCEPT):
            if step.side == OWNER:
                owners.add((now.terms.owner, named))
            else:
                asker.add(named)
        now = then
        if now.state == AGREED:
            assert now.terms in asker and (now.terms.owner, now.terms) in owners


def test_what_each_side_can_say_when():
    asked = Standing(Terms(1, FIRST))
    agreed = after(asked, Step(ACCEPT, OWNER))
    assert agreed == Standing(Terms(1, FIRST), AGREED)
    assert problem(agreed, Step(ACCEPT, OWNER)) == "nothing_to_answer"
    assert problem(agreed, Step(DECLINE, OWNER)) == "agreed_already"
    assert problem(asked, Step(DECLINE, ASKER)) == "not_the_owner"
    assert problem(agreed, Step(PROPOSE, ASKER, Terms(1, FIRST))) == "nothing_new"
    assert problem(agreed, Step(PROPOSE, ASKER, Terms(None, FIRST))) == "nobody"
    pending = after(agreed, Step(PROPOSE, OWNER, Terms(1, LATER)))
    assert pending == Standing(Terms(1, FIRST), AGREED, Terms(1, LATER), OWNER)
    assert problem(pending, Step(KEEP, OWNER)) == "nothing_to_answer"
    assert after(pending, Step(KEEP, ASKER)) == agreed
    assert after(pending, Step(ACCEPT, ASKER)) == Standing(Terms(1, LATER), AGREED)
    assert after(pending, Step(ACCEPT, OWNER)) == agreed  # taken back
    other = after(agreed, Step(PROPOSE, ASKER, Terms(2, FIRST)))
    assert after(other, Step(ACCEPT, OWNER)) == Standing(Terms(2, FIRST))  # the new one is asked
    declined = after(asked, Step(DECLINE, OWNER))
    assert problem(declined, Step(PROPOSE, ASKER, Terms(1, FIRST))) == ""
    assert after(declined, Step(PROPOSE, ASKER, Terms(1, FIRST))) == asked
    assert after(agreed, Step(OVERRULE, ABOVE, Terms(2, LATER))) == Standing(Terms(2, LATER))
    assert after(asked, Step(PROPOSE, ALONE, Terms(1, LATER))) == Standing(Terms(1, LATER), AGREED)
