"""Two at once, one of them freezes: whoever comes first is done, whoever comes second waits and then sees it (T34).

On PostgreSQL the second one waits for the lock on the review, on SQLite for the one writer that there is.
"""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.utils import translation

from metrics import certification, deadlines, freezing, submission
from metrics.models import Submission
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = {
    "hand in": ("draft", "sales", lambda row, by, at: submission.hand_in(row, by=by, at=at)),
    "withdraw": ("draft", "sales", lambda row, by, at: submission.withdraw(row, by=by, at=at)),
    "certify": ("handed_in", "steward", lambda row, by, at: certification.certify(row, by=by, at=at)),
    "send back": (
        "handed_in",
        "steward",
        lambda row, by, at: certification.send_back(row, "Mend it.", by=by, at=at),
    ),
}
AFTER = {"hand in": "handed_in", "withdraw": "withdrawn", "certify": "certified", "send back": "returned"}


@pytest.fixture
def company(at):
    from reviewhub.people import founding  # noqa: PLC0415

    founding.ensure()
    people = make.people()
    for one in people.values():
        one.abilities  # noqa: B018 - read before the start
    return people, make.review("2026-10", meeting_at=at + dt.timedelta(days=9))


def version(state: str, number: int, at) -> Submission:
    handed = {"handed_in_at": at, "handed_in_by": None} if state == "handed_in" else {}
    return make.submission(period="2026-10", number=number, state=state, **handed)


def waiting_for_somebody() -> bool:
    """Whether a session waits for a lock that another one holds."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def raced(first, second) -> list[str]:
    """How `first`, which began and has not committed yet, and `second`, which came meanwhile, ended."""
    held, told = threading.Event(), {}

    def later():
        held.wait(10)
        told["second"] = ended(second)
        connections.close_all()

    thread = threading.Thread(target=later)
    thread.start()
    with transaction.atomic():
        told["first"] = ended(first)
        held.set()
        deadline = time.monotonic() + 10
        while not waiting_for_somebody():
            assert time.monotonic() < deadline and "second" not in told, told
        assert "second" not in told
    thread.join(30)
    return [told["first"], told["second"]]


def ended(act) -> str:
    try:
        with translation.override("en"), transaction.atomic():
            act()
    except (submission.CannotHandIn, certification.CannotCertify, freezing.CannotFreeze) as refusal:
        return " ".join(refusal.problems)
    return "done"


def frozen(review, people, at) -> None:
    """Both sides sign what they find once nobody else is at it."""
    deadlines.held(review)
    make.freeze(review, people, at)


def test_who_freezes_second_waits_until_the_other_is_done(company, at):
    people, review = company
    for number, (name, (state, who, act)) in enumerate(WAYS.items(), 1):
        row = version(state, number, at)
        told = raced(
            lambda row=row, act=act, who=who: act(row, people[who], at),
            lambda: frozen(review, people, at),
        )
        row.refresh_from_db()
        review.refresh_from_db()
        assert (told, row.state, review.state) == (["done", "done"], AFTER[name], "frozen"), name
        freezing.restate(review, "Once more.", by=people["steward"], at=at)
        Submission.objects.filter(pk=row.pk).update(state="withdrawn")


def test_who_comes_after_the_freeze_is_told_so_and_changes_nothing(company, at):
    people, review = company
    for number, (name, (state, who, act)) in enumerate(WAYS.items(), 1):
        row = version(state, number, at)
        lines = Activity.objects.count()
        told = raced(
            lambda: frozen(review, people, at),
            lambda row=row, act=act, who=who: act(row, people[who], at),
        )
        row.refresh_from_db()
        assert told[0] == "done" and "frozen" in told[1], (name, told)
        assert (row.state, Activity.objects.count()) == (state, lines + 3), name  # two signatures, the freeze
        freezing.restate(review, "Once more.", by=people["steward"], at=at)
        Submission.objects.filter(pk=row.pk).update(state="withdrawn")
