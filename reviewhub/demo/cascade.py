"""The objectives of the demo company: the published example of a cascade, with everything that is wrong with it.

The key results of Supply chain and Technology serve none of the company's and carry no number; percent of rates are not
told from points; nothing has a baseline; and two tasks of Supply chain pull against each other.
"""

import datetime as dt
from decimal import Decimal

from actions import followup, proofs
from metrics.models import Metric
from metrics.periods import Period
from okr import setting
from okr.models import Cycle, KeyResult
from okr.setting import ObjectiveWish, ResultWish
from reviewhub.demo import past_quarters
from reviewhub.people.models import Department, User

OBJECTIVE = "成为欧洲消费者信赖的品牌"
# name: (title, department, serves, who owns it, change in percent, metric, part)
RESULTS = {
    "sales": ("欧洲销售额增长30%", None, None, "ceo", 30, "SAL_REG_NET", ("region", "EU")),
    "repeat": ("欧洲复购率提升10%", None, None, "ceo", 10, "MKT_REPEAT", None),
    "aware": ("欧洲品牌知名度提升20%", None, None, "ceo", 20, "MKT_AWARE", None),
    "SAL": ("欧洲自有品牌销售额增长30%", "SAL", "sales", "sales", 30, "SAL_REG_NET", ("region", "EU")),
    "MKT": ("欧洲会员复购率提升10%", "MKT", "repeat", "marketing", 10, "MKT_REPEAT", None),
    "SCM": ("优化欧洲物流体验", "SCM", None, "supply", None, None, None),
    "TEC": ("完善欧洲站点的技术支持", "TEC", None, "tech", None, None, None),
}
# (title, key result, owner, days until it is due from the beginning of the cycle, status)
TASKS = [
    ("入驻3个欧洲本地平台", "SAL", "owner", 75, "doing"),
    ("德国、法国上线3款新品", "SAL", "sales", 60, "doing"),
    ("签约5位欧洲本地测评达人", "MKT", "marketing", 68, "doing"),
    ("搭建欧洲海外仓，配送时间缩短到3天以内", "SCM", "supply", 85, "todo"),
    ("物流成本降低5%", "SCM", "supply", 88, "todo"),
    ("欧洲站接入本地支付方式", "TEC", "tech", 50, "done"),
    ("移动端页面加载时间缩短25%", "TEC", "tech", 72, "doing"),
]


def create(people: dict[str, User], *, at: dt.datetime) -> Cycle:
    """The running quarter of the day `at`, its cascade and its tasks."""
    quarter = Period.containing(at.date(), "quarter")
    began = dt.datetime.combine(quarter.start, dt.time(2), dt.UTC)
    past_quarters.create(people, at=at)
    cycle = Cycle.objects.get(code=quarter.text)  # made when the one before was scored
    ceo = people["ceo"]
    top = setting.keep_objective(cycle, ObjectiveWish(OBJECTIVE, owner=ceo), by=ceo, at=began)
    made: dict[str, KeyResult] = {}
    for name, (title, code, serves, owner, change, metric, part) in RESULTS.items():
        dimension, member = part or ("", "")
        made[name] = setting.keep_result(
            cycle,
            ResultWish(
                title,
                department=Department.objects.get(code=code) if code else None,
                objective=None if code else top,
                parent=made[serves] if serves else None,
                owner=people[owner],
                change=None if change is None else Decimal(change),
                metric=Metric.objects.get(code=metric) if metric else None,
                dimension=dimension,
                member=member,
            ),
            by=people[owner],
            at=began,
        )
    for title, name, owner, days, status in TASKS:
        _task(
            title,
            made[name],
            people[owner],
            quarter.start + dt.timedelta(days=days),
            status,
            at=at,
            began=began,
        )
    return cycle


def _task(title, result, owner, due_on, status, *, at, began) -> None:
    raised = began + dt.timedelta(days=2)
    action = followup.raise_action(
        title,
        by=owner,
        at=min(raised, at),
        owner=owner,
        due_on=due_on,
        department=owner.department,
        result=result,
    )
    if status != "todo":
        then = min(at, began + dt.timedelta(days=45))
        followup.set_status(action, status, by=owner, at=then)
        if status == "done":
            proofs.close(action, "德国、法国、意大利站结账页已能用本地支付方式下单。", by=owner, at=then)
