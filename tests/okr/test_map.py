"""The map of a cycle in its five ways, its filters, and the drawing that is made of it."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr import drawing
from okr.drawing import Box
from okr.models import KeyResult
from tests import make

MAP = "/okr/2026-Q4/"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def cascade(people, db):
    """A key result of Sales with a task, one of Marketing that is unsure and hangs on nothing."""
    for person in people.values():
        person.language, person.name_latin = "en", person.username.title()
        person.save()
    objective, result = make.cascade(people)
    KeyResult.objects.filter(pk=result.pk).update(confidence="high")
    make.action("Open the German shop", owner=people["owner"], result=result)
    KeyResult.objects.create(
        cycle=objective.cycle,
        title="Reviews written",
        department=make.department("MKT"),
        owner=people["marketing"],
        confidence="low",
    )
    return objective, result


def shown(client, **asked) -> list[str]:
    """Titles in the order of the page: headings of groups in brackets."""
    page = client.get(MAP, asked).content.decode()
    page = page[page.index('class="okr-coverage') :]
    found = re.findall(
        r'<h2 id="group-\d+">([^<]+)|<h[23][^>]*><a href="[^"]+">([^<]+)|<td data-depth="(\d)"><a [^>]+>([^<]+)',
        page,
    )
    return [
        f"[{group.strip()}]" if group else card or f"{'·' * int(depth)}{row}"
        for group, card, depth, row in found
    ]


def test_the_same_cascade_as_lanes_list_people_metrics_and_what_hangs_on_nothing(cascade, signed_in, people):
    client = signed_in(people["ceo"])
    assert shown(client) == [
        "A brand to trust",
        "Marketplaces opened",
        "Open the German shop",
        "Reviews written",
    ]
    assert shown(client, by="list") == [
        "A brand to trust",
        "·Marketplaces opened",
        "··Open the German shop",
        "Reviews written",
    ]
    assert shown(client, by="people") == [
        "[Owner]",
        "Open the German shop",
        "[Sales]",
        "Marketplaces opened",
        "[Marketing]",
        "Reviews written",
    ]
    assert shown(client, by="metrics") == ["[Reads no metric]", "Marketplaces opened", "Reviews written"]
    assert shown(client, by="orphans") == ["Reviews written"]


def test_filters_keep_what_stands_above_and_stay_with_the_ways(cascade, signed_in, people):
    client = signed_in(people["ceo"])
    assert shown(client, confidence="high") == ["A brand to trust", "Marketplaces opened"]
    assert shown(client, confidence="low", by="list") == ["Reviews written"]
    assert shown(client, confidence="none") == []
    assert "Nothing passes these filters." in client.get(MAP, {"confidence": "none"}).content.decode()
    assert shown(client, department="MKT", confidence="high") == []
    page = client.get(MAP, {"department": "SAL", "by": "people"}).content.decode()
    assert (
        'href="?department=SAL&amp;by=list"' in page
        and "/okr/2026-Q4/map.svg?department=SAL&amp;by=people" in page
    )
    kept = client.get("/okr/", {"cycle": "2026-Q4", "department": "SAL", "confidence": "low", "by": "list"})
    assert kept["Location"] == "/okr/2026-Q4/?by=list&department=SAL&confidence=low"
    assert shown(client, by="nonsense", department="NOPE", confidence="x") == shown(client)


def test_the_drawing_shows_what_the_map_shows_to_who_may_see_it(cascade, signed_in, people):
    answer = signed_in(people["ceo"]).get(f"{MAP}map.svg", {"department": "SAL"})
    assert answer["Content-Type"] == "image/svg+xml" and "2026-Q4.svg" in answer["Content-Disposition"]
    texts = [one.text for one in ElementTree.fromstring(answer.content.decode()).iter(f"{SVG}text")]
    assert (
        "Marketplaces opened" in texts and "Sales · Sales · High" in texts and "Reviews written" not in texts
    )
    assert signed_in(people["logistics"]).get(f"{MAP}map.svg").status_code == 404


# What XML cannot hold never reaches a title: it is refused where titles are typed.
plain = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=120)


@given(
    st.lists(
        st.builds(Box, title=plain, facts=plain, below=st.lists(st.builds(Box, title=plain), max_size=4))
    )
)
def test_boxes_never_lie_upon_each_other_and_all_lie_within_the_drawing(boxes):
    drawn = ElementTree.fromstring(drawing.drawing("T", "n", boxes))
    whole = (int(drawn.get("width")), int(drawn.get("height")))
    placed = [
        tuple(int(one.get(name)) for name in ("x", "y", "width", "height"))
        for one in drawn.iter(f"{SVG}rect")
        if one.get("rx") == "6"
    ]
    assert len(placed) == len(boxes) + sum(len(one.below) for one in boxes)
    for place, (x, y, width, height) in enumerate(placed):
        assert x + width <= whole[0] and y + height <= whole[1]
        for other_x, other_y, other_width, other_height in placed[:place]:
            apart = (
                x + width <= other_x
                or other_x + other_width <= x
                or y + height <= other_y
                or other_y + other_height <= y
            )
            assert apart


def test_signs_that_no_xml_holds_are_left_out():
    drawn = drawing.drawing("T\x01", "n\x0b", [Box("a\x00b\ufffe <&>", facts="\x1b")])
    texts = [one.text for one in ElementTree.fromstring(drawn).iter(f"{SVG}text")]
    assert texts[0] == "T" and "ab <&>" in texts


def test_chinese_wraps_between_signs_and_a_long_text_ends_with_dots():
    assert drawing.wrapped("欧洲自有品牌销售额增长百分之三十并保持", 14) == [
        "欧洲自有品牌销售额增长百分之三十并",
        "保持",
    ]
    long = drawing.wrapped("word " * 60, 14)
    assert len(long) == drawing.MOST_LINES and long[-1].endswith("…")
