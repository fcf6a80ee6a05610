"""What people thought of a meeting: one to ten and a sentence, shown as an average without names."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Avg, Count

from meetings import capturing
from meetings.models import Meeting, Rating
from meetings.problems import Problem, Refused
from reviewhub.people.models import User

POINTS = tuple(range(1, 11))
LONGEST = 200
OPEN_IN = (Meeting.State.CLOSING, Meeting.State.ENDED, Meeting.State.PUBLISHED)
# Fewer could be told apart.
ENOUGH = 3


@dataclass(frozen=True)
class Rated:
    """`mean` of `count` ratings, one decimal, None where nobody rated; sentences only where enough people rated."""

    count: int
    mean: float | None
    sentences: tuple[str, ...] = ()


def rate(meeting: Meeting, points: int | None, sentence: str, *, by: User, at: dt.datetime) -> Rating:
    """What `by` thinks; a second time replaces the first. Raises Refused."""
    sentence = capturing.cleaned(sentence)
    if meeting.state not in OPEN_IN:
        raise Refused(Problem("not_over"), out_of_turn=True)
    if points not in POINTS:
        raise Refused(Problem("one_to_ten"))
    if len(sentence) > LONGEST:
        raise Refused(Problem("text_too_long", {"limit": LONGEST}))
    said = {"points": points, "sentence": sentence, "rated_at": at}
    row, _new = Rating.objects.update_or_create(meeting=meeting, person=by, defaults=said)
    return row


def of(meeting: Meeting) -> Rated:
    found = meeting.ratings.aggregate(count=Count("pk"), mean=Avg("points"))
    if not found["count"]:
        return Rated(0, None)
    said = meeting.ratings.exclude(sentence="").values_list("sentence", flat=True)
    shown = sorted(said) if found["count"] >= ENOUGH else ()
    return Rated(found["count"], round(float(found["mean"]), 1), tuple(shown))
