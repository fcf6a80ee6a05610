"""Pure. The three colours of a task: near its day, behind, overdue; a task that waits for another one has its own.

Blue: due within three days. Yellow: not begun although more than half of its time is over, or its owner said last that
they are not sure. Red: its day is over. The strongest counts; a clock that stands still shows nothing but that.
"""

import datetime as dt

OVERDUE, BEHIND, NEAR, PAUSED, CALM = "overdue", "behind", "near", "paused", ""
NEAR_DAYS = 3


def colour(
    *,
    status: str,
    raised_on: dt.date,
    due_on: dt.date | None,
    on: dt.date,
    paused: bool = False,
    unsure: bool = False,
) -> str:
    """The colour of a task on the day `on`; what is done or dropped has none. `due_on` is its last day."""
    if status not in ("todo", "doing"):
        return CALM
    if paused:
        return PAUSED
    if due_on is not None and due_on < on:
        return OVERDUE
    if unsure or (status == "todo" and due_on is not None and 2 * (on - raised_on) > due_on - raised_on):
        return BEHIND
    if due_on is not None and due_on - on <= dt.timedelta(days=NEAR_DAYS):
        return NEAR
    return CALM


def goes_round(edges: set[tuple[int, int]], waiting: int, awaited: int) -> bool:
    """Whether `waiting` for `awaited` closes a circle; `edges`: (who waits, for whom)."""
    seen, level = set(), {awaited}
    while level:
        if waiting in level:
            return True
        seen |= level
        level = {to for one, to in edges if one in level} - seen
    return False
