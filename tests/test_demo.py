"""The demo company: deterministic, complete, and loaded only where nothing can be lost."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from actions.models import Action
from meetings import logbook
from meetings.models import Meeting
from metrics.models import Metric, Observation, Review, Slice, Submission
from reviewhub.demo import company, market
from reviewhub.people.models import Company, User
from tests import make

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def test_the_market_has_its_promised_breadth():
    goods, baskets = market.sales(AT.date())
    months = {(day.year, day.month) for day in goods["day"]}
    assert len(months) == 26 and max(months) == (2026, 10)
    assert (goods["platform"].nunique(), goods["country"].nunique(), goods["category"].nunique()) == (
        5,
        12,
        8,
    )
    assert len(market.products()) == 200
    assert (goods["discount"] <= goods["gross"]).all() and (
        goods[["units", "gross", "refund"]] >= 0
    ).all().all()
    assert (goods["gross"] % 100 == 0).all() and (baskets["orders"] > 0).all()


def test_the_market_is_the_same_every_time():
    first, second = market.sales(AT.date()), market.sales(AT.date())
    assert first[0].equals(second[0]) and first[1].equals(second[1])


def test_november_sells_more_than_october_and_germany_sends_more_back():
    goods, _baskets = market.sales(AT.date())
    month = (
        goods.assign(month=[day.strftime("%Y-%m") for day in goods["day"]]).groupby("month")["gross"].sum()
    )
    assert month["2025-11"] > 1.2 * month["2025-10"]
    rate = goods.groupby("country")[["refund", "gross"]].sum().eval("refund / gross")
    assert rate.idxmax() == "Germany"


@pytest.mark.slow
@pytest.mark.django_db
def test_the_company_is_complete_and_its_held_review_is_honest():
    company.create(at=AT)
    assert Company.objects.get().is_demo
    assert set(make.PEOPLE) <= set(User.objects.values_list("username", flat=True))
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert Metric.objects.enabled().count() == 141
    assert Submission.objects.filter(state="certified").count() == 52
    assert Submission.objects.waiting().count() == 1
    assert (
        Observation.objects.values("day").distinct().count()
        == (dt.date(2026, 11, 1) - dt.date(2024, 9, 1)).days
    )
    assert Slice.objects.values("country").distinct().count() == 12
    assert list(Review.objects.order_by("code").values_list("code", flat=True)) == [
        "2026-09",
        "2026-10",
        "2026-11",
    ]
    assert list(Meeting.objects.order_by("scheduled_at").values_list("state", flat=True)) == [
        "ended",
        "ready",
    ]
    held_review_is_honest()


def held_review_is_honest():
    """The held meeting has an honest ledger, and its actions moved on."""
    meeting = Meeting.objects.get(state="ended")
    _plan, state = logbook.standing(meeting)
    assert sum(state.ledger.values()) == 240 * 60
    actions = Action.objects.filter(review=meeting.review)
    assert actions.count() == 6 and all(action.owner and action.due_on for action in actions)
    assert sorted(actions.values_list("status", flat=True)) == [
        "doing",
        "doing",
        "done",
        "done",
        "todo",
        "todo",
    ]
    assert meeting.captures.count() == 11


@pytest.mark.django_db
def test_demo_does_not_touch_a_database_in_use():
    make.user("owner")
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    with pytest.raises(CommandError, match="not a demo database"):
        call_command("demo", reset=True)
    assert User.objects.count() == 1
