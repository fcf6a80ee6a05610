"""A meeting with many colleagues who are signed in, and a facilitator who gives one order a second."""

import time
import uuid

from django.conf import settings
from django.test import Client

from meetings import logbook, running, waking
from meetings.models import Meeting
from reviewhub.people.models import User
from tests import make


def opened(viewers: int) -> tuple[Meeting, list[str]]:
    """A meeting that has been started, and a session for each viewer."""
    people = make.people()
    at = logbook.instant()
    meeting = make.meeting(people, scheduled_at=at, at=at)
    order(meeting, people["facilitator"], "start")
    User.objects.bulk_create(User(username=f"viewer{n}", name_latin=f"Viewer {n}") for n in range(viewers))
    return meeting, [_session(user) for user in User.objects.filter(username__startswith="viewer")]


def _session(user) -> str:
    client = Client()
    client.force_login(user, backend="reviewhub.people.authentication.SessionBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def order(meeting: Meeting, by: User, do: str, **arguments) -> int:
    """The number of the line that it became."""
    meeting.refresh_from_db()
    answer = running.command(
        meeting.pk, do, arguments, by=by, expected_seq=meeting.seq, client_id=uuid.uuid4()
    )
    return answer.event.seq


def orders(meeting: Meeting, count: int) -> dict[int, float]:
    """Give `count` orders, one a second: number of the line → when it was published (monotonic clock, s)."""
    facilitator, published, called = meeting.facilitator, {}, []
    waking.LISTENERS.add(note := lambda _meeting: called.append(time.monotonic()))
    try:
        meeting.refresh_from_db()
        begun = time.monotonic()
        for turn in range(count):
            time.sleep(max(0.0, begun + turn - time.monotonic()))
            resumes = Meeting.objects.get(pk=meeting.pk).state == Meeting.State.PAUSED
            seq = order(meeting, facilitator, "resume" if resumes else "pause")
            published[seq] = called[-1]
    finally:
        waking.LISTENERS.discard(note)
    return published
