"""What departments of the demo company do together: one project that runs, one that is closed with a number, and
recognition: one that was approved, one that waits."""

import datetime as dt
from decimal import Decimal

from actions import complaints, projects, promising, proofs, recognising
from actions.models import Action
from metrics import shared_kpis
from okr.models import KeyResult
from reviewhub.people.models import Department, User

OPEN = ("欧洲三日达", "年底前欧洲订单平均3天送达，让欧洲消费者买得放心")
CLOSED = ("德国站退货说明改版", "退货原因里“尺寸不符”下降一半，销售、市场和技术一起改")
RESULT = "详情页加尺寸对照图后，“尺寸不符”的退货下降了一半以上"
SERVES = ("欧洲自有品牌销售额增长30%", "优化欧洲物流体验")


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """Both projects as seen at `at`."""
    running(people, at=at)
    finished(people, at=at)
    recognised(people, at=at)
    shared(people, at=at)
    complained(people, at=at)


def complained(people: dict[str, User], *, at: dt.datetime) -> None:
    """Two threads with Logistics: one waits for its answer, one is answered; one was solved."""
    hours = dt.timedelta(hours=1)
    partner = Department.objects.get(code="LOG")

    def raised(by, title, text, about, reference, parcels, ago):
        wish = complaints.Wish(partner, about, title, text, reference, parcels)
        return complaints.complain(wish, by=people[by], at=at - ago * hours)

    raised(
        "sales",
        "里昂线40件包裹停在分拨中心",
        "什么时候能动？客户已经开始退款。",
        "late",
        "FR-LYS-0931",
        40,
        5,
    )
    answered = raised(
        "supply", "德国仓本月收了两次入库费", "请核对账单第3页，退回重复部分。", "cost", "INV-2611-07", 1, 50
    )
    complaints.say(answered, "账单有误，下期抵扣，更正单今天发。", by=people["logistics"], at=at - 20 * hours)
    solved = raised(
        "sales", "12件台灯到货破损", "外箱湿了，请查清原因并赔付。", "damaged", "DE-88213", 12, 200
    )
    complaints.say(solved, "车辆漏雨，已换车并按货值赔付。", by=people["logistics"], at=at - 170 * hours)
    complaints.solve(solved, "赔付已到账。", by=people["sales"], at=at - 100 * hours)


def running(people: dict[str, User], *, at: dt.datetime) -> None:
    tasks = Action.objects.filter(title__contains="海外仓") | Action.objects.filter(
        title__contains="本地支付"
    )
    opened = at - dt.timedelta(days=12)
    wish = projects.Wish(
        *OPEN,
        people["supply"],
        homes("SCM", "TEC", "SAL"),
        (people["tech"], people["sales"]),
        tuple(KeyResult.objects.filter(title__in=SERVES)),
    )
    project = projects.open_project(wish, by=people["supply"], at=opened, actions=tuple(tasks))
    projects.add_task(
        project,
        "列出德国、法国仓的清关文件，逐项定负责人",
        owner=people["sales"],
        due_on=(at + dt.timedelta(days=9)).date(),
        by=people["supply"],
        at=opened + dt.timedelta(days=1),
    )


def finished(people: dict[str, User], *, at: dt.datetime) -> None:
    opened, closed = at - dt.timedelta(days=70), at - dt.timedelta(days=5)
    wish = projects.Wish(
        *CLOSED, people["sales"], homes("SAL", "MKT", "TEC"), (people["marketing"], people["tech"])
    )
    project = projects.open_project(wish, by=people["sales"], at=opened)
    for title, owner in (("拍摄尺寸对照图", "marketing"), ("详情页上线尺寸对照图", "tech")):
        action = projects.add_task(
            project,
            title,
            owner=people[owner],
            due_on=(opened + dt.timedelta(days=30)).date(),
            by=people["sales"],
            at=opened,
        )
        promising.say(action, promising.Said("accept"), by=people[owner], at=opened + dt.timedelta(hours=3))
        shown = "尺寸对照图在德国、法国站全部详情页上可见。"
        proofs.close(action, shown, by=people[owner], at=opened + dt.timedelta(days=27))
    outcome = projects.Outcome(RESULT, "尺寸不符的退货，每百单", Decimal("4.2"), Decimal("1.9"))
    projects.close(project, outcome, by=people["sales"], at=closed)


def recognised(people: dict[str, User], *, at: dt.datetime) -> None:
    """Approved for the next meeting, with a reward; and one that an executive has to decide."""
    done = recognising.Wish(
        people["supply"],
        None,
        "一周内把德国缺货的三款从备货仓调齐，旺季没有断货",
        "德国缺货率，%",
        Decimal("6.8"),
        Decimal("1.5"),
        "bonus",
        Decimal("2000"),
    )
    row = recognising.nominate(done, by=people["sales"], at=at - dt.timedelta(days=4))
    recognising.decide(row, approve=True, by=people["ceo"], at=at - dt.timedelta(days=3))
    waits = recognising.Wish(
        None,
        Department.objects.get(code="TEC"),
        "移动端首屏图片按需加载，跳出的人少了",
        "移动端首屏，秒",
        Decimal("4.1"),
        Decimal("3.3"),
    )
    recognising.nominate(waits, by=people["marketing"], at=at - dt.timedelta(days=1))


SHARED = (
    ("SC_OTD", ("SCM", "LOG", "SAL"), "妥投准时与否，客户看到的是同一个包裹：备货、承运和销售承诺缺一不可"),
    ("SAL_RET_RATE", ("SAL", "SCM", "TEC"), "退货一半来自物流和详情页描述，销售一个部门降不下来"),
)


def shared(people: dict[str, User], *, at: dt.datetime) -> None:
    """Figures for which several departments answer, the logistics partner among them, since three months."""
    since = (at - dt.timedelta(days=92)).date().replace(day=1)
    for code, owners, why in SHARED:
        wish = shared_kpis.Wish(code, homes(*owners), since, why)
        shared_kpis.declare(wish, by=people["ceo"], at=at - dt.timedelta(days=90))


def homes(*codes: str) -> tuple[Department, ...]:
    return tuple(Department.objects.filter(code__in=codes))
