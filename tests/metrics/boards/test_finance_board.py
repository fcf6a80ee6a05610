"""The finance board: statements that foot visibly, who may open it, and bridges that end where the readings do."""

from decimal import Decimal as D

import pytest

from metrics import sources
from metrics.board_figures import BoardFigures
from metrics.boards import BOARDS
from metrics.boards.finance import FINANCE
from metrics.boards.sales import SALES
from metrics.finance import Books
from metrics.periods import Period
from metrics.selling import Shop
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales

URL, MONTH = "/boards/finance/", {"month": "2026-10"}
LINES = {
    "FIN_REV": 1000, "FIN_COGS_PROD": 400, "FIN_COGS_FRT": 100, "FIN_COGS_OTH": 10, "FIN_SURTAX": 5,
    "FIN_EXP_SELL": 200, "FIN_EXP_MKT": 90, "FIN_EXP_PLAT": 60, "FIN_EXP_GA": 50, "FIN_EXP_RD": 40,
    "FIN_EXP_FIN": 5, "FIN_OTH": 10, "FIN_TAX": 30,
}  # fmt: skip
CASH = {"FIN_CASH_BEG": 500, "FIN_CFO": 80, "FIN_CFI": -30, "FIN_CFF": -10, "FIN_CFX": 1, "FIN_CASH_END": 541}
BALANCE = [("FIN_ASSET", "cash", "541"), ("FIN_ASSET", "inventory", "300"), ("FIN_LIAB", "loans", "241"),
           ("FIN_EQ", "capital", "600")]  # fmt: skip
BUDGET = [
    ("FIN_BUD", "MKT", "marketing", 80),
    ("FIN_ACT", "MKT", "marketing", 90),
    ("FIN_BUD", "TEC", "research", 50),
]
BUDGET += [("FIN_ACT", "TEC", "research", 40)]


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


def books(month="2026-10", factor=1, **changed):
    """A month of all statements; `changed` replaces amounts: cent="0.01" is added to the assets."""
    day = f"{month}-01"
    figures([(code, day, value * factor) for code, value in LINES.items()], period=month, profile="pnl")
    figures(
        [(code, day, changed.get(code, value)) for code, value in CASH.items()],
        period=month,
        profile="cashflow",
    )
    cent = D(changed.get("cent", "0"))
    rows = [(code, day, D(value), {"account": account}) for code, account, value in BALANCE]
    rows[0] = ("FIN_ASSET", day, rows[0][2] + cent, {"account": "cash"})
    figures(rows, period=month, profile="balance")
    rows = [(code, day, value, {"dept": dept, "account": account}) for code, dept, account, value in BUDGET]
    figures(rows, period=month, profile="budget")


def of_board(user, at, board=FINANCE):
    known = sources.standing(None, None, user=user)
    return BoardFigures(board, Period.parse("2026-10"), known=known, user=user, on=at.date())


def page_of(client, person) -> str:
    person.language = "en"
    person.save()
    return client.get(URL, MONTH).content.decode()


def test_statements_say_that_they_foot(people, signed_in):
    books()
    page = page_of(signed_in(people["finance"]), people["finance"])
    assert "Net profit: ¥170.00, to the cent" in page
    assert "Closing cash: ¥541.00, to the cent" in page
    assert "Liabilities and equity against assets: ¥841.00, to the cent" in page
    assert "difference" not in page


def test_a_planted_cent_is_shown(people, signed_in):
    books(cent="0.01", FIN_CASH_END=D("541.01"))
    page = page_of(signed_in(people["finance"]), people["finance"])
    assert "Liabilities and equity against assets: ¥841.00 added, ¥841.01 stated, difference ¥0.01" in page
    assert "Closing cash: ¥541.00 added, ¥541.01 stated, difference ¥0.01" in page
    assert "Net profit: ¥170.00, to the cent" in page


def test_opening_cash_that_is_not_what_was_left_is_shown(people, signed_in):
    books("2026-09", FIN_CASH_END=499)
    books()
    page = page_of(signed_in(people["finance"]), people["finance"])
    assert (
        "Opening cash against the closing cash before: ¥499.00 added, ¥500.00 stated, difference ¥1.00"
        in page
    )


def test_the_bridge_of_net_profit_ends_where_the_reading_does(people, at):
    books("2025-10", factor=D("0.5"))
    books()
    found = Books(of_board(people["finance"], at))
    then, now = (found.value("FIN_NP", one) for one in (found.year_before, found.month))
    assert (then, now) == (85, 170) and then + sum(value for _key, value in found.profit_steps) == now


def test_a_budget_of_a_line_is_that_of_its_account_and_none_elsewhere(people, at):
    books()
    found = {one.key: one for one in Books(of_board(people["finance"], at)).income}
    assert (found["FIN_EXP_MKT"].budget, found["FIN_EXP_RD"].budget, found["FIN_REV"].budget) == (
        80,
        50,
        None,
    )
    assert (found["FIN_EXP_MKT"].on_budget, found["FIN_EXP_RD"].on_budget) == (10, -10)
    assert found["FIN_NP"].then is None is found["FIN_NP"].on_year  # no year before: not known, not nought


def test_bullets_are_of_the_year_with_the_time_that_is_gone(people, at):
    for month in ("2026-09", "2026-10", "2026-11"):
        books(month)
    market, tech = Books(of_board(people["finance"], at)).bullets
    assert (market.department, market.budget, market.actual, market.over) == ("MKT", 240, 180, 0)
    assert (tech.budget, tech.actual) == (150, 80)
    assert market.gone == D(61) / 91


def test_what_is_unexplained_between_sales_and_revenue_is_a_step_of_its_own(people, at):
    books()
    day = "2026-10-01"
    figures([("SAL_GROSS", day, 950), ("SAL_SHIPREV", day, 30)], zero=["SAL_DISC", "SAL_REF"])
    steps = Books(of_board(people["finance"], at)).sales_to_revenue
    assert steps[0] == ("SAL_NET", 950) and steps[-2:] == [("REST", 20), ("FIN_REV", 1000)]
    assert sum(value for code, value in steps if code != "FIN_REV") == 1000


@pytest.mark.parametrize("person", ["finance", "ceo", "steward"])
def test_finance_executives_and_data_owners_open_it(people, signed_in, person):
    books()
    page = signed_in(people[person]).get(URL, MONTH).content.decode()
    assert page.count('class="block-number"') == len(list(FINANCE.blocks))


@pytest.mark.parametrize("person", "logistics sales marketing supply tech owner observer hr admin".split())
def test_for_others_it_is_not_there(people, signed_in, person):
    books()
    client = signed_in(people[person])
    assert [client.get(url).status_code for url in (URL, f"{URL}income.csv")] == [404, 404]
    assert "boards/finance" not in client.get("/").content.decode()


def test_margins_stay_hidden_on_the_sales_board_from_who_may_not_read_them(people, signed_in):
    year_of_sales(2)
    day = "2026-10-01"
    figures([("FIN_COGS_PROD", day, 40, {"category": "pet"})], profile="pnl")
    figures([("SAL_GROSS", day, 90, {"category": "pet", "platform": "web", "country": "France"})], profile="x",
            zero=["SAL_DISC", "SAL_REF"])  # fmt: skip
    shown = signed_in(people["ceo"]).get("/boards/sales/", MONTH).content.decode()
    hidden = signed_in(people["marketing"]).get("/boards/sales/", MONTH).content.decode()
    assert 'id="lifecycle"' in shown and 'id="lifecycle"' not in hidden and 'id="pareto"' in hidden


def test_parts_of_the_sales_board_add_up(people, at):
    year_of_sales(14)
    shop = Shop(of_board(people["ceo"], at, SALES))
    whole = shop.value("SAL_NET", shop.month)
    for dimension in ("region", "country"):
        assert sum(row.value for row in shop.ranked(dimension)) == whole
    assert sum(shop.share(part, shop.month) for _code, part in shop.platforms) == 1
    assert shop.drivers is None  # units were not handed in


@pytest.mark.parametrize("board", [SALES, FINANCE], ids=lambda one: one.code)
def test_without_a_year_before_nothing_is_invented(people, signed_in, board):
    books()
    year_of_sales(1)
    page = signed_in(people["ceo"]).get(f"/boards/{board.code}/", MONTH).content.decode()
    assert "None" not in page and "Traceback" not in page
    assert board in BOARDS
