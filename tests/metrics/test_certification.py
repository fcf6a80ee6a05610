"""Certifying and sending back: four eyes, one winner, in words (T05, T34)."""

import threading
from decimal import Decimal as D

import pytest
from django.db import IntegrityError, connection, transaction

from metrics import certification
from metrics.certification import CannotCertify, CannotSendBack
from metrics.models import Submission
from reviewhub.people.models import Activity
from tests import make

State = Submission.State


def handed_in(**fields):
    return make.submission(**({"state": "handed_in", "handed_in_at": make.AT} | fields))


def test_what_was_handed_in_is_certified_and_recorded(people, at):
    row = handed_in(handed_in_by=people["sales"])
    certified = certification.certify(row, by=people["steward"], at=at)
    assert (certified.state, certified.certified_at, certified.certified_by) == (
        State.CERTIFIED,
        at,
        people["steward"],
    )
    line = Activity.objects.get(code="submission.certified")
    assert (line.before, line.after) == ({"state": "handed_in"}, {"state": "certified"})
    assert (line.actor, line.department, line.params["number"]) == (people["steward"], row.department, 1)


def test_the_former_certified_version_is_replaced(people, at):
    first = handed_in()
    certification.certify(first, by=people["steward"], at=at)
    draft = make.submission(number=2)
    second = handed_in(number=3)
    other_month = handed_in(period="2026-09")
    certification.certify(other_month, by=people["steward"], at=at)
    certification.certify(second, by=people["steward"], at=at)
    states = dict(Submission.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (first, draft, second, other_month)] == [
        "superseded",
        "superseded",
        "certified",
        "certified",
    ]
    assert Activity.objects.filter(code="submission.certified").first().params["replaced"] == 1


@pytest.mark.parametrize("field", ["uploaded_by", "handed_in_by"])
def test_nobody_certifies_their_own_figures(people, at, field):
    row = handed_in(**{field: people["steward"]})
    assert len(certification.certify_problems(row, by=people["steward"])) == 1
    with pytest.raises(CannotCertify) as refusal:
        certification.certify(row, by=people["steward"], at=at)
    assert refusal.value.problems == certification.certify_problems(row, by=people["steward"])
    row.refresh_from_db()
    assert row.state == State.HANDED_IN and not Activity.objects.exists()
    other = make.user("steward")
    assert certification.certify(row, by=other, at=at).certified_by == other


@pytest.mark.parametrize("field", ["uploaded_by", "handed_in_by"])
def test_the_database_keeps_four_eyes_too(people, at, field):
    row = handed_in(**{field: people["steward"]})
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=row.pk).update(
            state="certified", certified_at=at, certified_by=people["steward"]
        )


@pytest.mark.parametrize(
    "person", ["sales", "finance", "ceo", "admin", "facilitator", "observer", "logistics", "hr"]
)
def test_only_a_data_owner_decides(people, at, person):
    row = handed_in()
    for decide in (
        lambda: certification.certify(row, by=people[person], at=at),
        lambda: certification.send_back(row, "why", by=people[person], at=at),
    ):
        with pytest.raises(CannotCertify):
            decide()
    row.refresh_from_db()
    assert row.state == State.HANDED_IN


@pytest.mark.parametrize("state", ["draft", "returned", "superseded", "withdrawn", "certified"])
def test_only_what_was_handed_in_can_be_decided_on(people, at, state):
    row = make.submission(state=state, certified_at=at if state == "certified" else None)
    with pytest.raises(CannotCertify) as refusal:
        certification.certify(row, by=people["steward"], at=at)
    assert len(refusal.value.problems) == 1
    with pytest.raises(CannotSendBack):
        certification.send_back(row, "why", by=people["steward"], at=at)


def test_an_older_version_gives_way_to_the_newer_one(people, at):
    old = handed_in()
    handed_in(number=2)
    with pytest.raises(CannotCertify) as refusal:
        certification.certify(old, by=people["steward"], at=at)
    assert "newer" in refusal.value.problems[0] or "更新" in refusal.value.problems[0]


def test_sending_back_needs_a_sentence_and_keeps_it(people, at):
    row = handed_in(uploaded_by=people["steward"])  # one's own may be sent back
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(CannotSendBack):
            certification.send_back(row, reason, by=people["steward"], at=at)
    returned = certification.send_back(row, " Germany is missing. ", by=people["steward"], at=at)
    assert (returned.state, returned.return_reason, returned.returned_by) == (
        State.RETURNED,
        "Germany is missing.",
        people["steward"],
    )
    line = Activity.objects.get(code="submission.returned")
    assert (line.after, line.params["reason"]) == ({"state": "returned"}, "Germany is missing.")


def test_a_stale_page_is_told_what_happened_meanwhile(people, at):
    row = handed_in()
    stale = Submission.objects.get(pk=row.pk)
    certification.certify(row, by=people["steward"], at=at)
    with pytest.raises(CannotSendBack) as refusal:
        certification.send_back(stale, "why", by=make.user("steward"), at=at)
    assert len(refusal.value.problems) == 1
    row.refresh_from_db()
    assert row.state == State.CERTIFIED and Activity.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_data_owners_at_once_one_wins(at):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one after the other")
    from reviewhub.people import founding  # noqa: PLC0415

    founding.ensure()
    owners = [make.user("steward"), make.user("steward")]
    row = handed_in()
    ready, outcomes = threading.Barrier(2), []

    def decide(owner, how):
        mine = Submission.objects.select_related("department").get(pk=row.pk)
        owner.abilities  # noqa: B018 - read before the start
        ready.wait(10)
        try:
            how(mine, owner)
            outcomes.append("won")
        except CannotCertify as refusal:
            outcomes.append(refusal.problems)
        finally:
            connection.close()

    ways = [
        lambda mine, owner: certification.certify(mine, by=owner, at=at),
        lambda mine, owner: certification.send_back(mine, "why", by=owner, at=at),
    ]
    threads = [threading.Thread(target=decide, args=pair) for pair in zip(owners, ways, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(type, outcomes), key=str) == [list, str] and "won" in outcomes
    assert Activity.objects.filter(code__startswith="submission.").count() == 1


@pytest.mark.django_db
def test_changes_against_the_former_version():
    former = make.submission(totals={"SAL_GROSS": "100.00", "SAL_REF": "5.00"})
    newer = make.submission(number=2, totals={"SAL_GROSS": "120.50", "SAL_ORD": "3"})
    found = [
        (one.code, one.value, one.former, one.difference) for one in certification.changes(newer, former)
    ]
    assert found == [
        ("SAL_GROSS", D("120.50"), D("100.00"), D("20.50")),
        ("SAL_ORD", 3, 0, 3),
        ("SAL_REF", 0, D("5.00"), D("-5.00")),
    ]
    assert [one.difference for one in certification.changes(newer, None)] == [None, None]


def test_late_is_what_came_after_the_deadline(people):
    review = make.review()
    handed_in(handed_in_at=review.due_at)
    handed_in(number=2, handed_in_at=review.due_at + (review.meeting_at - review.due_at) / 2)
    assert [row.is_late for row in certification.waiting(people["steward"])] == [False, True]
    assert certification.waiting(people["finance"]) == []
