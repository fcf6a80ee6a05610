"""Test data: submissions with facts, and the dictionary."""

import datetime as dt
from decimal import Decimal

import pandas as pd

from metrics import facts
from metrics.models import Submission
from metrics.periods import Period
from metrics.units import scaled
from tests import make
from tests.make import AT
from tests.metrics import dictionary_copy

COUNTED = {"SAL_ORD", "SAL_ORD_SHIPPED", "SAL_UNITS", "SAL_RET_UNITS"}


def dictionary_of_today() -> None:
    """The dictionary that the product brings."""
    dictionary_copy.fill()


def figures(rows, *, period="2026-10", state="certified", **fields) -> Submission:
    """A submission with facts. Rows: (metric, day, value[, {dimension: member}[, currency]]); values in their own unit.

    `zero` names further metrics that were handed in as nought.
    """
    made, lines = _handed_in(rows, period, state, fields)
    if lines:
        facts.store(made, pd.DataFrame(lines).fillna(""))
    return made


def _handed_in(rows, period, state, fields) -> tuple[Submission, list[dict]]:
    """The submission, and its facts as they are to be stored."""
    lines = []
    for metric, day, value, *more in rows:
        members, currency = [*more, *({}, "CNY")[len(more) :]]
        kind = "int" if metric in COUNTED else "money"
        unit = {
            "metric": metric,
            "day": dt.date.fromisoformat(day),
            "currency": currency if kind == "money" else "",
        }
        lines.append(unit | {"value": scaled(Decimal(str(value)), kind), "rows": 1} | members)
    moment = {"handed_in": {"handed_in_at": AT}, "certified": {"handed_in_at": AT, "certified_at": AT}}.get(
        state, {}
    )
    totals = {metric: "0" for metric in fields.pop("zero", ())} | {line["metric"]: "1" for line in lines}
    made = make.submission(
        period=period, state=state, **({"totals": totals, "rows_used": len(lines)} | moment | fields)
    )
    return made, lines


def year_of_sales(months=26, last="2026-10", state="certified", **fields) -> list[Submission]:
    """`months` certified months up to `last`: two days each in Germany (Amazon, own store) and France, growing."""
    period, made, stored = Period.parse(last), [], []
    for back in range(months):
        month = period.start.isoformat()[:7]
        base = 1000 - 20 * back
        rows = []
        for day, factor in ((f"{month}-03", 1), (f"{month}-17", 2)):
            for place, (platform, country) in enumerate(
                (("amazon", "Germany"), ("web", "Germany"), ("web", "France"))
            ):
                part = {"platform": platform, "country": country}
                sales = base * factor - 100 * place
                rows += [
                    ("SAL_GROSS", day, sales, part),
                    ("SAL_REF", day, sales // 20, part),
                    ("SAL_ORD", day, sales // 50, part),
                ]
        submission, lines = _handed_in(rows, period.text, state, {"zero": ["SAL_DISC"]} | fields)
        made.append(submission)
        stored += [line | {"submission_id": submission.pk} for line in lines]
        period = period.before()
    facts.store_all(pd.DataFrame(stored))
    return made
