"""The board of execution: by first promised dates, by department, since the last word; thanks from meetings."""

import datetime as dt

import plotly.graph_objects as go
import pytest

from actions import execution
from actions.models import Action, CheckIn
from metrics.boards import BOARDS
from metrics.periods import Period
from reviewhub.people.models import Confidentiality, Department
from tests import make
from tests.metrics.test_boards import charts_in, year_of_sales

UTC = dt.UTC
DAY = dt.date
OCTOBER = Period.parse("2026-10")


def promise(**more) -> execution.Promise:
    told = {"department": None, "status": "todo", "first_due_on": None, "due_on": None, "done_on": None}
    return execution.Promise(**(told | {"heard_on": DAY(2026, 10, 1)} | more))


def test_weeks_count_what_was_first_promised_and_what_was_done_by_their_ends():
    first, later = DAY(2026, 10, 14), DAY(2026, 10, 28)
    found = [
        promise(first_due_on=first, due_on=first, done_on=DAY(2026, 10, 13), status="done"),
        promise(first_due_on=first, due_on=later),
        promise(first_due_on=first, due_on=first, done_on=DAY(2026, 10, 27), status="done"),
        promise(first_due_on=DAY(2025, 1, 1), due_on=DAY(2025, 1, 1)),  # before these weeks
        promise(first_due_on=DAY(2026, 12, 1), due_on=DAY(2026, 12, 1)),  # behind them
        promise(done_on=DAY(2026, 10, 13), status="done"),  # never had a date
    ]
    weeks = execution.burn_up(found, Period.containing(DAY(2026, 10, 31), "week"))
    assert (len(weeks), weeks[0].period.text, weeks[-1].period.text) == (13, "2026-W32", "2026-W44")
    assert [(one.promised, one.due, one.done) for one in weeks[-4:]] == [
        (0, 0, 0),
        (3, 2, 1),
        (3, 2, 1),
        (3, 3, 2),
    ]


def test_a_department_is_counted_by_month_and_day():
    on = DAY(2026, 11, 22)
    ours = execution.Counts(
        "Sales",
        [
            promise(
                first_due_on=DAY(2026, 10, 9),
                due_on=DAY(2026, 10, 9),
                done_on=DAY(2026, 10, 9),
                status="done",
            ),
            promise(
                first_due_on=DAY(2026, 10, 9),
                due_on=DAY(2026, 10, 30),
                done_on=DAY(2026, 10, 30),
                status="done",
            ),
            promise(first_due_on=DAY(2026, 11, 21), due_on=DAY(2026, 11, 21), confidence="low"),
            promise(first_due_on=DAY(2026, 11, 22), due_on=DAY(2026, 11, 22), heard_on=DAY(2026, 11, 8)),
            promise(heard_on=DAY(2026, 10, 25)),
            promise(heard_on=DAY(2026, 10, 24)),
        ],
    )
    assert (ours.finished(OCTOBER), ours.in_time(OCTOBER)) == (2, (1, 2))
    assert (ours.open(on, late=True), ours.open(on, late=False)) == (1, 3)
    assert ours.sure() == {"high": 0, "mid": 0, "low": 1, "": 3}
    assert ours.ages(on) == {"fresh": 1, "stale": 1, "silent": 2}


@pytest.fixture
def promised(people, at):
    """Two actions of Sales, one of them overdue, a confidential one and a dropped one."""
    sales = Department.objects.get(code="SAL")
    rows = [
        ("Price test", "todo", DAY(2026, 10, 14), Confidentiality.INTERNAL),
        ("New labels", "doing", DAY(2026, 12, 1), Confidentiality.INTERNAL),
        ("Quiet talks", "todo", DAY(2026, 10, 14), Confidentiality.CONFIDENTIAL),
        ("Dropped plan", "dropped", DAY(2026, 10, 14), Confidentiality.INTERNAL),
    ]
    return [
        Action.objects.create(
            title=title, status=status, due_on=due, original_due_on=due, department=sales, owner=people["sales"],
            raised_at=dt.datetime(2026, 9, 1, 20, 0, tzinfo=UTC), confidentiality=secrecy,
        )
        for title, status, due, secrecy in rows
    ]  # fmt: skip


def test_the_last_word_is_that_of_the_newest_check_in(people, promised, settings):
    action = promised[0]
    for day, confidence in ((3, "high"), (17, "")):
        CheckIn.objects.create(
            action=action, by=people["sales"], at=dt.datetime(2026, 10, day, 17, 0, tzinfo=UTC), cycle_key="2026-W42",
            status_before="todo", status_after="todo", confidence=confidence,
        )  # fmt: skip
    found = execution.promises(people["ceo"], dt.timezone(dt.timedelta(hours=8)))
    assert len(found) == 2  # neither the confidential one of others nor the dropped one
    first = next(one for one in found if one.first_due_on == DAY(2026, 10, 14))
    assert (first.heard_on, first.confidence) == (DAY(2026, 10, 18), "high")
    assert len(execution.promises(people["sales"], UTC)) == 3


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_board_draws_and_lists_what_was_promised(people, promised, signed_in, pages_at, language):
    year_of_sales(14)
    make.blocker(promised[0], people["tech"])
    people["ceo"].language = language
    people["ceo"].save()
    client = signed_in(people["ceo"])
    page = client.get("/boards/execution/", {"month": "2026-10"}).content.decode()
    figures = charts_in(page)
    assert len(figures) == 5
    for figure in figures:
        go.Figure(figure)
    rows = (
        client.get("/boards/execution/departments.csv", {"month": "2026-10"})
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert rows[1].endswith(",0,1,1,0/1") and "Quiet talks" not in page
    last = (
        client.get("/boards/execution/burn-up.csv", {"month": "2026-10"})
        .content.decode("utf-8-sig")
        .splitlines()[-1]
    )
    assert last.endswith(",1,1,0")


def test_the_deck_names_open_actions_that_are_due_next(people, promised, signed_in):
    year_of_sales(14)
    page = signed_in(people["ceo"]).get("/boards/deck/", {"month": "2026-10"}).content.decode()
    strip = page.split('class="open-strip"')[1].split("</nav>")[0]
    assert strip.index("Price test") < strip.index("New labels") and f"/actions/{promised[0].pk}/" in strip
    assert "Quiet talks" not in strip and "Dropped plan" not in strip


def test_without_actions_the_board_says_where_they_come_from(people, signed_in):
    year_of_sales(14)
    people["ceo"].language = "en"
    people["ceo"].save()
    client = signed_in(people["ceo"])
    page = client.get("/boards/execution/", {"month": "2026-10"}).content.decode()
    assert charts_in(page) == [] and page.count("They come from meetings") == 4
    assert 'class="open-strip"' not in client.get("/boards/deck/").content.decode()
    assert client.get("/boards/execution/burn-up.csv").status_code == 404


def test_the_board_stands_among_the_others_and_is_closed_to_partners(people, signed_in):
    assert [one.code for one in BOARDS].count("execution") == 1
    assert [one.code for one in next(one for one in BOARDS if one.code == "execution").sections][
        -1
    ] == "thanks"
    assert signed_in(people["logistics"]).get("/boards/execution/").status_code == 404
