"""How much somebody has promised already for the week of a day: what is seen before one more is given to them."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count

from actions.models import Action

MUCH = 5  # open tasks of one person that are due in one week, from which on it is said


def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The Monday before or on `day`, and the Sunday after."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def due_beside(
    wanted: Iterable[tuple[int, dt.date]], *, but: Iterable[int] = ()
) -> dict[tuple[int, dt.date], int]:
    """(Key of a person, day) → their open tasks due in the week of that day, `but` for those keys. One query, none for
    nobody. Confidential ones count: a number says nothing of them."""
    pairs = {(person, day) for person, day in wanted if person is not None and day is not None}
    if not pairs:
        return {}
    weeks = {week_of(day) for _person, day in pairs}
    rows = (
        Action.objects.open().filter(owner__in={person for person, _day in pairs}).exclude(pk__in=list(but))
    )
    rows = rows.filter(due_on__range=(min(weeks)[0], max(week[1] for week in weeks)))
    counted: dict[tuple[int, dt.date], int] = {}
    for owner, due_on, number in rows.order_by().values_list("owner", "due_on").annotate(n=Count("pk")):
        key = (owner, week_of(due_on)[0])
        counted[key] = counted.get(key, 0) + number
    return {(person, day): counted.get((person, week_of(day)[0]), 0) for person, day in pairs}
