"""Doubts of a meeting as the reconciliation desk shows them."""

import uuid

from django.urls import reverse

from meetings import screens, topics, writing
from meetings.models import Meeting
from metrics.models import Review
from metrics.web.room_doubts import RoomDoubt, doubts
from reviewhub.people.models import User


@doubts
def of_meeting(review: Review, reader: User) -> list[RoomDoubt]:
    """The doubts of the meeting of `review` whose line the reader may see. Four queries."""
    meeting = topics.meeting_of(review)
    if meeting is None or not Meeting.objects.visible_to(reader).filter(pk=meeting.pk).exists():
        return []
    rows = {row.pk: row for row in screens.visible_captures(meeting, reader, "captured_by", "part__segment")}
    ends = meeting.ended_at or meeting.events.order_by("-seq").values_list("at", flat=True).first()
    found = [one for one in writing.doubts_of(meeting) if one.capture in rows]
    people = User.objects.in_bulk({one.ruled_by for one in found if one.ruled_by})
    url = reverse("meeting-command", args=[meeting.pk])
    return [
        RoomDoubt(
            seq=one.seq,
            text=one.text,
            codes=tuple(rows[one.capture].parsed.get("links", [])),
            person=str(rows[one.capture].captured_by),
            item=rows[one.capture].part.segment.title if rows[one.capture].part else "",
            at=one.since,
            seconds=one.seconds(ends),
            ruling=one.ruling,
            ruled_by=str(people.get(one.ruled_by, "")),
            url=url,
            client_id=str(uuid.uuid4()),
        )
        for one in found
    ]
