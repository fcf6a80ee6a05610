"""Who is expected in the room, who came: signing in by oneself, or being marked by the facilitator."""

import datetime as dt

from meetings import logbook
from meetings.models import Attendance, Meeting, Part
from meetings.problems import Problem, Refused
from reviewhub.people.models import User

PRESENT, ATTEND = "present", "attend"
ARRIVED, ABSENT = "attendance.present", "attendance.absent"
OPEN_TO = (Meeting.State.READY, *Meeting.LIVE)


def present(meeting, arguments, client_id, by, at):
    """The person says "I am here"; saying it twice changes nothing."""
    _must_be_open(meeting)
    if Attendance.objects.filter(meeting=meeting, person=by).exists():
        told = meeting.events.filter(type=ARRIVED, payload__person=by.pk)
        return told.order_by("-seq").first() or _arrived(meeting, by, client_id, by, at)
    return _arrived(meeting, by, client_id, by, at)


def attend(meeting, arguments, client_id, by, at):
    """The facilitator marks somebody as here, or takes the mark back."""
    _must_be_open(meeting)
    number = arguments.get("person")
    person = User.objects.active().filter(pk=number).first() if number else None
    if person is None:
        raise Refused(Problem("nobody_of_that_name"))
    seat = Attendance.objects.filter(meeting=meeting, person=person)
    if arguments.get("to") != "absent":
        if seat.exists():
            raise Refused(Problem("here_already"), out_of_turn=True)
        return _arrived(meeting, person, client_id, by, at)
    if not seat.delete()[0]:
        raise Refused(Problem("not_here"), out_of_turn=True)
    return logbook.aside(meeting, ABSENT, {"person": person.pk}, client_id, by, at)


def _arrived(meeting, person, client_id, by, at):
    row = logbook.aside(meeting, ARRIVED, {"person": person.pk}, client_id, by, at)
    Attendance.objects.get_or_create(meeting=meeting, person=person, defaults={"present_at": row.at})
    return row


def _must_be_open(meeting):
    if meeting.state not in OPEN_TO:
        raise Refused(Problem("not_open"), out_of_turn=True)


def seated(lines) -> dict[int, dt.datetime]:
    """Person → since when, from the log (oldest first): what the rows of Attendance must say."""
    here: dict[int, dt.datetime] = {}
    for line in lines:
        if line.type == ARRIVED:
            here.setdefault(line.payload["person"], line.at)
        elif line.type == ABSENT:
            here.pop(line.payload["person"], None)
    return here


def expected(meeting: Meeting, parts: list[Part]) -> list[User]:
    """Facilitator, scribe, who presents, and the leads of the departments on the agenda; in the order of the agenda."""
    segments = {part.segment_id: part.segment for part in parts}.values()
    leads: dict[int, list[User]] = {}
    wanted = {one.department_id for one in segments if one.department_id}
    rows = User.objects.active().with_role("lead").filter(assignments__department__in=wanted).distinct()
    for person in rows.select_related("department"):
        leads.setdefault(person.department_id, []).append(person)
    people = [meeting.facilitator, *([meeting.scribe] if meeting.scribe else [])]
    for one in segments:
        people += [each for each in (one.presenter, one.second_presenter) if each]
        people += leads.get(one.department_id, [])
    return list(dict.fromkeys(people))


ORDERS = {PRESENT: present, ATTEND: attend}
