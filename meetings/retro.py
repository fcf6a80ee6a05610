"""Looking back at a meeting: planned against used, who paid for overruns, and the one improvement for next time."""

import datetime as dt
from dataclasses import dataclass

from meetings import asides, capturing, clock, doubted, floor_screen, logbook, outcome, rating, screens
from meetings.models import Capture, Improvement, Meeting
from meetings.outcome import Item
from meetings.problems import Problem, Refused
from reviewhub.people.models import User

OVER = (Meeting.State.ENDED, Meeting.State.PUBLISHED)
TANGENT = "tangent.pressed"
PAID_BY = ("part.extended", "meeting.resumed", "meeting.started")
LONGEST = 200


@dataclass(frozen=True)
class Retro:
    """Seconds throughout. `paid`: account → seconds it gave to others; `on_time` of `items` kept to their plan.

    `actions` of which `owned` have an owner; `spoken`: talk time by department, the longest first.
    """

    items: list[Item]
    length_s: int | None
    budget_s: int
    paid: dict[str, int]
    on_time: int
    tangents: int
    doubts: int
    doubts_s: int
    rated: rating.Rated
    decisions: int
    actions: int
    owned: int
    spoken: list[dict]

    @property
    def per_hour(self) -> float | None:
        """Decisions in an hour of the meeting, one decimal."""
        return round(self.decisions * 3600 / self.length_s, 1) if self.length_s else None


@dataclass(frozen=True)
class Before:
    """What the meeting before came to, to be compared with."""

    rated: rating.Rated
    tangents: int
    doubts_s: int


@dataclass(frozen=True)
class Moment:
    """A meeting as it stood at one instant. `used`: id of an item → seconds it had taken by then."""

    at: dt.datetime
    phase: str
    part: object | None
    elapsed_s: int
    allot_s: int
    ends_at: dt.datetime
    lines: list[Capture]
    used: dict[int, int]


def of(meeting: Meeting, reader: User) -> Retro:
    shown = screens.standing(meeting)
    items = outcome.items(shown, reader)
    heard = [item for item in items if item.used_s]
    captures = screens.visible_captures(meeting, reader)
    actions = [row for row in captures if row.kind == Capture.Kind.ACTION]
    ended_at = shown.state.ended_at or shown.state.last_at
    return Retro(
        items,
        outcome.length_s(shown),
        meeting.budget_s,
        paid(shown.valid),
        sum(item.used_s <= item.planned_s for item in heard),
        sum(line.type == TANGENT for line in shown.valid),
        len(shown.doubts),
        doubted.lost_s(shown.doubts, ended_at),
        rating.of(meeting),
        sum(row.kind == Capture.Kind.DECISION for row in captures),
        len(actions),
        sum(row.owner_id is not None for row in actions),
        floor_screen.shares(shown.floor, shown.speakers, ended_at),
    )


def compared(meeting: Meeting) -> Before | None:
    """The last meeting before this one that was held; None where this is the first."""
    rows = Meeting.objects.of_reviews().filter(
        scheduled_at__lt=meeting.scheduled_at, state__in=OVER, started_at__isnull=False
    )
    last = rows.order_by("-scheduled_at", "-pk").first()
    if last is None:
        return None
    shown = screens.standing(last)
    lost = doubted.lost_s(shown.doubts, shown.state.ended_at or shown.state.last_at)
    return Before(rating.of(last), sum(line.type == TANGENT for line in shown.valid), lost)


def paid(lines) -> dict[str, int]:
    """Account → seconds that it gave, over all orders by which somebody got more time than planned."""
    given: dict[str, int] = {}
    for line in lines:
        overran = line.type == "part.next" and line.deltas.get(line.payload.get("from"), 0) > 0
        if overran or line.type in PAID_BY:
            for account, seconds in line.deltas.items():
                if seconds < 0:
                    given[account] = given.get(account, 0) - seconds
    return given


def moment(meeting: Meeting, minute: int, reader: User) -> Moment:
    """The log replayed up to `minute` after the start: exactly what the screens showed then."""
    parts = logbook.parts_of(meeting)
    plan, _now = logbook.standing(meeting)
    at = clock.later(meeting.started_at, minute * 60)
    rows = meeting.events.filter(at__lte=at).order_by("seq")
    state = clock.replay(plan, map(logbook.line, rows))
    part = next((one for one in parts if one.code == state.current), None)
    lines = [row for row in screens.visible_captures(meeting, reader) if row.captured_at <= at]
    used: dict[int, int] = {}
    for one in parts:
        used[one.segment_id] = used.get(one.segment_id, 0) + clock.elapsed(plan, state, one.code, at)
    return Moment(
        at,
        state.phase,
        part,
        clock.elapsed(plan, state, part.code, at) if part else 0,
        clock.allot(plan, state, part.code) if part else 0,
        clock.projected_end(plan, state, at),
        lines,
        used,
    )


def by_plan(items: list[Item], seconds: int) -> Item | None:
    """The item that the plan had on the floor so many seconds after the start; None when it was over."""
    begins = 0
    for item in items:
        begins += item.planned_s
        if seconds < begins:
            return item
    return None


def before(meeting: Meeting) -> Improvement | None:
    """What the last meeting before this one wanted to do better."""
    rows = Improvement.objects.filter(meeting__scheduled_at__lt=meeting.scheduled_at, meeting__state__in=OVER)
    return rows.select_related("meeting", "owner").order_by("-meeting__scheduled_at").first()


def may_settle(by: User) -> bool:
    """Whoever may run meetings settles and judges improvements."""
    return asides.may_hold(by)


def settle(meeting: Meeting, text: str, owner: User | None, *, by: User, at: dt.datetime) -> Improvement:
    """The one improvement for next time, with who looks after it; until it is judged it can be said anew."""
    text = capturing.cleaned(text)
    if meeting.state not in OVER:
        raise Refused(Problem("not_over_yet"), out_of_turn=True)
    if not text:
        raise Refused(Problem("empty_text"))
    if len(text) > LONGEST:
        raise Refused(Problem("text_too_long", {"limit": LONGEST}))
    if owner is None:
        raise Refused(Problem("nobody_of_that_name"))
    if Improvement.objects.filter(meeting=meeting).exclude(verdict="").exists():
        raise Refused(Problem("judged_already"), out_of_turn=True)
    said = {"text": text, "owner": owner, "set_at": at, "set_by": by}
    row, _new = Improvement.objects.update_or_create(meeting=meeting, defaults=said)
    return row


def judge(row: Improvement, verdict: str, *, by: User, at: dt.datetime) -> Improvement:
    """At the next meeting: kept or not."""
    if verdict not in Improvement.Verdict.values:
        raise Refused(Problem("kept_or_not"))
    row.verdict, row.judged_at, row.judged_by = verdict, at, by
    row.save(update_fields=["verdict", "judged_at", "judged_by"])
    return row
