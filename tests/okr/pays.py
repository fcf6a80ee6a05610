"""A commission plan of Sales over certified sales of the last quarter of 2026, for tests."""

import datetime as dt
from decimal import Decimal

from metrics.models import Metric
from okr import pay_plans, pay_statements
from okr.models import PayPlan
from okr.pay_wishes import LineWish, MemberWish
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

BEGAN = dt.datetime(2026, 10, 2, 9, 0, tzinfo=dt.UTC)
OVER = dt.datetime(2027, 1, 5, 9, 0, tzinfo=dt.UTC)


def steward(people):
    """Finance's commission steward."""
    if "payroll" not in people:
        people["payroll"] = make.user("payroll", username="payroll", name="Payroll")
    return people["payroll"]


def quarter(*months, state="certified"):
    """Certified gross sales by month of the quarter: 10, 11, 12."""
    dictionary_of_today()
    for number, value in enumerate(months, 10):
        figures(
            [("SAL_GROSS", f"2026-{number}-05", value, {"country": "Germany"})],
            period=f"2026-{number}",
            state=state,
            zero=["SAL_DISC", "SAL_REF"],
        )


def metric(code) -> Metric:
    return Metric.objects.get(code=code)


def line(name="Sales", weight="100", **fields) -> LineWish:
    given = {"metric": metric("SAL_GROSS"), "target": Decimal(1000)} | fields
    return LineWish(name, Decimal(weight), **given)


def draft(people, *lines, members=None, cycle=None, at=BEGAN, **fields) -> PayPlan:
    wishes = members or [MemberWish(people["sales"], 10_000_000)]
    cycle = cycle or make.cycle()
    return pay_plans.keep(
        cycle, make.department("SAL"), list(lines) or [line()], wishes, by=people["sales"], at=at, **fields
    )


def in_force(people, *lines, at=BEGAN, **fields) -> PayPlan:
    plan = pay_plans.ask(draft(people, *lines, at=at, **fields), by=people["sales"], at=at)
    return agreed(plan, people, at)


def agreed(plan, people, at=BEGAN) -> PayPlan:
    pay_plans.agree(plan, by=steward(people), at=at)
    return pay_plans.agree(plan, by=people["hr"], at=at)


def drawn(plan, people, at=OVER):
    return pay_statements.draw_up(plan, by=steward(people), at=at)
