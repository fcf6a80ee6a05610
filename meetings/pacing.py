"""Pacing memory: how long the items of the last reviews were planned, and how long they took."""

from dataclasses import dataclass

from meetings import logbook
from meetings.models import Meeting

HELD = (Meeting.State.ENDED, Meeting.State.PUBLISHED)
REMEMBERED = 3


@dataclass(frozen=True)
class Pace:
    """One item in one earlier meeting, in whole minutes."""

    planned: int
    used: int

    @property
    def over(self) -> int:
        return self.used - self.planned


def lately(meeting: Meeting) -> dict[str, list[Pace]]:
    """Item code → its paces in the last reviews before this meeting, the latest first."""
    earlier = Meeting.objects.of_reviews().filter(state__in=HELD, scheduled_at__lt=meeting.scheduled_at)
    found: dict[str, list[Pace]] = {}
    for one in earlier.order_by("-scheduled_at")[:REMEMBERED]:
        for code, pace in _paces(one).items():
            found.setdefault(code, []).append(pace)
    return found


def _paces(meeting):
    plan, state = logbook.standing(meeting)
    planned: dict[str, int] = {}
    used: dict[str, int] = {}
    for part in plan.parts:
        code = part.id.partition(".")[0]
        planned[code] = planned.get(code, 0) + part.planned_s
        used[code] = used.get(code, 0) + state.closed_s[part.id]
    return {code: Pace(round(planned[code] / 60), round(used[code] / 60)) for code in planned if used[code]}
