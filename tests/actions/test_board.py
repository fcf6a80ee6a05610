"""The board shows what was asked for, in columns, and one press moves an action."""

import datetime as dt

import pytest

from actions import board
from actions.models import Action
from reviewhub.people.models import Confidentiality
from tests import make

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 12, 6)
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "section#actions"}


def titles(wanted, reader):
    return [
        [card.action.title for card in column.cards] for column in board.columns(wanted, reader=reader, on=ON)
    ]


def test_columns_hold_not_started_in_progress_and_done_by_date(people):
    owner = people["owner"]
    make.action("later", owner, due="2026-12-20")
    make.action("sooner", owner, due="2026-12-01")
    make.action("undated", owner, due=None)
    make.action("running", owner, status="doing")
    make.action("old", owner, status="done", done_at=make.AT)
    make.action("fresh", owner, status="done", done_at=make.AT + dt.timedelta(days=1))
    make.action("dropped", owner, status="dropped")
    assert titles(board.Wanted(), owner) == [["sooner", "later", "undated"], ["running"], ["fresh", "old"]]


def test_filters_narrow_to_mine_overdue_and_department(people):
    make.action("mine late", people["owner"], due="2026-12-01")
    make.action("theirs late", people["marketing"], due="2026-12-01")
    make.action("mine", people["owner"], due="2026-12-06")
    assert titles(board.Wanted(mine=True), people["owner"])[0] == ["mine late", "mine"]
    assert titles(board.Wanted(overdue=True), people["owner"])[0] == ["mine late", "theirs late"]
    marketing = make.department("MKT")
    assert titles(board.Wanted(department=marketing), people["owner"])[0] == ["theirs late"]


def test_an_action_is_overdue_from_the_day_after_its_date(people):
    action = make.action(owner=people["owner"], due="2026-12-05")
    assert not board.is_overdue(action, dt.date(2026, 12, 5))
    assert board.is_overdue(action, dt.date(2026, 12, 6))


def test_a_long_column_shows_fifty_and_says_how_many_there_are(people):
    for number in range(53):
        make.action(f"a{number}", people["owner"])
    column = board.columns(board.Wanted(), reader=people["owner"], on=ON)[0]
    assert (len(column.cards), column.total) == (50, 53)


def test_the_page_needs_the_same_queries_for_one_action_and_three(people, signed_in, queries):
    client = signed_in(people["facilitator"])
    for address in ("/actions/", "/actions/?view=list"):
        counts = []
        for wanted in (1, 3):
            while Action.objects.count() < wanted:
                make.action(owner=make.user("owner", "MKT"))
            counts.append(queries(lambda address=address: client.get(address)))
        assert counts[0] == counts[1]
        Action.objects.all().delete()


def test_the_part_equals_the_same_part_of_the_whole_page(people, signed_in):
    client = signed_in(people["owner"])
    make.action(owner=people["owner"])
    part = client.get("/actions/", **HTMX).content.decode()
    assert part.startswith('<section id="actions"') and "<html" not in part
    assert (
        "<html"
        in client.get("/actions/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="main#other").content.decode()
    )


def test_one_press_moves_the_action_and_leads_back_to_the_filtered_board(people, signed_in):
    action = make.action(owner=people["owner"])
    answer = signed_in(people["owner"]).post(
        f"/actions/{action.pk}/status", {"status": "done", "next": "/actions/?mine=1"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/actions/?mine=1")
    action.refresh_from_db()
    assert action.status == "done" and action.done_at


def test_a_press_never_leads_to_another_site(people, signed_in):
    action = make.action(owner=people["owner"])
    answer = signed_in(people["owner"]).post(
        f"/actions/{action.pk}/status", {"status": "done", "next": "//evil.example"}
    )
    assert answer["Location"] == "/actions/"


def test_who_sees_but_may_not_move_is_refused_and_who_does_not_see_finds_nothing(people, signed_in):
    seen = make.action(owner=people["owner"])
    hidden = make.action(owner=people["ceo"], confidentiality=Confidentiality.SECRET)
    client = signed_in(people["marketing"])
    assert client.post(f"/actions/{seen.pk}/status", {"status": "done"}).status_code == 403
    assert client.post(f"/actions/{hidden.pk}/status", {"status": "done"}).status_code == 404
    assert client.post("/actions/999999/status", {"status": "done"}).status_code == 404
    assert set(Action.objects.values_list("status", flat=True)) == {"todo"}


@pytest.mark.parametrize("status", ["", "finished", "DONE"])
def test_an_unknown_status_is_refused_as_input(people, signed_in, status):
    action = make.action(owner=people["owner"])
    assert (
        signed_in(people["owner"]).post(f"/actions/{action.pk}/status", {"status": status}).status_code == 422
    )


def test_a_partner_sees_its_own_actions_only(people, signed_in):
    make.action("Answer the complaint", people["logistics"])
    make.action("Internal matter", people["owner"])
    page = signed_in(people["logistics"]).get("/actions/").content.decode()
    assert "Answer the complaint" in page and "Internal matter" not in page


def test_only_those_who_may_move_an_action_find_buttons(people, signed_in):
    action = make.action(owner=people["owner"])
    button = f'action="/actions/{action.pk}/status"'
    assert button in signed_in(people["owner"]).get("/actions/").content.decode()
    assert button not in signed_in(people["observer"]).get("/actions/").content.decode()


def test_a_moved_date_shows_the_first_one_struck_through(people, signed_in):
    make.action(owner=people["owner"], due="2026-12-12", original_due_on=dt.date(2026, 12, 5))
    page = signed_in(people["owner"]).get("/actions/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Sat 5 Dec</s>" in page and "Sat 12 Dec" in page
