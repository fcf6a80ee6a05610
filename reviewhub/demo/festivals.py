"""The promotion calendar of the demo company, which its made-up figures follow (reviewhub.demo.campaigns), and the peak
seasons around its two largest promotions."""

import datetime as dt

from metrics.models import PeakSeason, Promotion
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


# English name of the promotion → names of its season, days to get ready before it and to settle after it, limits.
SEASONS = {
    "Double 11": (
        ("双11", "Singles' Day"),
        (28, 7),
        {
            "SAL_RET_RATE": {"low": None, "high": "0.12", "of_change": False},
            "SC_OTD": {"low": "0.85", "high": None, "of_change": False},
        },
    ),
    "Black Friday and Cyber Monday": (
        ("黑五网一", "Black Friday and Cyber Monday"),
        (8, 14),
        {
            "SAL_NET": {"low": "0.05", "high": None, "of_change": True},
            "SAL_RET_RATE": {"low": None, "high": "0.12", "of_change": False},
            "SC_DOC": {"low": "30", "high": "90", "of_change": False},
            "SC_OOS": {"low": None, "high": "0.05", "of_change": False},
            "SC_OTD": {"low": "0.85", "high": None, "of_change": False},
        },
    ),
}


def seasons(first: int, last: int) -> list[dict]:
    """The peak seasons of the years `first` to `last`: their peak is the promotion."""
    found = []
    for year in range(first, last + 1):
        for one in CAMPAIGNS:
            if one.name_en not in SEASONS:
                continue
            (zh, en), (before, after), limits = SEASONS[one.name_en]
            starts, ends = one.starts(year), one.starts(year) + dt.timedelta(days=one.days)
            found.append(
                {
                    "name_zh": f"{year}年{zh}",
                    "name_en": f"{en} {year}",
                    "prepares_on": starts - dt.timedelta(days=before),
                    "starts_on": starts,
                    "ends_on": ends,
                    "settles_on": ends + dt.timedelta(days=after),
                    "countries": sorted(one.countries),
                    "limits": limits,
                }
            )
    return found


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """From two years back to the next year."""
    Promotion.objects.bulk_create(
        Promotion(**one, changed_at=at, changed_by=people["steward"])
        for one in occurrences(at.year - 2, at.year + 1)
    )
    PeakSeason.objects.bulk_create(
        PeakSeason(**one, decided_by=people["ceo"], changed_at=at, changed_by=people["steward"])
        for one in seasons(at.year - 2, at.year + 1)
    )
