"""The sales page: what it shows, to whom, how many questions it asks, and that its parts equal the page."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from decimal import Decimal as D

import plotly.graph_objects as go
import pytest
from django.urls import reverse

from metrics import sales, sources
from metrics.models import Submission
from metrics.periods import Period
from tests import make
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales

URL = "/sales/"


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


@pytest.fixture
def board(people, at):
    def open_at(month="2026-10", grain="month", metric="SAL_NET", user="steward"):
        known = sources.standing(None, None, user=people[user])
        return sales.Board(Period.parse(month), grain=grain, metric=metric, known=known, on=at.date())

    return open_at


def figures_in(page: str) -> list[dict]:
    return [
        json.loads(text)
        for text in re.findall(r'<script id="[\w-]+-figure" type="application/json">(.*?)</script>', page)
    ]


def visible(answer) -> str:
    return answer.content.decode()


# --- Numbers ------------------------------------------------------------------------------------------------


def test_the_bridge_of_orders_and_average_adds_up_to_the_cent(board):
    year_of_sales(14)
    found = board().drivers
    gmv = board().gmv
    assert found.then + found.volume + found.value == found.now == gmv.figure.value == D("8400")
    assert found.then == gmv.compare["py"].value


def test_the_trend_lies_over_the_year_before(board):
    year_of_sales(26)
    trend = board().trend
    assert [point.period.text for point in trend][::12] == ["2025-10", "2026-10"]
    assert all(point.now.value > point.then.value for point in trend)
    assert trend[-1].then.value == trend[0].now.value


@pytest.mark.parametrize(("grain", "count"), [("day", 31), ("week", 13), ("month", 13)])
def test_every_grain_adds_up_from_the_same_figures(board, grain, count):
    year_of_sales(14)
    trend = board(grain=grain).trend
    assert len(trend) == count
    october = [point.now.value for point in trend if point.period.overlaps(Period.parse("2026-10"))]
    assert sum(october) == board().measured("SAL_NET").figure.value


def test_countries_and_platforms_add_up_to_the_whole(board):
    year_of_sales(14)
    for dimension in ("country", "platform"):
        ranked = board().ranked(dimension)
        whole = board().measured("SAL_NET")
        assert sum(row.value for row in ranked) == whole.figure.value
        assert sum(row.change for row in ranked) == whole.compare["py"].change
        assert [row.value for row in ranked] == sorted((row.value for row in ranked), reverse=True)


def test_a_month_that_is_half_handed_in_is_not_compared(board):
    year_of_sales(14, last="2026-09")
    figures([("SAL_GROSS", "2026-10-02", 5), ("SAL_REF", "2026-10-02", 1), ("SAL_ORD", "2026-10-02", 1)],
            period="2026-10-01..2026-10-05", zero=["SAL_DISC"])  # fmt: skip
    compared = board().measured("SAL_NET").compare["py"]
    assert (compared.comparable, compared.why.code) == (False, "PARTLY_COVERED")
    assert board().drivers is None


def test_a_file_that_stops_early_is_not_compared(board):
    year_of_sales(14, last="2026-09")
    rows = [
        (code, f"2026-10-{day:02}", 100)
        for day in range(1, 10)
        for code in ("SAL_GROSS", "SAL_REF", "SAL_ORD")
    ]
    figures(rows, zero=["SAL_DISC"])
    figures([("SAL_GROSS", f"2025-10-{day:02}", 9) for day in range(1, 32)], period="2025-10", number=2,
            zero=["SAL_DISC", "SAL_REF", "SAL_ORD"])  # fmt: skip
    compared = board().measured("SAL_NET").compare["py"]
    assert (compared.comparable, compared.why.code, compared.why.params["day"]) == (
        False,
        "DATA_ENDS",
        "2026-10-09",
    )


# --- The page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grain", ["day", "week", "month"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_chart_is_a_valid_figure_with_words_and_a_table(people, signed_in, grain, language):
    year_of_sales(26)
    people["ceo"].language = language
    people["ceo"].save()
    page = visible(signed_in(people["ceo"]).get(URL, {"grain": grain}))
    drawn = figures_in(page)
    assert len(drawn) == 4 == page.count('class="chart-words"') == page.count("<metric-chart ")
    for figure in drawn:
        go.Figure(figure)
    assert page.count('<table class="data data--dense">') == 4
    assert ("净销售额" in page) == (language == "zh-hans") and ("Net sales" in page) == (language == "en")
    assert "None" not in page


def test_without_figures_the_page_says_what_to_do(people, signed_in):
    assert reverse("submissions") in visible(signed_in(people["sales"]).get(URL))
    page = signed_in(people["ceo"]).get(URL)
    assert page.status_code == 200 and "<metric-chart" not in visible(page)


@pytest.mark.parametrize("person", ["ceo", "observer", "finance", "owner", "facilitator"])
def test_uncertified_figures_are_invisible_to_who_may_not_see_them(people, signed_in, person):
    year_of_sales(3)
    figures([("SAL_GROSS", "2026-11-02", 123456), ("SAL_REF", "2026-11-02", 7), ("SAL_ORD", "2026-11-02", 1)],
            period="2026-11", state="handed_in", zero=["SAL_DISC"])  # fmt: skip
    client = signed_in(people[person])
    for page in (client.get(URL), client.get(URL, {"month": "2026-11", "grain": "day"})):
        assert "123,4" not in visible(page) and 'value="2026-11"' not in visible(page)
    assert b"1234" not in client.get(f"{URL}trend.csv", {"month": "2026-11", "grain": "day"}).content


def test_uncertified_figures_are_marked(people, signed_in):
    year_of_sales(2)
    figures([("SAL_GROSS", "2026-11-02", 123456), ("SAL_REF", "2026-11-02", 7), ("SAL_ORD", "2026-11-02", 1)],
            period="2026-11", state="handed_in", zero=["SAL_DISC"])  # fmt: skip
    page = visible(signed_in(people["steward"]).get(URL))
    assert "stamp--provisional" in page and "circle-open" in page
    Submission.objects.filter(state="handed_in").update(state="draft")
    assert "stamp--draft" in visible(signed_in(people["sales"]).get(URL))


def test_a_partner_has_no_sales_page(people, signed_in):
    year_of_sales(2)
    client = signed_in(people["logistics"])
    assert [client.get(url).status_code for url in (URL, f"{URL}trend.csv")] == [404, 404]


def test_nobody_reads_it_without_signing_in(client):
    assert client.get(URL).status_code == client.get(f"{URL}trend.csv").status_code == 302


@pytest.mark.parametrize(
    "query", [{"month": "x"}, {"month": "2026-W05"}, {"month": "1999-01"}, {"month": "9999-12"}, {"grain": "eon"},
              {"metric": "FIN_NP"}, {"month": "2026-10' OR 1=1"}, {"month": "\0"}]
)  # fmt: skip
def test_a_wrong_address_shows_the_newest_month(people, signed_in, query):
    year_of_sales(2)
    answer = signed_in(people["ceo"]).get(URL, query)
    assert answer.status_code == 200 and answer.context["asked"].month.text == "2026-10"
    assert (answer.context["asked"].grain, answer.context["asked"].metric) == ("month", "SAL_NET")


@pytest.mark.parametrize("part", ["board", "trend", "drivers", "countries", "platforms"])
def test_a_part_equals_the_page(people, signed_in, part):
    year_of_sales(14)
    client = signed_in(people["ceo"])
    whole = visible(client.get(URL, {"grain": "week"}))
    headers = {"HX-Request": "true", "HX-Target": f"section#{part}"}
    found = visible(client.get(URL, {"grain": "week"}, headers=headers))
    assert f'id="{part}"' in found and "<html" not in found
    assert found.strip() in whole


def test_questions_to_the_database_do_not_grow(people, signed_in, django_assert_max_num_queries):
    year_of_sales(3)
    client = signed_in(people["sales"])
    client.get(URL)  # the first visit of a browser is written down
    for grain in ("month", "week", "day"):
        with django_assert_max_num_queries(12):
            client.get(URL, {"grain": grain})
    year_of_sales(26, profile="other")
    for place in range(30):
        rows = [("SAL_GROSS", "2026-10-02", place, {"platform": "web", "country": f"Land {place}"})]
        figures(rows, profile=f"p{place}", zero=["SAL_DISC", "SAL_REF"])
    for grain in ("month", "week", "day"):
        with django_assert_max_num_queries(12):
            assert client.get(URL, {"grain": grain}).status_code == 200


def test_the_page_does_without_pandas_and_plotly():
    code = (
        "import sys, django; django.setup(); import metrics.web.sales, metrics.readings;"
        "print(sorted(set(sys.modules) & {'pandas', 'plotly', 'numpy', 'pyarrow'}))"
    )
    env = {"DJANGO_SETTINGS_MODULE": "reviewhub.settings"}

    told = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | env, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


# --- Files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", ["trend", "drivers", "countries", "platforms"])
def test_the_file_has_the_same_rows_as_the_table(people, signed_in, block):
    year_of_sales(14)
    client = signed_in(people["ceo"])
    page = visible(client.get(URL))
    answer = client.get(reverse("sales-csv", args=[block]), {"month": "2026-10"})
    assert answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    table = page.split(f'id="{block}-chart"')[1].split("<tbody>")[1].split("</tbody>")[0]
    assert len(rows) - 1 == table.count("<tr>") > 0
    assert len(rows[0]) == len(rows[1])


def test_numbers_in_the_file_are_numbers_and_names_run_nothing(people, signed_in):
    year_of_sales(14)
    figures([("SAL_GROSS", "2026-10-02", 9, {"platform": "=cmd|' /C calc'!A0", "country": "Germany"})],
            profile="other", zero=["SAL_DISC", "SAL_REF"])  # fmt: skip
    text = signed_in(people["ceo"]).get(f"{URL}platforms.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row for row in rows if "cmd" in row[0]][0][0].startswith("'=cmd")
    assert D(rows[1][1]) > 0 and D(rows[1][2]) < 1
    page = visible(signed_in(people["ceo"]).get(URL))
    assert "'!A0</th>" not in page


def test_an_unknown_block_is_not_there(people, signed_in):
    year_of_sales(1)
    assert signed_in(people["ceo"]).get(f"{URL}secrets.csv").status_code == 404


def test_several_currencies_become_a_sentence_not_a_wrong_sum(people, signed_in):
    rows = [
        ("SAL_GROSS", "2026-10-02", 5, {"country": "Germany"}, "EUR"),
        ("SAL_GROSS", "2026-10-02", 5, {}, "CNY"),
    ]
    figures(rows, zero=["SAL_DISC", "SAL_REF", "SAL_ORD"])
    people["ceo"].language = "en"
    people["ceo"].save()
    page = visible(signed_in(people["ceo"]).get(URL))
    assert "several currencies" in page and "<metric-chart" not in page
    assert make.AT.year == 2026
