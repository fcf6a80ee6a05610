"""The alignment meeting is made of what is not agreed, runs on the clock of every meeting, and moves no money."""

import datetime as dt
import uuid

import pytest
from django.utils import translation

from actions.models import BudgetAdjustment
from meetings import aligning, running, scheduling
from meetings.models import Meeting
from meetings.scheduling import CannotPlan
from okr import offers
from okr.models import KeyResult
from okr.negotiation import BELOW
from okr.offers import Wish
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.AT + dt.timedelta(days=3)


@pytest.fixture
def unsettled(people):
    """A proposal for the company's key result, a key result without a thread, two aims at odds, a late executive."""
    objective, _sold = make.cascade(people)
    fields = {"cycle": objective.cycle, "owner": people["ceo"]}
    top = KeyResult.objects.create(objective=objective, title="Sales +30 %", **fields)
    KeyResult.objects.create(title="Logistics cost -5 %", department=make.department("SCM"), **fields)
    KeyResult.objects.create(
        title="Delivery within 3 days", parent=top, department=make.department("TEC"), **fields
    )
    make.action(owner=people["ceo"], due="2026-11-20")
    with translation.override("en"):
        wish = Wish(top, make.department("MKT"), title="A secret plan")
        offers.propose(top.cycle, wish, BELOW, by=people["marketing"], at=make.AT)
        yield objective.cycle


def test_the_agenda_has_a_box_for_everything_that_is_not_agreed_executives_first(people, unsettled):
    draft = aligning.draft(unsettled, by=people["facilitator"], on=make.AT.date())
    assert [(item.code, item.en, item.minutes) for item in draft.items] == [
        ("EXEC", "Executives first: own tasks, answers, attendance", 10),
        ("OFFER1", "Offer: Marketing for “Sales +30 %”", 5),
        ("LOOSE1", "Serves nothing: Logistics cost -5 %", 3),
        ("ODDS1", "At odds: Logistics cost -5 % ↔ Delivery within 3 days", 5),
        ("PLAN", "What was agreed, by whom, until when", 5),
    ]
    assert (draft.total, draft.over) == (28, 0) and all(item.is_private for item in draft.items)
    said = draft.items[0].questions[0]
    name = people["ceo"].display_name
    assert said["en"] == (
        f"{name} · 1 open task · 1 of them late · owes 1 answer · present at 0 of the last 0 meetings"
    )
    assert said["zh"] == f"{name} · 1项未完成任务 · 其中1项逾期 · 1项提议待其答复 · 最近0次会议出席0次"


def test_it_is_planned_on_the_page_once_a_review_was_held_and_ends_without_the_clock_of_the_budget(
    people, unsettled, signed_in, pages_at
):
    page = f"/okr/{unsettled.code}/alignment/"
    wish = {"meeting_on": f"{LATER:%Y-%m-%d}", "starts": "10:00", "facilitator": people["facilitator"].pk}
    chair = signed_in(people["facilitator"])
    assert page in chair.get(f"/okr/{unsettled.code}/").content.decode()
    assert "Sales +30 %" in chair.get(page).content.decode()
    assert chair.post(page, wish).status_code == 422 and not Meeting.objects.exists()
    review = make.meeting(people)
    with pytest.raises(CannotPlan):
        aligning.plan(
            unsettled,
            scheduled_at=LATER,
            facilitator=people["facilitator"],
            by=people["facilitator"],
            at=make.AT,
        )
    Meeting.objects.filter(pk=review.pk).update(state="ended", ended_at=make.AT)
    assert chair.post(page, wish | {"meeting_on": "2020-01-01"}).status_code == 422
    planned = chair.post(page, wish)
    meeting = Meeting.objects.exclude(pk=review.pk).get()
    assert planned["Location"] == f"/meetings/{meeting.pk}/"
    assert (meeting.template, meeting.state, meeting.review, meeting.budget_s) == (
        "alignment",
        "ready",
        review.review,
        28 * 60,
    )
    assert (meeting.title_zh, meeting.title_en) == ("2026-Q4目标对齐会", "Alignment 2026-Q4")
    shown = chair.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "At odds" in shown and "A secret plan" not in shown
    assert chair.get(f"/meetings/{meeting.pk}/agenda/").status_code == 200
    assert chair.post(page, wish).status_code == 422
    assert signed_in(people["sales"]).get(page).status_code == 403
    assert signed_in(people["logistics"]).get(page).status_code == 404
    scheduling.open_lobby(meeting, by=people["facilitator"], at=LATER)
    for do, more in (
        ("start", {}),
        ("end", {"confirmed": True}),
        ("end", {"confirmed": True, "reason": "all agreed"}),
    ):
        meeting.refresh_from_db()
        order = {"by": people["facilitator"], "expected_seq": meeting.seq, "client_id": uuid.uuid4()}
        running.command(meeting.pk, do, more, **order, at=LATER)
    meeting.refresh_from_db()
    assert meeting.ended_at == LATER and not BudgetAdjustment.objects.exists()
