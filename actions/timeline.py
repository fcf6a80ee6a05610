"""Pure. Tasks on a line of weeks: where a bar begins and ends, where the first date stood, where it was done."""

import datetime as dt
from dataclasses import dataclass

BEFORE, AFTER = 4, 12  # weeks shown before this one and after it
WHOLE = 1000  # of the line; places are whole numbers from 0 to this


@dataclass(frozen=True)
class Line:
    """The weeks that are shown: from the Monday `start` on, `end` the day after the last Sunday."""

    start: dt.date
    end: dt.date

    @property
    def mondays(self) -> list[dt.date]:
        return [self.start + dt.timedelta(weeks=week) for week in range((self.end - self.start).days // 7)]

    def place(self, day: dt.date) -> int:
        """Where a day begins, at the edge for what lies beyond."""
        share = (day - self.start) / (self.end - self.start)
        return round(WHOLE * min(1.0, max(0.0, share)))

    def shows(self, day: dt.date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True)
class Bar:
    """`left` and `right` of what was promised; `first` where its first date ended if that was another; `done` where it
    was done; None for what is not shown. `is_cut`: it goes on beyond the line, left or right."""

    left: int
    right: int
    first: int | None = None
    done: int | None = None
    is_cut: tuple[bool, bool] = (False, False)


def line(on: dt.date) -> Line:
    monday = on - dt.timedelta(days=on.weekday())
    return Line(monday - dt.timedelta(weeks=BEFORE), monday + dt.timedelta(weeks=AFTER + 1))


def bar(
    shown: Line,
    *,
    raised_on: dt.date,
    due_on: dt.date | None,
    first_due_on: dt.date | None = None,
    done_on: dt.date | None = None,
    on: dt.date,
) -> Bar:
    """From the day it was raised to the end of its last day: its date, or when it was done, the later one; without
    either up to today."""
    ends = [one for one in (due_on, done_on) if one is not None]
    last = max(ends) if ends else max(on, raised_on)
    after = last + dt.timedelta(days=1)
    moved = first_due_on is not None and first_due_on != due_on and shown.shows(first_due_on)
    return Bar(
        left=shown.place(raised_on),
        right=max(shown.place(after), shown.place(raised_on) + 4),
        first=shown.place(first_due_on + dt.timedelta(days=1)) if moved else None,
        done=shown.place(done_on + dt.timedelta(days=1)) if done_on and shown.shows(done_on) else None,
        is_cut=(raised_on < shown.start, last >= shown.end),
    )
