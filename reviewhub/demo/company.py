"""The whole demo company in one call, in the order in which a real one would grow."""

import datetime as dt

from metrics import dictionary
from reviewhub.demo import checkins, people, reviews, submissions
from reviewhub.people.models import Department


def create(*, at: dt.datetime) -> None:
    """Company, people, dictionary, 26 months of sales, and three reviews as seen at `at`."""
    crew = people.create(at=at)
    dictionary.bootstrap(at=at, by=crew["steward"])
    submissions.create(crew, Department.objects.get(code="SAL"), at=at)
    reviews.create(crew, at=at)
    checkins.create(crew, at=at)
