"""Test data: submissions with facts, and the dictionary."""

import datetime as dt
from decimal import Decimal

import pandas as pd

from metrics import dictionary, facts
from metrics.models import Submission
from metrics.units import scaled
from tests import make
from tests.make import AT

COUNTED = {"SAL_ORD", "SAL_UNITS", "SAL_RET_UNITS"}


def dictionary_of_today() -> None:
    """The dictionary that the product brings."""
    dictionary.bootstrap(at=AT)


def figures(rows, *, period="2026-10", state="certified", **fields) -> Submission:
    """A submission with facts. Rows: (metric, day, value[, {dimension: member}[, currency]]); values in their own unit.

    `zero` names further metrics that were handed in as nought.
    """
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
    if lines:
        facts.store(made, pd.DataFrame(lines).fillna(""))
    return made
