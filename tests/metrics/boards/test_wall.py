"""A board on a wall: which block is up, where its neighbours are, and who may look."""

import re

import pytest

from tests.metrics.figures import dictionary_of_today, year_of_sales

pytestmark = pytest.mark.django_db
WALL = "/boards/deck/wall/"


@pytest.fixture
def reader(people, signed_in):
    dictionary_of_today()
    people["ceo"].language = "en"
    people["ceo"].save()
    return signed_in(people["ceo"])


@pytest.fixture
def sold(reader):
    year_of_sales(14)


def shown(reader, **query):
    page = reader.get(WALL, {"month": "2026-10"} | query).content.decode()
    name = re.search(r'<h2 id="[\w-]+">([^<]+)</h2>', page)
    links = {
        int(step): url.replace("&amp;", "&")
        for url, step in re.findall(r'href="([^"]+)" data-step="(-?1)"', page)
    }
    return page, name and name[1], links


def test_one_block_is_up_and_its_neighbours_are_a_step_away(reader, sold):
    page, name, links = shown(reader)
    assert name == "Net sales" and page.count("<metric-chart") == 1 and " 1 / 3" in page.replace(">", " ")
    assert links[1] == f"{WALL}?month=2026-10&at=sal-ord&every=20"
    assert 'href="/boards/deck/?month=2026-10" data-leave' in page


def test_after_the_last_comes_the_first_and_before_the_first_the_last(reader, sold):
    _page, first, links = shown(reader)
    last = reader.get(links[-1]).content.decode()
    assert " 3 / 3" in last.replace(">", " ")
    onward = re.search(r'href="([^"]+)" data-step="1"', last)[1].replace("&amp;", "&")
    assert first in reader.get(onward).content.decode()


def test_the_filters_of_the_board_stay_and_the_board_leads_here(reader, sold):
    board = reader.get("/boards/deck/", {"month": "2026-09"}).content.decode()
    assert f'href="{WALL}?month=2026-09"' in board
    _page, _name, links = shown(reader, month="2026-09", every="60")
    assert links[1].endswith("?month=2026-09&at=sal-ord&every=60")


@pytest.mark.parametrize("every", ["", "0", "-5", "7", "20.0", "٣٠", "x" * 500])
def test_a_speed_that_is_not_offered_is_twenty_seconds(reader, sold, every):
    assert '<board-wall every="20">' in shown(reader, every=every)[0]


def test_a_block_that_does_not_exist_is_the_first(reader, sold):
    assert shown(reader, at="no-such-block")[1] == "Net sales"


def test_without_figures_it_says_so(reader):
    page, name, _links = shown(reader)
    assert "Nothing to show" in page and name is None and 'href="/boards/deck/" data-leave' in page


def test_exceptions_alone_where_the_address_asks_for_them(reader, people, sold):
    page = reader.get("/boards/deck/", {"month": "2026-10", "show": "exceptions"}).content.decode()
    alone = re.findall(r'<article class="block block--exception" id="([\w-]+)"', page)
    assert alone == ["sal-net", "sal-ord"]
    page, _name, links = shown(reader, show="exceptions")
    assert " 1 / 2" in page.replace(">", " ") and links[1].endswith("&show=exceptions&at=sal-ord&every=20")


def test_a_part_is_what_the_page_holds(reader, sold):
    headers = {"HX-Request": "true", "HX-Target": "div#wall"}
    part = reader.get(WALL, {"month": "2026-10", "at": "sal-ord"}, headers=headers).content.decode()
    assert part.lstrip().startswith('<div class="wall-sheet" id="wall">') and "<html" not in part


def test_who_may_not_open_the_board_finds_no_wall(people, signed_in):
    assert signed_in(people["sales"]).get("/boards/finance/wall/").status_code == 404
    assert signed_in(people["logistics"]).get(WALL).status_code == 404
    assert signed_in(people["ceo"]).get("/boards/nothing/wall/").status_code == 404
