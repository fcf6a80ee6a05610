"""Beat was down for three days: one mail a person, the strongest step, the newest check-in (F06)."""

import datetime as dt
from email.utils import parseaddr

import pytest

from actions import budget
from reviewhub.notices import expanding, outbox, planning
from reviewhub.notices.models import Delivery, Message, Occurrence, Watermark
from reviewhub.people.models import User
from tests import make

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
# The meeting ended on Friday 18:00 in Shanghai; beat dies then and comes back on Tuesday 11:00, after the check-in.
FRIDAY = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
TUESDAY = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)


def minute(at):
    planning.plan(clock=lambda: at)
    expanding.expand(clock=lambda: at)
    outbox.run(clock=lambda: at)


@pytest.fixture
def back(people, settings, mailoutbox):
    """Everybody has an address and an open task, the 48 hours run, and beat has just come back."""
    settings.MAIL_PER_SECOND = 0
    make.rhythm()
    for person in people.values():
        person.email = f"{person.username}@farsail.example"
        person.save()
        make.action(owner=person, raised_at=FRIDAY)
    minute(FRIDAY - HOUR)
    review = make.review(meeting_at=FRIDAY - 4 * HOUR)
    budget.open_clock(review, ended_at=FRIDAY, by=people["facilitator"], at=FRIDAY)
    minute(FRIDAY)
    mailoutbox.clear()
    minute(TUESDAY)
    return mailoutbox


def test_each_person_gets_at_most_one_mail(back, people):
    to = [parseaddr(letter.to[0])[1] for letter in back]
    assert len(to) == len(set(to)) <= len(people)
    assert {"finance@farsail.example", "ceo@farsail.example", "owner@farsail.example"} <= set(to)


def test_of_the_forty_eight_hours_only_the_strongest_step_is_told(back):
    steps = Occurrence.objects.filter(kind=budget.DUE).order_by("due_at")
    told = [row.cycle_key for row in steps if row.state == "fired"]
    assert told == [steps.last().cycle_key]
    assert {row.state for row in steps} == {"fired", "coalesced"}
    assert steps.count() >= 4


def test_everybody_is_asked_once_for_the_newest_check_in(back):
    turns = Occurrence.objects.filter(kind="checkin", state="fired").values_list("subject_id", flat=True)
    assert turns and len(turns) == len(set(turns))


def test_the_next_minutes_send_nothing_more(back):
    before = len(back)
    for minutes in (1, 2, 31):
        minute(TUESDAY + dt.timedelta(minutes=minutes))
    assert len(back) == before
    assert not Message.objects.filter(state="queued", not_before__lte=TUESDAY).exists()
    assert Delivery.objects.count() <= User.objects.count()
    assert Watermark.objects.filter(planned_until=TUESDAY + dt.timedelta(minutes=31)).exists()
