"""Pure. Which fit the builder recommends for an agenda that is longer than its budget, and why (experience §4).

The rule, in this order: headlines with break and buffer (S7), unless it is known that fewer than 80 % of the
people have read the pre-read; silent reading in the room (S6); else the cheapest. The first two only where the
blocks that lead to action (cross-department, plan) stay whole. Cheapest: the fewest minutes out of those blocks, then
out of the discussions of departments, then out of all the rest; equal ones in the order of their offer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings import fitting
from meetings.agenda_draft import BUFFER, Draft, Fit

ENOUGH_READ = 80
HEADLINES, READING = "S7", "S6"
OFFERED = ("S7", "S6", "S5", "S1", "S1b", "S2", "S3", "S4", "S8")
NEEDS_READERS = (HEADLINES, "S5")


@dataclass(frozen=True, order=True)
class Cost:
    """Minutes that a fit takes, the dearest first: comparing two costs is comparing in this order."""

    action: int
    discussion: int
    rest: int


@dataclass(frozen=True)
class Advice:
    """`reason`: read, unread, headlines, reading or cheapest; `read` in percent, None while nobody can have read."""

    strategy: str
    reason: str
    cost: Cost
    read: int | None = None


@dataclass(frozen=True)
class Change:
    """One block before and after a fit, in minutes; `code` of the item, BUFFER for the buffer."""

    code: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


def changes(before: Draft, after: Draft) -> list[Change]:
    """Every block whose length a fit changes, in the order of the new agenda; what is gone stands where it was."""
    codes = [item.code for item in after.items]
    for place, item in enumerate(before.items):
        if item.code not in codes:
            codes.insert(place, item.code)
    found = [Change(code, _minutes(before, code), _minutes(after, code)) for code in codes]
    found.append(Change(BUFFER, before.buffer, after.buffer))
    return [one for one in found if one.difference]


def _minutes(draft, code):
    item = draft.item(code)
    return item.minutes if item else 0


def cost(before: Draft, after: Draft) -> Cost:
    """What the way from one agenda to the other takes; what it adds is no comfort for what it takes."""
    left = {box.code: box.minutes for box in after.boxes}
    lost = {"action": 0, "discussion": 0, "rest": max(0, before.buffer - after.buffer)}
    for box in before.boxes:
        pays = "discussion" if box.kind == "discuss" else "rest"
        pays = "action" if box.code in fitting.ACTION_BLOCKS else pays
        lost[pays] += max(0, box.minutes - left.get(box.code, 0))
    return Cost(**lost)


def advice(draft: Draft, offered: Iterable[Fit], read: int | None) -> Advice | None:
    """The fit to take; None for an agenda that is not too long or that no fit brings into its budget.

    `read`: percent of the people who have read the pre-read, None while there is none.
    """
    if draft.over <= 0:
        return None
    few = read is not None and read < ENOUGH_READ
    possible = {
        one.strategy: cost(draft, one.draft)
        for one in offered
        if one.draft and one.draft.over <= 0 and one.strategy in OFFERED
    }
    whole = {code for code, paid in possible.items() if not paid.action}
    if HEADLINES in whole and not few:
        return Advice(HEADLINES, "headlines" if read is None else "read", possible[HEADLINES], read)
    if READING in whole:
        return Advice(READING, "unread" if few else "reading", possible[READING], read)
    left = [code for code in OFFERED if code in possible and not (few and code in NEEDS_READERS)]
    if not left:
        return None
    best = min(left, key=possible.__getitem__)
    return Advice(best, "cheapest", possible[best], read)
