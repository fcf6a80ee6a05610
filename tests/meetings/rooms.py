"""A meeting as its facilitator runs it, order by order."""

import datetime as dt
import uuid

from meetings import running
from tests import make


class Room:
    """The meeting as the facilitator runs it; the edge clock is moved by hand."""

    def __init__(self, people, start):
        self.people, self.start, self.now = people, start, start
        self.meeting = make.meeting(people, scheduled_at=start)

    def at(self, minutes=0, seconds=0):
        self.now = self.start + dt.timedelta(minutes=minutes, seconds=seconds)
        return self

    def order(self, do, *, by="facilitator", expected=None, client_id=None, **arguments):
        self.meeting.refresh_from_db()
        return running.command(
            self.meeting.pk,
            do,
            arguments,
            by=self.people[by],
            expected_seq=self.meeting.seq if expected is None else expected,
            client_id=client_id or uuid.uuid4(),
            at=self.now,
        )

    def capture(self, text, *, by="scribe", client_id=None):
        return running.capture(
            self.meeting.pk, text, by=self.people[by], client_id=client_id or uuid.uuid4(), at=self.now
        )

    def events(self):
        return list(self.meeting.events.order_by("seq").values_list("seq", "type"))

    def row(self):
        self.meeting.refresh_from_db()
        return self.meeting
