"""A figure carries a light: how fresh the source behind it is, and whether it gives anything at all."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from meetings import agenda, proposals
from metrics import feed_lights
from metrics.models import Feed, FeedOutage
from metrics.periods import Period
from tests import make
from tests.metrics.figures import dictionary_of_today, year_of_sales

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
AT = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)


def entered(people, name="Amazon", code="SAL", at=AT, **fields) -> Feed:
    """A source that is asked every hour and answered twenty minutes before `at`."""
    given = {
        "kind": "folder", "covers": "name", "every_minutes": 60, "last_success_at": at - 20 * MINUTE,
        "next_run_at": at + HOUR, "made_at": at - 100 * HOUR, "made_by": people["admin"],
        "owner": people["sales"], "department": make.department(code), "name": name,
    }  # fmt: skip
    return Feed.objects.create(**given | {"brings": ["sales_daily"]} | fields)


def lit(person, at=AT):
    with translation.override("en"):
        return {one.name: (one.state, one.late // MINUTE) for one in feed_lights.read(person, at=at)}


@pytest.mark.django_db
def test_each_source_is_good_late_paused_or_down(people):
    entered(people)
    entered(people, "Six hours late", last_success_at=AT - 7 * HOUR)
    entered(people, "A bad file", failures=1)
    entered(people, "Resting", paused_at=AT - HOUR, last_success_at=AT - 9 * HOUR)
    entered(people, "Off", disabled_at=AT - HOUR)
    entered(people, "Never", last_success_at=None)
    FeedOutage.objects.create(feed=entered(people, "Down", failures=3), since=AT - HOUR)
    assert lit(people["ceo"]) == {
        "Amazon": ("good", 0),
        "Six hours late": ("late", 360),
        "A bad file": ("late", 0),
        "Resting": ("paused", 480),
        "Off": ("down", 0),
        "Down": ("down", 0),
    }
    assert lit(people["ceo"], AT + 55 * MINUTE)["Amazon"] == ("good", 15)
    assert lit(people["ceo"], AT + 56 * MINUTE)["Amazon"] == ("late", 16)


@pytest.mark.django_db
def test_the_worst_light_counts_and_only_of_what_the_figure_is_made_from(people):
    sal = make.department("SAL").pk
    entered(people)
    entered(people, "Shop", last_success_at=AT - 3 * HOUR)
    entered(people, "Parcels", brings=[], profile="logistics_monthly", disabled_at=AT)
    found = feed_lights.read(people["ceo"], at=AT)
    assert feed_lights.worst(found, {(sal, "sales_daily")}).name == "Shop"
    assert feed_lights.worst(found, {(sal, "sales_daily"), (sal, "logistics_monthly")}).name == "Parcels"
    assert feed_lights.worst(found, {(sal, "stock")}) is None is feed_lights.worst([], {(sal, "sales_daily")})


@pytest.mark.django_db
def test_a_partner_hears_of_its_own_sources_alone(people):
    entered(people)
    entered(people, "Parcels", code="LOG", disabled_at=AT)
    assert list(lit(people["logistics"])) == ["Parcels"]
    assert [one.name for one in feed_lights.silent(people["logistics"])] == ["Parcels"]


def test_the_running_month_and_the_one_before_have_a_light():
    on = dt.date(2026, 11, 3)
    told = {
        text: feed_lights.concerns(Period.parse(text), on=on) for text in ("2026-09", "2026-10", "2026-11")
    }
    assert told == {"2026-09": False, "2026-10": True, "2026-11": True}


# --- Pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def running_month(people, monkeypatch):
    """Sales of fourteen months; today is in the month after the last one."""
    dictionary_of_today()
    year_of_sales(14)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: AT.date())


def pages(client):
    both = ("/boards/deck/?month=2026-10", "/sales/?month=2026-10")
    return [client.get(one).content.decode() for one in both]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Amazon: no data for 7\N{NO-BREAK SPACE}h"),
        ("zh-hans", "Amazon：已7\N{NO-BREAK SPACE}小时无数据"),
    ],
)
def test_tiles_say_that_their_source_is_down(people, signed_in, running_month, language, said):
    now = timezone.now()
    down = entered(people, at=now, brings=["sales-daily"], last_success_at=now - 7 * HOUR, failures=2)
    FeedOutage.objects.create(feed=down, since=now - 6 * HOUR)
    people["ceo"].language = language
    people["ceo"].save()
    for page in pages(signed_in(people["ceo"])):
        assert page.count('class="freshness" data-state="down"') >= 3 and said in page
        assert f"/sources/{down.pk}/" not in page
    deck, sales = pages(signed_in(people["sales"]))
    assert f'href="/sources/{down.pk}/"' in deck and f"/sources/{down.pk}/" not in sales
    earlier = signed_in(people["ceo"]).get("/boards/deck/?month=2026-09").content.decode()
    assert 'class="freshness"' not in earlier


@pytest.mark.django_db
def test_lights_cost_a_page_no_question(people, signed_in, running_month, queries):
    make.review(meeting_at=make.AT.replace(year=2099))
    client = signed_in(people["ceo"])
    bare = queries(lambda: pages(client))
    for number in range(5):
        entered(people, f"Source {number}", at=timezone.now(), brings=["sales-daily"])
    assert queries(lambda: pages(client)) == bare
    assert 'data-state="good"' in pages(client)[0]


@pytest.mark.django_db
def test_a_source_that_is_down_stands_in_the_section_of_technology(people, signed_in, running_month):
    client = signed_in(people["ceo"])
    entered(people)
    assert "Sources that give nothing" not in client.get("/boards/technology/").content.decode()
    FeedOutage.objects.create(feed=entered(people, "Shop"), since=AT)
    page = client.get("/boards/technology/").content.decode()
    strip = page.split('aria-labelledby="silent-sources"')[1].split("</section>")[0]
    assert "Shop" in strip and "Amazon" not in strip


@pytest.mark.django_db
def test_it_is_proposed_to_the_item_of_technology_once(people):
    FeedOutage.objects.create(feed=entered(people, "Shop"), since=AT)
    meeting = make.meeting(people)
    draft = agenda.read(meeting)
    found = [one for one in proposals.of(meeting, draft, people["facilitator"]) if one.is_source]
    assert [(one.item, one.question["en"], one.is_taken) for one in found] == [
        ("TEC", "The source “Shop” gives nothing since Tue 3 Nov: what is done about it?", False)
    ]
    assert "Shop" in found[0].question["zh"] and "没有数据" in found[0].question["zh"]
    assert not [one for one in proposals.of(meeting, draft, people["logistics"]) if one.is_source]
