"""Plants conflicts in what the demo company hands in, and hands the last months in: what the desk has to find."""

import datetime as dt
from dataclasses import dataclass

from metrics import facts, reconciliation, suspects
from metrics.models import Submission
from metrics.periods import Period
from reviewhub.demo import conflicts, reported, tables
from reviewhub.demo.submissions import profile_of
from reviewhub.people.models import Department

MONTHS = 7  # of history before and with the three in which conflicts are planted
# What the declared pairs read.
TABLES = (
    "sales_daily",
    "orders_daily",
    "platform_fees",
    "web_daily",
    "ads_daily",
    "spend",
    "stock_snapshot",
    "logistics_cost",
    "pnl",
    "balance",
    "cashflow",
    "budget",
)
CAUSES = {
    "shipping_included": "SHIPPING_IN_SALES",
    "tax_included": "TAX_IN_SALES",
    "fx_rate": "OTHER_RATE",
    "refunds_timing": ("REFUNDS_OF_LATER", "REFUNDS_BOOKED_EARLIER"),
    "time_zone": "OTHER_MIDNIGHT",
    "paid_not_shipped": "PAID_NOT_SHIPPED",
    "spend_not_booked": "NOT_BOOKED_YET",
    "stock_without_freight": "STOCK_WITHOUT_FREIGHT",
    "storage_not_billed": "STORAGE_NOT_INVOICED",
    "restricted_cash": "RESTRICTED_CASH_IN",
}


def another(handed: tables.Handed) -> tables.Handed:
    return tables.Handed(
        {name: frame.copy() for name, frame in handed.tables.items()}, handed.books, handed.stock
    )


def hand_in(handed: tables.Handed, names=TABLES, *, at: dt.datetime) -> None:
    """The last months of these tables as certified versions; a table that is handed in again replaces the former."""
    for name in names:
        profile, frame = profile_of(name), handed.tables[name]
        months = reported.month_texts(frame[profile.day])
        last = sorted(months.unique())[-MONTHS:]
        frame, months = frame[months.isin(last)], months[months.isin(last)]
        found = reported.facts(profile, frame)
        told, counted = reported.totals(profile, found), reported.counts(profile, frame, months)
        Submission.objects.filter(profile=profile.name).delete()
        made = {
            month: _version(profile, month, told[month], counted[month], int((months == month).sum()), at)
            for month in last
        }
        stamps = reported.month_texts(found["day"])
        facts.store_all(
            found.assign(submission_id=stamps.map({month: row.pk for month, row in made.items()}))
        )


def _version(profile, month, totals, counts, rows, at) -> Submission:
    period = Period.parse(month)
    return Submission.objects.create(
        department=Department.objects.named(profile.department).get(),
        profile=profile.name,
        profile_digest=profile.digest,
        period_start=period.start,
        period_end=period.end,
        number=1,
        state="certified",
        uploaded_at=at,
        handed_in_at=at,
        certified_at=at,
        totals=totals,
        counts=counts,
        rows_used=rows,
        currency="CNY" if profile.currency else "",
    )


@dataclass(frozen=True)
class Seen:
    """What the desk says of one pair in one month: the rule, the month, and the codes that explain it."""

    rule: str
    month: str
    causes: tuple[str, ...]
    told: tuple[dict, ...]


def seen(months: list[str]) -> list[Seen]:
    """Every conflict in these months, with what explains it."""
    found = reconciliation.Reconciliation([Period.parse(month) for month in months]).differences
    answers = []
    for one in found:
        if one.is_conflict:
            why = suspects.explain(one)
            causes = why.causes if why else ()
            told = tuple(cause.params | {"amount": f"{cause.amount:.2f}"} for cause in causes)
            answers.append(Seen(one.pair.rule, one.period.text, tuple(sorted(c.code for c in causes)), told))
    return sorted(answers, key=lambda one: (one.rule, one.month))


def expected(planted: list[conflicts.Conflict]) -> list[tuple]:
    """(rule, month, causes) that should be seen, in order."""
    found: dict[tuple, list[str]] = {}
    for one in planted:
        code = CAUSES[one.kind]
        for place, month in enumerate(sorted(one.months)):
            # Refunds of a later month stand in the earlier one; the later one lacks them.
            found.setdefault((one.rules[0], month), []).append(code if isinstance(code, str) else code[place])
    return [(*key, tuple(sorted(codes))) for key, codes in sorted(found.items())]


def last_months(handed: tables.Handed, number: int = 3) -> list[str]:
    return [f"{month:%Y-%m}" for month in handed.books.index[-number:]]


def plant(handed: tables.Handed, seed: int) -> tuple[tables.Handed, list[conflicts.Conflict]]:
    changed = another(handed)
    return changed, conflicts.plant(changed, seed)
