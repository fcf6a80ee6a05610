"""Facts are stored exactly, with their week and month sums."""

import datetime as dt

import pandas as pd
import pytest

from metrics import facts
from metrics.models import Member, Observation, RollUp, Slice
from tests import make

DAY = dt.date(2026, 10, 31)


def frame(*rows):
    return pd.DataFrame(rows, columns=["metric", "day", "platform", "country", "currency", "value", "rows"])


@pytest.mark.django_db
def test_values_weeks_and_months_are_exact():
    submission = make.submission()
    count = facts.store(
        submission,
        frame(
            ("SAL_GROSS", DAY, "amazon", "DE", "CNY", 10_0000, 2),
            ("SAL_GROSS", DAY, "amazon", "Germany", "CNY", 5, 1),
            ("SAL_GROSS", DAY + dt.timedelta(1), "amazon", "EIRE", "CNY", 2**53 + 1, 1),
        ),
    )
    assert count == 2
    assert list(Observation.objects.order_by("day").values_list("day", "value", "currency", "rows")) == [
        (DAY, 10_0005, "CNY", 3),
        (DAY + dt.timedelta(1), 2**53 + 1, "CNY", 1),
    ]
    assert set(RollUp.objects.values_list("grain", "period_key", "slice__country", "value")) == {
        ("W", 202644, "Germany", 10_0005),
        ("W", 202644, "EIRE", 2**53 + 1),
        ("M", 202610, "Germany", 10_0005),
        ("M", 202611, "EIRE", 2**53 + 1),
    }


@pytest.mark.django_db
def test_a_country_finds_its_region_and_keeps_its_spelling():
    facts.store(
        make.submission(),
        frame(("SAL_GROSS", DAY, "web", "EIRE", "GBP", 1, 1), ("SAL_GROSS", DAY, "web", "DE", "GBP", 1, 1)),
    )
    found = {row.code: (row.iso, row.parent.code) for row in Member.objects.filter(dimension="country")}
    assert found == {"EIRE": ("IE", "Europe"), "Germany": ("DE", "Europe")}


@pytest.mark.django_db
def test_slices_are_shared_between_submissions_and_facts_can_be_dropped():
    first, second = make.submission(), make.submission(number=2)
    for submission in (first, second):
        facts.store(submission, frame(("SAL_GROSS", DAY, "web", "DE", "CNY", 7, 1)))
    assert Slice.objects.exclude(country="").count() == 1
    facts.drop(first)
    assert set(Observation.objects.values_list("submission", flat=True)) == {second.pk}


@pytest.mark.django_db
def test_members_with_bars_and_signs_in_their_names_stay_apart():
    rows = [
        ("SAL_GROSS", DAY, platform, country, "CNY", 1, 1)
        for platform, country in (("a", "b|platform=c"), ("a|country=b", "c"), ("a\\", "|"), ("a", "\\|"))
    ]
    assert facts.store(make.submission(), frame(*rows)) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 49, 50, 51, 123])
def test_every_row_is_written_once_however_many_there_are(count):
    """SQLite takes fifty a statement; the last statement takes what is left over."""
    days = [DAY + dt.timedelta(number) for number in range(count)]
    submission = make.submission()
    rows = (("SAL_GROSS", day, "web", "DE", "", 7 + n, n) for n, day in enumerate(days))
    assert facts.store(submission, frame(*rows)) == count
    written = Observation.objects.order_by("day").values_list("submission", "metric", "day", "value", "rows")
    assert list(written) == [(submission.pk, "SAL_GROSS", day, 7 + n, n) for n, day in enumerate(days)]
    assert set(Observation.objects.values_list("currency", "slice__country")) == {("", "Germany")}
    assert sum(RollUp.objects.filter(grain="M").values_list("value", flat=True)) == sum(range(7, 7 + count))
