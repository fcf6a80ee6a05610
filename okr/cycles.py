"""Cycles of the company's calendar: which days they have, starting one, and the one that follows."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from okr.models import Cycle
from okr.setting import CannotSet
from reviewhub.people import activity

Length = Cycle.Length
MONTHS = {Length.QUARTER: 3, Length.HALF: 6, Length.YEAR: 12}
FARTHEST = dt.timedelta(days=400)


def span(length: str, day: dt.date) -> tuple[str, dt.date, dt.date]:
    """Code, first day and first day after it of the cycle of this length that holds `day`: 2026-Q4, 2026-H2, 2026."""
    months = MONTHS[length]
    number = (day.month - 1) // months
    first = day.replace(month=number * months + 1, day=1)
    past = dt.date(first.year + (number + 1) * months // 12, (number + 1) * months % 12 + 1, 1)
    letter = {Length.QUARTER: "-Q", Length.HALF: "-H", Length.YEAR: ""}[length]
    return f"{day.year}{letter}{number + 1 if letter else ''}", first, past


def may_start(by) -> bool:
    """Who sets the company's objectives."""
    return by.is_active and not by.is_partner and None in by.abilities.get("okr.set", set())


@transaction.atomic
def start(length: str, day: dt.date, *, by, at: dt.datetime) -> Cycle:
    """The cycle that holds `day`; one that is there already is the same. Raises CannotSet."""
    if not may_start(by):
        raise CannotSet({"": _("Executives start a cycle.")})
    if length not in MONTHS:
        raise CannotSet({"length": _("Choose a quarter, half a year or a year.")})
    if abs(day - timezone.localdate(at)) > FARTHEST:
        raise CannotSet({"day": _("Choose a day within a year from today.")})
    return _of(length, day, by=by, at=at)


def following(cycle: Cycle, *, by, at: dt.datetime) -> Cycle:
    """The cycle of the same length right after this one, made where there is none."""
    return _of(cycle.length, cycle.ends_on, by=by, at=at)


def _of(length: str, day: dt.date, *, by, at) -> Cycle:
    code, first, past = span(length, day)
    given = {"length": length, "starts_on": first, "ends_on": past, "state": Cycle.State.OPEN}
    found, is_new = Cycle.objects.get_or_create(code=code, defaults=given)
    if is_new:
        activity.record("okr.cycle_started", found, by=by, at=at, params={"cycle": code})
    return found
