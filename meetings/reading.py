"""How many of those who are expected in a meeting have read what was sent out before it."""

from meetings import attending, logbook
from meetings.models import Meeting, Receipt
from metrics.snapshots import latest


def share_read(meeting: Meeting) -> int | None:
    """Percent of the expected people who marked a section of the pre-read as read, rounded down.

    None before the freeze: there is nothing to read yet.
    """
    if latest(meeting.review) is None:
        return None
    expected = {one.pk for one in attending.expected(meeting, logbook.parts_of(meeting))}
    marks = Receipt.objects.filter(review=meeting.review, user__in=expected, read_at__isnull=False)
    return 100 * len(set(marks.values_list("user_id", flat=True))) // len(expected)
