"""The progress check-in of the demo company: asked last Tuesday; two have answered, one of them waits for marketing."""

import datetime as dt
import zoneinfo

from actions import blockers, checkin_answers, checkin_rhythm, checkin_rows
from actions.models import Action, CheckInRhythm
from reviewhub.demo import people as crew
from reviewhub.notices.recurring import week_key
from reviewhub.people.models import Department, User

ZONE = zoneinfo.ZoneInfo(crew.COMPANY["time_zone"])
HALF_PAST_NINE, TUESDAY = dt.time(9, 30), 1
TURN = dt.timedelta(days=14)

# (turns back, minutes after it was asked, words of the task, what its owner said)
SAID = [
    (
        1,
        12,
        "首屏",
        {"status": "doing", "sentence": "图片已改为按需加载，首屏从4.1秒到3.3秒", "confidence": "high"},
    ),
    (
        0,
        6,
        "首屏",
        {"status": "doing", "sentence": "首页轮播图能否从六张减到两张，请市场部确认", "confidence": "mid"},
    ),
    (
        0,
        9,
        "退货标签",
        {"status": "todo", "sentence": "标签供应商下周才能打样，月底前上线没有把握", "confidence": "low"},
    ),
]
WAITS = {"首页轮播图能否从六张减到两张，请市场部确认": "MKT"}


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """The rhythm and what was said, as seen at `at`; who has not answered finds the question on the first page."""
    asked = dt.datetime.combine(last_tuesday(at), HALF_PAST_NINE, ZONE)
    rhythm = CheckInRhythm.objects.create(
        pk=1,
        anchor_on=asked.date() - TURN,
        at=HALF_PAST_NINE,
        changed_at=asked - 2 * TURN,
        changed_by=people["facilitator"],
    )
    for back, minutes, words, said in SAID:
        action = Action.objects.filter(title__contains=words).select_related("owner").get()
        when = asked - back * TURN + dt.timedelta(minutes=minutes)
        if action.raised_at < when:
            answer(action, checkin_rhythm.named(key(asked - back * TURN), rhythm), said, at=when)


def last_tuesday(at: dt.datetime) -> dt.date:
    """The last one on which the question had been asked for ten minutes."""
    local = (at - dt.timedelta(minutes=10)).astimezone(ZONE)
    day = local.date() - dt.timedelta(days=(local.weekday() - TUESDAY) % 7)
    return day if dt.datetime.combine(day, HALF_PAST_NINE, ZONE) <= local else day - dt.timedelta(days=7)


def key(wall: dt.datetime) -> str:
    return week_key(wall.date())


def answer(action: Action, turn, said: dict, *, at: dt.datetime) -> None:
    """The owner answers about this one task."""
    helper = ""
    if code := WAITS.get(said["sentence"]):
        wanted = Department.objects.get(code=code)
        helper = next(each.code for each in blockers.helpers(action.owner) if each.row == wanted)
    last = checkin_rows.latest([action]).get(action.pk)
    row = checkin_rows.Said(action.pk, seen=checkin_rows.state_of(action, last), blocked_by=helper, **said)
    checkin_answers.answer(action.owner, turn, [row], at=at)
