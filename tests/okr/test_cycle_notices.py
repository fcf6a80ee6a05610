"""Offers that wait, and cycles that end: who is reminded on which morning, and who is not."""

import datetime as dt
import zoneinfo
from decimal import Decimal

import pytest
from django.utils import translation

from okr import cycle_notices, offers, reset
from okr.models import KeyResult
from okr.negotiation import ABOVE
from okr.offers import Wish
from reviewhub.notices import expanding, kinds, packing, planning
from reviewhub.notices.models import Channel, Message, Watermark
from tests import make

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def english(people):
    for one in people.values():
        one.email, one.language, one.name_latin = f"{one.username}@x.example", "en", one.username.title()
        one.save()
    with translation.override("en"):
        yield


def nine(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=SHANGHAI).astimezone(dt.UTC)


def awake(since):
    for code in (cycle_notices.ALIGNMENT, cycle_notices.RESET):
        Watermark.objects.update_or_create(kind=code, defaults={"planned_until": since})


def tick(at):
    for step in (planning.plan, expanding.expand, packing.pack):
        step(clock=lambda: at)


def run(first: str, last: str) -> list[tuple[str, str, str]]:
    """The machine every morning: (day, who, title) of what was told."""
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    awake(nine(first) - dt.timedelta(hours=1))
    while day <= end:
        tick(nine(f"{day}"))
        day += dt.timedelta(days=1)
    rows = Message.objects.filter(
        channel=Channel.INAPP, occurrence__kind__in=[cycle_notices.ALIGNMENT, cycle_notices.RESET]
    )
    rows = rows.exclude(state=Message.State.SUPPRESSED).select_related("user", "occurrence")
    return sorted(
        (
            f"{row.occurrence.due_at.astimezone(SHANGHAI):%m-%d}",
            row.user.username,
            kinds.find(row.occurrence.kind).render(row.occurrence, row.user).title,
        )
        for row in rows
    )


def test_an_offer_without_an_answer_is_called_to_mind_every_week_to_the_side_that_is_asked(people):
    objective, _sold = make.cascade(people)
    top = KeyResult.objects.create(
        cycle=objective.cycle, objective=objective, title="Sales +30 %", owner=people["ceo"]
    )
    wish = Wish(top, make.department("MKT"), title="Repeat purchases", unit="%", baseline=Decimal(21))
    offer = offers.propose(top.cycle, wish, ABOVE, by=people["ceo"], at=make.AT)
    said = "Your answer is waited for: Repeat purchases"
    day = (make.AT + dt.timedelta(days=7)).astimezone(SHANGHAI)
    first = day.date() + dt.timedelta(days=int(day.time() > dt.time(9)))
    second = first + dt.timedelta(days=7)
    told = run(f"{make.AT.date()}", f"{second}")
    assert told == [(f"{first:%m-%d}", "marketing", said), (f"{second:%m-%d}", "marketing", said)]
    offers.take(offer, "accept", by=people["marketing"], at=make.AT + dt.timedelta(days=20))
    assert run(f"{second + dt.timedelta(days=1)}", f"{second + dt.timedelta(days=9)}") == told


def test_owners_grade_before_the_end_and_executives_score_after_it(people):
    _objective, row = make.cascade(people)
    grade, score = "Grade your key results of 2026-Q4", "Score the cycle 2026-Q4"
    assert run("2026-12-20", "2026-12-31") == [("12-25", "sales", grade)]
    reset.grade(row, cause="execution", sentence="Late", then="keep", by=people["sales"], at=make.AT)
    told = run("2027-01-01", "2027-01-09")
    assert told == [("01-01", "ceo", score), ("01-08", "ceo", score), ("12-25", "sales", grade)]
    reset.reset(row.cycle, by=people["ceo"], at=nine("2027-01-10"))
    assert run("2027-01-10", "2027-01-20") == told


def test_a_partner_and_who_left_hear_nothing(people):
    _objective, row = make.cascade(people)
    KeyResult.objects.filter(pk=row.pk).update(owner=people["logistics"])
    assert run("2026-12-24", "2026-12-26") == []
    KeyResult.objects.filter(pk=row.pk).update(owner=people["sales"])
    people["sales"].is_active = False
    people["sales"].save()
    assert run("2026-12-24", "2026-12-26") == []
