"""The ladder of an overdue promise: owner, lead, executives; until it is done or has another date (F101)."""

import datetime as dt

import pytest
from django.utils import translation

from actions import followup, overdue, promising
from actions.models import Action
from reviewhub.notices import expanding, kinds, planning
from reviewhub.notices.models import Message, Occurrence, Watermark
from reviewhub.people.models import Confidentiality
from tests import make

pytestmark = pytest.mark.django_db


def tick(at: dt.datetime) -> None:
    """What beat does each minute."""
    planning.plan_kind(kinds.find(overdue.KIND), clock=lambda: at)
    expanding.expand(clock=lambda: at)


def morning(day: str) -> dt.datetime:
    """Half past eight and a few seconds in Shanghai."""
    return dt.datetime.fromisoformat(f"{day}T00:30:10+00:00")


def told(day: str) -> list[str]:
    """Who was told on that morning."""
    at = morning(day)
    Watermark.objects.filter(kind=overdue.KIND).delete()
    tick(at)
    rows = Message.objects.filter(channel="inapp", created_at=at, occurrence__kind=overdue.KIND)
    return sorted(rows.values_list("user__username", flat=True))


@pytest.fixture
def action(people) -> Action:
    return make.action(owner=people["owner"], due="2026-11-20", raised_by=people["facilitator"])


def test_first_the_owner_then_the_lead_then_the_executives(action):
    assert told("2026-11-20") == []
    assert told("2026-11-21") == ["owner"]
    assert told("2026-11-22") == []
    assert told("2026-11-23") == ["owner", "sales"]
    assert told("2026-11-27") == ["ceo", "owner", "sales"]
    assert told("2026-12-04") == ["ceo", "owner", "sales"]
    assert told("2026-12-05") == []


def test_two_ticks_of_one_morning_tell_it_once(action):
    at = morning("2026-11-21")
    for seconds in (0, 60, 120):
        tick(at + dt.timedelta(seconds=seconds))
    assert Occurrence.objects.filter(kind=overdue.KIND).count() == 1
    assert Message.objects.filter(channel="inapp", occurrence__kind=overdue.KIND).count() == 1


def test_after_an_outage_only_the_highest_rung_is_told(action):
    tick(morning("2026-11-20"))
    tick(morning("2026-11-28"))
    states = dict(Occurrence.objects.filter(kind=overdue.KIND).values_list("cycle_key", "state"))
    assert states == {
        "2026-11-20+1d": "coalesced",
        "2026-11-20+3d": "coalesced",
        "2026-11-20+7d": "fired",
    }
    assert Message.objects.filter(channel="inapp", occurrence__kind=overdue.KIND).count() == 3


def test_what_is_done_is_not_told(action, people):
    tick(morning("2026-11-20"))
    followup.set_status(action, "done", by=people["owner"], at=morning("2026-11-20"))
    assert told("2026-11-21") == []


def test_another_date_begins_the_ladder_anew(action, people):
    assert told("2026-11-21") == ["owner"]
    later = promising.Said("propose", people["owner"], dt.date(2026, 11, 25))
    promising.say(action, later, by=people["sales"], at=morning("2026-11-21"))  # not accepted yet: asked anew
    assert told("2026-11-23") == []
    assert told("2026-11-26") == ["owner"]


def test_closed_between_deciding_and_sending_is_not_wanted_any_more(action, people):
    told("2026-11-21")
    occurrence = Occurrence.objects.get(kind=overdue.KIND)
    at = morning("2026-11-21")
    assert overdue.recheck(occurrence, people["owner"], at) == ""
    followup.set_status(action, "dropped", by=people["facilitator"], at=at)
    assert overdue.recheck(occurrence, people["owner"], at) == "closed"


def test_a_confidential_action_is_told_to_those_who_may_see_it(action):
    Action.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    assert told("2026-11-27") == ["owner"]


def test_somebody_who_left_is_not_told(action, people):
    people["owner"].is_active = False
    people["owner"].save()
    assert told("2026-11-21") == []


@pytest.mark.parametrize(
    "language, title, line",
    [
        ("en", "“Launch the German site” is 3 days overdue", "Person"),
        ("zh-hans", "“Launch the German site”已逾期 3 天", "原定 2026-11-20 周五"),
    ],
)
def test_it_is_worded_for_its_reader(action, people, language, title, line):
    told("2026-11-23")
    occurrence = Occurrence.objects.get(kind=overdue.KIND)
    with translation.override(language):
        owner, lead = (overdue.render(occurrence, people[name]) for name in ("owner", "sales"))
    assert owner.title == lead.title == title
    assert line in (lead.lines[0] if language == "en" else owner.lines[0])
    assert (owner.path, lead.path) == ("/actions/?mine=1", "/actions/?overdue=1")


def test_an_hour_without_a_morning_asks_for_no_action(action, django_assert_num_queries):
    since = morning("2026-11-21")
    with django_assert_num_queries(1):
        assert list(overdue.late_actions(since, since + dt.timedelta(minutes=1))) == []
