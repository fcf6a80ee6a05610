"""What a peak season does to figures: its limits replace the normal ones at hand-in, in checks and on boards."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from django.utils import translation

from metrics import cycles, exceptions, marks, peak_seasons, sources
from metrics.board_figures import BoardFigures
from metrics.boards import DECK, board
from metrics.models import PeakSeason
from metrics.peaks import Limit
from metrics.periods import Period
from reviewhub.people.models import User
from tests import make
from tests.metrics.checks.test_asking import asked, part, weeks_with_a_sale
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales
from tests.metrics.test_boards import noisy_sales
from tests.metrics.test_promotions import history, november

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")
NAMES = ("prepares_on", "starts_on", "ends_on", "settles_on")


@pytest.fixture(autouse=True)
def english(people):
    User.objects.update(language="en")
    for person in people.values():
        person.language = "en"
    dictionary_of_today()
    with translation.override("en"):
        yield


def season(people, *days, limits, **fields) -> PeakSeason:
    """From the first day to the last one; the peak are the two days between."""
    given = zip(NAMES, map(dt.date.fromisoformat, days), strict=True)
    return make.peak_season(people["ceo"], limits=limits, **dict(given), **fields)


def in_october(people, limits, **fields) -> PeakSeason:
    return season(people, "2026-10-01", "2026-10-10", "2026-10-12", "2026-11-01", limits=limits, **fields)


def change(low=None, high=None) -> dict:
    return {"low": low, "high": high, "of_change": True}


def value(low=None, high=None) -> dict:
    return {"low": low, "high": high, "of_change": False}


# --- At hand-in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "total", "asks"),
    [
        (
            change("-0.1", "2"),
            "850",
            False,
        ),  # 300 a year before: 270 to 900; the season alone lets expect 300
        (change("-0.1", "2"), "900", False),
        (change("-0.1", "2"), "900.01", True),
        (change("-0.1", "2"), "269", True),
        (change("0.5"), "310", True),  # the normal band would have let it pass
        (change("0.5"), "450", False),
    ],
)
def test_a_total_is_held_against_the_limit_of_the_season(people, limit, total, asks):
    history()
    make.peak_season(people["ceo"], limits={"SAL_GROSS": limit})
    found = exceptions.of(november(total))
    assert [one.key for one in found] == (["total:SAL_GROSS"] if asks else [])
    if asks:
        own = found[0].expected
        assert (own.peak.name_en, own.own.of_change) == ("Singles' Day 2026", True)
        assert own.low == 300 * (1 + Decimal(limit["low"]))


def test_a_season_of_another_platform_or_without_the_figure_of_last_year_changes_nothing(people):
    history(highs=("2024-11",), months=11)
    make.peak_season(people["ceo"], limits={"SAL_GROSS": change("5")}, platforms=["tmall"])
    assert exceptions.of(november("100")) == []
    PeakSeason.objects.update(platforms=[])
    assert exceptions.of(november("100", number=2)) == [], "November 2025 is not known"


def test_the_page_of_a_version_says_by_which_season_it_was_judged(people, signed_in):
    history()
    make.peak_season(people["ceo"], limits={"SAL_GROSS": change("0.5")})
    row = november("310")
    page = " ".join(signed_in(people["sales"]).get(f"/submissions/{row.pk}/").content.decode().split())
    said = "Judged with the limits of Singles&#x27; Day 2026: at least +50.0 % on last year."
    assert (
        said in page and "Needs no sentence from 450.00 on" in page and "Compared with Nov 2025" not in page
    )


# --- In checks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "figure", "far"),
    [
        (change(None, "1.5"), 2000, []),
        (change(None, "1.5"), 3500, ["2026-W15"]),
        (None, 2000, ["2026-W15"]),
    ],
)
def test_a_week_that_a_season_admits_is_no_outlier(people, limit, figure, far):
    rows = weeks_with_a_sale(figure)
    for month in sorted({row[1][:7] for row in rows}):
        figures([row for row in rows if row[1].startswith(month)], period=month)
    if limit:
        days = ("2026-04-01", "2026-04-08", "2026-04-10", "2026-04-20")
        season(people, *days, limits={"SAL_GROSS": limit})
    check = asked(Period.parse("2026-04"))["SAL_GROSS:outlier(z3.5,8w)"]
    assert [place.period for place in check.places] == far and part()


# --- On boards -------------------------------------------------------------------------------------------------


def figures_of(user, month=OCTOBER, of=DECK) -> BoardFigures:
    known = sources.standing(None, None, user=user)
    return BoardFigures(of, month, known=known, user=user, on=dt.date(2026, 11, 22))


@pytest.mark.parametrize(
    ("last", "limit", "rule"),
    [
        (1010, change("0.01"), ""),  # 1,000 a year before: 1,010 is what it takes
        (1010, change("0.05"), "season"),
        (500, change("-0.6"), ""),  # outside the normal limits, within those of the season
        (500, change("-0.4"), "season"),
    ],
)
def test_a_month_of_a_season_is_judged_by_its_limit_alone(people, last, limit, rule):
    noisy_sales(last=last)
    in_october(people, {"SAL_NET": limit})
    page = figures_of(people["ceo"])
    _block, judged = page.judgements["SAL_NET"]
    assert (judged.rule, judged.is_up, judged.peak.name_en) == (rule, False, "Singles' Day 2026")
    assert ("SAL_NET" in page.exceptions) == bool(rule)


def test_a_rate_is_held_against_the_limit_itself_and_other_metrics_against_their_history(people):
    noisy_sales(last=500)
    in_october(people, {"SAL_AOV": value("40", "60")})
    page = figures_of(people["ceo"])
    assert list(page.exceptions) == ["SAL_NET"] and page.judgements["SAL_AOV"][1].own == Limit(
        Decimal(40), Decimal(60)
    )


def test_a_month_outside_the_season_and_a_partner_are_judged_as_ever(people):
    noisy_sales(last=500)
    row = in_october(people, {"SAL_NET": change("-0.6")})
    assert figures_of(people["logistics"]).peaks == []
    PeakSeason.objects.filter(pk=row.pk).update(
        prepares_on=dt.date(2026, 10, 20),
        starts_on=dt.date(2026, 11, 9),
        ends_on=dt.date(2026, 11, 12),
        settles_on=dt.date(2026, 11, 19),
    )
    assert figures_of(people["ceo"]).exceptions["SAL_NET"].rule == "outside"


def test_a_block_that_is_no_headline_is_judged_by_the_season(people):
    stock = [("SC_DOC", "2026-10-31", 2000, {"warehouse": "NJ"})]
    figures(stock, period="2026-10", profile="stock")
    in_october(people, {"SC_DOC": value("30")})
    page = figures_of(people["ceo"], of=board("supply"))
    assert {code: (place, one.rule) for code, (place, one) in page.judgements.items()} == {
        "SC_DOC": ("cover", "season")
    }


def test_the_seasons_are_frozen_with_the_month(people):
    review = make.review()
    cycles.pin(review)
    noisy_sales(last=500)
    in_october(people, {"SAL_NET": change("-0.6")})
    snapshot = make.freeze(review, people)
    assert [one["name_en"] for one in snapshot.document["peak_seasons"]] == ["Singles' Day 2026"]
    PeakSeason.objects.all().delete()
    known = sources.standing(None, None, snapshot=snapshot)
    page = BoardFigures(DECK, OCTOBER, known=known, on=dt.date(2026, 11, 22), snapshot=snapshot)
    assert (
        page.judgements["SAL_NET"][1].peak.name_en == "Singles' Day 2026" and "SAL_NET" not in page.exceptions
    )


@pytest.mark.parametrize(
    ("language", "within", "below", "chip"),
    [
        (
            "en",
            "Judged with the limits of Singles&#x27; Day 2026: at least −60.0\u202f% on last year.",
            "Below the limits of Singles&#x27; Day 2026: at least −40.0\u202f% on last year.",
            "Singles&#x27; Day 2026 · its limits hold",
        ),
        (
            "zh-hans",
            "按“2026年双11”的旺季限值判断：同比 不低于 −60.0%。",
            "低于“2026年双11”的旺季限值：同比 不低于 −40.0%。",
            "2026年双11 · 本月按其限值判断",
        ),
    ],
)
def test_block_metric_page_and_chip_say_which_season_judged(people, signed_in, language, within, below, chip):
    noisy_sales(last=500)
    row = in_october(people, {"SAL_NET": change("-0.6")})
    people["ceo"].language = language
    people["ceo"].save()
    client = signed_in(people["ceo"])
    for url in ("/boards/deck/", "/metrics/SAL_NET/explore/"):
        page = client.get(url, {"month": "2026-10"}).content.decode()
        assert within in page and chip in page, url
    PeakSeason.objects.filter(pk=row.pk).update(limits={"SAL_NET": change("-0.4")})
    for url in ("/boards/deck/", "/metrics/SAL_NET/explore/"):
        page = client.get(url, {"month": "2026-10"}).content.decode()
        assert below in page and within not in page, url


def test_the_seasons_of_a_page_are_those_that_run_and_those_that_judge(people):
    noisy_sales(last=1010)
    in_october(people, {"SAL_NET": change("-0.6")})
    season(
        people, "2026-11-18", "2026-11-27", "2026-12-01", "2026-12-15", limits={}, name="Black Friday 2026"
    )
    from metrics.web import peak_words  # noqa: PLC0415

    def chips(month, day):
        found = peak_words.chips(peak_seasons.peaks(), Period.parse(month), day, "en")
        return [(one["name"], one["state"]) for one in found]

    day = dt.date(2026, 11, 22)
    judged, runs = ("Singles' Day 2026", "its limits hold"), ("Black Friday 2026", "5 days to the peak")
    assert chips("2026-10", day) == [judged, runs] and chips("2026-11", day) == [runs]
    assert chips("2026-10", dt.date(2026, 12, 20)) == [judged]
    assert chips("2026-09", dt.date(2026, 11, 28)) == [("Black Friday 2026", "peak, day 2 of 4")]


# --- Drawings --------------------------------------------------------------------------------------------------


def test_neighbours_share_a_shade_and_last_year_has_none():
    points = {"x": ["a", "b", "c", "d"], "y": [1, 2, 3, 4]}
    figure = {"data": [points | {"meta": {"role": one}} for one in ("ac", "py")], "layout": {}}
    shapes = marks.shaded(figure, {"a", "b", "d"})["layout"]["shapes"]
    assert [(one["x0"], one["x1"], one["yref"]) for one in shapes] == [
        (-0.5, 1.5, "y domain"),
        (2.5, 3.5, "y domain"),
    ]
    assert marks.shaded(figure, {"x"}) is figure


def test_days_of_the_peak_are_shaded_on_the_sales_page_and_months_are_not(people, signed_in):
    year_of_sales(14)
    days = [(f"2026-10-{day:02}", 5) for day in range(1, 32)]
    figures(
        [("SAL_GROSS", day, value_) for day, value_ in days], profile="daily", zero=["SAL_DISC", "SAL_REF"]
    )
    season(people, "2026-10-05", "2026-10-10", "2026-10-12", "2026-10-20", limits={})
    client = signed_in(people["ceo"])

    def shades(grain):
        page = client.get("/sales/", {"month": "2026-10", "grain": grain}).content.decode()
        text = re.search(r'<script id="trend-\w+-?figure" type="application/json">(.*?)</script>', page)
        layout = json.loads(text[1])["layout"]
        return [
            (one["x0"], one["x1"]) for one in layout.get("shapes", ())
        ], "Shaded: the peak of Singles" in page

    assert shades("day") == ([(8.5, 10.5)], True)
    assert shades("month") == ([], False)


# --- Stock -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        (20, "9 days to the peak of Singles&#x27; Day 2026: cover of 20.0 days reaches it."),
        (8, "9 days to the peak of Singles&#x27; Day 2026: cover of 8.0 days does not reach it. Not in NJ."),
    ],
)
def test_the_stock_board_says_whether_cover_reaches_the_peak(people, signed_in, cover, said):
    figures([("SC_DOC", "2026-10-31", 100 * cover, {"warehouse": "NJ"})], period="2026-10", profile="stock")
    make.peak_season(people["ceo"])
    page = signed_in(people["ceo"]).get("/boards/supply/", {"month": "2026-10"}).content.decode()
    found = re.search(r"block-judged[^>]*>(.*?)</p>", page)[1]
    assert found.replace("\u202f", " ") == said
