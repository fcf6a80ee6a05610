"""What the two sides of a task agreed on: whose it is and by when. Ids and days; no clock, no rows.

The owner answers what was asked; the side that asked answers what the owner proposes instead. Terms are AGREED only
while both sides said yes to exactly them. Who decides above both may set others: those wait for the owner's answer.
"""

import datetime as dt
from dataclasses import dataclass, replace

ASKED, AGREED, DECLINED = "asked", "agreed", "declined"  # what became of the terms
OWNER, ASKER, ALONE, ABOVE = "owner", "asker", "alone", "above"  # who speaks; ALONE asked it of themselves
ACCEPT, PROPOSE, KEEP, DECLINE, OVERRULE = "accept", "propose", "keep", "decline", "overrule"
KINDS = (ACCEPT, PROPOSE, KEEP, DECLINE, OVERRULE)


@dataclass(frozen=True)
class Terms:
    """Whose task it is (a person's key) and by which day; either may be open."""

    owner: int | None
    due_on: dt.date | None


@dataclass(frozen=True)
class Standing:
    """The terms in force, what became of them, and what one side proposes instead."""

    terms: Terms
    state: str = ASKED
    proposed: Terms | None = None
    proposer: str = ""


@dataclass(frozen=True)
class Step:
    """What one side says; `terms` with PROPOSE and OVERRULE only."""

    kind: str
    side: str
    terms: Terms | None = None


def problem(now: Standing, step: Step) -> str:
    """Why the step cannot be taken, as a code; "" when nothing stands against it."""
    is_owner, theirs = step.side in (OWNER, ALONE), is_answered_by(now, step.side)
    if step.kind == ACCEPT:
        is_asked = is_owner and (now.state != AGREED or now.proposed is not None)
        return "" if theirs or is_asked else "nothing_to_answer"
    if step.kind == KEEP:
        return "" if theirs else "nothing_to_answer"
    if step.kind == DECLINE:
        return "agreed_already" if now.state == AGREED else "" if is_owner else "not_the_owner"
    if step.terms is None or step.terms.owner is None:
        return "nobody"
    again = step.side == ASKER and now.state == DECLINED  # the same once more
    return "nothing_new" if step.terms in (now.terms, now.proposed) and not again else ""


def is_answered_by(now: Standing, side: str) -> bool:
    """Whether a proposal waits for `side`: it came from the other one."""
    return now.proposed is not None and (now.proposer == OWNER) != (side in (OWNER, ALONE))


def after(now: Standing, step: Step) -> Standing:
    """What stands once a step without problem is taken."""
    if step.kind == ACCEPT:
        terms = now.proposed if is_answered_by(now, step.side) else now.terms
        return Standing(terms, AGREED if terms.owner == now.terms.owner else ASKED)
    if step.kind == KEEP:
        return Standing(now.terms, AGREED if now.state == AGREED else ASKED)
    if step.kind == DECLINE:
        return Standing(now.terms, DECLINED)
    if step.side == ALONE:
        return Standing(step.terms, AGREED if step.terms.owner == now.terms.owner else ASKED)
    if step.kind == OVERRULE or step.side == ASKER and now.state != AGREED:
        return Standing(step.terms)
    state = AGREED if now.state == AGREED else ASKED
    return replace(now, state=state, proposed=step.terms, proposer=step.side)
