"""What a meeting came to: planned against used minutes, decisions and promises."""

from dataclasses import dataclass

from meetings import clock, screens, topics
from meetings.models import Capture, Meeting, Part, Topic
from reviewhub.people.models import User
from reviewhub.ui import figures


@dataclass(frozen=True)
class Item:
    """One segment as planned and as it went, in seconds. `is_internal`: the reader may not know what it was."""

    part: Part
    planned_s: int
    used_s: int
    parts: tuple[Part, ...]
    is_internal: bool = False
    was_dropped: bool = False
    topics: tuple[Topic, ...] = ()
    people: str = ""

    @property
    def minutes(self) -> list[str]:
        """Planned minutes of each part."""
        return [minutes(part.planned_s) for part in self.parts]

    @property
    def planned_minutes(self) -> str:
        return minutes(self.planned_s)

    @property
    def difference(self) -> str:
        """`+1:12` over, `−05:00` under, as a variance is written."""
        over = self.used_s - self.planned_s
        return figures.signed(figures.clock(over), over)


def minutes(seconds: int) -> str:
    """Whole or half minutes without their unit: 37, 2.5."""
    return f"{seconds / 60:g}"


def items(shown: screens.Standing, reader: User) -> list[Item]:
    """The agenda by segment, planned and used."""
    rows: dict[int, list[Part]] = {}
    for part in shown.parts:
        rows.setdefault(part.segment_id, []).append(part)
    state = shown.state
    return [
        Item(
            part=parts[0],
            parts=tuple(parts),
            planned_s=sum(part.planned_s for part in parts),
            used_s=sum(state.closed_s[part.code] for part in parts),
            is_internal=screens.is_internal(parts[0], reader),
            topics=tuple(
                one for one in shown.topics.get(parts[0].segment.code, ()) if topics.may_read(one, reader)
            ),
            people="" if reader.is_partner else _people(parts[0].segment),
            was_dropped=all(state.status[part.code] in ("skipped", "parked") for part in parts),
        )
        for parts in rows.values()
    ]


def _people(segment):
    """Who presents, and the guests."""
    named = [str(each) for each in (segment.presenter, segment.second_presenter) if each]
    return " · ".join([*named, *([segment.guests] if segment.guests else [])])


def total_s(shown: screens.Standing) -> int:
    """Planned seconds with the buffer: what the agenda asks for, whatever the budget."""
    return sum(part.planned_s for part in shown.parts) + shown.meeting.buffer_s


def length_s(shown: screens.Standing) -> int | None:
    """Seconds from the actual start to the end."""
    state = shown.state
    return clock.seconds_between(state.started_at, state.ended_at) if state.ended_at else None


def written(meeting: Meeting, reader: User) -> dict[str, list[Capture]]:
    """What was written down, by kind: decisions, actions, and everything else."""
    rows = screens.visible_captures(meeting, reader, "action", "action__owner")
    decided = [row for row in rows if row.kind == Capture.Kind.DECISION]
    promised = [row for row in rows if row.kind == Capture.Kind.ACTION]
    return {
        "decisions": decided,
        "actions": promised,
        "others": [row for row in rows if row not in decided and row not in promised],
    }
