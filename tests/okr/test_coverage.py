"""Coverage counts what both sides wanted, who contributes and whose work traces to the company."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import translation

from okr import coverage, offers
from okr.coverage import Figure
from okr.models import KeyResult
from okr.negotiation import ABOVE
from okr.offers import Wish
from okr.tree import RESULT, TASK, Node, Tree
from tests import make
from tests.okr.test_gaps import objective, result

TREE = [
    objective(),
    result("K1", parent="O1"),
    result("K2", parent="O1"),
    result("K3", parent="K1", department="SAL", person=3),
    result("K4", parent=None, department="MKT", contributes=("K2",), person=4),
    Node("K5", RESULT, "Loose", department="TEC", person=5),
    Node("T1", TASK, "Task", parent="K3", person=7),
    Node("T2", TASK, "Loose task", parent="K5", person=8),
]


def counted(nodes, agreed=()):
    asked = {"departments": ["SAL", "MKT", "TEC"], "people": [3, 4, 5, 7, 8], "late": 1, "open_offers": 4}
    return [(one.count, one.whole) for one in coverage.figures(Tree(nodes), agreed=agreed, **asked)]


def test_only_what_both_sides_wanted_counts_as_carried_by_consent():
    assert counted(TREE) == [(1, 2), (2, 3), (2, 5), (1, 4)]
    assert counted(TREE, {("K3", "K1")}) == [(2, 2), (2, 3), (2, 5), (1, 4)]
    assert counted(TREE, {("K3", "K2")})[0] == (1, 2)
    alone = [replace(one, parent=None) if one.key == "K3" else one for one in TREE]
    assert counted(alone, {("K3", "K1")}) == [(1, 2), (1, 3), (0, 5), (1, 4)]
    assert (Figure("X", 2, 5).share, Figure("X", 0, 0).share) == (Fraction(2, 5), None)


@pytest.mark.parametrize(
    ("language", "late", "formula"),
    [
        ("en", "Offers without an answer for more than 3 days", "÷ all key results of the company"),
        ("zh-hans", "超过3天未答复的提议", "÷ 公司关键结果总数"),
    ],
)
def test_the_page_and_its_table(people, signed_in, pages_at, language, late, formula):
    target, sold = make.cascade(people)
    top = KeyResult.objects.create(
        cycle=target.cycle, objective=target, title="Sales +30 %", owner=people["ceo"]
    )
    wishes = [
        Wish(top, make.department("MKT"), title="Repeat"),
        Wish(top, make.department("SAL"), title="Shops"),
    ]
    began = make.AT - timedelta(days=4)
    with translation.override("en"):
        repeat, _shops = [offers.propose(top.cycle, one, ABOVE, by=people["ceo"], at=began) for one in wishes]
        offers.take(repeat, "accept", by=people["marketing"], at=began)
    people["tech"].language = language
    people["tech"].save()
    tech, page = signed_in(people["tech"]), "/okr/2026-Q4/coverage/"
    shown = tech.get(f"{page}?days=3").content.decode()
    assert late in shown and formula in shown and "Shops" not in shown
    assert tech.get(f"{page}?days=x").status_code == 200
    rows = tech.get("/okr/2026-Q4/coverage.csv?days=3").content.decode().split("\r\n")
    assert [row.split(",")[1:4] for row in rows[1:5]] == [
        ["1", "1", "100.0"],
        ["2", "5", "40.0"],
        ["3", "13", "23.1"],
        ["1", "1", "100.0"],
    ]
    assert "Shops" in signed_in(people["ceo"]).get(f"{page}?days=3").content.decode()
    assert signed_in(people["logistics"]).get(page).status_code == 404
