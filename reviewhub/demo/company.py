"""The whole demo company in one call, in the order in which a real one would grow."""

import datetime as dt

from metrics import dictionary
from reviewhub.demo import analyses, checkins, conflicts, festivals, people, reviews, submissions, tables


def create(*, at: dt.datetime, seed: int | None = None) -> list[conflicts.Conflict]:
    """Company, people, dictionary, 26 months of every table, and three reviews as seen at `at`.

    `seed` plants conflicts between the departments' tables; returns what was planted.
    """
    crew = people.create(at=at)
    dictionary.bootstrap(at=at, by=crew["steward"])
    handed = tables.handed_in(at.date())
    planted = [] if seed is None else conflicts.plant(handed, seed)
    festivals.create(crew, at=at)
    submissions.create(crew, handed, at=at)
    reviews.create(crew, at=at)
    checkins.create(crew, at=at)
    analyses.create(crew, at=at)
    return planted
