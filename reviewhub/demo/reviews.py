"""Reviews of the demo company: a year of closed ones, one held, one ready to start, one being prepared.

The held one was really run: every order went through meetings.running with the time it had.
"""

import datetime as dt
import uuid
import zoneinfo

from actions import followup, promising
from actions.models import Action
from meetings import decision_ledger, minutes, rating, retro, running, scheduling
from meetings.models import Capture, Meeting
from metrics import cycles
from metrics.models import Extension, Review
from metrics.periods import Period, month_after
from reviewhub.demo import budget
from reviewhub.demo import people as crew
from reviewhub.people.models import Department, User

ZONE = zoneinfo.ZoneInfo(crew.COMPANY["time_zone"])
NAMESPACE = uuid.UUID("6e7f1c1e-52a4-4c0e-9a39-6b0f6d3f1d11")

# (minute after the planned start, person, order, arguments) of the held review: it began four minutes late.
HELD = [
    (-9, "sales", "present", {}),
    (-8, "finance", "present", {}),
    (-8, "owner", "present", {}),
    (-7, "marketing", "present", {}),
    (-6, "supply", "present", {}),
    (-5, "tech", "present", {}),
    (-4, "scribe", "present", {}),
    (-2, "ceo", "present", {}),
    (4, "facilitator", "start", {}),
    (15, "facilitator", "next", {}),
    (19, "facilitator", "next", {}),
    (31, "scribe", "capture.add", {"text": "/d @Li 德国站主推款提价3%，两周后看转化 #SAL_AOV"}),
    (38, "scribe", "capture.add", {"text": "/a @Li 完成德国站三款新品上线 #KR1 ^+{launch}d"}),
    (44, "sales", "capture.add", {"text": "/q 转化率分母是点击还是会话 #MKT_CVR"}),
    (55, "facilitator", "extend", {"seconds": 300, "pay": ["compress", "end"]}),
    (59, "facilitator", "next", {}),
    (61, "facilitator", "next", {}),
    (70, "scribe", "capture.add", {"text": "/a @Sun 停投ROAS低于2的三个广告组 #MKT_ROAS ^+{done}d !1"}),
    (71, "facilitator", "pause", {"reason": "technical"}),
    (74, "facilitator", "resume", {}),
    (88, "facilitator", "next", {}),
    (91, "facilitator", "next", {}),
    (
        104,
        "scribe",
        "capture.add",
        {"text": "/a @Zhao 德国退货标签与换货流程改版 &LOG #SAL_RET_RATE ^+{late}d !1"},
    ),
    (108, "scribe", "capture.add", {"text": "/d @Zhao 欧洲仓扩容迎接旺季 $+150000:SCM/欧洲仓 #SC_OTD"}),
    (110, "scribe", "capture.add", {"text": "/p 明年换ERP"}),
    (114, "facilitator", "next", {}),
    (122, "facilitator", "next", {}),
    (124, "facilitator", "next", {}),
    (130, "scribe", "capture.add", {"text": "/d @Sun 增投TikTok德国 $+200000:MKT/TikTok-DE #MKT_ROAS"}),
    (
        136,
        "scribe",
        "capture.add",
        {"text": "/a @Zhou 发布预算调整：TikTok德国 +200000 #FIN_BUD ^+{budget}d !1"},
    ),
    (141, "facilitator", "next", {}),
    (143, "facilitator", "next", {}),
    (155, "scribe", "capture.add", {"text": "/a @He 移动端首屏降到2.5秒以内 #TEC_LCP ^+{tech}d"}),
    (160, "facilitator", "next", {}),
    (178, "scribe", "capture.add", {"text": "/i 库存积压：预测偏高还是采购节奏失误？"}),
    (
        192,
        "scribe",
        "capture.add",
        {"text": "/a @Wang 与供应链共用一张滚动预测表 &SCM #SC_FCST_ACC ^+{joint}d"},
    ),
    (199, "facilitator", "next", {}),
    (214, "scribe", "capture.add", {"text": "/k 感谢物流赶上黑五入仓 @LOG &SAL"}),
    (228, "facilitator", "next", {}),
    (231, "facilitator", "end", {}),
]
# Days after the held meeting at which its actions fall due.
DUE = {"launch": 60, "done": 14, "late": 28, "budget": 2, "tech": 50, "joint": 45}
# The months before the held review that have one, and who had more time: (department, month) → hours.
EARLIEST = 12
EXTENDED = {("MKT", 4): 24, ("TEC", 7): 24}
EXTENDED_BECAUSE = "平台账单晚到一天"
# What became of them: words of the title → (days after the meeting, status), by their owner.
FOLLOWED = [
    ("三款新品", 9, "doing"),
    ("三个广告组", 11, "done"),
    ("预算调整", 2, "done"),
    ("首屏", 16, "doing"),
]
# What its owner answered: so many days later, and why.
COUNTERED = ("滚动预测表", 7, "要等供应链把安全库存口径定下来")
# A decision of the room, the metric that it is to move, and what is expected.
DECIDED = ("提价3%", "SAL_AOV", "客单价提高2%，订单不少于上月的95%")
# Who gave how many points of ten, and why.
RATED = [
    ("ceo", 8, "决议清楚，数据争论比上次少"),
    ("sales", 7, ""),
    ("marketing", 9, "跨部门环节有用"),
    ("supply", 8, ""),
    ("finance", 7, "销售部超时太久"),
    ("tech", 8, ""),
]
IMPROVEMENT = "销售部开场两分钟内先讲例外"


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """The held, the ready and the prepared review, as seen at `at`."""
    this_month = at.astimezone(ZONE).date().replace(day=1)
    _closed(this_month, people)
    held_month = month_after(this_month, -2)
    held = _review(held_month, usual_meeting(held_month))
    _hold(held, people)
    budget.publish(held, people["finance"], people["ceo"])
    ready = _review(month_after(this_month, -1), _soon(at))
    scheduling.plan_meeting(
        ready,
        scheduled_at=ready.meeting_at,
        facilitator=people["facilitator"],
        by=people["facilitator"],
        at=at,
    )
    _review(this_month, usual_meeting(this_month))


def usual_meeting(month: dt.date) -> dt.datetime:
    """When the review of a month meets: at nine on the second Monday of the next one."""
    return dt.datetime.combine(_monday(month_after(month), 2), dt.time(9), ZONE)


def usual_due(month: dt.date) -> dt.datetime:
    """When the data of a month is due, a week before."""
    return cycles.gates(usual_meeting(month), ZONE)[0]


def _closed(this_month: dt.date, people: dict[str, User]) -> None:
    """The reviews before the held one, and the time that was agreed with departments then."""
    for back in range(EARLIEST, 2, -1):
        month = month_after(this_month, -back)
        review = _review(month, usual_meeting(month))
        for (code, number), hours in EXTENDED.items():
            if number == month.month:
                Extension.objects.create(
                    review=review,
                    department=Department.objects.get(code=code),
                    due_at=review.due_at + dt.timedelta(hours=hours),
                    reason=EXTENDED_BECAUSE,
                    given_at=review.due_at - dt.timedelta(hours=20),
                    given_by=people["ceo"],
                )
        review.state = Review.State.CLOSED
        review.save(update_fields=["state"])


def _soon(at: dt.datetime) -> dt.datetime:
    """The next full quarter of an hour that is at least fifteen minutes away."""
    later = at + dt.timedelta(minutes=15)
    return later.replace(second=0, microsecond=0) + dt.timedelta(minutes=-later.minute % 15)


def _monday(month: dt.date, number: int) -> dt.date:
    """The `number`-th Monday of the month."""
    return month + dt.timedelta(days=-month.weekday() % 7 + 7 * (number - 1))


def _review(month: dt.date, meeting_at: dt.datetime) -> Review:
    return cycles.open_review(Period.containing(month, "month"), meeting_at=meeting_at, zone=ZONE)


def _hold(review: Review, people: dict[str, User]) -> None:
    """Run the meeting order by order at its own times, then what its actions' owners did since."""
    start, chair = review.meeting_at, people["facilitator"]
    planned = start - dt.timedelta(days=14)
    meeting = scheduling.plan_meeting(review, scheduled_at=start, facilitator=chair, by=chair, at=planned)
    scheduling.open_lobby(meeting, by=chair, at=start - dt.timedelta(minutes=15))
    for number, (minute, who, do, arguments) in enumerate(HELD):
        meeting.refresh_from_db()
        if "text" in arguments:
            arguments = {"text": arguments["text"].format(**DUE)}
        running.command(
            meeting.pk,
            do,
            arguments,
            by=people[who],
            expected_seq=meeting.seq,
            client_id=uuid.uuid5(NAMESPACE, f"{review.code}/{number}"),
            at=start + dt.timedelta(minutes=minute),
        )
    for words, days, status in FOLLOWED:
        action = Action.objects.get(review=review, title__contains=words)
        promising.say(
            action, promising.Said("accept"), by=action.owner, at=start + dt.timedelta(days=1, minutes=5)
        )
        followup.set_status(action, status, by=action.owner, at=start + dt.timedelta(days=days))
    words, days, why = COUNTERED
    action = Action.objects.get(review=review, title__contains=words)
    later = promising.Said("propose", action.owner, action.due_on + dt.timedelta(days=days), why)
    promising.say(action, later, by=action.owner, at=start + dt.timedelta(days=1, hours=2))
    _look_back(meeting, people)


def _look_back(meeting: Meeting, people: dict[str, User]) -> None:
    """What people thought of it, what they want to do better, and the minutes for everybody."""
    meeting.refresh_from_db()
    over, chair = meeting.ended_at, people["facilitator"]
    for name, points, sentence in RATED:
        rating.rate(meeting, points, sentence, by=people[name], at=over + dt.timedelta(minutes=3))
    priced = Capture.objects.get(meeting=meeting, kind=Capture.Kind.DECISION, text__contains=DECIDED[0])
    expected = decision_ledger.Expected(*DECIDED[1:], (over + dt.timedelta(days=28)).date())
    decision_ledger.expect(priced, expected, by=chair, at=over + dt.timedelta(minutes=10), on=over.date())
    retro.settle(meeting, IMPROVEMENT, people["sales"], by=chair, at=over + dt.timedelta(minutes=20))
    minutes.publish(meeting, by=chair, at=over + dt.timedelta(hours=2))
