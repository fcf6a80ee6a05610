"""What the demo company's sales department handed in, month by month, and what waits to be certified."""

import datetime as dt
from decimal import Decimal

import pandas as pd

from metrics import facts
from metrics.models import Member, Submission
from metrics.periods import Period, month_after
from metrics.platforms import PLATFORMS
from reviewhub.demo import market

GOODS = {"SAL_GROSS": "gross", "SAL_DISC": "discount", "SAL_REF": "refund", "SAL_UNITS": "units"}
BASKETS = {"SAL_ORD": "orders", "SAL_SHIPREV": "shipping"}
COUNTED = {"SAL_UNITS", "SAL_ORD"}


def create(people: dict, department, *, at: dt.datetime) -> None:
    """26 certified months; of the last one a corrected version is handed in and waits for the data owner."""
    _members()
    goods, baskets = market.sales(at.date())
    for profile, frame, columns in (("sales-daily", goods, GOODS), ("orders-daily", baskets, BASKETS)):
        months = pd.to_datetime(frame["day"]).dt.strftime("%Y-%m")
        versions = {
            month: _version(profile, Period.parse(month), frame[months == month], columns, people, department)
            for month in sorted(months.unique())
        }
        tidy = _tidy(
            frame.assign(submission_id=months.map({month: row.pk for month, row in versions.items()})),
            columns,
        )
        facts.store_all(tidy)
        if profile == "sales-daily":
            last = frame[months == months.max()].copy()
            _correct(last)
            newest = versions[months.max()]
            _corrected(newest, last, columns, people, at)


def _correct(last: pd.DataFrame) -> None:
    """Late refunds from Germany, booked after the month was handed in."""
    german = last["country"] == "Germany"
    last.loc[german, "refund"] = (last.loc[german, "refund"] * 1.12 // 100).astype("int64") * 100


def _corrected(former: Submission, frame: pd.DataFrame, columns: dict, people: dict, at: dt.datetime) -> None:
    row = Submission.objects.get(pk=former.pk)
    row.pk, row.number, row.state = None, 2, Submission.State.HANDED_IN
    row.certified_at = row.certified_by = None
    row.uploaded_at, row.handed_in_at = at - dt.timedelta(hours=20), at - dt.timedelta(hours=19)
    row.totals = _totals(frame, columns)
    row.save()
    facts.store(row, _tidy(frame, columns))


def _version(profile, period: Period, frame, columns, people, department) -> Submission:
    """One certified month: uploaded by the analyst on the 4th, handed in on the 5th, certified on the 8th."""
    after = dt.datetime.combine(month_after(period.start), dt.time(2, 10), dt.UTC)
    return Submission.objects.create(
        department=department,
        profile=profile,
        profile_digest="0" * 64,
        period_start=period.start,
        period_end=period.end,
        number=1,
        state=Submission.State.CERTIFIED,
        uploaded_at=after + dt.timedelta(days=3),
        uploaded_by=people["analyst"],
        handed_in_at=after + dt.timedelta(days=4),
        handed_in_by=people["sales"],
        certified_at=after + dt.timedelta(days=7),
        certified_by=people["steward"],
        rows_read=len(frame),
        rows_used=len(frame),
        totals=_totals(frame, columns),
        currency="CNY",
    )


def _totals(frame, columns: dict) -> dict[str, str]:
    return {
        code: str(int(frame[name].sum()) if code in COUNTED else Decimal(int(frame[name].sum())).scaleb(-4))
        for code, name in columns.items()
    }


def _tidy(frame, columns: dict) -> pd.DataFrame:
    """One row per metric; money with its currency."""
    keys = [name for name in ("submission_id", "day", "platform", "country", "category") if name in frame]
    parts = [
        frame[keys].assign(metric=code, value=frame[name], currency="" if code in COUNTED else "CNY", rows=1)
        for code, name in columns.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _members() -> None:
    Member.objects.bulk_create(
        Member(dimension="category", code=code, name_zh=zh, name_en=en, position=position)
        for position, (code, (zh, en, *_rest)) in enumerate(market.CATEGORIES.items())
    )
    Member.objects.bulk_create(
        Member(
            dimension="platform",
            code=code,
            name_zh=PLATFORMS[code][0],
            name_en=PLATFORMS[code][1],
            position=place,
        )
        for place, code in enumerate(market.PLATFORM_MIX)
    )
