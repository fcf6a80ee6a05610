"""No task without a thread to the company is shown as traced, and the map of 2,000 nodes costs what one of 50 does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from okr.analysis import Analysis
from okr.cascade import Cascade
from okr.models import Contribution, Cycle, KeyResult, Measurement
from okr.tree import COMPANY, OBJECTIVE, RESULT, TASK, Node, Tree
from okr.web.cards import MOST, Cards
from tests import make

KINDS = (OBJECTIVE, RESULT, TASK)
# Kind, department and the place of the parent of each node; places beyond the last are parents that nobody sees.
nodes = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from((COMPANY, "SAL", "SCM")),
    st.one_of(st.none(), st.integers(0, 14)),
)
trees = st.lists(nodes, min_size=1, max_size=12).map(
    lambda rows: Tree(
        Node(f"N{n}", kind, "", parent=None if place is None else f"N{place}", department=department)
        for n, (kind, department, place) in enumerate(rows)
    )
)


def led_to_company(tree: Tree, key: str) -> bool:
    """Worked out from the company downwards, the other way round than the code does it."""
    found = {node.key for node in tree if node.kind != TASK and node.department == COMPANY}
    size = -1
    while len(found) != size:
        size = len(found)
        found |= {node.key for node in tree if node.parent in found}
    return key in found


def on_cards(cards):
    for card in cards:
        yield card
        yield from on_cards(card.below)


def lanes(tree: Tree):
    cycle = Cycle(code="2026-Q4")
    found = Cascade(cycle=cycle, user=None, analysis=Analysis(tree), standings={}, plain_results={})
    return Cards(found, {}).lanes()


@given(trees)
def test_a_node_is_traced_exactly_where_the_company_leads_down_to_it(tree):
    for node in tree:
        assert tree.reaches_company(node.key) is led_to_company(tree, node.key)


@given(trees)
def test_no_task_without_a_thread_is_ever_shown_as_traced(tree):
    aligned, _loose = lanes(tree)
    shown = [card.node.key for card in on_cards(aligned) if card.node.kind == TASK]
    assert all(led_to_company(tree, key) for key in shown)


@given(trees)
def test_every_card_is_shown_once(tree):
    aligned, loose = lanes(tree)
    shown = [card.node.key for card in on_cards([*aligned, *loose])]
    assert len(shown) == len(set(shown))


@given(trees)
def test_every_node_has_its_card_even_in_a_circle(tree):
    aligned, loose = lanes(tree)
    assert {card.node.key for card in on_cards([*aligned, *loose])} == {node.key for node in tree}


@pytest.mark.django_db
def test_what_hangs_on_nothing_and_finds_no_place_is_counted_and_the_company_comes_first(people, signed_in):
    objective, _result = make.cascade(people)
    KeyResult.objects.bulk_create(
        KeyResult(cycle=objective.cycle, department=make.department("SAL"), title=f"Loose {n:03}")
        for n in range(500)
    )
    people["ceo"].language = "en"
    people["ceo"].save()
    answer = signed_in(people["ceo"]).get("/okr/2026-Q4/")
    assert [card.node.title for card in answer.context["aligned"]] == [objective.title]
    assert (len(answer.context["loose"]), answer.context["more"]) == (199, 301)
    assert "301 more hang on nothing: see what is to be mended" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "shown"), [("1", 50), ("11", 1), ("99", 1), ("x", 50)])
def test_what_is_to_be_mended_comes_in_pages_of_fifty_nodes(people, signed_in, asked, shown):
    objective, _result = make.cascade(people)
    sales = make.department("SAL")
    KeyResult.objects.bulk_create(
        KeyResult(cycle=objective.cycle, department=sales, title=f"Loose {n:03}") for n in range(500)
    )
    answer = signed_in(people["ceo"]).get("/okr/2026-Q4/gaps/", {"page": asked})
    page = answer.context["page"]
    assert (page.paginator.count, len(page.object_list)) == (501, shown)
    assert answer.content.decode().count('scope="rowgroup"') == shown


@pytest.mark.django_db
def test_a_map_of_2000_nodes_asks_what_one_of_50_asks_and_shows_200(people, signed_in, pages_at):
    objective, result = make.cascade(people)
    sales, client = make.department("SAL"), signed_in(people["ceo"])

    def grown_by(number):
        KeyResult.objects.bulk_create(
            KeyResult(cycle=objective.cycle, parent=result, department=sales, title=f"Result {n:04}")
            for n in range(number)
        )
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/okr/2026-Q4/")
        return len(asked), list(on_cards([*page.context["aligned"], *page.context["loose"]]))

    client.get("/okr/2026-Q4/")  # what is read once and kept
    few, cards = grown_by(48)
    assert len(cards) == 50 and not any(card.hidden for card in cards)
    many, cards = grown_by(1950)
    assert len(cards) == MOST == 200 and sum(card.hidden for card in cards) == 1800
    assert many == few


@pytest.mark.django_db
def test_every_change_of_what_a_map_shows_is_on_the_next_one_for_everybody(people, signed_in):
    """The map is remembered by what it rests on; what it rests on is tried one by one."""
    _objective, result = make.cascade(people)
    task = make.action(owner=people["sales"], title="First", result=result)
    clients = [signed_in(people["ceo"]), signed_in(people["supply"])]

    def shown():
        pages = {
            client.get("/okr/2026-Q4/").content.decode().split('class="okr-bar"')[1] for client in clients
        }
        lanes = {page[page.index("okr-coverage") :] for page in pages}
        assert len(lanes) == 1
        return lanes.pop()

    def changed(row, **fields):
        type(row).objects.filter(pk=row.pk).update(**fields)

    helped = KeyResult.objects.create(cycle=result.cycle, department=make.department("SCM"), title="Helped")
    seen = [shown()]
    assert shown() == seen[0]
    for change in (
        lambda: changed(task, title="Second"),
        lambda: changed(task, due_on=None),
        lambda: changed(task, owner=None),
        lambda: changed(people["sales"], name_latin="Renamed", name="改名"),
        lambda: changed(result, title="Shops"),
        lambda: changed(result, stance="stretch"),
        lambda: Measurement.objects.create(
            result=result, value=15 * 10**6, on=make.AT.date(), evidence="list", at=make.AT
        ),
        lambda: Contribution.objects.create(
            giver=result,
            receiver=helped,
            asked_at=make.AT,
            asked_by=people["sales"],
            from_helper=True,
            accepted_at=make.AT,
            accepted_by=people["supply"],
        ),
        lambda: changed(result, target=None),
        lambda: changed(task, status="dropped"),
        lambda: changed(result, dropped_at=make.AT),
        lambda: changed(make.department("SCM"), name_zh="仓配", name_en="Warehouses"),
    ):
        change()
        seen.append(shown())
    assert [place for place, page in enumerate(seen) if page in seen[:place]] == []


@pytest.mark.django_db
def test_a_confidential_task_is_on_the_map_of_its_own_people_alone(people, signed_in):
    _objective, result = make.cascade(people)
    make.action(owner=people["sales"], title="Secret", result=result, confidentiality=3)
    for _again in range(2):
        assert "Secret" in signed_in(people["sales"]).get("/okr/2026-Q4/").content.decode()
        assert "Secret" not in signed_in(people["ceo"]).get("/okr/2026-Q4/").content.decode()
