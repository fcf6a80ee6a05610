"""Slips in a new version: found after the import, told with the guess in words, mended by one recorded click."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from metrics import importing, slip_search
from metrics.models import Slip, Submission
from metrics.periods import Period
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today
from tests.metrics.uploads import imported

pytestmark = pytest.mark.django_db
HEADER = "date,store,country,category,gross,discount,refund,shipping,units,currency"
FX = "month,rate_currency,rate_average,rate_closing,rate_budget"


def rows(month: str, days=28) -> list[list[str]]:
    """Two stores, one country; between 60 and 140 pieces a day at about 80 CNY."""
    pick = random.Random(month)
    found = []
    for day in range(1, days + 1):
        for store in ("amazon", "web"):
            units = pick.randrange(60, 140)
            gross = Decimal(units) * Decimal(pick.randrange(7_600, 8_400)).scaleb(-2)
            amounts = [f"{gross:.2f}", "0", "0", "0", f"{units}"]
            found.append([f"{month}-{day:02d}", store, "DE", "kitchen", *amounts, "CNY"])
    return found


def sales(month: str, at, by, *changes) -> Submission:
    """A month of sales; `changes` are (place of the row, column, text)."""
    table = rows(month)
    for place, column, text in changes:
        table[place][HEADER.split(",").index(column)] = text
    content = "\n".join([HEADER, *(",".join(row) for row in table), ""]).encode()
    job = imported(
        content, at=at, by=by, name=f"{month}.csv", period=Period.parse(month), profile="sales-daily"
    )
    assert job.submission, job.outcome["findings"][:3]
    return job.submission


@pytest.fixture
def past(people, at):
    dictionary_of_today()
    for month in ("2026-07", "2026-08", "2026-09"):
        sales(month, at, people["sales"])
    return people["sales"]


def test_calm_months_have_no_slips(past):
    assert Slip.objects.count() == 0 and Submission.objects.count() == 3


def gross_of(place: int) -> Decimal:
    return Decimal(rows("2026-10")[place][4])


def test_dollars_typed_as_yuan_are_found_at_their_cell_with_the_rate_of_the_month(past, people, at):
    fx = f"{FX}\n2026-10,USD,7.11,7.1,7.1\n".encode()
    job = imported(fx, at=at, by=people["finance"], name="fx.csv", period=Period.parse("2026-10"),
                   profile="fx", department=make.department("FIN"))  # fmt: skip
    assert job.submission
    typed = f"{gross_of(10) / Decimal('7.11'):.2f}"
    version = sales("2026-10", at, past, (10, "gross", typed))
    slip = Slip.objects.get()
    assert (slip.submission, slip.code, slip.metric) == (version, "CURRENCY", "SAL_GROSS")
    assert slip.days == ["2026-10-06"] and slip.members["platform"] == "amazon"
    assert (slip.params["currency"], slip.params["rate"], slip.params["rates"]) == (
        "USD",
        "7.1100",
        "handed_in",
    )
    [cell] = slip.cells
    assert (cell["row"], cell["column"], cell["before"]) == (12, "E", typed)
    assert cell["after"] == f"{Decimal(typed) * Decimal('7.11'):.2f}".rstrip("0").rstrip(".")


@pytest.mark.parametrize(
    ("column", "power", "code"),
    [("gross", 100, "PERCENT"), ("gross", Decimal("0.001"), "THOUSAND"), ("gross", Decimal("0.0001"), "WAN"),
     ("units", 1000, "THOUSAND"), ("units", 10000, "WAN")],
)  # fmt: skip
def test_powers_are_named_and_the_cell_gets_its_old_size_back(past, at, column, power, code):
    place = HEADER.split(",").index(column)
    was = Decimal(rows("2026-10")[21][place])
    typed = (was * power).quantize(Decimal(1) if column == "units" else Decimal("0.0001")).normalize()
    sales("2026-10", at, past, (21, column, f"{typed:f}"))
    slip = Slip.objects.get()
    assert slip.code == code and len(slip.cells) == 1
    assert abs(Decimal(slip.cells[0]["after"]) - was) <= was / 100


def test_a_turned_sign_and_a_copied_month_are_told(past, people, at):
    shipped = [(place, "shipping", "12.50") for place in range(56)]
    for month in ("2026-07", "2026-08", "2026-09"):
        sales(month, at, past, *shipped)
    october = [*shipped[:4], (4, "shipping", "-12.50"), *shipped[5:]]
    sales("2026-10", at, past, *october)
    slip = Slip.objects.get()
    assert (slip.code, slip.metric, slip.cells[0]["after"]) == ("SIGN", "SAL_SHIPREV", "12.5")


def test_the_old_file_under_new_dates_is_told_without_a_button(past, at):
    september = rows("2026-09")
    changes = [(place, column, row[HEADER.split(",").index(column)])
               for place, row in enumerate(september) for column in ("gross", "units")]  # fmt: skip
    sales("2026-10", at, past, *changes)
    found = {slip.metric: slip for slip in Slip.objects.all()}
    assert set(found) == {"SAL_GROSS", "SAL_UNITS"} and {one.code for one in found.values()} == {"SAME"}
    assert not any(one.cells for one in found.values())


def test_one_click_makes_the_corrected_version_and_the_log_says_who(past, people, at, signed_in):
    version = sales("2026-10", at, past, (10, "gross", f"{gross_of(10) * 100:.2f}"))
    slip = Slip.objects.get()
    past.language = "en"
    past.save()
    client = signed_in(past)
    page = client.get(f"/submissions/{version.pk}/").content.decode()
    assert (
        "Look like slips of the hand" in page and "times the expected" in page and "Correct the cell" in page
    )
    answer = client.post(f"/slips/{slip.pk}/fix", follow=True)
    assert answer.status_code == 200 and "/imports/" in answer.redirect_chain[-1][0]
    importing.run_waiting(clock=lambda: at)
    second = Submission.objects.get(period_start=dt.date(2026, 10, 1), number=2)
    assert Decimal(second.totals["SAL_GROSS"]) == sum(Decimal(row[4]) for row in rows("2026-10"))
    assert not second.slips.exists()
    line = Activity.objects.get(code="submission.corrected")
    assert (line.actor, list(line.after.values())) == (past, [f"{gross_of(10).normalize():f}"])
    assert client.post(f"/slips/{slip.pk}/fix").status_code == 409
    page = client.get(f"/submissions/{second.pk}/").content.decode()
    assert "corrected 1 cells of version 1" in page


def test_only_those_who_hand_in_have_the_button(past, people, at, signed_in):
    version = sales("2026-10", at, past, (10, "gross", f"{gross_of(10) * 100:.2f}"))
    slip = Slip.objects.get()
    analyst = make.user("analyst", "SAL", language="en")
    client = signed_in(analyst)
    page = client.get(f"/submissions/{version.pk}/").content.decode()
    assert "times the expected" in page and f"/slips/{slip.pk}/fix" not in page
    assert client.post(f"/slips/{slip.pk}/fix").status_code == 409
    for name in ("marketing", "logistics", "observer"):
        assert signed_in(people[name]).post(f"/slips/{slip.pk}/fix").status_code == 404, name
    assert signed_in(people["steward"]).post(f"/slips/{slip.pk}/fix").status_code == 409
    assert Submission.objects.filter(number=2).count() == 0


def test_a_file_with_one_mark_for_all_its_rows_is_mended_at_once(past, at):
    """A whole store in dollars: one guess, one correction of all its cells."""
    changes = [(place, "gross", f"{gross_of(place) / Decimal('7.1'):.2f}") for place in range(0, 56, 2)]
    sales("2026-10", at, past, *changes)
    slip = Slip.objects.get()
    assert (slip.code, slip.params["rates"], len(slip.days), len(slip.cells)) == ("CURRENCY", "usual", 28, 28)
    assert {cell["row"] for cell in slip.cells} == set(range(2, 58, 2))


def test_a_search_that_breaks_does_not_break_the_import(past, at, monkeypatch):
    monkeypatch.setattr(slip_search, "look", lambda *args, **more: 1 / 0)
    assert sales("2026-10", at, past).state == "draft"
