"""The boards: every block equals the reading, is drawn as Plotly wants it, has words and a table, and few questions."""

import csv
import io
import json
import re

import plotly.graph_objects as go
import pytest
import python_calamine
from django.urls import get_resolver

from metrics import boards, readings, sources
from metrics.board_figures import BoardFigures
from metrics.boards import BOARDS, DECK
from metrics.models import SourceFile, Submission
from metrics.periods import Period
from metrics.web import boards as pages
from metrics.web.board_makers import MAKERS
from tests import make
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales

HEADLINES = (
    "SAL_NET SAL_ORD SAL_AOV SAL_RET_RATE MKT_ROI MKT_CAC SC_DIO SC_OOS SC_OTD FIN_GM FIN_CFO TEC_SITE_CVR"
).split()


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


def figures_of(user, at, month="2026-10", board=DECK):
    known = sources.standing(None, None, user=user)
    return BoardFigures(board, Period.parse(month), known=known, user=user, on=at.date())


def charts_in(page: str) -> list[dict]:
    return [
        json.loads(text)
        for text in re.findall(r'<script id="[\w-]+-figure" type="application/json">(.*?)</script>', page)
    ]


def shown(client, board="deck", **query) -> str:
    return client.get(f"/boards/{board}/", query).content.decode()


# --- The registry -------------------------------------------------------------------------------------------


def test_the_deck_has_twelve_headlines_in_their_order():
    assert [one.metric for one in DECK.blocks] == HEADLINES


@pytest.mark.parametrize("board", BOARDS, ids=lambda one: one.code)
def test_every_block_has_a_maker_and_needs_what_it_is_about(board):
    get_resolver().url_patterns  # noqa: B018 - makers enter with the addresses of their app
    codes = [block.code for block in board.blocks]
    assert len(codes) == len(set(codes))
    for block in board.blocks:
        assert block.kind in MAKERS, pages.__name__
        assert set(block.metrics) <= {code for need in block.needs for code in need.codes}


# --- Figures ------------------------------------------------------------------------------------------------


def test_every_point_and_box_equals_the_reading(people, at):
    year_of_sales(26)
    user = people["ceo"]
    page = figures_of(user, at)
    for code in ("SAL_NET", "SAL_ORD", "SAL_AOV"):
        spans = page.spans(code)
        for period in spans.every():
            mine = page.measured(code, period)
            answer = readings.reading(code, period, compare=["py"], user=user, on=at.date())
            assert (mine.value, mine.status) == (answer.value, answer.status), (code, period)
            if mine.py.comparable:
                assert mine.py.change == answer.compare["py"].change, (code, period)
    assert len(spans.weeks) == 6 and len(spans.months) == 12


def test_a_target_is_taken_from_where_readings_take_it(people, at):
    year_of_sales(14)
    figures([("SAL_TGT", "2026-10-01", 9000)], profile="targets")
    found = figures_of(people["ceo"], at).measured("SAL_NET", Period.parse("2026-10"))
    answer = readings.reading("SAL_NET", Period.parse("2026-10"), compare=["target"], on=at.date())
    week = figures_of(people["ceo"], at).measured("SAL_NET", Period.parse("2026-W42"))
    assert week.target is None  # goals are set by month
    assert found.target.value == 9000 and found.target.change == answer.compare["target"].change


def noisy_sales(*, last):
    """Two years of sales that wobble by three percent, and `last` in October 2026."""
    period = Period.parse("2026-10")
    for back in range(24):
        value = last if back == 0 else 1000 + (30 if back % 2 else -30) * (1 if back < 12 else 0)
        rows = [("SAL_GROSS", period.start.isoformat(), value), ("SAL_ORD", period.start.isoformat(), 10)]
        figures(rows, period=period.text, zero=["SAL_DISC", "SAL_REF"])
        period = period.before()


def test_noise_is_no_exception(people, at):
    noisy_sales(last=1010)
    assert figures_of(people["ceo"], at).exceptions == {}


def test_a_collapse_is_an_exception_with_its_rule(people, at):
    noisy_sales(last=500)
    found = figures_of(people["ceo"], at).exceptions
    assert list(found) == ["SAL_NET", "SAL_AOV"]
    assert (found["SAL_NET"].rule, found["SAL_NET"].is_up, found["SAL_NET"].seasonal) == (
        "outside",
        False,
        True,
    )


# --- The page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_chart_is_a_valid_figure_with_words_a_box_and_a_table(people, signed_in, language):
    year_of_sales(26)
    people["ceo"].language = language
    people["ceo"].save()
    page = shown(signed_in(people["ceo"]), month="2026-10")
    drawn = charts_in(page)
    assert len(drawn) == 3 == page.count('class="chart-words"') == page.count('class="block-box"')
    for figure in drawn:
        go.Figure(figure)
    assert page.count('class="block-number"') == 12 and "None" not in page
    assert ("净销售额" in page) == (language == "zh-hans") and ("Net sales" in page) == (language == "en")


def test_exceptions_come_first_and_can_be_shown_alone(people, signed_in):
    noisy_sales(last=500)
    client = signed_in(people["ceo"])
    page, alone = shown(client, month="2026-10"), shown(client, month="2026-10", show="exceptions")
    assert page.index('class="exception-strip"') < page.index('id="sal-net"')
    assert 'href="#sal-net"' in page and 'id="sal-ord"' in page
    assert 'id="sal-net"' in alone and 'id="sal-ord"' not in alone


def test_a_part_equals_the_page(people, signed_in):
    year_of_sales(14)
    client = signed_in(people["ceo"])
    headers = {"HX-Request": "true", "HX-Target": "div#board"}
    part = client.get("/boards/deck/", {"month": "2026-10"}, headers=headers).content.decode()
    whole = shown(client, month="2026-10")
    part, whole = (re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one) for one in (part, whole))
    assert "<html" not in part and part.strip() in whole


@pytest.mark.parametrize("board", BOARDS, ids=lambda one: one.code)
def test_a_page_asks_few_questions_however_much_there_is(people, signed_in, queries, board):
    year_of_sales(26)
    make.review(meeting_at=make.AT.replace(year=2099))
    client = signed_in(people["ceo"])
    few = queries(lambda: client.get(f"/boards/{board.code}/", {"month": "2026-10"}))
    for place in range(10):
        rows = [("SAL_GROSS", "2026-10-02", place, {"platform": "web", "country": f"Land {place}"})]
        figures(rows, profile=f"p{place}", zero=["SAL_DISC", "SAL_REF"])
    more = queries(lambda: client.get(f"/boards/{board.code}/", {"month": "2026-10"}))
    assert more <= few <= 12, (few, more)


def test_the_file_has_the_same_rows_as_the_table(people, signed_in):
    year_of_sales(14)
    client = signed_in(people["ceo"])
    answer = client.get("/boards/deck/sal-net.csv", {"month": "2026-10"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    table = (
        shown(client, month="2026-10").split('id="sal-net-chart"')[1].split("<tbody>")[1].split("</tbody>")[0]
    )
    assert len(rows) - 1 == table.count("<tr>") == 18 and rows[-1][0] == "2026-10"
    assert client.get("/boards/deck/nothing.csv").status_code == 404
    assert client.get("/boards/deck/mkt-roi.csv").status_code == 404  # nothing is known of it


def test_a_workbook_has_the_rows_of_the_file_as_numbers(people, signed_in):
    year_of_sales(14)
    client = signed_in(people["ceo"])
    answer = client.get("/boards/deck/sal-net.xlsx", {"month": "2026-10"})
    assert answer["Content-Disposition"] == 'attachment; filename="deck-sal-net-2026-10.xlsx"'
    (sheet,) = sheets_of(answer).values()
    text = client.get("/boards/deck/sal-net.csv", {"month": "2026-10"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    at = sheet.index([*rows[0], *[""] * (len(sheet[0]) - len(rows[0]))])
    numbers = [float(row[1]) for row in rows[1:] if row[1]]
    assert [row[1] for row in sheet[at + 1 :] if row[1] != ""][: len(numbers)] == numbers and len(numbers) > 6
    assert client.get("/boards/deck/mkt-roi.xlsx").status_code == 404
    whole = sheets_of(client.get("/boards/deck.xlsx", {"month": "2026-10"}))
    page = shown(client, month="2026-10")
    assert len(whole) == page.count('.xlsx?month=2026-10" download>') and list(whole)[0].startswith("1 ")
    assert signed_in(people["logistics"]).get("/boards/deck.xlsx").status_code == 404


def test_a_workbook_says_by_which_definition_and_from_which_files_its_figures_are(people, signed_in):
    year_of_sales(14)
    said = {"sha256": "0" * 64, "size": 3, "uploaded_at": make.AT, "keep_until": make.AT.date()}
    source = SourceFile.objects.create(name="oktober.csv", content="x", **said)
    Submission.objects.filter(period_start="2026-10-01").update(source=source)
    (sheet,) = sheets_of(
        signed_in(people["ceo"]).get("/boards/deck/sal-net.xlsx", {"month": "2026-10"})
    ).values()
    notes = [row[0] for row in sheet[-6:] if row[0]]
    assert notes[-3:] == [
        "高管看板，2026-10",
        "指标 SAL_NET：净销售额，定义第 1 版",
        "来源：销售部，oktober.csv，2026年10月，第 1 版，已认证",
    ]


def sheets_of(answer) -> dict[str, list]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("month", ["x", "2026-W05", "1999-01", "9999-12", "\0", "2026-10' OR 1=1"])
def test_a_wrong_month_shows_the_newest_that_is_over(people, signed_in, month):
    year_of_sales(2)
    answer = signed_in(people["ceo"]).get("/deck/", {"month": month})
    assert answer.status_code == 200 and answer.context["asked"].month.text == "2026-10"


def test_without_figures_the_page_says_so(people, signed_in):
    page = shown(signed_in(people["ceo"]))
    assert "empty" in page and "<metric-chart" not in page


def test_boards_are_closed_to_whom_they_are_not_for(people, signed_in, client):
    assert client.get("/deck/").status_code == 302
    partner = signed_in(people["logistics"])
    for one in BOARDS:
        wanted = 200 if one.sees(people["logistics"]) else 404
        assert partner.get(f"/boards/{one.code}/").status_code == wanted
    assert boards.board("nothing") is None and partner.get("/boards/nothing/").status_code == 404


def test_a_confidential_figure_is_no_block_for_who_may_not_read_it(people, signed_in):
    from metrics.models import Metric  # noqa: PLC0415 - Django first
    from reviewhub.people.models import Confidentiality  # noqa: PLC0415

    year_of_sales(14)
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    page = shown(signed_in(people["supply"]), month="2026-10")
    assert 'id="sal-net"' not in page and 'id="sal-ord"' in page
    assert signed_in(people["supply"]).get("/boards/deck/sal-net.csv").status_code == 404


def test_uncertified_months_are_hatched(people, signed_in):
    year_of_sales(14, state="handed_in")
    page = shown(signed_in(people["steward"]), month="2026-10")
    net = charts_in(page)[0]
    assert any(trace["meta"]["role"] == "fc" for trace in net["data"]) and "stamp--provisional" in page
