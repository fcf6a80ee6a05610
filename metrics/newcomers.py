"""Products that came on sale lately: the first day on which somebody handed in anything of them."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Min
from django.db.models.fields.json import KeyTextTransform

from metrics.models import Observation, RollUp
from metrics.sources import Source

LOOKED_BACK = 400  # days: what rested for longer counts as new again


def first_days(bases: Iterable[str], sources: Iterable[Source], since: dt.date) -> dict[str, dt.date] | None:
    """Product → its first day, of those without anything of `bases` before `since`. Two queries.

    None where nobody knows what is new: the sources do not reach back before `since`, or do not name products.
    """
    bases, sources = list(bases), [one for one in sources if one.metrics & set(bases)]
    if not any(one.start < since for one in sources):
        return None
    month = since.year * 100 + since.month
    pks = [one.pk for one in sources]
    product = KeyTextTransform("sku", "slice__other")
    rows = RollUp.objects.filter(metric__in=bases, grain="M", submission__in=pks)
    begun = rows.annotate(product=product).values_list("product").annotate(first=Min("period_key"))
    begun = dict(begun.order_by())
    if not set(begun) - {None, ""}:
        return None
    young = {name for name, first in begun.items() if name and first >= month}
    if not young:
        return {}
    days = Observation.objects.filter(
        metric__in=bases, submission__in=pks, day__gte=since - dt.timedelta(days=31)
    )
    first = days.annotate(product=product).values_list("product").annotate(first=Min("day")).order_by()
    return {name: day for name, day in first if name in young and day >= since}
