"""The explorer and the passport: parts that add up, bridges to the cent, and where a number comes from."""

import csv
import io
import json
import re
from decimal import Decimal as D

import plotly.graph_objects as go
import pytest

from metrics import explore, readings, sources
from metrics.board_figures import BoardFigures
from metrics.models import Metric
from metrics.periods import Period
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales

OCTOBER = Period.parse("2026-10")


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


def figures_of(user, at, code="SAL_GMV", by="country", **more):
    known = sources.standing(None, None, user=user)
    board = explore.board_of(code, by, ())
    return BoardFigures(board, OCTOBER, known=known, user=user, on=at.date(), **more)


def shown(client, code="SAL_GMV", **query):
    return client.get(f"/metrics/{code}/explore/", {"month": "2026-10"} | query)


def charts_in(page: str) -> list[dict]:
    return [
        json.loads(text)
        for text in re.findall(r'<script id="[\w-]+-figure" type="application/json">(.*?)</script>', page)
    ]


def test_two_drivers_explain_the_whole_change(people, at):
    year_of_sales(14)
    page = figures_of(people["ceo"], at)
    found = explore.driven(page, explore.CHAINS[0])
    answer = readings.reading("SAL_GMV", OCTOBER, compare=["py"], on=at.date())
    assert found.then + sum(value for _code, value in found.changes) == found.now == answer.value
    assert [code for code, _value in found.changes] == ["SAL_ORD", "SAL_AOV"]


def test_three_drivers_explain_the_whole_change(people, at):
    year_of_sales(14)
    for month, units in (("2025-10", 90), ("2026-10", 120)):
        figures([("SAL_UNITS", f"{month}-01", units)], period=month, profile="units")
    found = explore.driven(figures_of(people["ceo"], at), explore.CHAINS[1])
    assert found.then + sum(value for _code, value in found.changes) == found.now
    assert [code for code, _value in found.changes] == ["SAL_ORD", "SAL_UPT", "SAL_ASP"]


def test_without_a_year_before_there_is_no_bridge_but_a_reason(people, at, signed_in):
    year_of_sales(3)
    assert explore.driven(figures_of(people["ceo"], at), explore.CHAINS[0])[0].py.why.code == "NO_REFERENCE"
    page = shown(signed_in(people["ceo"])).content.decode()
    assert page.count("<metric-chart") == 2 and 'class="empty' in page


def test_a_member_can_be_looked_at_alone_and_equals_its_reading(people, at):
    year_of_sales(14)
    page = figures_of(people["ceo"], at, where={"country": "Germany"})
    answer = readings.reading("SAL_GMV", OCTOBER, where={"country": "Germany"}, compare=["py"], on=at.date())
    mine = page.measured("SAL_GMV", OCTOBER)
    assert (mine.value, mine.py.change) == (answer.value, answer.compare["py"].change) and mine.value > 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("code", ["SAL_GMV", "SAL_NET", "SAL_AOV", "SAL_ORD", "FIN_GM"])
def test_every_explorer_draws_what_it_knows_and_says_what_it_does_not(people, signed_in, code, language):
    year_of_sales(14)
    people["steward"].language = language
    people["steward"].save()
    answer = shown(signed_in(people["steward"]), code)
    page = answer.content.decode()
    assert answer.status_code == 200 and "None" not in page
    for figure in charts_in(page):
        go.Figure(figure)


def test_the_parts_add_up_and_lead_further_in(people, signed_in):
    year_of_sales(14)
    client = signed_in(people["ceo"])
    text = client.get("/metrics/SAL_GMV/explore/parts.csv", {"month": "2026-10", "by": "country"})
    rows = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"), newline="")))[1:]
    whole = readings.reading("SAL_GMV", OCTOBER).value
    assert sum(D(row[1]) for row in rows) == whole and [row[0] for row in rows] == ["Germany", "France"]
    page = shown(client, by="country").content.decode()
    assert "country=Germany" in page
    inner = shown(client, by="country", country="Germany")
    assert inner.status_code == 200 and "Germany" in inner.content.decode()


@pytest.mark.parametrize(
    "query", [{"by": "nonsense"}, {"country": "Atlantis"}, {"month": "x"}, {"by": "sku"}]
)
def test_a_wrong_address_answers_with_words(people, signed_in, query):
    year_of_sales(2)
    assert shown(signed_in(people["ceo"]), **query).status_code == 200


def test_an_explorer_asks_few_questions(people, signed_in, queries):
    year_of_sales(14)
    review = make.review(meeting_at=make.AT.replace(year=2099))
    make.meeting(people, review=review, scheduled_at=review.meeting_at)
    client = signed_in(people["ceo"])
    assert queries(lambda: shown(client, by="country")) <= 12
    assert queries(lambda: shown(client, month="2026-10")) <= 12


# --- Passport -------------------------------------------------------------------------------------------------


def test_the_passport_names_version_formula_files_and_rows(people, signed_in):
    made = year_of_sales(14)[0]
    page = signed_in(people["sales"]).get("/metrics/SAL_AOV/passport/", {"month": "2026-10"}).content.decode()
    answer = readings.reading("SAL_AOV", OCTOBER)
    assert f"{answer.rounded(answer.value):,}" in page
    assert 'href="/metrics/SAL_GMV/"' in page and 'href="/metrics/SAL_ORD/"' in page
    assert f"/submissions/{made.pk}/" in page and "stamp--certified" in page


@pytest.mark.parametrize("path", ["explore/", "passport/", "explore/parts.csv"])
def test_confidential_figures_are_not_there_for_strangers(people, signed_in, path):
    year_of_sales(2)
    Metric.objects.filter(code="SAL_GMV").update(confidentiality=Confidentiality.CONFIDENTIAL)
    client = signed_in(people["supply"])
    assert client.get(f"/metrics/SAL_GMV/{path}").status_code == 404
    assert client.get(f"/metrics/NOTHING/{path}").status_code == 404


@pytest.mark.parametrize("month", ["", "x", "2026-W42", "2026", "9999"])
def test_a_passport_of_any_period_answers(people, signed_in, month):
    year_of_sales(2)
    assert signed_in(people["ceo"]).get("/metrics/SAL_NET/passport/", {"month": month}).status_code == 200
