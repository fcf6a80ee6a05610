"""Totals that miss their parts in a new version: told with the cell that mends it, and on the checks page."""

from decimal import Decimal

import pytest

from metrics import importing
from metrics.models import Slip, Submission
from metrics.periods import Period
from tests import make
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.uploads import imported

pytestmark = pytest.mark.django_db
HEADER = "date,store,country,category,gross,discount,refund,shipping,units,currency"
OCTOBER = Period.parse("2026-10")


def row(day, store: str, gross, country="DE") -> str:
    on = f"2026-10-{day:02d}" if isinstance(day, int) else day
    return f"{on},{store},{country},kitchen,{gross},0,0,0,{6 if store == '合计' else 3},CNY"


def version(at, by, lines: list[str], name="october.csv") -> Submission:
    job = imported(
        "\n".join([HEADER, *lines, ""]).encode(),
        at=at,
        by=by,
        name=name,
        period=OCTOBER,
        profile="sales-daily",
    )
    assert job.submission, job.outcome["findings"][:3]
    return job.submission


@pytest.fixture
def sales(people):
    dictionary_of_today()
    return people["sales"]


def by_day(amazon_on_the_third="1050.00") -> list[str]:
    lines = []
    for day in range(1, 6):
        amazon = amazon_on_the_third if day == 3 else "1050.00"
        lines += [row(day, "amazon", amazon), row(day, "web", "420.50"), row(day, "合计", "1470.50")]
    return lines


def test_days_that_fit_their_totals_have_no_slip_and_no_warning_about_them(sales, at):
    made = version(at, sales, by_day())
    assert not Slip.objects.exists() and Decimal(made.totals["SAL_GROSS"]) == Decimal("7352.50")
    assert {one["code"] for one in made.findings} == {"TOTAL_ROW"}


def test_a_platform_a_hundred_times_too_large_misses_its_total_and_is_mended_by_one_click(
    sales, at, signed_in
):
    made = version(at, sales, by_day("105000"))
    slip = Slip.objects.get()
    assert (slip.code, slip.metric, slip.days) == ("PARTS", "SAL_GROSS", ["2026-10-03"])
    assert slip.params == {"stated": "1470.5", "added": "105420.5", "row": 10, "sheet": "", "dimension": "platform",
                           "guess": "PERCENT", "at": 8}  # fmt: skip
    assert slip.cells == [{"sheet": "", "row": 8, "column": "E", "before": "105000", "after": "1050"}]
    sales.language = "en"
    sales.save()
    client = signed_in(sales)
    page = client.get(f"/submissions/{made.pk}/").content.decode()
    assert "adds up to 105,420.50; the total in row 10 says 1,470.50." in page
    assert "It fits if row 8 is off by a factor of a hundred." in page
    assert client.post(f"/slips/{slip.pk}/fix").status_code == 302
    importing.run_waiting(clock=lambda: at)
    second = Submission.objects.get(number=2)
    assert Decimal(second.totals["SAL_GROSS"]) == Decimal("7352.50") and not second.slips.exists()


def test_a_week_that_misses_its_days_is_told_without_a_button_where_nothing_explains_it(sales, at):
    lines = [row(day, "web", "100.00") for day in range(5, 12)] + [row("W41 合计", "", "690.00", "")]
    lines += [row(day, "web", "110.00") for day in range(12, 19)] + [row("第42周合计", "", "770.00", "")]
    version(at, sales, lines)
    slip = Slip.objects.get()
    assert (slip.code, slip.days[0], len(slip.days), slip.cells) == ("WEEK", "2026-10-05", 7, [])
    assert (slip.params["stated"], slip.params["added"], slip.params["row"]) == ("690", "700", 9)


FEES = "week,store,fee_type,amount,currency"


def fees(at, by, *lines) -> Submission:
    content = "\n".join([FEES, *lines, ""]).encode()
    job = imported(content, at=at, by=by, name="fees.csv", period=OCTOBER, profile="platform-fees",
                   department=make.department("FIN"))  # fmt: skip
    assert job.submission, job.outcome["findings"][:3]
    return job.submission


def daily_fees(values) -> Submission:
    """Fees by day, as the transactions of a platform bring them."""
    rows = [
        ("SAL_PLATFEE", f"2026-10-{day:02d}", value, {"platform": "amazon"}) for day, value in values.items()
    ]
    return figures(rows, state="draft", profile="amazon-transactions", code="FIN")


def test_a_week_that_misses_the_days_of_another_table_is_mended_where_it_is_to_blame(sales, people, at):
    daily_fees({day: "100.00" for day in range(5, 19)})
    fees(
        at,
        people["finance"],
        "2026-10-05,amazon,commission,700.00,CNY",
        "2026-10-12,amazon,commission,70000.00,CNY",
    )
    slip = Slip.objects.get()
    assert (slip.code, slip.days, slip.members["platform"]) == ("WEEK", ["2026-10-12"], "amazon")
    assert (slip.params["table"], slip.params["guess"]) == ("amazon-transactions", "PERCENT")
    assert [(cell["row"], cell["column"], cell["after"]) for cell in slip.cells] == [(3, "D", "700")]


def test_a_week_at_the_end_of_the_month_is_held_against_the_days_that_the_month_has(sales, people, at):
    daily_fees({day: "100.00" for day in range(19, 32)})
    lines = ("2026-10-19,amazon,commission,700.00,CNY", "2026-10-26,amazon,commission,60000.00,CNY")
    fees(at, people["finance"], *lines)
    slip = Slip.objects.get()
    assert (slip.days, slip.params["guess"], slip.params["added"]) == (["2026-10-26"], "PERCENT", "600")
    assert [(cell["row"], cell["column"], cell["after"]) for cell in slip.cells] == [(3, "D", "600")]


def test_the_same_fees_by_week_and_by_day_count_twice_and_that_is_told(sales, people, at):
    daily_fees({day: "100.00" for day in range(5, 19)})
    fees(
        at,
        people["finance"],
        "2026-10-05,amazon,commission,700.00,CNY",
        "2026-10-12,amazon,commission,700.00,CNY",
    )
    slip = Slip.objects.get()
    assert (slip.code, slip.params["stated"], slip.cells) == ("TWICE", "1400", [])


def test_the_checks_page_names_slips_with_the_way_to_their_version(sales, at, signed_in, people):
    review = make.review()
    made = version(at, sales, by_day("105000"))
    sales.language = "en"
    sales.save()
    page = signed_in(sales).get(f"/reviews/{review.code}/checks/?department=SAL").content.decode()
    assert "Look like slips of the hand" in page and f"/submissions/{made.pk}/#slips" in page
    other = signed_in(people["marketing"]).get(f"/reviews/{review.code}/checks/").content.decode()
    assert "Look like slips of the hand" not in other
