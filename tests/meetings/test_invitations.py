"""Who is invited to a meeting, what is told when it changes, and that it was called off."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone, translation

from meetings import invitation_notices as notices
from meetings import scheduling
from meetings.models import Meeting, Part
from reviewhub.notices import expanding, kinds, planning
from reviewhub.notices.models import Channel, Message, Occurrence, Watermark
from tests import make
from tests.make import AT

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
LATER = AT + dt.timedelta(days=5)


@pytest.fixture
def meeting(people) -> Meeting:
    for kind in (notices.INVITED, notices.CHANGED):
        Watermark.objects.update_or_create(kind=kind, defaults={"planned_until": AT - MINUTE})
    return make.meeting(people, scheduled_at=LATER)


def run(at=AT):
    planning.plan(clock=lambda: at)
    expanding.expand(clock=lambda: at)


def told(person, kind) -> list[Message]:
    rows = Message.objects.filter(user=person, channel=Channel.INAPP, occurrence__kind=kind)
    return list(rows.order_by("pk"))


def said(kind, user, language="en") -> kinds.Content:
    """What the newest notice of a kind says to `user`, in Shanghai."""
    row = Occurrence.objects.filter(kind=kind).order_by("-pk").first()
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo("Asia/Shanghai")):
        return kinds.find(kind).render(row, user)


def test_everybody_expected_and_executives_are_invited_once_with_their_own_items(people, meeting):
    run()
    run(AT + MINUTE)
    for name in ("facilitator", "sales", "marketing", "supply", "finance", "tech", "ceo"):
        assert len(told(people[name], notices.INVITED)) == 1, name
    for name in ("observer", "admin", "analyst"):
        assert name not in people or told(people[name], notices.INVITED) == [], name
    assert Occurrence.objects.filter(kind__in=(notices.INVITED, notices.CHANGED)).count() == 1
    content = said(notices.INVITED, people["sales"])
    assert content.title == "Invitation: October 2026 review"
    assert content.lines == (
        "Fri 27 Nov 2026, 17:00",
        f"240 minutes, led by {people['facilitator'].display_name}.",
        "Your items:",
    )
    [item] = content.items
    assert item.title == "Sales 17:10–17:50"
    assert said(notices.INVITED, people["ceo"]).items == ()
    assert said(notices.INVITED, people["sales"], "zh-hans").title == "会议邀请：2026年10月经营分析会"


def opened_to_logistics(meeting):
    meeting.segments.filter(code="XDEP").update(department=make.department("LOG"))


def test_a_partner_is_invited_to_an_open_item_and_reads_no_title_of_ours(people, meeting):
    opened_to_logistics(meeting)
    run()
    content = said(notices.INVITED, people["logistics"])
    assert len(told(people["logistics"], notices.INVITED)) == 1
    assert content.title == "Invitation: Business review meeting"
    own = set(
        meeting.segments.filter(department__code="LOG", is_private=False).values_list("code", flat=True)
    )
    lines = Occurrence.objects.get(kind=notices.INVITED).params["people"][str(people["logistics"].pk)]
    assert {line[0] for line in lines} == own == {"XDEP"}


def test_an_agenda_that_moves_is_told_to_whom_it_concerns_from_what_to_what(people, meeting):
    run()
    first = Part.objects.filter(meeting=meeting, segment__department__code="SAL").order_by("position").first()
    Part.objects.filter(pk=first.pk).update(planned_s=first.planned_s + 4 * 60)
    run(AT + MINUTE)
    assert not Occurrence.objects.filter(kind=notices.CHANGED).exists()  # four minutes are not worth a notice
    Part.objects.filter(pk=first.pk).update(planned_s=first.planned_s + 10 * 60)
    run(AT + 2 * MINUTE)
    run(AT + 3 * MINUTE)
    assert Occurrence.objects.filter(kind=notices.CHANGED).count() == 1
    for name in ("sales", "marketing", "tech"):  # what comes after moved too
        assert len(told(people[name], notices.CHANGED)) == 1, name
    assert told(people["ceo"], notices.CHANGED) == []  # has no item
    content = said(notices.CHANGED, people["sales"])
    assert content.title == "Changed: October 2026 review"
    assert [item.title for item in content.items] == ["Sales 17:10–18:00, was 17:10–17:50"]


def test_another_day_is_told_to_everybody_and_nothing_of_what_nobody_was_told(people, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(scheduled_at=LATER + dt.timedelta(hours=1))
    run()
    assert not Occurrence.objects.filter(kind=notices.CHANGED).exists()
    Meeting.objects.filter(pk=meeting.pk).update(scheduled_at=LATER + dt.timedelta(days=1))
    run(AT + MINUTE)
    assert len(told(people["ceo"], notices.CHANGED)) == 1
    [line] = said(notices.CHANGED, people["ceo"]).lines
    assert line == "Now Sat 28 Nov 2026, 17:00, not Fri 27 Nov 2026, 18:00."


def test_what_is_called_off_is_told_with_the_reason_and_no_invitation_leaves_any_more(people, meeting):
    opened_to_logistics(meeting)
    run()
    facilitator = people["facilitator"]
    scheduling.cancel(meeting, by=facilitator, at=AT + MINUTE, reason="Half of us are ill.")
    run(AT + 2 * MINUTE)
    assert len(told(people["ceo"], notices.CANCELLED)) == 1
    assert len(told(people["logistics"], notices.CANCELLED)) == 1
    assert told(people["observer"], notices.CANCELLED) == []
    content = said(notices.CANCELLED, people["ceo"])
    assert content.title == "Called off: October 2026 review"
    assert content.lines == ("Fri 27 Nov 2026, 17:00", "Why: Half of us are ill.")
    assert said(notices.CANCELLED, people["logistics"]).lines == ("Fri 27 Nov 2026, 17:00",)
    row = Occurrence.objects.get(kind=notices.INVITED)
    assert notices.recheck(row, people["ceo"], AT) == "cancelled"


def test_a_meeting_that_nobody_was_invited_to_is_called_off_in_silence(people, meeting):
    scheduling.cancel(meeting, by=people["facilitator"], at=AT, reason="")
    run()
    assert not Message.objects.filter(occurrence__kind=notices.CANCELLED).exists()
