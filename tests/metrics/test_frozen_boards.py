"""Boards, explorer, passport, files and readings of a frozen month: what was signed, whatever became of it since."""

import datetime as dt
import json
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from metrics import cycles, freezing, frozen_months, readings, snapshots
from metrics.models import Member, MetricVersion, Promotion, Sight, Snapshot
from metrics.periods import Period
from reviewhub.notices.models import Occurrence
from tests import make
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.test_targets import aim

pytestmark = pytest.mark.django_db
DE = {"platform": "web", "country": "Germany"}
ZERO = ["SAL_DISC", "SAL_REF"]
MONTH = Period.parse("2026-10")
PAGES = {
    "board": "/boards/deck/?month=2026-10",
    "explorer": "/metrics/SAL_NET/explore/?month=2026-10",
    "passport": "/metrics/SAL_NET/passport/?month=2026-10",
}
FILES = {
    "board": "/boards/deck/sal-net.csv?month=2026-10",
    "explorer": "/metrics/SAL_NET/explore/sal-net.csv?month=2026-10",
}


def sales(value, *, period="2026-10", **fields):
    rows = [("SAL_GROSS", f"{period}-01", value, DE), ("SAL_ORD", f"{period}-01", 4, DE)]
    return figures(rows, period=period, zero=ZERO, **fields)


@pytest.fixture
def review(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()
    found = make.review()
    cycles.pin(found)
    for back, value in enumerate(("100.10", "90", "80", "70")):
        sales(value, period=f"2026-{10 - back:02}")
    return found


@pytest.fixture
def frozen(people, review) -> Snapshot:
    return make.freeze(review, people)


def shown(client, url, **query) -> str:
    answer = client.get(url, query) if query else client.get(url)
    assert answer.status_code == 200, url
    return " ".join(answer.content.decode().split())


# --- What stands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_later_version_does_not_move_the_frozen_figure_and_is_shown_when_asked_for(
    people, signed_in, frozen, page
):
    sales("555.50", number=2)
    client = signed_in(people["ceo"])
    then, now = shown(client, PAGES[page]), shown(client, f"{PAGES[page]}&figures=now")
    assert "100.1" in then and "555.5" not in then and frozen.short in then
    assert "555.5" in now and frozen.short not in now and "as it stands now" in now


@pytest.mark.parametrize("file", FILES)
def test_files_hold_the_frozen_rows_and_are_named_after_the_fingerprint(people, signed_in, frozen, file):
    sales("555.50", number=2)
    client = signed_in(people["ceo"])
    then, now = client.get(FILES[file]), client.get(f"{FILES[file]}&figures=now")
    assert b"100.1" in then.content and b"555.5" not in then.content
    assert b"555.5" in now.content
    assert frozen.short in then["Content-Disposition"] and frozen.short not in now["Content-Disposition"]


def test_the_fingerprint_stands_under_every_chart_of_a_frozen_month_and_of_no_other(
    people, signed_in, frozen
):
    client = signed_in(people["ceo"])
    page = shown(client, PAGES["board"])
    assert page.count('class="block-frozen"') == page.count('<article class="block')
    other = shown(client, "/boards/deck/?month=2026-09")
    assert "block-frozen" not in other and frozen.short not in other and "<article" in other


def test_definitions_are_those_of_the_freeze(people, signed_in, frozen):
    later = MetricVersion.objects.get(metric__code="SAL_NET", number=1)
    fields = {one.attname: getattr(later, one.attname) for one in later._meta.concrete_fields}
    fields |= {"id": None, "number": 2, "formula": "SAL_GROSS * 2", "effective_from": dt.date(2026, 10, 2)}
    MetricVersion.objects.filter(pk=later.pk).update(effective_to=dt.date(2026, 10, 2))
    MetricVersion.objects.create(**fields)
    found = readings.reading("SAL_NET", MONTH, snapshot=frozen)
    assert (found.value, found.definition.number) == (D("100.10"), 1)
    page = shown(signed_in(people["ceo"]), PAGES["passport"])
    assert "Version 1" in page and "200.20" not in page


@pytest.mark.usefixtures("pages_at")
def test_a_page_of_frozen_figures_asks_no_more_than_one_of_figures_as_they_stand(
    people, signed_in, queries, frozen
):
    client = signed_in(people["ceo"])
    then = queries(lambda: client.get(PAGES["board"]))
    now = queries(lambda: client.get(f"{PAGES['board']}&figures=now"))
    assert then <= now <= 12, (then, now)


def test_the_command_reads_a_review_as_it_was_frozen(people, review, frozen):
    sales("555.50", number=2)

    def read(*more):
        out = StringIO()
        call_command("reading", "SAL_NET", "--period", "2026-10", *more, "--json", stdout=out)
        return json.loads(out.getvalue())

    then, now = read("--review", review.code), read()
    assert (D(then["exact"]), then["passport"]["snapshot"]) == (D("100.10"), frozen.fingerprint)
    assert (D(now["exact"]), now["passport"]["snapshot"]) == (D("555.50"), None)
    with pytest.raises(SystemExit):
        read("--review", "1999-01")


# --- What figures are held against ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["goal", "region"])
def test_goals_and_the_tree_of_regions_are_in_the_fingerprint(people, review, what):
    before = freezing.standing(review).fingerprint
    if what == "goal":
        aim("SAL_NET", {"2026-10": "200"}, by=people["steward"])
    else:
        asia, _new = Member.objects.get_or_create(dimension="region", code="Asia-Pacific")
        Member.objects.update_or_create(dimension="country", code="Germany", defaults={"parent": asia})
    assert freezing.standing(review).fingerprint != before


def test_frozen_figures_are_held_against_the_goals_of_the_freeze(people, signed_in, review):
    aim("SAL_NET", {"2026-10": "200"}, by=people["steward"])
    make.freeze(review, people)
    aim("SAL_NET", {"2026-10": "400"}, by=people["steward"])
    then, now = (
        readings.reading("SAL_NET", MONTH, compare=["target"], snapshot=snapshot).compare["target"].value
        for snapshot in (frozen_months.around(MONTH), None)
    )
    assert (then, now) == (200, 400)


def test_a_country_that_moves_stays_where_it_was_in_frozen_figures(people, review):
    europe, _new = Member.objects.get_or_create(dimension="region", code="Europe")
    asia, _new = Member.objects.get_or_create(dimension="region", code="Asia-Pacific")
    germany, _new = Member.objects.update_or_create(
        dimension="country", code="Germany", defaults={"parent": europe}
    )
    snapshot = make.freeze(review, people)
    Member.objects.filter(pk=germany.pk).update(parent=asia)
    keys = [
        [row.key["region"] for row in readings.reading("SAL_NET", MONTH, by=["region"], snapshot=one).rows]
        for one in (snapshot, None)
    ]
    assert keys == [["Europe"], ["Asia-Pacific"]]


def test_the_calendar_is_that_of_the_freeze(people, review):
    make.promotion(people["admin"], "2026-10-10", "2026-10-11", "Prime")
    snapshot = make.freeze(review, people)
    Promotion.objects.all().delete()
    assert [(one.key, one.start.day) for one in snapshots.calendar(snapshot)] == [("prime", 10)]


# --- Who saw what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES.values(), *FILES.values()])
def test_who_opens_frozen_figures_is_noted_once(people, signed_in, frozen, page):
    client, reader = signed_in(people["observer"]), people["observer"]
    client.get(f"{page}&figures=now")
    assert not Sight.objects.filter(user=reader).exists()
    for _turn in range(3):
        assert client.get(page).status_code == 200
    assert Sight.objects.get(user=reader).number == 1


def test_looking_again_writes_nothing(people, signed_in, frozen):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = signed_in(people["observer"])
    client.get(PAGES["board"])
    with CaptureQueriesContext(connection) as captured:
        client.get(PAGES["board"])
    assert not [
        one
        for one in captured.captured_queries
        if "metrics_sight" in one["sql"] and "SELECT" not in one["sql"]
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_restated_figure_says_what_it_was_and_why_and_its_readers_are_told(
    people, signed_in, review, frozen, page
):
    client = signed_in(people["ceo"])
    assert "block-restated" not in shown(client, PAGES[page])
    freezing.restate(review, "A refund was booked twice", by=people["steward"], at=make.AT)
    sales("180.10", number=2)
    assert "100.1" in shown(client, PAGES[page]), "until both have signed, what was signed stands"
    again = make.freeze(review, people)
    with translation.override("en"):
        found = shown(client, PAGES[page])
    assert "A refund was booked twice" in found and "100.10" in found and "180.10" in found
    assert again.short in found and frozen.short not in found
    assert Occurrence.objects.filter(kind=freezing.RESTATED).count() == 1
    assert Sight.objects.get(user=people["ceo"]).number == 2
