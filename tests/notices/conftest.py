"""What tests of notices may ask for besides: kinds of their own, for the length of a test; a stage for the outbox."""

import pytest


@pytest.fixture
def stage(db, monkeypatch, settings):
    """A clock that is set by hand, kinds of the test's own, and a post office that writes down what it takes."""
    from tests import make  # noqa: PLC0415 - pure tests run without Django
    from tests.notices.stage import Stage  # noqa: PLC0415

    settings.MAIL_PER_SECOND = 0
    make.company()
    return Stage(monkeypatch)


@pytest.fixture
def wang(db):
    from tests import make  # noqa: PLC0415

    return make.user(username="wang", email="wang@example.com")


@pytest.fixture
def chen(db):
    from tests import make  # noqa: PLC0415

    return make.user(username="chen", email="chen@example.com")


@pytest.fixture
def register():
    """`register(kind)` for the length of a test."""
    from reviewhub.notices import kinds  # noqa: PLC0415

    before = dict(kinds._kinds)
    yield kinds.register
    kinds._kinds.clear()
    kinds._kinds.update(before)
