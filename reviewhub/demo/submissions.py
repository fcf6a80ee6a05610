"""What the departments of the demo company handed in, month by month, and what waits to be certified."""

import datetime as dt

import pandas as pd

from metrics import facts
from metrics.intake.profile import Profile
from metrics.models import Member, Submission
from metrics.periods import Period
from metrics.platforms import PLATFORMS
from reviewhub.demo import market, reported, reviews, supplying, tables, uploads
from reviewhub.people.models import Department

# Who hands a department's tables in; the analyst uploads those of Sales.
LEADS = {
    "SAL": "sales",
    "MKT": "marketing",
    "SCM": "supply",
    "FIN": "finance",
    "TEC": "tech",
    "LOG": "logistics",
}
# Hours after the data was due: four before it, but for some (department, month).
EARLY = -4
AFTER_DUE = {
    ("MKT", 4): 20,
    ("TEC", 7): 9,
    ("SCM", 2): 26,
    ("SCM", 6): 50,
    ("FIN", 1): 6,
    ("LOG", 3): 70,
    ("LOG", 8): 16,
}


def create(people: dict, handed: tables.Handed, *, at: dt.datetime) -> None:
    """26 certified months of every table; of the last month's sales a corrected version waits for the data owner."""
    _members()
    owners = {profile_of(table).department for table in handed.tables}
    departments = {one: Department.objects.named(one).get() for one in owners}
    versions, frames = [], []
    for table, frame in handed.tables.items():
        profile = profile_of(table)
        found = reported.facts(profile, frame)
        own = _versions(profile, departments[profile.department], frame, found, people)
        versions += own.values()
        frames.append((own, found))
    Submission.objects.bulk_create(versions)
    for own, found in frames:
        months = reported.month_texts(found["day"])
        facts.store_all(found.assign(submission_id=months.map({month: row.pk for month, row in own.items()})))
    corrected = _corrected(handed.tables["sales_daily"], frames[0][0], at)
    newest = []
    for (table, frame), (own, _found) in zip(handed.tables.items(), frames, strict=True):
        profile = profile_of(table)
        newest.append((own[max(own)], profile, uploads.newest(frame, profile)))
    uploads.keep([*newest, corrected])


def profile_of(table: str) -> Profile:
    return Profile.load(table.replace("_", "-"))


def _versions(profile: Profile, department, frame, found, people) -> dict[str, Submission]:
    """One certified month each: handed in on the day it was due, mostly in time, and certified a day later."""
    months = reported.month_texts(frame[profile.day])
    rows, told = months.value_counts().to_dict(), reported.totals(profile, found)
    counted = reported.counts(profile, frame, months)
    lead = people[LEADS[department.code]]
    uploader = people["analyst"] if department.code == "SAL" else lead
    made = {}
    for month, totals in told.items():
        period = Period.parse(month)
        late = AFTER_DUE.get((department.code, period.start.month), EARLY)
        handed = reviews.usual_due(period.start) + dt.timedelta(hours=late)
        made[month] = Submission(
            department=department,
            profile=profile.name,
            profile_digest=profile.digest,
            period_start=period.start,
            period_end=period.end,
            number=1,
            state=Submission.State.CERTIFIED,
            uploaded_at=handed - dt.timedelta(hours=2),
            uploaded_by=uploader,
            handed_in_at=handed,
            handed_in_by=lead,
            certified_at=handed + dt.timedelta(hours=20),
            certified_by=people["steward"],
            rows_read=rows[month],
            rows_used=rows[month],
            totals=totals,
            counts=counted[month],
            currency="CNY" if profile.currency else "",
        )
    return made


def _corrected(sales: pd.DataFrame, versions: dict[str, Submission], at: dt.datetime) -> tuple:
    """Late refunds from Germany, booked after the month was handed in: a second version of the last month."""
    profile, month = profile_of("sales_daily"), max(versions)
    last = sales[reported.month_texts(sales["date"]) == month].copy()
    german = last["country"] == "Germany"
    last.loc[german, "refund"] = (last.loc[german, "refund"] * 1.12 // 100).astype("int64") * 100
    found = reported.facts(profile, last)
    row = Submission.objects.get(pk=versions[month].pk)
    row.pk, row.number, row.state = None, 2, Submission.State.HANDED_IN
    row.certified_at = row.certified_by = None
    row.uploaded_at, row.handed_in_at = at - dt.timedelta(hours=20), at - dt.timedelta(hours=19)
    row.totals = reported.totals(profile, found)[month]
    row.save()
    facts.store(row, found)
    return row, profile, last


def _members() -> None:
    """The names that the company's own codes have."""
    named = [("category", code, row[0], row[1]) for code, row in market.CATEGORIES.items()]
    named += [("platform", code, *PLATFORMS[code][:2]) for code in market.PLATFORM_MIX]
    named += [("warehouse", code, *names) for code, names in supplying.NAMES.items()]
    Member.objects.bulk_create(
        Member(dimension=dimension, code=code, name_zh=zh, name_en=en, position=place)
        for place, (dimension, code, zh, en) in enumerate(named)
    )
