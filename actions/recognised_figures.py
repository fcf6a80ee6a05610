"""The effect of what is recognised, read and not typed: the certified figures of one metric in two months."""

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from actions.projects import CannotKeep
from actions.recognising import Wish
from metrics import readings
from metrics.periods import Period
from metrics.reasons import CannotRead
from metrics.units import shown
from reviewhub.people.models import Confidentiality, User

LONGEST = 80


def read(wish: Wish, *, by: User, on: dt.date) -> Wish:
    """`wish` with what its metric says of its two months, as it is. Raises CannotKeep beside the field at fault."""
    if wish.metric is None:
        return wish
    if wish.metric.confidentiality > Confidentiality.INTERNAL or not readings.open_to(by, wish.metric.code):
        raise CannotKeep(
            {"metric": _("Recognition is read by all colleagues: choose a metric that is open to all.")}
        )
    found = {}
    for field, month in (("before_month", wish.before_month), ("after_month", wish.after_month)):
        if month is None:
            raise CannotKeep({field: _("Choose a month.")})
        try:
            one = readings.reading(wish.metric.code, month, status="certified", user=by, on=on)
        except CannotRead as refusal:
            raise CannotKeep({field: str(refusal)}) from refusal
        if one.value is None:
            raise CannotKeep(
                {field: str(one.why) if one.why else _("There is no certified figure of this month.")}
            )
        if one.covered not in ((), ((month.start, month.end),)) or one.ripens_on:
            raise CannotKeep({field: _("The figures of this month are not complete.")})
        found[field] = one
    if wish.after_month.start <= wish.before_month.start:
        raise CannotKeep({"after_month": _("This month comes before the other one.")})
    before, after = found["before_month"], found["after_month"]
    unit = "" if after.definition.is_ratio else f" ({after.unit})"
    values = [shown(one.value * (100 if one.definition.is_ratio else 1), 6) for one in (before, after)]
    measure = f"{after.definition.name}{' %' if after.definition.is_ratio else unit}"[:LONGEST]
    return replace(wish, measure=measure, before=values[0], after=values[1])


def month_of(text: str) -> Period | None:
    """ "2026-10" as a month; None for anything else."""
    try:
        found = Period.parse(text.strip())
    except ValueError:
        return None
    return found if found.grain == "month" else None
