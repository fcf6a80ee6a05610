"""The badge of a metric: asked for by its owner, given by a data owner, over with the quarter; who is told when."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from metrics import badge_notices, badges
from metrics.models import Badge, Metric, MetricVersion, Trust
from reviewhub.notices import expanding, planning
from reviewhub.notices.models import Channel, Message, Occurrence, Watermark
from reviewhub.people.models import Activity, Assignment, Role
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
AT = dt.datetime(2026, 10, 20, 4, tzinfo=dt.UTC)
SHANGHAI = make.zone()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def version(people):
    """Orders of Sales, with a score of 80 in the review of October."""
    dictionary_of_today()
    row = MetricVersion.objects.select_related("metric", "owner_dept").get(
        metric__code="SAL_ORD", effective_to=None
    )
    scored(row, 80)
    return row


def scored(version, score):
    review = make.Review.objects.first() or make.review()
    Trust.objects.update_or_create(
        review=review, metric=version.metric, defaults={"score": score, "evidence": {}, "judged_at": AT}
    )


def given(version, people, at=AT) -> Badge:
    badges.ask(version, "Looked at the definition", by=people["sales"], at=at)
    return badges.give(version, by=people["steward"], at=at + HOUR)


def state(version, day) -> str:
    return badges.standing(version, on=dt.date.fromisoformat(day)).state


@pytest.mark.parametrize(
    ("on", "until"),
    [
        ("2026-10-01", "2027-01-01"),
        ("2026-12-17", "2027-01-01"),
        ("2026-12-18", "2027-04-01"),  # the last fortnight: of the next quarter
        ("2026-12-31", "2027-04-01"),
        ("2027-01-01", "2027-04-01"),
        ("2027-06-16", "2027-07-01"),
        ("2027-06-17", "2027-10-01"),
    ],
)
def test_a_badge_ends_with_the_quarter(on, until):
    assert badges.end(dt.date.fromisoformat(on)) == dt.date.fromisoformat(until)


def test_the_owner_asks_a_data_owner_gives_and_the_quarter_ends_it(version, people):
    assert state(version, "2026-10-20") == "none"
    asked = badges.ask(version, "  Looked at\n the definition ", by=people["sales"], at=AT)
    assert asked.sentence == "Looked at the definition"
    assert state(version, "2026-10-20") == "none"
    row = badges.give(version, by=people["steward"], at=AT + HOUR)
    assert (row.until, row.score, row.given_by) == (dt.date(2027, 1, 1), 80, people["steward"])
    assert [state(version, day) for day in ("2026-10-20", "2026-12-31", "2027-01-01", "2027-04-01")] == [
        "certified",
        "certified",
        "expired",
        "expired",
    ]
    log = Activity.objects.filter(code__startswith="metric.badge").order_by("pk")
    assert list(log.values_list("code", "actor")) == [
        ("metric.badge_asked", people["sales"].pk),
        ("metric.badge_given", people["steward"].pk),
    ]


def test_the_day_is_that_of_the_company(version, people):
    """17 December 17:00 UTC is the 18th in Shanghai: the last fortnight has begun."""
    row = given(version, people, at=dt.datetime(2026, 12, 17, 16, tzinfo=dt.UTC))
    assert row.until == dt.date(2027, 4, 1)
    assert badges.today(dt.datetime(2026, 12, 17, 15, 59, tzinfo=dt.UTC)) == dt.date(2026, 12, 17)


def test_a_new_definition_has_no_badge_until_it_is_asked_for_again(version, people):
    given(version, people)
    MetricVersion.objects.filter(pk=version.pk).update(effective_to=dt.date(2026, 11, 1))
    later = MetricVersion.objects.get(pk=version.pk)
    later.pk, later.number, later.effective_from, later.effective_to = None, 9, dt.date(2026, 11, 1), None
    later.save()
    assert state(version, "2026-11-02") == "certified"
    assert state(later, "2026-11-02") == "outdated"
    assert badges.ask_problems(later, by=people["sales"], on=dt.date(2026, 11, 2)) == []


def test_who_may_ask_and_when(version, people):
    on = dt.date(2026, 10, 20)
    wanted = ["Whoever hands in for Sales asks for the badge."]
    for name in ("marketing", "steward", "ceo", "logistics", "owner"):
        assert badges.ask_problems(version, by=people[name], on=on) == wanted
    assert badges.ask_problems(version, by=people["sales"], on=on) == []
    assert badges.ask_problems(version, by=people["sales"], on=on, sentence="") == [
        "Say in a sentence what you checked."
    ]
    assert badges.ask_problems(version, by=people["sales"], on=on, sentence="x" * 301) == [
        "The sentence may have 300 characters."
    ]
    badges.ask(version, "Looked", by=people["sales"], at=AT)
    assert badges.ask_problems(version, by=people["sales"], on=on) == [
        "It was asked for already; a data owner decides."
    ]
    badges.give(version, by=people["steward"], at=AT)
    assert badges.ask_problems(version, by=people["sales"], on=dt.date(2026, 12, 17)) == [
        "It is certified; it can be renewed in the last fortnight of the quarter."
    ]
    assert badges.ask_problems(version, by=people["sales"], on=dt.date(2026, 12, 18)) == []
    Metric.objects.filter(code="SAL_ORD").update(is_enabled=False)
    version.metric.refresh_from_db()
    assert badges.ask_problems(version, by=people["sales"], on=dt.date(2026, 12, 18)) == [
        "The metric is switched off."
    ]


def test_who_may_give_and_from_which_score(version, people):
    on = dt.date(2026, 10, 20)
    assert badges.give_problems(version, by=people["steward"], on=on) == ["Nobody asks for the badge."]
    badges.ask(version, "Looked", by=people["sales"], at=AT)
    refused = ["Data owners of Finance and Technology give the badge."]
    for name in ("sales", "finance", "ceo", "logistics"):
        assert badges.give_problems(version, by=people[name], on=on) == refused
    assert badges.give_problems(version, by=people["steward"], on=on) == []
    for score, problems in (
        (64, ["Its score is 64; from 65 on it can be certified."]),
        (65, []),
        (None, ["There is no score yet: less than half of what it is made from can be judged."]),
    ):
        scored(version, score)
        assert badges.give_problems(version, by=people["steward"], on=on) == problems
    with pytest.raises(badges.CannotBadge):
        badges.give(version, by=people["steward"], at=AT)
    assert Badge.objects.waiting().count() == 1


def test_who_asks_or_hands_in_for_the_owner_never_gives(version, people):
    both = people["sales"]
    Assignment.objects.create(user=both, role=Role.objects.get(code="steward"), granted_at=AT)
    badges.ask(version, "Looked", by=both, at=AT)
    wanted = ["You ask for it, or hand in for the owner; somebody else gives it."]
    assert badges.give_problems(version, by=both, on=dt.date(2026, 10, 20)) == wanted
    row = Badge.objects.get()
    row.given_at, row.given_by, row.until = AT, both, dt.date(2027, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_request_is_declined_and_a_badge_taken_back_with_the_reason(version, people):
    badges.ask(version, "Looked", by=people["sales"], at=AT)
    on = dt.date(2026, 10, 20)
    assert badges.end_problems(version, by=people["sales"], on=on) == [
        "Data owners of Finance and Technology decide."
    ]
    assert badges.end_problems(version, by=people["steward"], on=on, reason="") == [
        "Say why in one sentence."
    ]
    row = badges.take_back(version, "Refunds differ", by=people["steward"], at=AT + HOUR)
    assert (row.given_at, row.reason) == (None, "Refunds differ")
    assert badges.end_problems(version, by=people["steward"], on=on) == ["There is no badge to take back."]
    given(version, people, at=AT + 2 * HOUR)
    badges.take_back(version, "Wrong source", by=people["steward"], at=AT + 4 * HOUR)
    assert state(version, "2026-10-20") == "none"
    codes = (
        Activity.objects.filter(code__startswith="metric.badge").order_by("pk").values_list("code", flat=True)
    )
    assert [one.removeprefix("metric.badge_") for one in codes] == [
        "asked",
        "declined",
        "asked",
        "given",
        "taken_back",
    ]


# --- Notices ------------------------------------------------------------------------------------------------


def run(first: str, last: str):
    at = dt.datetime.fromisoformat(first).replace(tzinfo=SHANGHAI)
    end = dt.datetime.fromisoformat(last).replace(tzinfo=SHANGHAI)
    Watermark.objects.update_or_create(kind=badges.EXPIRES, defaults={"planned_until": at})
    while at <= end:
        planning.plan(clock=lambda at=at: at)
        expanding.expand(clock=lambda at=at: at)
        at += 12 * HOUR


def told(person, kind) -> list[str]:
    rows = Message.objects.filter(user=person, channel=Channel.INAPP, occurrence__kind=kind)
    return [row.occurrence.cycle_key for row in rows.order_by("occurrence__due_at", "pk")]


def test_the_owner_is_asked_to_renew_a_fortnight_before_the_end_and_once_it_is_over(version, people):
    given(version, people)
    run("2026-12-10T10:00", "2027-01-05T10:00")
    assert told(people["sales"], badges.EXPIRES) == ["soon", "over"]
    assert told(people["marketing"], badges.EXPIRES) == []
    moments = (
        Occurrence.objects.filter(kind=badges.EXPIRES).order_by("due_at").values_list("due_at", flat=True)
    )
    assert [f"{one.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for one in moments] == [
        "2026-12-18 09:00",
        "2027-01-01 09:00",
    ]
    said = badge_notices.expiry_content(Occurrence.objects.get(cycle_key="soon"), people["sales"])
    assert (said.title, said.path) == (
        "Orders is certified until Thu 31 Dec 2026",
        "/metrics/SAL_ORD/#trust",
    )
    said = badge_notices.expiry_content(Occurrence.objects.get(cycle_key="over"), people["sales"])
    assert (said.title, said.state) == ("Orders was certified until Thu 31 Dec 2026", "warn")


def test_who_has_asked_again_or_lost_the_badge_is_not_reminded(version, people):
    given(version, people)
    at = dt.datetime(2026, 12, 18, 0, 30, tzinfo=dt.UTC)
    badges.ask(version, "Looked again", by=people["sales"], at=at)
    run("2026-12-17T10:00", "2027-01-05T10:00")
    assert told(people["sales"], badges.EXPIRES) == []


def test_data_owners_hear_of_a_request_and_who_asked_of_the_decision(version, people):
    given(version, people)
    at = AT + 2 * HOUR
    badges.take_back(version, "Wrong source", by=people["steward"], at=at)
    expanding.expand(clock=lambda: at)
    assert told(people["steward"], badges.ASKED) == []  # decided meanwhile
    assert told(people["sales"], badges.DECIDED) == ["given", "ended"]
    badges.ask(version, "Looked again", by=people["sales"], at=at)
    expanding.expand(clock=lambda: at)
    assert told(people["steward"], badges.ASKED) == ["once"]
    assert told(people["sales"], badges.ASKED) == []
    waiting = Occurrence.objects.filter(kind=badges.ASKED).order_by("pk").last()
    said = badge_notices.asked_content(waiting, people["steward"])
    assert said.title == f"{people['sales'].display_name} asks for the badge of Orders"
    ended = Occurrence.objects.get(kind=badges.DECIDED, cycle_key="ended")
    said = badge_notices.decided_content(ended, people["sales"])
    assert (said.title, said.lines[1]) == ("The badge of Orders was taken back", "Wrong source")
