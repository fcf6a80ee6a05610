"""Orders that leave the clock alone: hand the console over, ask the room, choose who pays for time."""

from meetings import clock, handover, logbook, votes
from meetings.capturing import cleaned
from meetings.models import Meeting
from meetings.problems import Problem, Refused
from reviewhub.people.models import Assignment, User
from reviewhub.people.permissions import may

HOLDERS = ("meeting.run", "meeting.assist", "meeting.override")
PAYS = "pay.set"
LONGEST_QUESTION = 140


def may_hold(user: User) -> bool:
    """Whether `user` can be handed a meeting: facilitators, co-facilitators and executives."""
    return not user.is_partner and any(may(user, ability) for ability in HOLDERS)


def holders(meeting: Meeting) -> list[User]:
    """Everybody who could take the console from the facilitator, by name."""
    roles = Assignment.objects.filter(ended_at=None).values_list("user_id", "role__abilities")
    able = {person for person, abilities in roles if set(abilities) & set(HOLDERS)}
    people = User.objects.active().filter(pk__in=able - {meeting.facilitator_id}).order_by("name_latin", "pk")
    return [person for person in people if may_hold(person)]


def lines_of(meeting: Meeting, *kinds: str):
    return meeting.events.filter(type__in=kinds).order_by("seq")


def offer(meeting, arguments, client_id, by, at):
    """The facilitator offers the console to somebody who can hold it."""
    number = arguments.get("person")
    person = User.objects.active().filter(pk=number).exclude(pk=by.pk).first() if number else None
    _must_be_live(meeting)
    if person is None or not may_hold(person):
        raise Refused(Problem("cannot_hold"))
    return logbook.aside(meeting, handover.OFFERED, {"to": person.pk}, client_id, by, at)


def claim(meeting, arguments, client_id, by, at):
    """Somebody takes the console: at once from a silent facilitator or by an executive, else after asking."""
    _must_be_live(meeting)
    if by.pk == meeting.facilitator_id:
        raise Refused(Problem("already_facilitating"))
    at = clock.clamped(at, meeting.lease_at)
    asked = handover.waiting(lines_of(meeting, *handover.KINDS), at)
    overrides = may(by, "meeting.override")
    kind = handover.claim(asked, by.pk, at, lease_at=meeting.lease_at, overrides=overrides)
    if kind is None:
        raise Refused(Problem("claim_waits", {"seconds": handover.ANSWER_S}))
    if kind == handover.CLAIMED:
        return logbook.aside(meeting, kind, {"to": by.pk}, client_id, by, at)
    return _changed(meeting, by, client_id, by, at)


def accept(meeting, arguments, client_id, by, at):
    """Yes to an offer, or the facilitator's yes to a claim."""
    _must_be_live(meeting)
    asked = handover.waiting(lines_of(meeting, *handover.KINDS), at)
    if not handover.accepts(asked, by.pk, meeting.facilitator_id):
        raise Refused(Problem("nothing_offered"), out_of_turn=True)
    person = User.objects.active().filter(pk=asked.to).first()
    if person is None or not may_hold(person):
        raise Refused(Problem("cannot_hold"))
    return _changed(meeting, person, client_id, by, at)


def keep(meeting, arguments, client_id, by, at):
    """No: the facilitator keeps the console, or whom it was offered to declines."""
    asked = handover.waiting(lines_of(meeting, *handover.KINDS), at)
    if asked is None or by.pk not in (asked.to, meeting.facilitator_id):
        raise Refused(Problem("nothing_offered"), out_of_turn=True)
    return logbook.aside(meeting, handover.KEPT, {}, client_id, by, at)


def _changed(meeting, person, client_id, by, at):
    payload = {"from": meeting.facilitator_id, "to": person.pk}
    columns = {"facilitator_id": person.pk, "lease_at": at}
    return logbook.aside(meeting, handover.CHANGED, payload, client_id, by, at, **columns)


def _must_be_live(meeting):
    if meeting.state not in Meeting.LIVE:
        raise Refused(Problem("not_live"), out_of_turn=True)


def open_vote(meeting, arguments, client_id, by, at):
    """The room is asked for ten seconds, or for twenty or thirty."""
    if meeting.state != Meeting.State.RUNNING:
        raise Refused(Problem("not_running"), out_of_turn=True)
    text, seconds = cleaned(arguments.get("text", "")), arguments.get("seconds", votes.LENGTHS_S[0])
    if len(text) > LONGEST_QUESTION:
        raise Refused(Problem("text_too_long", {"limit": LONGEST_QUESTION}))
    if seconds not in votes.LENGTHS_S:
        raise Refused(Problem("vote_length"))
    vote = _vote(meeting)
    if vote and vote.is_open(at):
        raise Refused(Problem("vote_is_open"), out_of_turn=True)
    return logbook.aside(meeting, votes.OPENED, {"text": text, "seconds": seconds}, client_id, by, at)


def cast(meeting, arguments, client_id, by, at):
    """One's answer; the last one counts."""
    vote, choice = _vote(meeting), arguments.get("to", "")
    if by.is_partner:
        raise Refused(Problem("may_not_vote"))
    if vote is None or not vote.is_open(at):
        raise Refused(Problem("vote_is_over"), out_of_turn=True)
    if choice not in votes.CHOICES:
        raise Refused(Problem("unknown_choice"))
    return logbook.aside(meeting, votes.CAST, {"choice": choice}, client_id, by, at)


def close_vote(meeting, arguments, client_id, by, at):
    """The vote is over before its time."""
    vote = _vote(meeting)
    if vote is None or not vote.is_open(at):
        raise Refused(Problem("vote_is_over"), out_of_turn=True)
    return logbook.aside(meeting, votes.CLOSED, {}, client_id, by, at)


def _vote(meeting):
    return votes.latest(lines_of(meeting, votes.OPENED, votes.CAST, votes.CLOSED))


def set_payer(meeting, arguments, client_id, by, at):
    """Which preset pays for overruns from now on; what was paid before stays."""
    preset = arguments.get("to", "")
    if preset not in clock.PRESETS:
        raise Refused(Problem("unknown_preset"))
    _must_be_live(meeting)
    return logbook.aside(meeting, PAYS, {"preset": preset}, client_id, by, at)


def preset_of(lines) -> str:
    """The preset that a log (oldest first) arrives at; the opening of the lobby names the first."""
    named = [line.payload["preset"] for line in lines if "preset" in line.payload]
    return named[-1] if named else "standard"


def first_preset(meeting: Meeting) -> str:
    """Who never ran a meeting to its end is asked each time; others pay by the standard order."""
    ran = Meeting.objects.filter(facilitator_id=meeting.facilitator_id, ended_at__isnull=False)
    return "standard" if ran.exists() else clock.ASK
