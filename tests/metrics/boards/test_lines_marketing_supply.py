"""Each line of D2, D3, of the duties of Technology and of the shared fate: its chart, its table, its value."""

import csv
import io

import plotly.graph_objects as go
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import boards, readings
from metrics.periods import Period
from tests import make, prepared
from tests.metrics.boards.lines_marketing_supply import LINES
from tests.metrics.boards.test_lines import reader, same
from tests.metrics.test_boards import charts_in

OWN = ("marketing", "supply", "technology", "logistics")
MONTH = Period.parse("2026-10")
# Nothing of these may be in what a partner is sent: money, sales, margins, ratings, marketing.
HIDDEN = (
    "SAL_NET",
    "SAL_GMV",
    "SAL_RATING",
    "MKT_",
    "FIN_",
    "SC_LOG_COST",
    "SC_INV_VAL",
    "CNY",
    "¥",
    "SC_PPV",
)


def rows_of(block) -> list[list[str]]:
    return list(csv.reader(io.StringIO(block.csv.decode("utf-8-sig"), newline="")))


def cell(rows: list[list[str]], line) -> str:
    column = rows[0].index(line.column) if isinstance(line.column, str) else line.column
    return next(row for row in rows[1:] if row[0] == line.row)[column]


def test_each_line_has_its_chart_its_table_and_the_value_that_pandas_gives(demo_company, signed_in):
    handed = prepared.handed_in()
    client = signed_in(reader("ceo"))
    pages, files = the_pages(client)
    wrong = []
    for line in LINES:
        found, value = cell(files[line.board, line.block], line), line.expected(handed.tables)
        if f'id="{line.block}-chart-figure"' not in pages[line.board]:
            wrong.append((line.says, "no chart"))
        if not same(found, value):
            wrong.append((line.says, found, value))
        if line.reading:
            asked = readings.reading(line.reading, MONTH, where=line.where, on=make.AT.date())
            if not same(found, None if asked.value is None else float(asked.value)):
                wrong.append((line.says, found, "reading", asked.value))
    assert not wrong
    the_partner_sees_its_board_and_nothing_else(signed_in(reader("logistics")), pages)


def the_pages(client) -> tuple[dict[str, str], dict[tuple, list]]:
    """Every page, small, with few questions, each chart valid and beside its words, table and file; and the tables."""
    pages, files = {}, {}
    for code in OWN:
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/boards/{code}/", {"month": "2026-10"})
        page = pages[code] = answer.content.decode()
        asked_for = [one["sql"] for one in asked if "metrics_" in one["sql"] and "session" not in one["sql"]]
        assert len(asked_for) <= 12 and len(answer.content) <= 300_000, (
            code,
            len(asked_for),
            len(answer.content),
        )
        shown = answer.context["page"].board  # with the headlines of shared KPIs
        blocks = list(shown.blocks)
        codes = [one.code for one in (*shown.sections, *blocks)]
        assert len(codes) == len(set(codes))
        figures = charts_in(page)
        assert len(figures) == len(blocks), code
        for figure in figures:
            go.Figure(figure)
        for block in blocks:
            own = page.split(f'id="{block.code}"')[1].split("</article>")[0]
            assert f'id="{block.code}-chart-words"' in own and "<tbody>" in own
            assert f"/boards/{code}/{block.code}.csv" in own
            files[code, block.code] = rows_of(answer.context["page"].numbered[block.code].block)
        sent = client.get(f"/boards/{code}/{block.code}.csv", {"month": "2026-10"}).content.decode(
            "utf-8-sig"
        )
        assert list(csv.reader(io.StringIO(sent, newline=""))) == files[code, block.code]
    return pages, files


def the_partner_sees_its_board_and_nothing_else(client, pages) -> None:
    for one in boards.BOARDS:
        wanted = 200 if one.code == "logistics" else 404
        assert client.get(f"/boards/{one.code}/", {"month": "2026-10"}).status_code == wanted
        first = next(iter(one.blocks)).code
        assert client.get(f"/boards/{one.code}/{first}.csv", {"month": "2026-10"}).status_code == wanted
    answer = client.get("/boards/logistics/", {"month": "2026-10"})
    sent = answer.content.decode()
    assert [word for word in HIDDEN if word in sent] == []
    for one in answer.context["page"].numbered.values():
        assert not any(word.encode() in one.block.csv for word in HIDDEN)
    # The same truth for both: what the partner reads is what colleagues read, who see what it costs besides.
    seen, all_of_them = charts_in(sent), charts_in(pages["logistics"])
    assert seen == [one for one in all_of_them if one in seen] and len(all_of_them) == len(seen) + 2
    for block in ("lost", "cost"):
        path = f"/boards/logistics/{block}.csv"
        assert client.get(path, {"month": "2026-10"}).status_code == 404
