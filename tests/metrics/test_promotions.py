"""The promotion calendar: who keeps it, what it refuses, and what a version is compared with by it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from metrics import exceptions, promotions
from metrics.models import Promotion
from metrics.periods import Period
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
URL = "/promotions/"
DAY = dt.date(2026, 11, 9)


@pytest.fixture(autouse=True)
def english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


def wish(first=DAY, last=dt.date(2026, 11, 11), **fields) -> promotions.Wish:
    return promotions.Wish(**({"name_zh": "双11", "name_en": "Double 11"} | fields), first=first, last=last)


def keep(people, by="steward", row=None, **fields):
    return promotions.keep(wish(**fields), by=people[by], at=make.AT, row=row)


def test_both_days_belong_to_it_and_the_log_says_who_entered_it(people):
    row = keep(people, name_en="  Double   11 ", platforms=("web", "amazon"))
    assert (row.name_en, row.starts_on, row.ends_on) == ("Double 11", DAY, dt.date(2026, 11, 12))
    assert (row.platforms, row.countries) == (["amazon", "web"], [])
    assert Activity.objects.get(code="promotion.entered").params == {
        "name": "Double 11",
        "first": "2026-11-09",
    }


def test_the_same_again_changes_nothing(people):
    row = keep(people)
    promotions.keep(wish(), by=people["admin"], at=make.AT + dt.timedelta(days=1), row=row)
    row.refresh_from_db()
    assert (row.changed_by, Activity.objects.filter(code__startswith="promotion.").count()) == (
        people["steward"],
        1,
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name_zh": " "}, "name_zh"),
        ({"name_en": "x" * 61}, "name_en"),
        ({"first": None}, "first"),
        ({"last": DAY - dt.timedelta(days=1)}, "last"),
        ({"last": DAY + dt.timedelta(days=92)}, "last"),
        ({"first": dt.date(2026, 11, 11), "last": dt.date(2026, 11, 20), "name_en": "double 11"}, "first"),
    ],
)
def test_what_the_calendar_does_not_take(people, fields, field):
    keep(people)
    with pytest.raises(promotions.CannotKeep) as refusal:
        keep(people, **fields)
    assert field in refusal.value.problems and Promotion.objects.count() == 1


def test_a_promotion_may_change_its_own_days(people):
    row = keep(people)
    assert keep(people, row=row, last=dt.date(2026, 11, 12)).ends_on == dt.date(2026, 11, 13)


@pytest.mark.parametrize("name", ["sales", "ceo", "facilitator", "observer", "logistics"])
def test_only_administrators_and_data_owners_keep_it(people, name):
    row = keep(people, by="admin")
    with pytest.raises(promotions.CannotKeep):
        keep(people, by=name, name_en="Prime Day")
    with pytest.raises(promotions.CannotKeep):
        promotions.remove(row, by=people[name], at=make.AT)
    assert Promotion.objects.count() == 1


def test_removing_it_twice_is_removing_it_once(people):
    row = keep(people)
    promotions.remove(row, by=people["steward"], at=make.AT)
    promotions.remove(row, by=people["steward"], at=make.AT)
    assert Activity.objects.filter(code="promotion.removed").count() == 1


# --- What a version is compared with ---------------------------------------------------------------------------


def history(highs=("2024-11", "2025-11"), last="2026-10", months=26):
    """Certified months before `last`: 100, in `highs` 300."""
    period = Period.parse(last)
    for _month in range(months):
        value = "300" if period.text in highs else "100"
        made = {"state": "certified", "certified_at": make.AT, "totals": {"SAL_GROSS": value}}
        make.submission("SAL", period=period.text, **made)
        period = period.before()


def november(value, **fields):
    return make.submission("SAL", period="2026-11", totals={"SAL_GROSS": value}, **fields)


def test_a_november_like_the_last_ones_asks_for_nothing_and_one_like_october_does():
    history()
    assert exceptions.of(november("310")) == []
    (one,) = exceptions.of(november("100", number=2))
    assert (one.key, one.value, round(one.usual, 6)) == ("total:SAL_GROSS", 100, 300)
    assert round(one.share, 6) == Decimal("-0.666667")


def test_a_promotion_that_moved_explains_an_october(people):
    """Double 11 in October this year: quiet with the calendar, found without."""
    history()
    low = make.submission("SAL", period="2026-11", number=9, totals={"SAL_GROSS": "100"})
    assert [one.key for one in exceptions.of(low)] == ["total:SAL_GROSS"]
    keep(people, first=dt.date(2025, 11, 9), last=dt.date(2025, 11, 11))
    keep(people, first=dt.date(2026, 12, 9), last=dt.date(2026, 12, 11))
    assert exceptions.of(low) == [], "it moved to December, so November is low"


def test_a_promotion_of_another_platform_explains_nothing(people):
    history()
    row = figures(
        [("SAL_GROSS", "2026-11-02", 100, {"platform": "amazon", "country": "Germany"})],
        period="2026-11",
        state="draft",
    )
    row.totals = {"SAL_GROSS": "100"}
    row.save()
    for first in (dt.date(2025, 11, 9), dt.date(2026, 12, 9)):
        keep(people, first=first, last=first, platforms=("tmall",))
    assert promotions.of(row) == [] and len(exceptions.of(row)) == 1
    Promotion.objects.update(platforms=["amazon", "tmall"], countries=["Germany"])
    assert len(promotions.of(row)) == 2 and exceptions.of(row) == []
    Promotion.objects.update(countries=["France"])
    assert promotions.of(row) == []


# --- The pages -------------------------------------------------------------------------------------------------


def form(**fields):
    given = {"name_zh": "双11", "name_en": "Double 11", "first": "2026-11-09", "last": "2026-11-11"}
    return given | fields


def test_by_page_it_is_entered_changed_taken_a_year_further_and_removed(people, signed_in):
    client = signed_in(people["admin"])
    assert client.post(URL, form(platforms=["amazon"])).status_code == 302
    row = Promotion.objects.get()
    page = client.get(URL).content.decode()
    assert "Double 11" in page and "Amazon" in page and f"again={row.pk}" in page
    again = client.get(f"{URL}?again={row.pk}").content.decode()
    assert 'value="2027-11-08"' in again and "checked" in again
    assert client.post(f"{URL}{row.pk}/", form(last="2026-11-12")).status_code == 302
    row.refresh_from_db()
    assert (row.ends_on, row.platforms) == (dt.date(2026, 11, 13), [])
    answer = client.post(URL, form(first="2026-11-12"))
    assert answer.status_code == 422 and "on these days already" in answer.content.decode()
    assert client.post(URL, form(platforms=["nowhere"])).status_code == 422
    assert client.post(f"{URL}{row.pk}/remove").status_code == 302 and not Promotion.objects.exists()


def test_colleagues_read_it_and_partners_do_not_find_it(people, signed_in):
    row = keep(people)
    page = signed_in(people["sales"]).get(URL).content.decode()
    assert "Double 11" in page and "Administrators and data owners keep the calendar." in page
    assert signed_in(people["sales"]).post(URL, form(name_en="Prime Day")).status_code == 422
    client = signed_in(people["logistics"])
    assert {client.get(URL).status_code, client.get(f"{URL}{row.pk}/").status_code} == {404}
    assert client.post(f"{URL}{row.pk}/remove").status_code == 404


def test_the_page_of_a_version_says_what_it_was_compared_with_and_draws_the_band(people, signed_in):
    dictionary_of_today()
    history()
    for one in (2025, 2026):
        keep(people, first=dt.date(one, 11, 9), last=dt.date(one, 11, 11))
    row = november("100")
    page = " ".join(signed_in(people["sales"]).get(f"/submissions/{row.pk}/").content.decode().split())
    assert "100.00, expected about 300.00 (−66.7 %)" in page
    assert "Compared with Nov 2025 and how 12 earlier periods changed on their year before." in page
    assert "In both: Double 11." in page
    assert "Needs no sentence from 270.00 to 330.00" in page and 'class="band-usual"' in page
