"""Reviews that do not take place: every meeting that was planned for them was called off."""

from meetings.models import Meeting
from metrics import league


def register() -> None:
    league.register(called_off)


def called_off(reviews: list[int]) -> set[int]:
    """Of the pks `reviews`, those that had a meeting and have none any more. One query."""
    states: dict[int, set[str]] = {}
    rows = Meeting.objects.filter(review__in=reviews)
    for review, state in rows.order_by().values_list("review_id", "state"):
        states.setdefault(review, set()).add(state)
    return {review for review, found in states.items() if found == {Meeting.State.CANCELLED}}
