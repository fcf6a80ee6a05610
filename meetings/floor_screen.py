"""The speaker queue as the screens carry it: to the house whole, to a partner only its own hands."""

import datetime as dt

from meetings import floor
from meetings.models import Meeting
from reviewhub.people.models import User

MOST_SHOWN = 20


def named(person: User | None) -> dict | None:
    """A name in both languages."""
    if person is None:
        return None
    name, latin = person.name or person.name_latin, person.name_latin or person.name
    return {"zh": name or person.username, "en": latin or person.username}


def shown(found: floor.Floor, people: dict[int, User], *, reader: User, at: dt.datetime) -> dict:
    """Who speaks since when, and who waits, in the order in which the floor is offered; JSON-ready."""
    turn, line = found.speaking, found.line(at)
    waiting = [{"place": place} | _hand(hand, people) for place, hand in enumerate(line, 1)]
    speaking = (
        {"since": turn.since.isoformat(), "way": turn.way, **_person(turn.person, people)} if turn else None
    )
    if reader.is_partner:
        own = {number for number, one in people.items() if one.department_id == reader.department_id}
        waiting = [one for one in waiting if one["person"] in own]
        speaking = speaking if turn and turn.person in own else None
    return {
        "speaking": speaking,
        "waiting": waiting[:MOST_SHOWN],
        "count": len(waiting),
        "is_locked": found.is_locked,
        "order": found.order,
    }


def _hand(hand, people):
    return {"way": hand.way, **_person(hand.person, people)}


def _person(number, people):
    person = people.get(number)
    department = person.department if person else None
    return {"person": number, "name": named(person), "department": department.code if department else ""}


def shares(found: floor.Floor, people: dict[int, User], at: dt.datetime) -> list[dict]:
    """Talk time by department, the longest first: for the facilitator alone. Shares add up to 100 or to 0."""
    spoken: dict[str, int] = {}
    titles = {"": {"zh": "", "en": ""}}
    for number, seconds in floor.talk(found, at).items():
        home = people[number].department if number in people else None
        code = home.code if home else ""
        if home:
            titles[code] = {"zh": home.name_zh, "en": home.name_en}
        spoken[code] = spoken.get(code, 0) + seconds
    return [
        {"department": code, **titles[code], "seconds": spoken[code]}
        for code in sorted(spoken, key=lambda code: (-spoken[code], code))
    ]


def is_desk(meeting: Meeting, reader: User) -> bool:
    """Whether `reader` is told what only the facilitator may know."""
    return meeting.facilitator_id == reader.pk and not reader.is_partner
