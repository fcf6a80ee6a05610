"""The cross-department block: votes × money, timeboxes that fill it, causes that are no department (A4)."""

import json
from collections import namedtuple

import pytest
from django.urls import reverse

from meetings import causes, joint, noting, running, screens
from meetings.models import Capture, Segment
from reviewhub.people.models import Department

Line = namedtuple("Line", "type payload actor_id")
NAMES = ["SCM", "supply-chain", "供应链部", "供应链", "Supply chain", "LOG", "物流", "Logistics"]
BLAMES = {
    "供应链部": True,
    "都是供应链的问题": True,
    "It's the supply chain team's fault.": True,
    "ＳＣＭ": True,
    "物流、供应链的责任": True,
    "供应链预测在旺季前两周没有更新": False,
    "Supply chain orders every 30 days, sales change weekly": False,
    "预测偏高": False,
    "blog posts": False,
    "": False,
}


@pytest.mark.parametrize("said", BLAMES)
def test_a_department_alone_is_no_cause(said):
    assert causes.blames(said, NAMES) is BLAMES[said]


BOXES = {(2400, 3): 780, (1620, 2): 780, (840, 1): 840, (90, 3): 30, (0, 3): 0, (-60, 1): 0}


@pytest.mark.parametrize("left", BOXES)
def test_forty_minutes_for_three_problems_are_13_13_and_14(left):
    assert causes.box_s(*left) == BOXES[left]


def test_problems_are_ranked_by_votes_times_money_and_those_without_money_by_votes():
    voted = [("a", 1), ("b", 1), ("b", 2), ("c", 1), ("c", 2), ("c", 3), ("d", 3)]
    lines = [Line(causes.VOTED, {"issue": key, "is_on": True}, person) for key, person in voted]
    lines += [Line(causes.WEIGHED, {"issue": "d", "amount": 900}, 9)]
    lines += [Line(causes.VOTED, {"issue": "a", "is_on": True}, 1)]  # a second time is one vote
    board = causes.read(lines)
    assert causes.ranked({"a": 500, "b": 400, "c": None, "d": None, "e": 10_000}, board) == list("dbac") + [
        "e"
    ]
    assert board.voted(3) == ["c", "d"]
    lines.append(Line(causes.VOTED, {"issue": "d", "is_on": False}, 3))
    assert causes.ranked({"a": 500, "d": None}, causes.read(lines)) == ["a", "d"]


def refused(room, code, do, **more):
    with pytest.raises(running.Refused) as trouble:
        room.order(do, **more)
    assert trouble.value.problem.code == code


def issues(room, person="ceo"):
    return screens.state_for(room.row(), reader=room.people[person], at=room.now)["issues"]


def in_the_block(room):
    """Three problems were raised before; the block begins at 09:45 with its 40 minutes."""
    room.order("start")
    room.at(minutes=20).order("goto", part="SC.D")
    for text in ("/i 库存积压 &SAL $+400000", "/p 德国站退货 $90000USD", "/i 大促缺货"):
        room.capture(text, by="scribe")
    room.capture("/n 只是一条记录", by="scribe")
    assert issues(room) is None
    room.at(minutes=45).order("goto", part="XDEP")
    return [
        f"c{pk}" for pk in Capture.objects.exclude(kind="note").order_by("pk").values_list("pk", flat=True)
    ]


def test_a_problem_is_voted_on_taken_up_filled_from_both_sides_and_closed_with_a_cause(room, client):
    stock, returns, short = in_the_block(room)
    assert [(one["key"], one["votes"], one["amount"]) for one in issues(room)["list"]] == [
        (stock, 0, 400_000), (returns, 0, None), (short, 0, None),
    ]  # fmt: skip
    room.order("issue.vote", by="sales", to=short)
    room.order("issue.vote", by="sales", to=stock)
    room.order("issue.vote", by="tech", to=stock)
    assert [one["key"] for one in issues(room)["list"]] == [stock, short, returns]
    room.order("issue.weigh", to=short, amount=1_000_000)
    assert [one["key"] for one in issues(room)["list"]] == [short, stock, returns]
    assert set(noting.PRIVATE) >= {causes.VOTED}
    refused(room, "not_the_facilitator", "issue.take", by="sales", to=stock)
    room.order("issue.take", to=stock)
    now = issues(room)["now"]
    assert (now["box_s"], now["from_s"], now["step"]) == (780, 0, "identify")
    assert [side["code"] for side in now["between"]] == ["SCM", "SAL"]
    room.order("issue.step", to="discuss")
    fill = {"by": "supply", "department": "SCM", "text": "采购每30天下一次单", "number": "30天"}
    refused(room, "branch_of_others", "branch.fill", **fill | {"by": "tech"})
    refused(room, "cause_is_a_department", "branch.fill", **fill | {"text": "都是销售的问题"})
    refused(room, "number_missing", "branch.fill", **fill | {"number": "很多"})
    room.order("branch.fill", **fill)
    close = {
        "cause": "预测每月更新一次，跟不上旺季",
        "decision": "滚动预测改为每周",
        "task": "@supply 首份周预测 #SC_FCST_ACC ^+7d",
    }
    refused(room, "branch_empty", "issue.close", **close)
    room.order("branch.fill", by="facilitator", department="SAL", text="预测偏高", number="+18%")
    refused(room, "cause_is_a_department", "issue.close", **close | {"cause": "供应链部"})
    refused(room, "outcome_missing", "issue.close", cause=close["cause"])
    room.order("issue.close", **close)
    written = list(Capture.objects.filter(part__code="XDEP").values_list("kind", "text", "owner__username"))
    assert written == [
        ("note", "库存积压 ← 预测每月更新一次，跟不上旺季", None),
        ("decision", "滚动预测改为每周", None),
        ("action", "首份周预测", "supply"),
    ]
    after = issues(room)
    assert after["now"] is None and [(one["key"], one["is_closed"]) for one in after["list"]][-1] == (
        stock,
        True,
    )
    room.at(minutes=58).order("issue.take", to=returns)
    assert issues(room)["now"]["box_s"] == 780
    room.order("issue.sides", sides=["SAL", "LOG"])
    room.at(minutes=71).order("issue.take", to=short)
    assert (issues(room)["now"]["box_s"], issues(room)["now"]["from_s"]) == (840, 1560)
    client.force_login(room.people["sales"])
    page = client.get(reverse("meeting", args=[room.meeting.pk])).content.decode()
    assert f'data-own="SAL" data-mine="{short} {stock}"' in page
    partner = screens.state_for(room.row(), reader=room.people["logistics"], at=room.now)
    assert "德国站退货" not in json.dumps(partner, ensure_ascii=False)
    refused(room, "may_not_vote", "issue.vote", by="logistics", to=stock)
    opens_one_project(room, stock)


def opens_one_project(room, stock):
    """The solved problem gives the project its departments, its leads, its cause as a goal, and its task."""
    meeting, people = room.row(), room.people
    assert joint.solved(meeting, people["logistics"]) == []
    assert joint.open_project(meeting, "c0", by=people["supply"], at=room.now) is None
    project = joint.open_project(meeting, stock, by=people["supply"], at=room.now)
    assert joint.open_project(meeting, stock, by=people["facilitator"], at=room.now) == project
    assert (project.name, project.goal, project.lead) == (
        "库存积压", "预测每月更新一次，跟不上旺季", people["supply"],
    )  # fmt: skip
    assert {one.code for one in project.departments.all()} == {"SCM", "SAL"}
    assert set(project.members.all()) == {people["supply"], people["sales"]}
    assert [one.title for one in project.actions.all()] == ["首份周预测"]
    seen = {name: joint.solved(meeting, people[name])[0] for name in ("sales", "tech")}
    assert [(one.project, one.may_open) for one in seen.values()] == [(project, False), (None, False)]


def test_everybody_has_three_votes_and_may_take_one_back(room):
    keys = in_the_block(room)
    room.capture("/i 第四个问题")
    fourth = f"c{Capture.objects.order_by('-pk').first().pk}"
    for key in keys:
        room.order("issue.vote", by="sales", to=key)
    refused(room, "votes_spent", "issue.vote", by="sales", to=fourth)
    room.order("issue.vote", by="sales", to=keys[0])
    room.order("issue.vote", by="sales", to=fourth)
    assert {one["key"]: one["votes"] for one in issues(room)["list"]} == {
        keys[0]: 0, keys[1]: 1, keys[2]: 1, fourth: 1,
    }  # fmt: skip
    refused(room, "no_such_issue", "issue.vote", by="sales", to="c0")
    room.order("goto", part="PLAN")
    refused(room, "block_not_on", "issue.vote", by="sales", to=keys[0])


def test_a_partner_sees_its_own_problems_and_its_branch_without_votes_money_or_names(room, client):
    """Whose words are of others stays in the house: their problems, their causes."""
    Segment.objects.filter(meeting=room.meeting, code="SC").update(
        department=Department.objects.get(code="LOG")
    )
    room.order("start")
    room.at(minutes=20).order("goto", part="SC.D")
    room.capture("/i 柏林仓爆仓 $+90000", by="scribe")
    room.order("goto", part="SAL.D")
    room.capture("/i CANARY-ISSUE $+400000", by="scribe")
    room.at(minutes=105).order("goto", part="XDEP")
    own, other = (f"c{row.pk}" for row in Capture.objects.order_by("pk"))
    room.order("issue.vote", by="ceo", to=own)
    seen = issues(room, "logistics")
    assert seen == {
        "list": [
            {
                "key": own,
                "zh": "柏林仓爆仓",
                "en": "柏林仓爆仓",
                "votes": 0,
                "amount": None,
                "is_closed": False,
            }
        ],
        "more": 0,
        "votes_each": 0,
        "now": None,
    }
    room.order("issue.take", to=other)
    assert issues(room, "logistics")["now"] is None
    room.order("issue.sides", sides=["SAL", "LOG"])
    room.order("branch.fill", by="sales", department="SAL", text="CANARY-CAUSE", number="7 天")
    room.order("branch.fill", by="logistics", department="LOG", text="Two shifts, not three", number="-33 %")
    work = issues(room, "logistics")["now"]
    assert [(side["code"], side["causes"]) for side in work["between"]] == [
        ("SAL", None),
        ("LOG", [{"text": "Two shifts, not three", "number": "-33 %"}]),
    ]
    assert "CANARY" not in json.dumps(issues(room, "logistics")) and "CANARY" in json.dumps(issues(room))
    client.force_login(room.people["logistics"])
    page = client.get(f"/meetings/{room.meeting.pk}/").content.decode()
    assert "data-issues-panel" in page and "CANARY" not in page
    refused(room, "may_not_vote", "issue.vote", by="logistics", to=own)
    Segment.objects.filter(meeting=room.meeting, code="XDEP").update(is_private=True)
    assert issues(room, "logistics") is None
