"""The tests stand on what they say they stand on."""

import os

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_the_suite_runs_on_the_database_it_was_asked_for():
    asked = os.environ.get("TEST_DATABASE_URL", "postgres://")
    assert connection.vendor == ("sqlite" if asked.startswith("sqlite") else "postgresql")


def test_the_broker_is_a_real_redis():
    import redis  # noqa: PLC0415

    assert settings.CELERY_BROKER_URL.startswith("redis://")
    assert redis.Redis.from_url(settings.CELERY_BROKER_URL).ping()


@pytest.mark.django_db
def test_the_product_starts_with_its_roles_and_departments(people):
    assert set(people) == {
        *("sales", "marketing", "supply", "finance", "tech", "logistics", "steward", "facilitator"),
        *("scribe", "ceo", "hr", "owner", "observer", "admin"),
    }
    assert people["logistics"].is_partner and not people["sales"].is_partner
