"""The promotion calendar of the demo company: days on which its made-up sales are higher (reviewhub.demo.market)."""

import datetime as dt

from metrics.models import Promotion
from reviewhub.demo.market import CAMPAIGNS
from reviewhub.people.models import User

# month of the campaign → its name in both languages, in the order of market.CAMPAIGNS.
NAMES = [
    ("618大促", "618"),
    ("亚马逊会员日", "Prime Day"),
    ("会员秋季促销", "Prime Big Deal Days"),
    ("双11", "Double 11"),
    ("黑五网一", "Black Friday and Cyber Monday"),
    ("圣诞季", "Christmas"),
]


def occurrences(first: int, last: int) -> list[dict]:
    """The names and days of every promotion of the years `first` to `last`."""
    return [
        {
            "name_zh": zh,
            "name_en": en,
            "starts_on": dt.date(year, month, start),
            "ends_on": dt.date(year, month, end) + dt.timedelta(days=1),
        }
        for year in range(first, last + 1)
        for (zh, en), (month, start, end, *_lift) in zip(NAMES, CAMPAIGNS, strict=True)
    ]


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """From two years back to the next year."""
    Promotion.objects.bulk_create(
        Promotion(**one, changed_at=at, changed_by=people["steward"])
        for one in occurrences(at.year - 2, at.year + 1)
    )
