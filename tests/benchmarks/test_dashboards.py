"""The benchmark of pages on a handful of rows: summaries say what plain SQL over raw rows says."""

import datetime as dt

import pytest
from django.db import connection

from benchmarks.dashboards import questions, tables
from benchmarks.dashboards.pages import Page
from metrics.models import Observation, Submission
from metrics.periods import Period
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
PERIODS = tuple(
    map(Period.parse, ("2026-10", "2026-W41", "2026-10-05..2026-10-08", "2026-10-30..2026-10-31"))
)


def question(*columns):
    pks = tuple(Submission.objects.values_list("pk", flat=True))
    return questions.Question(("SAL_GROSS", "SAL_UNITS"), ("SC_INV_VAL",), PERIODS, columns, pks)


@pytest.fixture
def _sold(db):
    dictionary_of_today()
    rows = []
    for day in range(1, 32):
        for place, (platform, country, sku) in enumerate((("web", "Germany", "a1"), ("app", "France", "b1"))):
            part = {"platform": platform, "country": country, "category": sku[0], "sku": sku}
            rows += [
                ("SAL_GROSS", f"2026-10-{day:02}", day + place, part),
                ("SAL_UNITS", f"2026-10-{day:02}", 1, part),
            ]
    figures(rows)
    figures([("SC_INV_VAL", f"2026-10-{day:02}", day, {"category": "a"}) for day in (4, 11, 30)], code="SCM")


@pytest.mark.usefixtures("_sold")
@pytest.mark.parametrize(
    "columns", [(), ("platform",), ("category", "sku"), ("country",), ("country", "sku")]
)
def test_what_pages_read_equals_plain_sql_over_raw_rows(columns):
    asked = question(*columns)
    (ours,), (raw,) = questions.from_summaries([asked]), questions.from_raw_rows([asked])
    assert questions.same(asked, ours, raw)
    month = {key: value for key, value in ours.items() if key[:2] == ("SAL_GROSS", "M")}
    assert sum(month.values()) == (2 * 31 * 16 + 31) * 10_000
    closing = {key: value for key, value in ours.items() if key[:2] == ("SC_INV_VAL", "M")}
    assert list(closing.values()) == [300_000]


@pytest.mark.usefixtures("_sold")
def test_a_difference_of_one_is_seen():
    asked = question("platform")
    (ours,) = questions.from_summaries([asked])
    row = Observation.objects.filter(metric="SAL_GROSS", day=dt.date(2026, 10, 6)).first()
    row.value += 1
    row.save()
    assert not questions.same(asked, ours, questions.from_raw_rows([asked])[0])


@pytest.mark.usefixtures("_sold")
def test_plain_sql_uses_no_table_of_sums():
    texts = questions.statements(question("platform"), connection.vendor, questions.FACTS, questions.SLICES)
    assert texts and not any("rollup" in text or "summary" in text for text in texts)


def test_a_line_says_which_targets_are_missed():
    page = Page("/boards/deck/", queries=13, size=299_000)
    told = tables.line(page, [0.1] * 20, [2.1], [0.04] * 20, equal=True)
    assert told.endswith("equal, missed: DuckDB, queries")
    page = Page("/boards/deck/", queries=12, size=301_000)
    assert tables.line(page, [0.1], [1.9], [0.05], equal=True).endswith("missed: raw, bytes")
    assert tables.line(Page("/"), [0.1], [2.0], [0.05], equal=False).endswith("DIFFERENT, reached")
