"""The minutes: made from the log and what was written down, completed by hand, published in versions that stay."""

import datetime as dt
import json
import uuid

from django.db import transaction

from meetings import capturing, closing, logbook, minutes_copy, outcome, recognised, running, screens
from meetings.floor_screen import named
from meetings.models import Capture, Meeting, MinutesNote, MinutesVersion
from meetings.problems import Problem, Refused
from metrics.canonical import canonical, fingerprint
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, User

SUMMARY = "SUMMARY"
LONGEST, LONGEST_REASON = 4000, 200
OVER = (Meeting.State.ENDED, Meeting.State.PUBLISHED)
PUBLISHED, RECAP = "minutes.published", "minutes.recap"


def document(meeting: Meeting) -> dict:
    """The minutes as they would be published now (meetings.minutes_copy); nothing confidential is in them, and of the
    log only what belongs to the clock."""
    shown = screens.standing(meeting)
    rows = Capture.objects.filter(meeting=meeting, confidentiality__lte=Confidentiality.INTERNAL)
    rows = list(rows.select_related(*closing.ALONG).order_by("captured_at", "pk"))
    notes = dict(meeting.minutes_notes.values_list("section", "text"))
    house = meeting.facilitator  # somebody of the house: every item is told
    items = [_item(item, rows, notes) for item in outcome.items(shown, house)]
    ended = next((row for row in reversed(shown.lines) if row.type == "meeting.ended"), None)
    return {
        "review": meeting.review.code,
        "title": {"zh": meeting.title_zh, "en": meeting.title_en},
        "zone": meeting.review.time_zone,
        "scheduled_at": meeting.scheduled_at.isoformat(),
        "started_at": shown.state.started_at.isoformat() if shown.state.started_at else None,
        "ended_at": meeting.ended_at.isoformat() if meeting.ended_at else None,
        "budget_s": meeting.budget_s,
        "facilitator": named(meeting.facilitator),
        "present": [named(person) for person in shown.present],
        "reason": ended.payload.get("reason", "") if ended else "",
        "summary": notes.get(SUMMARY, ""),
        "items": items,
        "lines": [_line(row) for row in rows if row.part is None],
        "recognised": recognised.lines(meeting),
    }


def _item(item: outcome.Item, rows, notes) -> dict:
    segment = item.part.segment
    return {
        "code": segment.code,
        "zh": segment.title_zh,
        "en": segment.title_en,
        "department": segment.department.code if segment.department else "",
        "is_private": segment.is_private,
        "planned_s": item.planned_s,
        "used_s": item.used_s,
        "was_dropped": item.was_dropped,
        "note": notes.get(segment.code, ""),
        "lines": [_line(row) for row in rows if row.part and row.part.segment_id == segment.pk],
    }


def _line(row: Capture) -> dict:
    owner = row.action.owner if row.action and row.action.owner else row.owner
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": row.text or row.typed,
        "owner": named(owner) if owner else None,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "result": _served(row),
        "excuse": row.excuse,
        "answer": row.answer if row.answer_stands else "",
        "answer_text": row.answer_text if row.answer_stands else "",
    }


def _served(row: Capture) -> str:
    """The key result of an action, else what was typed behind #."""
    if row.action and row.action.result:
        return row.action.result.title
    return " ".join(row.parsed.get("links", ()))


def copy_for(found: dict, reader: User) -> dict:
    """What `reader` is given of a document."""
    return minutes_copy.of_partner(found, reader.department.code) if reader.is_partner else found


def content(version: MinutesVersion) -> dict:
    return json.loads(version.content)


def stands(version: MinutesVersion) -> bool:
    """Whether the version still is what was published."""
    return fingerprint(version.content) == version.fingerprint


def of_copy(found: dict) -> str:
    """The fingerprint of what one reader was given."""
    return fingerprint(canonical(found))


def sections(found: dict) -> list[tuple[str, dict[str, str], str]]:
    """(code, title, what is written) of everything that can be completed by hand."""
    items = [(one["code"], {"zh": one["zh"], "en": one["en"]}, one["note"]) for one in found["items"]]
    return [(SUMMARY, {"zh": "摘要", "en": "Summary"}, found["summary"]), *items]


def write(meeting: Meeting, section: str, text: str, *, by: User, at: dt.datetime) -> None:
    """What stands in one section from the next version on; "" takes it away. Raises Refused."""
    text = "\n".join(filter(None, map(capturing.cleaned, text.splitlines())))
    if not running.may_complete(meeting, by):
        raise running.NotAllowed(Problem("may_not_capture"))
    if meeting.state not in OVER:
        raise Refused(Problem("not_over_yet"), out_of_turn=True)
    if section != SUMMARY and not meeting.segments.filter(code=section).exists():
        raise Refused(Problem("no_such_line"))
    if len(text) > LONGEST:
        raise Refused(Problem("text_too_long", {"limit": LONGEST}))
    if text:
        said = {"text": text, "written_at": at, "written_by": by}
        MinutesNote.objects.update_or_create(meeting=meeting, section=section, defaults=said)
    else:
        meeting.minutes_notes.filter(section=section).delete()


def problems(meeting: Meeting, reason: str, *, by: User) -> list[Problem]:
    """Why the minutes cannot be published now."""
    if not running.may_run(meeting, by):
        return [Problem("not_the_facilitator")]
    if meeting.state not in OVER:
        return [Problem("not_over_yet")]
    last = meeting.minutes.last()
    if last is None:
        return []
    if last.content == canonical(document(meeting)):
        return [Problem("nothing_changed")]
    if not reason:
        return [Problem("say_why_again")]
    return [Problem("text_too_long", {"limit": LONGEST_REASON})] if len(reason) > LONGEST_REASON else []


@transaction.atomic
def publish(meeting: Meeting, *, reason: str = "", by: User, at: dt.datetime) -> MinutesVersion:
    """The next version, for everybody; from the second on with a reason. Raises Refused."""
    meeting, reason = logbook.locked(meeting.pk), capturing.cleaned(reason)
    if found := problems(meeting, reason, by=by):
        raise Refused(found[0])
    last, text = meeting.minutes.last(), canonical(document(meeting))
    row = MinutesVersion.objects.create(
        meeting=meeting,
        number=last.number + 1 if last else 1,
        content=text,
        fingerprint=fingerprint(text),
        reason=reason if last else "",
        published_at=at,
        published_by=by,
    )
    payload = {"number": row.number, "fingerprint": row.fingerprint}
    state = {"state": Meeting.State.PUBLISHED}
    logbook.aside(meeting, PUBLISHED, payload, uuid.uuid4(), by, at, **state)
    params = {"review": meeting.review.code, "number": row.number, "fingerprint": row.short}
    planning.raise_occurrence(RECAP, row, at=at)
    activity.record("meeting.minutes_published", meeting, by=by, at=at, params=params)
    return row
