"""The demo company at scale: many more rows, the same figures to the cent, roll-ups that agree with their days."""

import pandas as pd
import pytest
from django.db.models import Sum

from metrics import rollups
from metrics.models import Observation, RollUp
from reviewhub.demo import scale
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
KITCHEN, PETS = ({"platform": "web", "country": "Germany", "category": name} for name in ("kitchen", "pet"))
COLUMNS = ["submission_id", "metric", "day", "slice_id", "value", "currency", "rows"]


def sold():
    """Days around the ends of years and months, where weeks have another year than days."""
    for month, days in (("2024-12", (29, 30, 31)), ("2025-12", (27, 28, 29, 31)), ("2026-01", (1, 2, 4, 5))):
        rows = []
        for day in days:
            for part in (KITCHEN, PETS):
                when = f"{month}-{day:02}"
                rows += [("SAL_GROSS", when, f"77{day}.77", part), ("SAL_UNITS", when, 13 + day, part)]
                rows.append(("SAL_REF", when, "0.01", part))
        figures(rows, period=month)
    figures([("SC_INV_UNITS", "2026-01-05", 5)], period="2026-01", profile="stock-snapshot", code="SCM")


def totals():
    found = Observation.objects.order_by().values_list(
        "submission", "metric", "day", "slice__category", "currency"
    )
    return set(found.annotate(total=Sum("value")))


def test_a_row_becomes_many_that_add_up_to_it_exactly():
    dictionary_of_today()
    sold()
    before, rows = totals(), Observation.objects.count()
    others = list(RollUp.objects.filter(submission__profile="stock-snapshot").values())
    told = []
    assert scale.enlarge(rows * 6, tell=told.append) == Observation.objects.count() >= rows * 6
    assert totals() == before
    assert len(told) == 3 and told[-1] == "3 of 3 months by product"
    assert list(RollUp.objects.filter(submission__profile="stock-snapshot").values()) == others


def test_its_roll_ups_are_those_that_a_hand_in_builds():
    dictionary_of_today()
    sold()
    scale.enlarge(400)
    days = Observation.objects.filter(submission__profile="sales-daily").values_list(*COLUMNS)
    frame = pd.DataFrame(list(days), columns=COLUMNS).assign(day=lambda one: pd.to_datetime(one["day"]))
    expected = rollups.rolled_up(frame, rollups.stock_codes())
    names = ["submission_id", "metric", "grain", "period_key", "slice_id", "currency", "value", "rows"]
    found = RollUp.objects.filter(submission__profile="sales-daily").values_list(*names)
    assert sorted(found) == sorted(expected[names].itertuples(index=False, name=None))
