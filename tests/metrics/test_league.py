"""On time, with more time, late, after the freeze: what a year of reviews came to for each department."""

import csv
import datetime as dt
import io
from fractions import Fraction

import pytest

from meetings import scheduling
from meetings.models import Meeting
from metrics import league
from metrics.models import Extension, Metric, Review
from metrics.periods import Period
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
URL = "/submissions/on-time/"
# What is asked for here: S1, S3, S4 and S6 of Sales, M2 of Marketing.
ENABLED = ("SAL_GROSS", "SAL_DISC", "SAL_REF", "MKT_SPEND_ACQ")
NEEDS = {"SAL": ("SAL_GROSS", "SAL_DISC", "SAL_REF"), "MKT": ("MKT_SPEND_ACQ",)}


@pytest.fixture(autouse=True)
def _dictionary(people):
    dictionary_of_today()
    Metric.objects.exclude(code__in=ENABLED).update(is_enabled=False)
    for person in people.values():
        person.language = "en"
        person.save()


def review(month: str, **fields) -> Review:
    """The review of a month: meeting on the 15th of the next one, due seven days and frozen four days before."""
    period = Period.parse(month)
    meeting_at = dt.datetime.combine(period.end + 14 * DAY, dt.time(1), dt.UTC)
    return Review.objects.create(
        code=month,
        title_zh=month,
        title_en=f"Review {month}",
        period_start=period.start,
        period_end=period.end,
        time_zone="Asia/Shanghai",
        meeting_at=meeting_at,
        due_at=meeting_at - 7 * DAY,
        freeze_at=meeting_at - 4 * DAY,
        **fields,
    )


def handed(row: Review, after_due, code="SAL", **fields):
    """Everything of the department `code`, in one version that came `after_due`."""
    moment = row.due_at + after_due
    state = {"state": "certified", "handed_in_at": moment, "certified_at": moment}
    state |= {"totals": dict.fromkeys(NEEDS[code], "1")}
    return make.submission(code, row.code, **(state | fields))


def extended(row: Review, by, until, code="SAL"):
    Extension.objects.create(
        review=row,
        department=make.department(code),
        due_at=row.due_at + until,
        reason="The bank is closed",
        given_at=row.due_at - HOUR,
        given_by=by,
    )


def record(people, at=make.AT, code="SAL", **more):
    found = league.records(league.reviews(people["steward"], at=at), people["steward"], at=at, **more)
    return next(one for one in found if one.department.code == code)


@pytest.fixture
def half_year(people):
    """Sales: May on time, June with more time, July late, August after the freeze, September on time to the second."""
    rows = [review(month) for month in ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09")]
    may, june, july, august, september = rows
    handed(may, -HOUR)
    extended(june, people["steward"], DAY)
    handed(june, 20 * HOUR)
    extended(july, people["steward"], DAY)
    handed(july, 2 * DAY)
    handed(august, 3 * DAY + HOUR)
    handed(september, dt.timedelta())
    return rows


def test_each_review_has_one_outcome(people, half_year):
    found = record(people)
    assert [one.outcome for one in found.verdicts] == ["on_time", "extended", "late", "missing", "on_time"]
    assert (found.kept, found.count("extended"), found.count("late"), found.count("missing")) == (3, 1, 1, 1)
    assert (found.on_time, found.complete, found.streak) == (Fraction(3, 5), Fraction(4, 5), 1)


def test_who_handed_nothing_in_is_complete_to_nothing(people, half_year):
    found = record(people, code="MKT")
    assert [one.outcome for one in found.verdicts] == ["missing"] * 5
    assert (found.on_time, found.complete, found.streak) == (0, 0, 0)


def test_a_streak_ends_at_the_first_review_that_was_not_kept_and_may_be_older_than_what_is_counted(people):
    for month in ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09"):
        handed(review(month), 2 * DAY if month == "2026-05" else -DAY)
    found = record(people, last=2)
    assert ([one.review.code for one in found.verdicts], found.streak) == (["2026-08", "2026-09"], 4)


def test_before_the_freeze_nothing_is_judged_that_may_still_come(people):
    row = review("2026-09")
    assert record(people, at=row.freeze_at).verdicts[0].outcome == "open"
    assert record(people, at=row.freeze_at).on_time is None
    assert record(people, at=row.freeze_at + dt.timedelta(seconds=1)).verdicts[0].outcome == "missing"
    handed(row, HOUR)
    assert record(people, at=row.due_at + 2 * HOUR).verdicts[0].outcome == "late"


def test_a_review_is_not_counted_before_its_data_is_due_nor_a_year_later(people):
    row, steward = review("2026-09"), people["steward"]
    assert league.reviews(steward, at=row.due_at - HOUR) == []
    assert league.reviews(steward, at=row.due_at) == [row]
    assert league.reviews(steward, at=row.meeting_at + 366 * DAY) == []


def test_a_correction_that_was_asked_for_keeps_the_moment_and_the_return_is_counted_once(people):
    row = review("2026-09")
    handed(row, -HOUR, state="returned", returned_at=row.due_at, certified_at=None)
    handed(row, 2 * DAY, number=2)
    found = record(people)
    assert ([one.outcome for one in found.verdicts], found.returned) == (["on_time"], 1)


def test_what_was_set_aside_is_not_asked(people):
    row = review("2026-09")
    make.exemption(row, people["steward"], code="SAL", item="S6")
    handed(row, -HOUR, totals={"SAL_GROSS": "1", "SAL_DISC": "1"})
    assert [(one.outcome, one.done, one.asked) for one in record(people).verdicts] == [("missing", 2, 3)]
    make.exemption(row, people["steward"], code="SAL", item="S1")
    assert [(one.outcome, one.done, one.asked) for one in record(people).verdicts] == [("on_time", 2, 2)]
    for item in ("S3", "S4"):
        make.exemption(row, people["steward"], code="SAL", item=item)
    found = league.records([row], people["steward"], at=make.AT)
    assert [one.department.code for one in found] == ["MKT"]


def test_a_review_whose_meetings_were_all_called_off_does_not_count(people, half_year):
    september = half_year[-1]
    chair = people["facilitator"]
    planned = make.meeting(people, scheduled_at=september.meeting_at, review=september)
    assert len(record(people).verdicts) == 5
    scheduling.cancel(planned, by=chair, at=make.AT - 60 * DAY, reason="Holiday")
    assert Meeting.objects.get().state == "cancelled"
    found = record(people)
    assert [one.review.code for one in found.verdicts] == ["2026-05", "2026-06", "2026-07", "2026-08"]
    assert (found.on_time, found.streak) == (Fraction(1, 2), 0)
    make.meeting(people, scheduled_at=september.meeting_at + DAY, review=september)
    assert len(record(people).verdicts) == 5


# --- The page ------------------------------------------------------------------------------------------------


@pytest.fixture
def lately(people):
    """Three reviews before now: Sales on time, with more time, late; Marketing never."""
    today = dt.datetime.now(dt.UTC).date().replace(day=1)
    rows = []
    for back in (4, 3, 2):
        month = Period.containing(today - dt.timedelta(days=31 * back), "month").text
        rows.append(review(month))
    handed(rows[0], -HOUR)
    extended(rows[1], people["steward"], DAY)
    handed(rows[1], HOUR)
    handed(rows[2], HOUR)
    return rows


def lines(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_table_the_chart_and_the_file_say_the_same(people, signed_in, lately):
    client = signed_in(people["observer"])
    page = " ".join(client.get(URL).content.decode().split())
    assert "0 of 2 departments handed everything in on time, every time" in page
    assert "67 % <span" in page and "2 of 3" in page
    assert f"Review {lately[2].code}: late, before the freeze; 4 of 4 lines by the freeze" in page
    head, sales, marketing = lines(client.get("/submissions/on-time.csv"))
    assert head[:2] == ["Department", "Reviews that count"]
    assert sales == ["Sales", "3", "2", "1", "1", "0", "0", "0.6667", "1.0000", "0"]
    assert marketing == ["Marketing", "3", "0", "0", "0", "3", "0", "0.0000", "0.0000", "0"]


def test_it_is_sorted_by_any_column_and_counts_one_review_alone(people, signed_in, lately):
    client = signed_in(people["ceo"])
    assert [row[0] for row in lines(client.get("/submissions/on-time.csv?sort=-missing"))[1:]] == [
        "Marketing",
        "Sales",
    ]
    page = client.get(f"{URL}?sort=-missing").content.decode()
    assert 'aria-sort="descending"' in page and "sort=missing" in page
    one = lines(client.get(f"/submissions/on-time.csv?span={lately[1].code}"))
    assert one[1][1:5] == ["1", "1", "1", "0"]
    assert client.get(f"{URL}?span=1999-01&sort=nonsense").status_code == 200


def test_a_partner_finds_only_the_own_department(people, signed_in, lately):
    Metric.objects.filter(code="SC_WH_DISP").update(is_enabled=True)
    rows = lines(signed_in(people["logistics"]).get("/submissions/on-time.csv"))
    assert [row[0] for row in rows[1:]] == ["Logistics partner"]
    page = signed_in(people["logistics"]).get(URL).content.decode()
    assert "Sales" not in page and "Marketing" not in page


def test_before_any_review_the_page_says_so(people, signed_in):
    assert "No review's data was due yet" in signed_in(people["observer"]).get(URL).content.decode()
