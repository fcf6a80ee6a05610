"""The promotion calendar of the demo company: what its made-up figures do on these days (reviewhub.demo.campaigns)."""

import datetime as dt

from metrics.models import Promotion
from reviewhub.demo.campaigns import CAMPAIGNS
from reviewhub.people.models import User


def occurrences(first: int, last: int) -> list[dict]:
    """The names, days and countries of every promotion of the years `first` to `last`."""
    return [
        {
            "name_zh": one.name_zh,
            "name_en": one.name_en,
            "starts_on": one.starts(year),
            "ends_on": one.starts(year) + dt.timedelta(days=one.days),
            "countries": sorted(one.countries),
        }
        for year in range(first, last + 1)
        for one in CAMPAIGNS
    ]


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """From two years back to the next year."""
    Promotion.objects.bulk_create(
        Promotion(**one, changed_at=at, changed_by=people["steward"])
        for one in occurrences(at.year - 2, at.year + 1)
    )
