"""The whole demo company in one call, in the order in which a real one would grow."""

import datetime as dt
from collections.abc import Callable

from metrics import dictionary
from metrics.periods import Period
from reviewhub.demo import (
    aims,
    analyses,
    cascade,
    checkins,
    conflicts,
    festivals,
    holidays,
    joint,
    market,
    paying,
    people,
    reviews,
    scale,
    sources,
    submissions,
    tables,
)


def create(
    *,
    at: dt.datetime,
    seed: int | None = None,
    rows: int = 0,
    tell: Callable[[str], None] = lambda line: None,
) -> list[conflicts.Conflict]:
    """Company, people, dictionary, 26 months of every table, and three reviews as seen at `at`.

    `seed` plants conflicts between the departments' tables; returns what was planted. `rows`: split the
    daily sales by product until there are about so many facts; `tell` hears of the progress.
    """
    crew = people.create(at=at)
    dictionary.bootstrap(at=at, by=crew["steward"])
    people.share(crew, at=at)
    handed = tables.handed_in(at.date())
    planted = [] if seed is None else conflicts.plant(handed, seed)
    festivals.create(crew, at=at)
    submissions.create(crew, handed, at=at)
    tell("26 months of every table")
    aims.create(crew, months=[Period.containing(one, "month") for one in market.months(at.date())], at=at)
    if rows:
        scale.enlarge(rows, tell=tell)
    reviews.create(crew, at=at)
    sources.create(crew, at=at)
    holidays.create(crew, at=at)
    checkins.create(crew, at=at)
    analyses.create(crew, at=at)
    cascade.create(crew, at=at)
    joint.create(crew, at=at)
    paying.create(crew, at=at)
    return planted
