"""Each line of requirements D1–D4 has a figure on a page: its chart, its table, and the value that pandas gives."""

import csv
import io
import re
from decimal import ROUND_HALF_UP, Decimal

import plotly.graph_objects as go

from reviewhub.people.models import User
from reviewhub.ui import figures as shown
from tests import prepared
from tests.metrics.boards.lines import LINES, Line
from tests.metrics.test_boards import charts_in

NO_DRAWING = {
    ("finance", "income"),
    ("finance", "balance"),
}  # the statement is the picture: bars in its cells


def cell(rows: list[list[str]], line: Line) -> str:
    """The cell that a line names; of equal rows the last (slow stock stands below the products)."""
    column = rows[0].index(line.column) if isinstance(line.column, str) else line.column
    return [row for row in rows[1:] if row[0] == line.row][-1][column]


def same(text: str, value) -> bool:
    """Whether a cell says `value`, rounded as the cell is; nothing for None."""
    if value is None or not text:
        return value is None and not text
    said = Decimal(text)
    return said == Decimal(repr(float(value))).quantize(
        Decimal(1).scaleb(said.as_tuple().exponent), ROUND_HALF_UP
    )


def reader(username: str) -> User:
    """Somebody of the demo company, in English."""
    found = User.objects.get(username=username)
    found.language = "en"
    found.save()
    return found


def address(line: Line) -> tuple[str, str]:
    """The page and the file of a line."""
    base = line.board if line.board.startswith("/") else f"/boards/{line.board}/"
    query = "month=2026-10" + (f"&{line.query}" if line.query else "")
    return f"{base}?{query}", f"{base}{line.block}.csv?{query}"


def box(page: str, line: Line) -> list[str]:
    """The values of the box below a 6-12 block: LW, MTD, QTD, YTD."""
    own = page.split(f'id="{line.block}"')[1].split("</article>")[0]
    return re.findall(r'class="block-value"[^>]*>([^<]*)<', own)


def in_box(line: Line, value: float) -> str:
    """How the box writes a value: a count, an average of money, or an amount of it."""
    currency = "" if line.block == "sal-ord" else "CNY"
    if abs(value) < 10_000:
        return shown.money(Decimal(repr(value)), currency, 2, "en")
    return shown.magnitude(Decimal(repr(value)), "en", currency)


def test_each_line_of_the_data_checklist_has_its_figure_on_a_page(demo_company, signed_in):
    handed = prepared.handed_in()
    client, pages, wrong = signed_in(reader("ceo")), {}, []
    for line in LINES:
        page_url, file_url = address(line)
        if page_url not in pages:
            pages[page_url] = client.get(page_url).content.decode()
        page, value = pages[page_url], line.expected(handed.tables)
        drawn = f'id="{line.block}-chart-figure"' in page
        if not drawn and (line.board, line.block) not in NO_DRAWING:
            wrong.append((line.says, "no chart"))
            continue
        if line.column in ("QTD", "YTD"):
            told = box(page, line)[("LW", "MTD", "QTD", "YTD").index(line.column)]
            found, fits = told, told == in_box(line, value)
        else:
            rows = list(csv.reader(io.StringIO(client.get(file_url).content.decode("utf-8-sig"), newline="")))
            found = cell(rows, line)
            fits = same(found, value)
            own = page.split(f'id="{line.block}-chart"' if drawn else f'id="{line.block}"')[1].split(
                "</tbody>"
            )[0]
            if own.count("<tr") != len(rows):
                wrong.append((line.says, "table", own.count("<tr"), len(rows)))
        if not fits:
            wrong.append((line.says, found, value))
    assert not wrong
    assert {line.requirement for line in LINES} >= {"D1", "D4"}
    for page in pages.values():
        for figure in charts_in(page):
            go.Figure(figure)
        assert len(page) < 300_000
