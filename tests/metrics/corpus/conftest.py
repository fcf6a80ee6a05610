"""The stage of a line, built once for all lines of a kind; what a line leaves behind is rolled back."""

import datetime as dt

import pytest
from django.db import transaction

from metrics import importing

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def _django_db_helper(django_db_setup):
    """In place of pytest-django's transaction for each test: the stage keeps its own."""


@pytest.fixture(scope="module")
def stages(django_db_setup, django_db_blocker):
    """`stages(kind)`: the newest one; another kind takes its place."""
    from tests.metrics.corpus import stage  # noqa: PLC0415 - Django's settings come first

    held = {}

    def close():
        if held:
            transaction.set_rollback(True)
            held.pop("atomic").__exit__(None, None, None)
            held.clear()

    def of(kind):
        if held.get("kind") != kind:
            close()
            atomic = transaction.atomic()
            atomic.__enter__()
            held.update(kind=kind, atomic=atomic, stage=stage.built(kind, AT))
        return held["stage"]

    with django_db_blocker.unblock():
        yield of
        close()


@pytest.fixture
def staged(stages, monkeypatch, tmp_path):
    """`staged(line)` is its stage, as if nothing had happened on it before."""
    monkeypatch.setattr(importing, "wake_worker", lambda job_id: None)
    opened = []

    def of(kind):
        found = stages(kind)
        found.folder = tmp_path
        atomic = transaction.atomic()
        atomic.__enter__()
        opened.append(atomic)
        return found

    yield of
    for atomic in opened:
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
