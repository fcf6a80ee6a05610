"""From the chart of growth against margin to its products, and from a product straight to a task."""

import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from actions.models import Action
from metrics import charts_points
from metrics.charts_points import Dot
from metrics.units import weight_code
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

LIST = "/boards/sales/lifecycle/products/"
TASK = f"{LIST}task"
MONTH = {"month": "2026-10"}


@pytest.fixture
def shop(people):
    """Two categories: pet sells more than in September at a thin margin, sofa less at a good one."""
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()
    units = {"2026-09": {"pet": 100, "sofa": 100}, "2026-10": {"pet": 130, "sofa": 60}}
    sold = {"2026-09": {"P1": 300, "P2": 100, "S1": 800}, "2026-10": {"P1": 330, "P2": 70, "S1": 600}}
    category = {"P1": "pet", "P2": "pet", "S1": "sofa"}
    for month in units:
        day, rows, skus = f"{month}-01", [], []
        for name, count in units[month].items():
            net = sum(value for sku, value in sold[month].items() if category[sku] == name)
            rows += [
                ("SAL_UNITS", day, count, {"category": name}),
                ("SAL_GROSS", day, net, {"category": name}),
            ]
        for sku, value in sold[month].items():
            skus.append((weight_code("SAL_TOP20_SHARE"), day, value, {"category": category[sku], "sku": sku}))
        figures(rows, period=month, zero=["SAL_DISC", "SAL_REF"])
        figures(skus, period=month, profile="skus")
    costs = [
        ("FIN_COGS_PROD", "2026-10-01", one, {"category": name})
        for name, one in (("pet", 380), ("sofa", 200))
    ]
    figures(costs, profile="pnl")
    return people


def page(client, **query) -> str:
    return client.get(LIST, MONTH | query).content.decode()


def skus(text: str) -> list[str]:
    return re.findall(r'<th scope="row" class="nowrap">(\w+)</th>', text)


pytestmark = pytest.mark.django_db


def test_a_quadrant_lists_its_products_with_their_figures(shop, signed_in):
    client = signed_in(shop["ceo"])
    assert skus(page(client)) == ["S1", "P1", "P2"]
    fix = page(client, quadrant="fix")
    assert skus(fix) == ["P1", "P2"] and skus(page(client, quadrant="protect")) == ["S1"]
    assert skus(page(client, quadrant="push")) == [] and "No product stands here" in page(
        client, quadrant="push"
    )
    first = re.search(r">P1</th>(.*?)</tr>", fix, re.S)[1]
    cells = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<td[^>]*>(.*?)</td>", first, re.S)][:8]
    assert cells[2:] == ["Fix margin", "–", "330.00", "300.00", "+10.0\u202f%", "5.0\u202f%"]
    assert [
        one for one in ("All 3", "Push 0", "Protect supply 1", "Fix margin 2", "Clear 0") if one not in fix
    ] == []


def test_a_category_lists_its_products_alone_and_what_is_unknown_lists_all(shop, signed_in):
    client = signed_in(shop["ceo"])
    assert skus(page(client, category="sofa")) == ["S1"]
    assert skus(page(client, category="none", quadrant="none")) == ["S1", "P1", "P2"]


def test_rows_and_bubbles_of_the_chart_lead_to_the_list(shop, signed_in):
    board = signed_in(shop["ceo"]).get("/boards/sales/", MONTH).content.decode()
    block = board[board.index('id="lifecycle"') :].split("</article>")[0]
    links = [
        one.replace("&amp;", "&") for one in re.findall(r'<a href="(/boards/sales/lifecycle[^"]*)"', block)
    ]
    asked = [{name: value[0] for name, value in parse_qs(urlsplit(one).query).items()} for one in links]
    assert {"month": "2026-10", "category": "pet"} in asked and {
        "month": "2026-10",
        "quadrant": "fix",
    } in asked
    assert '"urls": ["/boards/sales/lifecycle/products/?month=2026-10' in block and '"areas": [' in block


def test_a_press_leads_where_the_dot_and_the_area_say():
    D = Decimal
    dots = [Dot("a", D(1), D(1), D(1), "a", "x", "/a"), Dot("b", D(-1), D(1), D(1), "b", "y")]
    words = {"across": "", "up": "", "shown_x": str, "shown_y": str}
    figure = charts_points.scatter(dots, **words, lines=(D(0), D("0.5")), areas=("/1", "/2", "/3", "/4"))
    assert [one["meta"] for one in figure["data"]] == [{"role": "x", "urls": ["/a"]}, {"role": "y"}]
    assert figure["layout"]["meta"] == {"lines": [0.0, 0.5], "areas": ["/1", "/2", "/3", "/4"]}
    assert "meta" not in charts_points.scatter(dots, **words, areas=("/1",))["layout"]


def test_one_press_fills_the_task_in_with_month_and_product(shop, signed_in):
    review, client = make.review(), signed_in(shop["ceo"])
    asked = MONTH | {"sku": "P1", "category": "pet"}
    form = client.get(TASK, asked).content.decode()
    assert "P1 (pet, Fix margin), Oct 2026: net sales ¥330" in form and "Fix margin" in form
    given = {"title": "P1 (pet): raise the price", "owner": shop["sales"].pk, "due": "2099-12-01"}
    answer = client.post(f"{TASK}?month=2026-10&sku=P1&category=pet", given)
    row = Action.objects.get()
    assert answer.url == f"/actions/{row.pk}/"
    assert (row.title, row.metric.code, row.review, row.owner) == (
        given["title"],
        "SAL_NET",
        review,
        shop["sales"],
    )
    again = client.get(TASK, asked).content.decode()
    assert "P1 (pet): raise the price" in again
    assert (
        "P1 (pet): raise the price"
        not in client.get(TASK, MONTH | {"sku": "S1", "category": "sofa"}).content.decode()
    )


def test_what_is_wrong_is_said_and_what_was_typed_stays(shop, signed_in):
    client = signed_in(shop["ceo"])
    given = {"title": "Raise the price", "owner": "", "due": "2099-12-01"}
    answer = client.post(f"{TASK}?month=2026-10&sku=P1&category=pet", given)
    assert answer.status_code == 422 and "Raise the price" in answer.content.decode()
    assert not Action.objects.exists()


def test_who_does_not_see_the_chart_finds_neither_list_nor_task(shop, signed_in):
    for name in ("marketing", "logistics"):
        client = signed_in(shop[name])
        assert client.get(LIST, MONTH).status_code == 404, name
        assert client.get(TASK, MONTH | {"sku": "P1", "category": "pet"}).status_code == 404, name
    client = signed_in(shop["ceo"])
    assert client.get(TASK, MONTH | {"sku": "P9", "category": "pet"}).status_code == 404
    assert client.get(TASK, MONTH | {"sku": "P1", "category": "sofa"}).status_code == 404


def test_list_and_form_read_in_chinese(shop, signed_in):
    shop["ceo"].language = "zh-hans"
    shop["ceo"].save()
    client = signed_in(shop["ceo"])
    said = page(client)
    assert "各象限商品" in said and '<th scope="col">阶段</th>' in said and "转为任务" in said
    form = client.get(TASK, MONTH | {"sku": "P1", "category": "pet"}).content.decode()
    assert "由商品生成任务" in form and "净销售额 ¥330" in form
