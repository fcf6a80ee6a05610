"""The public holidays of the demo company: the State Council's calendar of 2026, with the weekends worked for it."""

import datetime as dt

from reviewhub.people.models import CompanyDays, User

# name, name in English, first and last day off, days that are worked
OF_2026 = [
    ("元旦", "New Year's Day", "2026-01-01", "2026-01-03", ["2026-01-04"]),
    ("春节", "Spring Festival", "2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
    ("清明节", "Qingming Festival", "2026-04-04", "2026-04-06", []),
    ("劳动节", "Labour Day", "2026-05-01", "2026-05-05", ["2026-05-09"]),
    ("端午节", "Dragon Boat Festival", "2026-06-19", "2026-06-21", []),
    ("中秋节", "Mid-Autumn Festival", "2026-09-25", "2026-09-27", []),
    ("国庆节", "National Day", "2026-10-01", "2026-10-07", ["2026-09-20", "2026-10-10"]),
]


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """One year; an administrator enters the next when its notice is out."""
    days = dt.date.fromisoformat
    CompanyDays.objects.bulk_create(
        CompanyDays(
            name_zh=zh,
            name_en=en,
            first_on=days(begin),
            last_on=days(end),
            works=works,
            entered_at=at,
            entered_by=people["admin"],
        )
        for zh, en, first, last, worked in OF_2026
        for begin, end, works in [(first, last, False), *((day, day, True) for day in worked)]
    )
