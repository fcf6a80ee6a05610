"""Shared KPIs: one figure on the board of every owner, the same as its reading, named once, and never added up."""

import datetime as dt
import re

import pytest

from metrics import readings, shared_kpis
from metrics.boards import DECK, SALES, SUPPLY
from metrics.boards.spec import headline
from metrics.models import Metric, SharedKpi
from metrics.periods import Period
from metrics.shared_kpis import CannotShare, Shared, Wish
from reviewhub.people.models import Activity, Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, year_of_sales

OCTOBER = Period.parse("2026-10")
FIRST = dt.date(2026, 10, 1)


def of(code="SAL_NET", *, since=FIRST, until=None, owners=("SAL", "SCM"), pk=1) -> Shared:
    named = tuple(shared_kpis.Owner(one, one, one) for one in owners)
    return Shared(pk, code, since, until, "", named)


def test_owners_hold_for_months_that_touch_their_days_and_later_ones_count():
    newer, older = of(since=dt.date(2026, 10, 15), pk=2), of(until=dt.date(2026, 10, 15))
    assert shared_kpis.holding([newer, older], OCTOBER) == {"SAL_NET": newer}
    assert shared_kpis.holding([newer, older], Period.parse("2026-09")) == {}
    assert shared_kpis.holding([of(until=FIRST)], OCTOBER) == {}


def test_a_board_leads_with_a_metric_once_and_keeps_the_numbers_of_its_blocks():
    held = {"SAL_NET": of(), "SC_OTD": of("SC_OTD")}
    wide = shared_kpis.widened(SUPPLY, held)
    codes = [one.code for one in wide.blocks]
    assert codes == [*(one.code for one in SUPPLY.blocks), "sal-net", "sc-otd"]
    assert "SAL_TGT" in {code for need in wide.needs for code in need.codes}
    assert shared_kpis.widened(DECK, held) is DECK  # it leads with both
    assert shared_kpis.of_board(SALES, {"FIN_GM": of("FIN_GM", owners=("FIN", "SCM"))}) == {}
    assert headline("SAL_NET").kind == "six-twelve"


@pytest.fixture
def declared(people, db):
    """SAL_NET, answered for by Sales and Supply chain from October on."""
    dictionary_of_today()
    owners = (make.department("SAL"), make.department("SCM"))
    return shared_kpis.declare(Wish("SAL_NET", owners, FIRST, "Ohne Ware"), by=people["ceo"], at=make.AT)


def test_only_executives_and_data_owners_declare_and_a_new_row_follows_the_old_one(people, declared):
    sal, scm, mkt = (make.department(one) for one in ("SAL", "SCM", "MKT"))
    again = Wish("SAL_NET", (scm, sal), FIRST, "Ohne Ware")
    assert shared_kpis.declare(again, by=people["steward"], at=make.AT) == declared
    for wrong, field in (
        (Wish("SAL_NET", (sal,), FIRST), "departments"),
        (Wish("NOTHING", (sal, mkt), FIRST), "metric"),
        (Wish("SAL_NET", (sal, mkt), None), "since"),
        (Wish("SAL_NET", (sal, mkt), dt.date(2026, 9, 30)), "since"),
    ):
        with pytest.raises(CannotShare) as refusal:
            shared_kpis.declare(wrong, by=people["ceo"], at=make.AT)
        assert set(refusal.value.problems) == {field}
    for name in ("sales", "facilitator", "logistics"):
        with pytest.raises(CannotShare) as refusal:
            shared_kpis.declare(again, by=people[name], at=make.AT)
        assert "" in refusal.value.problems
    november = dt.date(2026, 11, 1)
    later = shared_kpis.declare(Wish("SAL_NET", (sal, mkt), november), by=people["steward"], at=make.AT)
    declared.refresh_from_db()
    assert (declared.until, declared.ended_by, later.until) == (november, people["steward"], None)
    held = shared_kpis.holding(shared_kpis.read(people["ceo"]), OCTOBER)
    assert [one.code for one in held["SAL_NET"].owners] == ["SAL", "SCM"]
    shared_kpis.end(later, on=dt.date(2026, 10, 20), by=people["ceo"], at=make.AT)
    later.refresh_from_db()
    assert later.until == november  # it never began
    codes = (
        Activity.objects.filter(code__startswith="shared_kpi").order_by("pk").values_list("code", flat=True)
    )
    assert list(codes) == ["shared_kpi.declared", "shared_kpi.declared", "shared_kpi.ended"]


def test_each_owner_sees_the_same_figure_with_few_questions(people, signed_in, queries, declared):
    year_of_sales(26)
    make.review(meeting_at=make.AT.replace(year=2099))
    client, boxes = signed_in(people["ceo"]), {}
    for board in ("supply", "deck"):
        page = client.get(f"/boards/{board}/", {"month": "2026-10"}).content.decode()
        block = page.split('id="sal-net"')[1].split("</article>")[0]
        assert page.count('id="sal-net"') == 1 and "Ohne Ware" in block and "供应链" in block
        boxes[board] = re.search(r'class="block-box">.*?</table>', block, re.S)[0]
        assert ('class="shared-strip"' in page) == (board != "deck")
        asked = queries(lambda board=board: client.get(f"/boards/{board}/", {"month": "2026-10"}))
        assert asked <= 12, (board, asked)
    assert len(set(boxes.values())) == 1
    execution = client.get("/boards/execution/", {"month": "2026-10"}).content.decode()
    assert "/shared-kpis/figures?month=2026-10" in execution
    strip = client.get("/shared-kpis/figures", {"month": "2026-10"}).content.decode()
    figure = re.search(r'block-value">([^<]+)</span>', boxes["supply"].split("<td>")[2])[1]
    assert f'<span class="num strong">{figure}</span>' in strip and "Ohne Ware" in strip
    assert queries(lambda: client.get("/shared-kpis/figures", {"month": "2026-10"})) <= 12
    assert queries(lambda: client.get("/boards/execution/", {"month": "2026-10"})) <= 12
    rows = client.get("/boards/supply/sal-net.csv", {"month": "2026-10"}).content.decode("utf-8-sig")
    answer = readings.reading("SAL_NET", OCTOBER, user=people["ceo"], on=make.AT.date())
    october = next(line for line in rows.splitlines() if line.startswith("2026-10,"))
    assert october.split(",")[1] == f"{answer.value:.2f}"
    assert 'id="sal-net"' not in client.get("/boards/marketing/", {"month": "2026-10"}).content.decode()
    assert "shared-strip" not in client.get("/boards/supply/", {"month": "2026-09"}).content.decode()


def test_who_may_not_read_the_figure_learns_nothing_of_its_owners(people, signed_in, declared):
    year_of_sales(14)
    assert shared_kpis.read(people["logistics"]) == []
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    page = signed_in(people["marketing"]).get("/shared-kpis/figures", {"month": "2026-10"}).content.decode()
    assert "shared-strip" not in page and "Ohne Ware" not in page
    assert "Ohne Ware" not in signed_in(people["marketing"]).get("/shared-kpis/").content.decode()


def test_a_partner_is_told_of_what_it_answers_for_itself_and_names_no_others(people, db):
    dictionary_of_today()
    Metric.objects.filter(code__in=("SC_OTD", "SAL_NET")).update(confidentiality=Confidentiality.SHARED)
    sal, scm, log = (make.department(one) for one in ("SAL", "SCM", "LOG"))
    for code, owners in (("SC_OTD", (log, scm, sal)), ("SAL_NET", (sal, scm))):
        shared_kpis.declare(Wish(code, owners, FIRST), by=people["ceo"], at=make.AT)
    (only,) = shared_kpis.read(people["logistics"])
    assert (only.code, [one.code for one in only.owners], only.others) == ("SC_OTD", ["LOG"], 2)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_declares_ends_and_keeps_what_was_typed(people, signed_in, declared, language):
    people["ceo"].language = language
    people["ceo"].save()
    client = signed_in(people["ceo"])
    typed = {
        "metric": "SAL_ORD",
        "departments": [make.department("SAL").pk],
        "since": "2026-10-01",
        "why": "W",
    }
    refused = client.post("/shared-kpis/", typed)
    text = refused.content.decode()
    assert refused.status_code == 422 and 'value="W"' in text
    assert ("at least two departments" if language == "en" else "至少要有两个部门") in text
    typed["departments"].append(make.department("MKT").pk)
    assert client.post("/shared-kpis/", typed).status_code == 302
    assert client.post(f"/shared-kpis/{declared.pk}/end").status_code == 302
    assert [one.metric.code for one in SharedKpi.objects.standing()] == ["SAL_ORD"]
    assert signed_in(people["logistics"]).get("/shared-kpis/").status_code == 404
    page = signed_in(people["sales"]).get("/shared-kpis/").content.decode()
    assert "SAL_ORD" in page and '<form method="post" action="/shared-kpis/' not in page
