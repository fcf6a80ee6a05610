"""A meeting is planned from a template; what stands against it is said in words."""

import datetime as dt

import pytest
from django.utils import translation

from meetings import fitting, scheduling, tasks
from meetings.models import Meeting
from tests import make

pytestmark = pytest.mark.django_db


def test_the_default_agenda_fills_the_four_hours_exactly(people, start):
    meeting = make.meeting(people, scheduled_at=start)
    parts = list(meeting.parts.order_by("position"))
    assert [(part.code, part.planned_s // 60) for part in parts] == list(fitting.DEFAULT.minutes)
    assert sum(part.planned_s for part in parts) + meeting.buffer_s == meeting.budget_s == 240 * 60
    assert (meeting.state, meeting.seq, meeting.template) == ("ready", 0, "default-240")


def test_segments_carry_names_departments_and_guiding_questions_in_both_languages(people, start):
    meeting = make.meeting(people, scheduled_at=start)
    sales = meeting.segments.get(code="SAL")
    assert (sales.title_zh, sales.title_en, sales.department.code) == ("销售部", "Sales", "SAL")
    assert sales.questions[0] == {
        "zh": "为什么有的产品卖爆，有的却滞销？",
        "en": "Why do some products fly while others sit?",
    }
    assert [each.code for each in meeting.segments.filter(is_private=True)] == ["FIN"]
    silent = [each.code for each in meeting.segments.all() if not each.questions]
    assert silent == ["BREAK"]


def test_the_published_template_is_kept_as_published_55_minutes_over(people, start):
    meeting = make.meeting(people, scheduled_at=start, template="published")
    assert sum(part.planned_s for part in meeting.parts.all()) + meeting.buffer_s == 295 * 60
    assert meeting.budget_s == 240 * 60


def test_everything_that_stands_against_a_meeting_is_said_at_once(people, start):
    make.meeting(people, scheduled_at=start)
    review = Meeting.objects.get().review
    with pytest.raises(scheduling.CannotPlan) as refusal:
        scheduling.plan_meeting(
            review,
            scheduled_at=start - dt.timedelta(days=9),
            facilitator=people["owner"],
            by=people["sales"],
            at=start,
            template="nine-to-five",
        )
    codes = [problem.code for problem in refusal.value.problems]
    assert codes == [
        "may_not_plan",
        "cannot_facilitate",
        "unknown_template",
        "in_the_past",
        "already_planned",
    ]
    with translation.override("en"):
        assert str(refusal.value.problems[2]) == "There is no agenda template called “nine-to-five”."


def test_the_lobby_opens_by_itself_a_quarter_of_an_hour_before_the_start(people, start, monkeypatch):
    meeting = make.meeting(people, scheduled_at=start)
    early = start - dt.timedelta(minutes=15, seconds=1)
    assert not scheduling.due_lobbies(early).exists()
    monkeypatch.setattr("meetings.logbook.instant", lambda: start - dt.timedelta(minutes=15))
    assert (tasks.open_lobbies(), tasks.open_lobbies()) == (1, 0)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.seq) == ("lobby", 1)
    assert meeting.events.get().actor is None


def test_a_meeting_that_has_begun_cannot_be_cancelled_any_more(room, people):
    room.order("start")
    with pytest.raises(scheduling.CannotPlan) as refusal:
        scheduling.cancel(room.meeting, by=people["facilitator"], at=room.now)
    assert [problem.code for problem in refusal.value.problems] == ["not_cancellable"]


def test_a_cancelled_meeting_makes_room_for_another(room, people, start):
    scheduling.cancel(room.meeting, by=people["facilitator"], at=start, reason="流感")
    assert room.row().state == "cancelled"
    assert room.events()[-1] == (2, "meeting.cancelled")
    again = make.meeting(people, scheduled_at=start, review=room.meeting.review)
    assert again.state == "ready"
