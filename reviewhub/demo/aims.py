"""Targets, budgets and forecasts of the demo company: the year before, improved by what the plan asks for."""

import datetime as dt
from decimal import Decimal

from metrics.desk import Desk
from metrics.models import Metric, Target
from metrics.periods import Period
from metrics.reasons import CannotRead
from metrics.units import scaled

# What the plan makes of the month a year before.
TARGETS = {
    "SAL_ORD": "1.08",
    "SAL_AOV": "1.02",
    "SAL_RET_RATE": "0.95",
    "MKT_ROI": "1.03",
    "MKT_ROAS": "1.03",
    "MKT_CAC": "0.97",
    "MKT_NEWCUST": "1.06",
    "SC_DIO": "0.96",
    "SC_OOS": "0.90",
    "SC_OTD": "1.01",
    "FIN_GM": "1.01",
    "FIN_CFO": "1.05",
    "TEC_SITE_CVR": "1.03",
    "CS_CSAT": "1.01",
}
BUDGETS = {
    "FIN_REV": "1.07",
    "FIN_COGS": "1.06",
    "FIN_GP": "1.08",
    "FIN_EXP_SELL": "1.05",
    "FIN_EXP_GA": "1.03",
    "FIN_EXP_RD": "1.04",
    "FIN_NP": "1.09",
    "MKT_SPEND": "1.05",
}
# What the departments expect of the months to come, as a share of the month a year before.
FORECASTS = {
    "SAL_ORD": "1.11",
    "SAL_NET": "1.12",
    "MKT_NEWCUST": "1.02",
    "MKT_SPEND": "1.04",
    "FIN_REV": "1.10",
}
DIGITS = 3
FIRST = Decimal("0.99")  # of the months that have no year before


def create(people: dict, *, months: list[Period], at: dt.datetime) -> int:
    """Set what the plan asks for in each of `months` and the rest of the year, where forecasts stand beside it; returns
    how many goals there are."""
    codes = sorted({*TARGETS, *BUDGETS, *FORECASTS})
    last = max(months)
    year = Period.containing(last.end, "year")
    ahead = [one for one in year.split("month") if one > last]
    planned = [*months, *ahead]
    desk = Desk(codes, [*months, *(one.year_before() for one in planned)])
    evaluation = desk.evaluation(codes, desk.periods)
    metrics = {row.code: row for row in Metric.objects.filter(code__in=codes)}
    rows = []
    plans = (("target", TARGETS, planned), ("budget", BUDGETS, planned), ("forecast", FORECASTS, ahead))
    for scenario, plan, over in plans:
        for code, factor in plan.items():
            for month in over:
                value, currency = _planned(evaluation, code, month, Decimal(factor))
                if value is not None and code in metrics:
                    rows.append(
                        Target(
                            metric=metrics[code],
                            scenario=scenario,
                            period_start=month.start,
                            period_end=month.end,
                            value=scaled(value, desk.definitions[code].value_type),
                            currency=currency,
                            note="" if scenario == "forecast" else "年度计划",
                            set_at=at,
                            set_by=people["finance"],
                        )
                    )
    Target.objects.bulk_create(rows)
    return len(rows)


def _planned(evaluation, code: str, month: Period, factor: Decimal) -> tuple[Decimal | None, str]:
    try:
        for period, share in ((month.year_before(), factor), (month, FIRST)):
            figure = evaluation.figure(code, period)
            if figure.value is not None and (
                not figure.covered or figure.covered[0] == (period.start, period.end)
            ):
                return _round(figure.value * share, evaluation.definitions[code].value_type), figure.currency
    except CannotRead:
        pass
    return None, ""


def _round(value: Decimal, kind: str) -> Decimal:
    """To three digits, and to whole numbers where only these are counted."""
    if not value:
        return Decimal(0)
    places = DIGITS - 1 - value.adjusted()
    places = min(places, 0 if kind == "int" else 4)
    return value.quantize(Decimal(1).scaleb(-places)).quantize(Decimal(1).scaleb(-max(places, 0)))
