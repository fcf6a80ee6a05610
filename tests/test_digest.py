"""The morning mail: what waits today, once, on working days, and nothing when nothing is due (F115)."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from actions import followup
from reviewhub import digest
from reviewhub.notices import choices, expanding, kinds, planning
from reviewhub.notices.models import Message, Occurrence, Watermark
from reviewhub.people.models import User
from tests import make

pytestmark = pytest.mark.django_db

MONDAY = "2026-11-23"


def tick(at: dt.datetime) -> None:
    planning.plan_kind(kinds.find(digest.KIND), clock=lambda: at)
    expanding.expand(clock=lambda: at)


def at(day: str, time: str = "00:30:05") -> dt.datetime:
    """UTC; half past eight in Shanghai when no time is named."""
    return dt.datetime.fromisoformat(f"{day}T{time}+00:00")


@pytest.fixture
def owner(people) -> User:
    people["owner"].email = "li@farsail.test"
    people["owner"].save()
    return people["owner"]


def mails() -> list[tuple[str, str]]:
    rows = Message.objects.filter(occurrence__kind=digest.KIND).order_by("created_at", "idem")
    return list(rows.values_list("user__username", "channel"))


def test_one_mail_on_a_working_morning_and_no_line_in_the_inbox(owner):
    make.action(owner=owner, due=MONDAY)
    for seconds in (0, 60, 3600):
        tick(at(MONDAY) + dt.timedelta(seconds=seconds))
    assert mails() == [("owner", "email")]


def test_nothing_is_sent_when_nothing_is_due(owner):
    make.action(owner=owner, due="2026-12-20")
    tick(at(MONDAY))
    assert mails() == []


def test_not_on_saturday_and_friday_covers_the_weekend(owner):
    make.action("On Sunday", owner=owner, due="2026-11-29")
    make.action("On Monday", owner=owner, due="2026-11-30")
    tick(at("2026-11-27"))
    friday = Occurrence.objects.get(kind=digest.KIND, subject_id=str(owner.pk))
    assert [card.title for card in digest.due(friday, owner, at("2026-11-27"))] == ["On Sunday"]
    Watermark.objects.all().delete()
    tick(at("2026-11-28"))
    assert mails() == [("owner", "email")]


def test_each_reader_is_told_in_their_own_morning(owner):
    owner.time_zone = "Europe/Berlin"
    owner.save()
    make.action(owner=owner, due=MONDAY)
    tick(at(MONDAY))
    assert mails() == []
    tick(at(MONDAY, "07:30:00"))
    assert mails() == [("owner", "email")]


def test_the_next_day_it_is_too_late(owner):
    make.action(owner=owner, due=MONDAY)
    planning.plan_kind(kinds.find(digest.KIND), clock=lambda: at(MONDAY))
    expanding.expand(clock=lambda: at("2026-11-24", "00:00:00"))
    assert mails() == []
    assert Occurrence.objects.get(kind=digest.KIND, subject_id=str(owner.pk)).state == "expired"


def test_what_was_done_meanwhile_is_not_sent(owner):
    action = make.action(owner=owner, due=MONDAY)
    tick(at(MONDAY))
    occurrence = Occurrence.objects.get(kind=digest.KIND, subject_id=str(owner.pk))
    assert digest.recheck(occurrence, owner, at(MONDAY)) == ""
    followup.set_status(action, "done", by=owner, at=at(MONDAY))
    assert digest.recheck(occurrence, owner, at(MONDAY)) == "nothing_due"


def test_who_switched_it_off_gets_none(owner):
    choices.choose(owner, {(digest.KIND, "email"): False})
    make.action(owner=owner, due=MONDAY)
    tick(at(MONDAY))
    assert mails() == []


@pytest.mark.parametrize(
    "language, title, note",
    [
        ("en", "2 things wait for you today", "due Fri 20 Nov"),
        ("zh-hans", "今天有 2 件事等你处理", "截止 11月20日 周五"),
    ],
)
def test_it_lists_what_is_due_in_the_readers_words(owner, language, title, note):
    make.action("Call the carrier", owner=owner, due="2026-11-20")
    make.action("Launch the German site", owner=owner, due=MONDAY)
    tick(at(MONDAY))
    occurrence = Occurrence.objects.get(kind=digest.KIND, subject_id=str(owner.pk))
    with translation.override(language), timezone.override("Asia/Shanghai"):
        said = digest.render(occurrence, owner)
    assert said.title == title
    assert [(item.title, item.note) for item in said.items][0] == ("Call the carrier", note)
    assert [item.title for item in said.items] == ["Call the carrier", "Launch the German site"]
