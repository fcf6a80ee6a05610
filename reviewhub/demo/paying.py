"""Commission of the demo company: the last quarter drawn up, with a dispute; the running one in force."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from metrics import readings
from metrics.models import Metric
from metrics.periods import Period
from okr import pay_disputes, pay_plans, pay_statements
from okr.models import Cycle, PayPlan
from okr.pay_wishes import LineWish, MemberWish
from okr.payout import Tier
from reviewhub.people.models import Department, User

FASTER = (Tier(Fraction(0), Fraction(1)), Tier(Fraction(1), Fraction(3, 2)))
# sign-in name: base of the quarter in cents
BASES = {"sales": 12_000_000, "owner": 6_000_000, "analyst": 3_000_000}


def create(people: dict[str, User], *, at: dt.datetime) -> None:
    """Of the quarter of the day `at` and the one before."""
    day = at.date()
    cycle = Cycle.objects.get(starts_on__lte=day, ends_on__gt=day, length=Cycle.Length.QUARTER)
    before = Cycle.objects.filter(ends_on=cycle.starts_on, length=Cycle.Length.QUARTER).first()
    if before:
        _over(_in_force(before, people), people, min(at, _morning(before.ends_on, 46)))
    _in_force(cycle, people)


def _morning(day: dt.date, later: int = 0) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=later), dt.time(3), dt.UTC)


def _in_force(cycle: Cycle, people: dict[str, User]) -> PayPlan:
    at, sales = _morning(cycle.starts_on, 2), people["sales"]
    members = [MemberWish(people[name], base) for name, base in BASES.items()]
    note = "新品上架90天内按加速档计；退货率与物流共担。"
    plan = pay_plans.keep(
        cycle, Department.objects.get(code="SAL"), _lines(cycle), members, note, by=sales, at=at
    )
    plan = pay_plans.ask(plan, by=sales, at=at)
    pay_plans.agree(plan, by=people["payroll"], at=at)
    return pay_plans.agree(plan, by=people["hr"], at=at + dt.timedelta(hours=3))


def _lines(cycle: Cycle) -> list[LineWish]:
    """The four components of the plan: sales in Europe, new products, one category behind its margin, and returns that
    Logistics causes. Targets grow on the year before."""
    year_before = Period.between(cycle.starts_on, cycle.ends_on).year_before()

    def aimed(code: str, factor: str, **where) -> Decimal:
        found = readings.reading(code, year_before, where=where, status="certified").value
        return round((found or Decimal(1_000_000)) * Decimal(factor), -4)

    def metric(code: str) -> Metric:
        return Metric.objects.get(code=code)

    return [
        LineWish(
            "欧洲销售额",
            Decimal(50),
            metric=metric("SAL_NET"),
            dimension="region",
            member="Europe",
            target=aimed("SAL_NET", "1.2", region="Europe"),
            threshold=Decimal(80),
            cap=Decimal(130),
        ),
        LineWish(
            "新品销售额",
            Decimal(20),
            metric=metric("SAL_NEW_NET"),
            target=aimed("SAL_NEW_NET", "0.3"),
            threshold=Decimal(70),
            cap=Decimal(150),
            tiers=FASTER,
        ),
        LineWish(
            "厨房类（毛利达标）",
            Decimal(20),
            metric=metric("SAL_NET"),
            dimension="category",
            member="kitchen",
            target=aimed("SAL_NET", "1.25", category="kitchen"),
            gate_metric=metric("FIN_GM_PROD"),
            gate_least=Decimal(65),
        ),
        LineWish(
            "物流原因退货率",
            Decimal(10),
            metric=metric("SAL_RET_LOG"),
            basis="way",
            baseline=Decimal("1.5"),
            target=Decimal("1.2"),
            cap=Decimal(100),
            shared=Decimal(30),
        ),
    ]


def _over(plan: PayPlan, people: dict[str, User], at: dt.datetime) -> None:
    """Statements, a figure that somebody doubts, and the word of HR that waits for the answer."""
    stands = pay_statements.standings(plan, at=at)
    if pay_statements.draw_problems(plan, stands, by=people["payroll"], at=at):
        return  # the last month of the quarter is not certified on the day of the demo
    pay_statements.draw_up(plan, by=people["payroll"], at=at)
    row = plan.lines.get(name="欧洲销售额")
    words = "德国站9月30日的订单按付款日算进了10月，请核对。"
    pay_disputes.dispute(plan, row, words, by=people["owner"], at=at)
