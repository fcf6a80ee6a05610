"""An official ruling is what readings answer from: the figure of the other side is not official in those months."""

import datetime as dt

import pytest

from metrics import readings
from metrics.official_sides import overruled
from metrics.periods import Period
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today
from tests.metrics.reconciliation.test_differences import booked, sold

OCTOBER, AUGUST = Period.parse("2026-10"), Period.parse("2026-08")


@pytest.mark.parametrize(
    ("told", "lost"),
    [
        (None, set()),
        ("1:ID69:2026-10-01:right:review", {"SAL_NET"}),
        ("1:ID69:2026-10-01:left:review", {"FIN_REV"}),
        ("1:ID69:2026-10-01:accepted:review", set()),
        ("2:ID69:2026-10-01:reopened:review,1:ID69:2026-10-01:right:review", set()),
        ("1:ID69:2026-08-01:right:review", set()),
        ("1:ID69:2026-08-01:right:standing", {"SAL_NET"}),
        ("1:ID69:2026-08-01:right:standing,2:ID69:2026-10-01:parked:review", set()),
        ("1:ID69:2026-08-01:right:standing,2:ID69:2026-09-01:left:standing", {"FIN_REV"}),
        ("1:ID69:2026-10-01:right:review,2:ID70:2026-10-01:right:review", {"SAL_NET", "SC_INV_VAL"}),
        ("1:ID29:2026-10-01:left:review", set()),
    ],
)
def test_the_losing_side_of_what_holds(told, lost):
    assert overruled(told, OCTOBER.start, OCTOBER.end) == lost


def status(code, period=OCTOBER):
    return readings.reading(code, period).status


@pytest.mark.django_db
def test_readings_call_only_the_official_side_certified(people):
    dictionary_of_today()
    sold()
    booked(800_000)
    review = make.review()
    assert (status("SAL_NET"), status("FIN_REV")) == ("certified", "certified")
    make.ruling(review, people["steward"], decision="right")
    assert (status("SAL_NET"), status("SAL_UNITS"), status("SAL_GROSS")) == (
        "provisional",
        "none",
        "certified",
    )
    assert (status("FIN_REV"), readings.reading("SAL_NET", OCTOBER).value) == ("certified", 920_000)
    make.ruling(review, people["steward"], decision="left", decided_at=AT + dt.timedelta(hours=1))
    assert (status("SAL_NET"), status("FIN_REV")) == ("certified", "provisional")


@pytest.mark.django_db
def test_a_standing_ruling_reaches_later_months_and_not_earlier_ones(people):
    dictionary_of_today()
    review = make.review()
    earlier = {"period_start": dt.date(2026, 9, 1), "period_end": dt.date(2026, 10, 1)}
    make.ruling(review, people["steward"], decision="right", reach="standing", **earlier)
    sold()
    assert status("SAL_NET") == "provisional"
    make.ruling(
        review, people["steward"], decision="reopened", decided_at=AT + dt.timedelta(hours=1), **earlier
    )
    assert status("SAL_NET") == "certified"
