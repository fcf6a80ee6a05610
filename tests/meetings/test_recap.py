"""The recap: once for each version, to everybody of the meeting, own tasks first, in their language."""

import datetime as dt

import pytest
from django.utils import translation

from meetings import minutes, minutes_notices
from meetings.models import Capture
from reviewhub.notices import expanding, kinds
from reviewhub.notices.models import Message, Occurrence
from reviewhub.people.models import Confidentiality
from tests.meetings.test_minutes import held, publish, said  # noqa: F401 - a meeting that has ended

LATER = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def told(person):
    kind = kinds.find(minutes.RECAP)
    return kind.render(Occurrence.objects.get(kind=minutes.RECAP), person)


def test_one_occurrence_for_each_version(held, people):  # noqa: F811
    publish(held, people)
    assert Occurrence.objects.filter(kind=minutes.RECAP).count() == 1
    minutes.write(held.meeting, "SUMMARY", "Short", by=people["scribe"], at=held.now)
    publish(held, people, reason="Summary added")
    rows = Occurrence.objects.filter(kind=minutes.RECAP)
    assert sorted(row.subject_id for row in rows) == sorted(str(one.pk) for one in held.meeting.minutes.all())


def test_everybody_of_the_meeting_is_told_and_nobody_else(held, people):  # noqa: F811
    publish(held, people)
    names = {one.username for one in minutes_notices.recipients(Occurrence.objects.get(kind=minutes.RECAP))}
    assert {"facilitator", "sales", "finance", "logistics"} <= names
    assert not names & {"hr", "observer", "admin"}


def test_own_tasks_come_first_in_the_readers_language(held, people):  # noqa: F811
    publish(held, people)
    with translation.override("en"):
        own, other = told(people["sales"]), told(people["finance"])
    assert own.title == "Minutes: October 2026 review, 1 task for you"
    assert [(one.title, one.note) for one in own.items] == [("Launch in Germany", "Sat 5 Dec")]
    assert (other.title, other.items) == ("Minutes: October 2026 review", ())
    assert own.path == f"/meetings/{held.meeting.pk}/minutes/"
    with translation.override("zh-hans"):
        assert told(people["sales"]).title == "会议纪要：2026年10月经营分析会，你有 1 项任务"


def test_a_partner_hears_of_its_own_items_only_and_nothing_confidential_travels(held, people):  # noqa: F811
    publish(held, people)
    Capture.objects.filter(text="HOUSE-ONLY").update(confidentiality=Confidentiality.CONFIDENTIAL)
    with translation.override("en"):
        partner, colleague = told(people["logistics"]), told(people["ceo"])
    assert partner.lines == ("1 decision: JOINT-DECISION",)
    assert "HOUSE-ONLY" not in str(colleague) and "CANARY" not in str(colleague)


def test_the_outbox_tells_each_person_once(held, people):  # noqa: F811
    publish(held, people)
    for _again in range(2):
        expanding.expand(clock=lambda: LATER)
    rows = Message.objects.filter(occurrence__kind=minutes.RECAP, channel="inapp", user=people["sales"])
    assert rows.count() == 1
