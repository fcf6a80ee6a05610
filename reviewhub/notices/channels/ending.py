"""A bad end is told: the recipient's inbox still holds the notice; administrators see what was refused or given up."""

import datetime as dt

from reviewhub.notices import planning
from reviewhub.notices.models import Delivery
from reviewhub.people.models import Company

KIND = "delivery.ended_badly"


def ended_badly(delivery: Delivery, state: str, *, at: dt.datetime) -> None:
    """Tell the administrators, once a day for all of them: the queue page has the list."""
    company = Company.objects.first()
    if company is not None:
        planning.raise_occurrence(KIND, company, at=at, cycle_key=f"{at:%Y-%m-%d}")
