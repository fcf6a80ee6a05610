"""Both sides of declared pairs over real facts: the bridge to the cent, and what is a conflict."""

from decimal import Decimal

import pytest

from metrics import reconciliation
from metrics.models import Ruling
from metrics.periods import Period
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")
DAY = "2026-10-05"


@pytest.fixture(autouse=True)
def dictionary(db):
    dictionary_of_today()


def sold(gross=1_000_000, tax=0, state="certified", **more):
    rows = [
        ("SAL_GROSS", DAY, gross),
        ("SAL_DISC", DAY, 50_000),
        ("SAL_REF", DAY, 30_000),
        ("SAL_SHIPREV", DAY, 20_000),
        ("SAL_TAX", DAY, tax),
    ]
    return figures(rows, state=state, **more)


def booked(revenue, cutoff=-8_000, state="certified", **more):
    rows = [("FIN_REV", "2026-10-01", revenue), ("REC_CUTOFF", "2026-10-01", cutoff)]
    rows += [("REC_FX", "2026-10-01", 1_000), ("REC_RETEST", "2026-10-01", -2_000)]
    return figures(rows, state=state, code="FIN", profile="pnl", zero=["REC_OTHER"], **more)


def difference(rule="ID69", **more):
    found = reconciliation.Reconciliation([OCTOBER], **more).differences
    return next((one for one in found if one.pair.rule == rule), None)


def test_the_bridge_from_net_sales_to_revenue_closes_to_the_cent():
    sold()
    booked(931_000)
    found = difference()
    assert [(one.line.code, one.amount) for one in found.parts] == [
        ("GROSS", 1_000_000),
        ("DISCOUNTS", -50_000),
        ("REFUNDS", -30_000),
    ]
    assert [(one.line.code, one.amount, one.line.said) for one in found.steps] == [
        ("SHIPPING_INCOME", 20_000, "computed"),
        ("EXCHANGE", 1_000, "declared"),
        ("CUTOFF", -8_000, "declared"),
        ("EXPECTED_RETURNS", -2_000, "declared"),
        ("OTHER", 0, "declared"),
    ]
    assert (found.left.value, found.right.value, found.explained, found.residual) == (
        920_000,
        931_000,
        931_000,
        0,
    )
    assert not found.is_conflict and not reconciliation.open_conflicts(make.review())


def test_only_what_the_bridge_leaves_beyond_the_tolerance_is_a_conflict():
    sold()
    booked(931_000 - 2_784)
    found = difference()
    assert (found.residual, found.allowed) == (2_784, Decimal("2784.648"))
    assert not found.is_conflict


def test_one_cent_beyond_it_is_one_and_stops_the_freeze():
    sold(gross=1_000_010)
    booked(Decimal("928208.60"))
    found = difference()
    assert (found.residual, found.allowed) == (Decimal("2801.40"), Decimal("2784.62580"))
    assert found.is_conflict and found.is_blocking
    assert [one.pair.rule for one in reconciliation.open_conflicts(make.review())] == ["ID69"]


def test_a_draft_is_not_what_a_department_says():
    sold()
    booked(800_000, state="draft")
    assert difference() is None
    waiting = {one.pair.rule: one.why for one in reconciliation.Reconciliation([OCTOBER]).waiting}
    assert (waiting["ID69"].code, waiting["ID69"].params["metric"]) == ("NO_DATA", "FIN_REV")


def test_the_newest_version_that_was_handed_in_speaks_before_an_older_certified_one():
    sold()
    booked(800_000)
    booked(931_000, number=2, state="handed_in")
    assert difference().residual == 0


def test_an_input_that_is_no_metric_comes_from_the_column_of_its_template():
    figures([("MKT_SPEND_AD", DAY, 100_000)], code="MKT", profile="spend")
    assert difference("ID29") is None
    booked(0, counts={"ledger_ads": "97000.00"})
    found = difference("ID29")
    assert (found.left.value, found.right.value, found.residual) == (100_000, 97_000, 3_000)
    assert found.is_conflict and not found.is_blocking
    assert [one.profile for one in found.right.sources] == ["pnl"]


def test_a_ruling_settles_it_and_other_figures_open_an_accepted_bridge_again():
    sold()
    booked(800_000)
    review = make.review()
    found = difference()
    ruled(found, review, "accepted")
    assert difference().ruling.decision == "accepted" and not reconciliation.open_conflicts(review)
    booked(790_000, number=2)
    assert difference().ruling is None and difference().last.decision == "accepted"
    assert [one.key for one in reconciliation.open_conflicts(review)] == ["ID69-2026-10"]
    ruled(difference(), review, "right")
    booked(780_000, number=3)
    assert not reconciliation.open_conflicts(review), "an official side stays official"


def test_a_question_leaves_it_open_until_it_is_decided():
    sold()
    booked(800_000)
    review = make.review()
    ruled(difference(), review, "asked", answer_by=AT)
    assert [one.last.decision for one in reconciliation.open_conflicts(review)] == ["asked"]


def ruled(found, review, decision, **more):
    left, right, residual = map(str, reconciliation.stated_figures(found))
    return Ruling.objects.create(
        review=review,
        pair=found.pair.rule,
        left_department=found.pair.left.department,
        right_department=found.pair.right.department,
        period_start=found.period.start,
        period_end=found.period.end,
        decision=decision,
        reason="Shipped, not paid.",
        left=left,
        right=right,
        residual=residual,
        profiles="|sales-daily|pnl|",
        decided_at=AT,
        decided_by=make.user("steward"),
        **more,
    )
