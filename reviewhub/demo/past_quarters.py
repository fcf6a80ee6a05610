"""The three quarters before the running one: what the demo company aimed at, what it came to, and why.

Every key result is measured by hand and graded by its owner; an executive scores each quarter, which makes the next one
of what goes on. Nothing goes on into the running quarter: the published example begins there.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from metrics.periods import Period
from okr import reset, setting
from okr.models import Cycle, KeyResult, Measurement
from okr.setting import ObjectiveWish, ResultWish
from reviewhub.people.models import Department, User

OBJECTIVE = "站稳德国市场"
MISSED = {
    "execution": "第三方仓上线晚了三周，旺季前没有补上。",
    "outside": "平台在季中调整了配送规则。",
    "target": "目标按旺季定，淡季到不了。",
    "data": "口径在季中改过，前后不可比。",
}


@dataclass(frozen=True)
class Aim:
    """A key result of a department: `came_to` in each of its quarters, `causes` of those that fell short."""

    title: str
    department: str
    owner: str
    unit: str
    baseline: int
    target: int
    came_to: tuple[int, ...]
    causes: tuple[str, ...]
    begins: int = 0


AIMS = (
    Aim(
        "德国站月订单达到9000单",
        "SAL",
        "sales",
        "单",
        6200,
        9000,
        (7600, 8300, 9050),
        ("execution", "outside", ""),
    ),
    Aim("法国站月订单达到4000单", "SAL", "sales", "单", 2600, 4000, (3700, 4050), ("target", ""), 1),
    Aim("德语区达人合作20位", "MKT", "marketing", "位", 4, 20, (12, 21), ("execution", "")),
    Aim("新客占比达到45%", "MKT", "marketing", "%", 36, 45, (39, 41, 43), ("outside", "data", "target")),
    Aim(
        "海外仓可售天数降到45天",
        "SCM",
        "supply",
        "天",
        68,
        45,
        (60, 54, 51),
        ("execution", "execution", "outside"),
    ),
    Aim("缺货SKU降到20个", "SCM", "supply", "个", 55, 20, (30, 18), ("outside", ""), 1),
    Aim("移动端首屏降到3秒", "TEC", "tech", "秒", 5, 3, (4, 3), ("execution", "")),
    Aim("结账失败每千单少于8次", "TEC", "tech", "次", 21, 8, (15, 11), ("execution", "target"), 1),
)


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """Three scored quarters that end before the day `at`."""
    quarters = [Period.containing(at.date(), "quarter").before()]
    while len(quarters) < 3:
        quarters.insert(0, quarters[0].before())
    first = quarters[0]
    cycle = Cycle.objects.create(
        code=first.text,
        length=Cycle.Length.QUARTER,
        state=Cycle.State.OPEN,
        starts_on=first.start,
        ends_on=first.end,
    )
    for number, quarter in enumerate(quarters):
        _aimed(cycle, number, people, _morning(quarter.start))
        _graded(cycle, number, people, quarter)
        reset.reset(cycle, by=people["ceo"], at=_morning(quarter.end + dt.timedelta(days=3)))
        cycle = Cycle.objects.get(code=Period.containing(quarter.end, "quarter").text)


def _morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(2), dt.UTC)


def _aimed(cycle: Cycle, number: int, people, at: dt.datetime) -> None:
    """What begins in this quarter; the rest came from the one before."""
    ceo = people["ceo"]
    top = cycle.objectives.filter(title=OBJECTIVE).first()
    top = top or setting.keep_objective(cycle, ObjectiveWish(OBJECTIVE, owner=ceo), by=ceo, at=at)
    for aim in AIMS:
        if aim.begins == number:
            wish = ResultWish(
                aim.title,
                department=Department.objects.get(code=aim.department),
                objective=top,
                owner=people[aim.owner],
                baseline=Decimal(aim.baseline),
                target=Decimal(aim.target),
                unit=aim.unit,
            )
            setting.keep_result(cycle, wish, by=ceo, at=at)


def _graded(cycle: Cycle, number: int, people, quarter: Period) -> None:
    at = _morning(quarter.end + dt.timedelta(days=1))
    rows = {row.title: row for row in KeyResult.objects.filter(cycle=cycle)}
    for aim in AIMS:
        turn = number - aim.begins
        if aim.title not in rows or not 0 <= turn < len(aim.came_to):
            continue
        row, owner = rows[aim.title], people[aim.owner]
        Measurement.objects.create(
            result=row,
            value=aim.came_to[turn] * 10**6,
            on=quarter.last,
            evidence="季度经营报表",
            at=at,
            by=owner,
        )
        cause = aim.causes[turn]
        goes_on = turn + 1 < len(aim.came_to) and number < 2
        sentence = MISSED[cause] if cause else ""
        reset.grade(row, cause=cause, sentence=sentence, then="roll" if goes_on else "drop", by=owner, at=at)
