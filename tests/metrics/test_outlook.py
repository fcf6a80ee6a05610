"""What is forecast for the months to come, and where the quarter and the year end with it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from metrics import sources, targets
from metrics.board_figures import BoardFigures
from metrics.boards import DECK
from metrics.outlook import outlook
from metrics.periods import Period
from metrics.targets import Aimed
from tests.metrics.figures import dictionary_of_today, year_of_sales

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _year(people):
    dictionary_of_today()
    year_of_sales(26)


def forecast(people, at, values, code="SAL_NET", scenario="forecast"):
    wanted = {Period.parse(text): None if value is None else Decimal(value) for text, value in values.items()}
    targets.set_goals(Aimed(code, scenario), wanted, by=people["finance"], at=at)


def seen(people, at, month="2026-10", code="SAL_NET", where=None):
    known = sources.standing(None, None, user=people["ceo"])
    figures = BoardFigures(
        DECK, Period.parse(month), known=known, user=people["ceo"], on=at.date(), where=where
    )
    return {one.period.text: one for one in outlook(figures, code)}, figures


def test_without_a_forecast_there_is_no_outlook(people, at):
    assert seen(people, at)[0] == {}


def test_the_next_month_the_quarter_and_the_year_land_where_figures_and_forecasts_lead(people, at):
    forecast(people, at, {"2026-11": 9000, "2026-12": 8000})
    found, figures = seen(people, at)
    october = figures.figure("SAL_NET", Period.parse("2026-10")).value
    so_far = figures.figure(
        "SAL_NET", Period.between(Period.parse("2026-01").start, Period.parse("2026-10").end)
    ).value
    assert {key: one.value for key, one in found.items()} == {
        "2026-11": Decimal(9000),
        "2026-Q4": october + 17000,
        "2026": so_far + 17000,
    }
    assert (found["2026-11"].so_far, found["2026-Q4"].so_far, found["2026"].so_far) == (None, october, so_far)
    # two days a month: 3·base on the three places, less 300 twice, less 5 % refunds
    assert october == Decimal(9 * 1000 - 600) * Decimal("0.95")


def test_what_is_not_forecast_to_its_end_does_not_land(people, at):
    forecast(people, at, {"2026-11": 9000})
    assert list(seen(people, at)[0]) == ["2026-11"]
    forecast(people, at, {"2026-11": None, "2026-12": 8000})
    assert seen(people, at)[0] == {}


def test_it_is_held_against_the_target_and_never_takes_one_for_a_forecast(people, at):
    forecast(people, at, {"2026-11": 9900}, scenario="target")
    assert seen(people, at)[0] == {}
    forecast(people, at, {"2026-11": 9000})
    found = seen(people, at)[0]["2026-11"]
    assert (found.target.value, found.target.change) == (Decimal(9900), Decimal(-900))


def test_a_ratio_has_its_next_month_only_and_a_part_has_none_of_the_whole(people, at):
    forecast(people, at, {"2026-11": "300", "2026-12": "310"}, code="SAL_AOV")
    forecast(people, at, {"2026-11": 9000, "2026-12": 8000})
    assert list(seen(people, at, code="SAL_AOV")[0]) == ["2026-11"]
    assert seen(people, at, where={"country": "Germany"})[0] == {}


@pytest.mark.parametrize(("language", "said"), [("en", "Forecast"), ("zh-hans", "预测")])
def test_the_page_shows_it_below_the_box_and_the_form_takes_it(
    people, at, signed_in, monkeypatch, language, said
):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: at.date())
    people["finance"].language = language
    people["finance"].save()
    client = signed_in(people["finance"])
    page = client.get("/metrics/SAL_NET/targets?scenario=forecast&year=2026").content.decode()
    assert f'value="forecast" selected>{said}' in page
    answer = client.post(
        "/metrics/SAL_NET/targets?scenario=forecast&year=2026", {"2026-11": "9,000", "2026-12": "x"}
    )
    assert answer.status_code == 422 and "9,000" in answer.content.decode()
    client.post(
        "/metrics/SAL_NET/targets?scenario=forecast&year=2026", {"2026-11": "9,000", "2026-12": "8000"}
    )
    deck = client.get("/boards/deck/?month=2026-10").content.decode()
    cells = deck.split('class="block-outlook"')[1].split("</dl>")[0]
    assert (
        cells.count("<dd>") == 3
        and said in cells
        and ("2026 Q4" if language == "zh-hans" else "Q4 2026") in cells
        and ("9,000" in cells or "9.00k" in cells)
    )
