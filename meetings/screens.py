"""What the screens of a meeting are told: its whole state as one document, made once for each audience.

A screen counts on by itself from `since`, `closed_s` and `allot_s`; there are no ticks. What an audience
may not know is not in its document at all.
"""

import datetime as dt
from dataclasses import dataclass

from meetings import (
    agenda,
    asides,
    clock,
    doubted,
    floor,
    floor_screen,
    handover,
    logbook,
    signals,
    solving,
    staging,
    talking,
    topics,
    votes,
)
from meetings.floor_screen import named
from meetings.models import Attendance, Capture, Event, Meeting, Part, Topic
from reviewhub.people.models import User

SHOWN_CAPTURES = 5
SHOWN_TEXT = 140
SHOWN_PEOPLE = 40
NOT_FOR_PARTNERS = (
    "ledger_s", "facilitator", "facilitator_id", "lease_at", "handover", "vote", "pays", "latest", "doubt",
    "chart", "is_auto",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A meeting read once: its plan, the state its log adds up to, and what stands beside the log."""

    meeting: Meeting
    parts: list[Part]
    plan: clock.Plan
    state: clock.State
    present: list[User]
    actor: User | None
    topics: dict[str, list[Topic]]
    lines: list[Event]
    floor: floor.Floor
    speakers: dict[int, User]
    valid: list[Event]
    doubts: list[doubted.Doubt]


def standing(meeting: Meeting) -> Standing:
    """Read what the screens show of `meeting` (at most seven queries, whatever its length)."""
    parts = logbook.parts_of(meeting)
    plan = agenda.plan_of(meeting, parts)
    rows = list(Event.objects.filter(meeting=meeting).order_by("seq").select_related("actor"))
    state = clock.replay(plan, map(logbook.line, rows))
    seats = Attendance.objects.filter(meeting=meeting).order_by("present_at").select_related("person")
    latest = state.latest.seq if state.latest else None
    actor = next((row.actor for row in reversed(rows) if row.seq == latest), None)
    valid = signals.standing(rows)
    found = floor.read(rows, talking.segments_of(parts))
    return Standing(
        meeting,
        parts,
        plan,
        state,
        [seat.person for seat in seats],
        actor,
        topics.by_segment(meeting, list({part.segment_id: part.segment for part in parts}.values())),
        rows,
        found,
        talking.people_of(found),
        valid,
        doubted.read(valid),
    )


def document(shown: Standing, captures: list[Capture], *, reader: User, at: dt.datetime) -> dict:
    """The state as `reader`'s audience sees it at `at`: JSON-ready, under 10 kB.

    `captures`: those that are visible to the reader, oldest first.
    """
    state = clock.snapshot(shown.plan, shown.state, at)
    if shown.meeting.state not in Meeting.LIVE:
        state["phase"] = shown.meeting.state
    questions = _questions(shown, reader)
    state |= {
        "id": shown.meeting.pk,
        "title": _both(shown.meeting),
        "agenda": _agenda(shown.parts),
        "questions": questions,
        "question": signals.asked(shown.valid, shown.state.current, len(questions)),
        "is_blank": signals.is_blank(shown.valid),
        "presents_next": _presents_next(shown, reader),
        "doubt": _doubt(shown),
        "captures": _captures(captures),
        "present": {
            "count": len(shown.present),
            "people": [named(each) for each in shown.present[:SHOWN_PEOPLE]],
            "ids": [each.pk for each in shown.present],
        },
        "facilitator": named(shown.meeting.facilitator),
        "facilitator_id": shown.meeting.facilitator_id,
        "lease_at": _iso(shown.meeting.lease_at),
        "handover": _handover(shown, at),
        "vote": _vote(shown),
        "issues": _issues(shown, captures, reader),
        "chart": signals.chart(shown.valid),
        "is_auto": signals.is_auto(shown.valid, shown.state.current),
        "floor": floor_screen.shown(shown.floor, shown.speakers, reader=reader, at=at),
        "pays": asides.preset_of(shown.lines),
        "latest": _latest(shown, at),
    }
    if floor_screen.is_desk(shown.meeting, reader):
        state["desk"] = _desk(shown, at)
    return _for_partner(state, shown, reader) if reader.is_partner else state


def _both(row):
    return {"zh": row.title_zh, "en": row.title_en}


def _agenda(parts):
    segments = {}
    for part in parts:
        segment = segments.setdefault(
            part.segment_id, {"id": part.segment.code, **_both(part.segment), "parts": []}
        )
        segment["parts"].append(part.code)
    return list(segments.values())


def _questions(shown, reader):
    part = next((part for part in shown.parts if part.code == shown.state.current), None)
    if part is None:
        return []
    asked = topics.asked(part.segment, shown.topics.get(part.segment.code, []), reader)
    parked = set(signals.parked_topics(shown.valid, part.code))
    return [one | ({"parked": True} if number in parked else {}) for number, one in enumerate(asked)]


def _presents_next(shown, reader):
    """Who brings the next item, and whether they are ready; None where none comes or the reader may not know it."""
    part = staging.next_item(shown.parts, shown.state)
    if part is None or is_internal(part, reader):
        return None
    segment = part.segment
    return {
        "part": part.code,
        "people": [one for one in (segment.presenter_id, segment.second_presenter_id) if one],
        "department": segment.department.code if segment.department else "",
        "is_ready": signals.ready(shown.valid, part.code) is not None,
    }


def _doubt(shown):
    """The figure that is in doubt just now."""
    found = doubted.going_on(shown.doubts)
    return (
        {"seq": found.seq, "text": found.text[:SHOWN_TEXT], "since": found.since.isoformat()}
        if found
        else None
    )


def _desk(shown, at):
    """What the facilitator alone is told."""
    return {
        "talk": floor_screen.shares(shown.floor, shown.speakers, at),
        "tangents": [when.isoformat() for when in signals.tangents(shown.valid, at)],
        "tangents_enough": signals.ENOUGH,
        "tangents_within_s": signals.WITHIN_S,
        "doubts": len(shown.doubts),
        "doubts_s": doubted.lost_s(shown.doubts, at),
    }


def _captures(captures):
    kinds = [each.kind for each in captures]
    return {
        "total": len(captures),
        "decisions": kinds.count(Capture.Kind.DECISION),
        "actions": kinds.count(Capture.Kind.ACTION),
        "incomplete": sum(bool(each.missing) for each in captures),
        "last": [_capture(each) for each in reversed(captures[-SHOWN_CAPTURES:])],
    }


def _capture(row):
    text = row.text if len(row.text) <= SHOWN_TEXT else row.text[: SHOWN_TEXT - 1] + "…"
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": text,
        "owner": named(row.owner),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "missing": row.missing,
    }


def _latest(shown, at):
    latest = shown.state.latest
    if latest is None:
        return None
    undoable = shown.state.before is not None and clock.seconds_between(latest.at, at) <= clock.UNDO_WINDOW_S
    return {
        "seq": latest.seq,
        "type": latest.type,
        "by": named(shown.actor),
        "undo_until": clock.later(latest.at, clock.UNDO_WINDOW_S).isoformat() if undoable else None,
    }


def _iso(at):
    return at.isoformat() if at else None


def _handover(shown, at):
    """Whom the console was offered to, or who claims it, while the answer is open."""
    asked = handover.waiting((line for line in shown.lines if line.type in handover.KINDS), at)
    if asked is None:
        return None
    person = User.objects.filter(pk=asked.to).first()
    answer_s = handover.ANSWER_S if asked.kind == handover.CLAIMED else handover.OPEN_S
    until = clock.later(asked.at, answer_s).isoformat()
    return {"kind": asked.kind.removeprefix("fac."), "to": asked.to, "name": named(person), "until": until}


def _vote(shown):
    vote = votes.latest(shown.lines)
    if vote is None:
        return None
    return {"seq": vote.seq, "text": vote.text, "until": vote.until.isoformat(), "counts": vote.counts()}


def _issues(shown, captures, reader):
    """The cross-department block, while it is on the floor."""
    part = next((part for part in shown.parts if part.code == shown.state.current), None)
    return solving.shown(shown.valid, captures, shown.topics.get(topics.SHARED, []), part, reader)


def _for_partner(state, shown, reader):
    """Names of colleagues, the accounts and everything about internal items are left out."""
    hidden = {part.code: f"internal-{part.position}" for part in shown.parts if is_internal(part, reader)}
    for left_out in NOT_FOR_PARTNERS:
        del state[left_out]
    state["present"] = {"count": state["present"]["count"], "people": [], "ids": []}
    for key in ("part", "next"):
        state[key] = hidden.get(state[key], state[key])
    if shown.state.current in hidden:
        state["questions"] = []
    for part in state["parts"]:
        part["id"] = hidden.get(part["id"], part["id"])
    for segment in state["agenda"]:
        if segment["parts"][0] in hidden:
            segment["parts"] = [hidden[part] for part in segment["parts"]]
            segment |= {"id": segment["parts"][0], "zh": "", "en": "", "internal": True}
    state["your_turn_at"] = _turn(state, shown, reader)
    return state


def _turn(state, shown, reader):
    """When the next part of the reader's own department comes up, as things stand: now while one is on; None if none
    is left."""
    at = dt.datetime.fromisoformat(state["server_now"])
    if any(
        part.segment.department_id == reader.department_id
        for part in shown.parts
        if part.code == shown.state.current
    ):
        return at.isoformat()
    wait = max(0, state["remaining_s"])
    if shown.state.phase == clock.LOBBY:
        wait += max(0, clock.seconds_between(at, shown.plan.scheduled))
    for part in shown.parts:
        if shown.state.status[part.code] != "pending":
            continue
        if part.segment.department_id == reader.department_id:
            return clock.later(at, wait).isoformat()
        wait += max(0, clock.remaining(shown.plan, shown.state, at, part.code))
    return None


def state_for(meeting: Meeting, *, reader: User, at: dt.datetime) -> dict:
    """The document of `meeting` (a row visible to `reader`), read and made in one go."""
    return document(standing(meeting), visible_captures(meeting, reader), reader=reader, at=at)


def visible_captures(meeting: Meeting, reader: User, *along: str) -> list[Capture]:
    """What was captured, oldest first, with owners and what else comes `along`."""
    rows = Capture.objects.visible_to(reader).filter(meeting=meeting)
    return list(rows.select_related("owner", *along).order_by("captured_at", "id"))


def is_internal(part: Part, reader: User) -> bool:
    """Whether `reader` must not learn what this part is about."""
    return reader.is_partner and part.segment.is_private
