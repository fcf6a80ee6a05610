"""The company's calendar: holidays, and the weekends that are worked for them."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewhub.notices.hours import Hours
from reviewhub.people import company_days, workdays
from reviewhub.people.company_days import CannotKeepDays
from reviewhub.people.models import Activity, CompanyDays
from reviewhub.people.workdays import WEEK, WorkingDays
from tests import make

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
day = dt.date.fromisoformat
# National Day of 2026: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked.
AUTUMN = workdays.of(
    [
        (day("2026-10-01"), day("2026-10-07"), False),
        (day("2026-09-20"), day("2026-09-20"), True),
        (day("2026-10-10"), day("2026-10-10"), True),
    ]
)


def at(text: str, zone=SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        ("2026-11-23T10:00", "2026-11-26T10:00"),  # Monday: Thursday
        ("2026-11-27T23:59", "2026-12-02T23:59"),  # Friday: Wednesday
        ("2026-11-28T15:00", "2026-12-03T00:00"),  # Saturday counts from Monday
        ("2026-09-30T10:00", "2026-10-10T10:00"),  # 8, 9 and the Saturday that is worked
        ("2026-10-03T12:00", "2026-10-12T00:00"),  # begun on a day off: from the 8th on; 9, 10, then Monday
        ("2026-09-18T09:00", "2026-09-22T09:00"),  # a Sunday between them is worked, the Saturday is not
    ],
)
def test_three_working_days_leave_days_off_out_and_count_worked_weekends(begun, due):
    assert AUTUMN.after(at(begun), 3, SHANGHAI) == at(due)


def test_they_keep_the_time_on_the_wall_when_clocks_are_moved():
    friday = dt.datetime(2026, 3, 27, 9, 0, tzinfo=dt.UTC)  # 10:00 there
    assert WEEK.after(friday, 3, BERLIN) == dt.datetime(2026, 4, 1, 8, 0, tzinfo=dt.UTC)


def test_mail_waits_through_a_holiday_and_leaves_on_a_weekend_that_is_worked():
    hours = Hours(SHANGHAI, days=AUTUMN)
    assert hours.next_open(at("2026-09-30T21:00")) == at("2026-10-08T08:00")
    assert hours.next_open(at("2026-10-10T10:00")) == at("2026-10-10T10:00")
    assert hours.next_open(at("2026-10-10T21:00")) == at("2026-10-12T08:00")


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.integers(0, 60), st.integers(0, 9))
def test_between_two_moments_lie_exactly_that_many_working_days(off, on, start, count):
    first = day("2026-01-01")
    known = WorkingDays(*(frozenset(first + workdays.DAY * one for one in days) for days in (off, on)))
    begun = dt.datetime.combine(first + workdays.DAY * start, dt.time(12), SHANGHAI)
    due = known.after(begun, count, SHANGHAI).astimezone(SHANGHAI).date()
    counted = sum(known.has(one) for one in workdays.span(begun.date() + workdays.DAY, due))
    assert known.has(due) and counted == count + (not known.has(begun.date()))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-09-20, 2026/10/10", ["2026-09-20", "2026-10-10"]),
        ("9月20日（周日）、10月10日（周六）上班。", ["2026-09-20", "2026-10-10"]),
        ("12-27", ["2026-12-27"]),
        ("", []),
        ("10-10, soon", None),
        ("2026-02-30", None),
    ],
)
def test_days_are_read_as_the_notice_writes_them(text, found):
    read = workdays.written(text, day("2026-10-01"))
    assert read == (None if found is None else [day(one) for one in found])


def test_a_day_without_a_year_is_the_one_closest_to_its_holiday():
    assert workdays.written("12-26", day("2027-01-01")) == [day("2026-12-26")]


@pytest.mark.django_db
def test_an_administrator_keeps_the_calendar_on_its_page(people, signed_in):
    people["admin"].language = "zh-hans"
    people["admin"].save()
    client = signed_in(people["admin"])
    typed = {
        "name_zh": "国庆节",
        "name_en": "National Day",
        "first": "2026-10-01",
        "last": "2026-10-07",
        "make_ups": "9月20日、10月10日",
    }
    assert "还没有录入节假日" in client.get("/company/days/").content.decode()
    assert client.post("/company/days/", typed).status_code == 302
    assert company_days.working_days() == AUTUMN
    assert list(Activity.objects.order_by("id").values_list("code", flat=True)) == [
        "company.days_off",
        "company.day_worked",
        "company.day_worked",
    ]
    for changed, sentence in [
        ({}, "2026-10-01 已录入：国庆节。"),
        ({"first": "", "last": "", "make_ups": ""}, "请填写日期。"),
        ({"last": "2026-09-30"}, "不能早于前一个日期。"),
        (
            {"first": "2026-11-02", "last": "2026-11-02", "make_ups": "11-05"},
            "2026-11-05 不是假期以外的周末。",
        ),
        ({"first": "2026-11-02", "last": "2026-11-02", "make_ups": "改天"}, "请按 2026-10-10 的格式填写"),
    ]:
        answer = client.post("/company/days/", typed | changed)
        assert answer.status_code == 422 and sentence in answer.content.decode(), changed
    saturday = CompanyDays.objects.get(first_on="2026-10-10")
    for _twice in range(2):
        assert client.post(f"/company/days/{saturday.pk}/remove").status_code == 302
    assert not company_days.working_days().has(day("2026-10-10"))
    assert signed_in(people["sales"]).get("/company/days/").status_code == 403
    assert signed_in(people["logistics"]).get("/company/days/").status_code == 404
    with pytest.raises(CannotKeepDays):
        company_days.keep("春节", "", day("2027-02-05"), day("2027-02-12"), "", by=people["ceo"], at=make.AT)
