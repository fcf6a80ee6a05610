"""Peak seasons: who decides about them, what they refuse, when they end, and that definitions stay as they are."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from metrics import peak_seasons, proposals
from metrics.dictionary_rows import cells
from metrics.models import Metric, PeakSeason
from metrics.peaks import Limit, Peak, judging, running
from metrics.periods import Period
from metrics.proposal_checks import open_version
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
URL = "/peak-seasons/"
NOON = dt.datetime(2026, 11, 10, 4, 0, tzinfo=dt.UTC)  # the second day of the peak, 12:00 in Shanghai
DAYS = {
    "prepares": dt.date(2026, 10, 20),
    "starts": dt.date(2026, 11, 9),
    "ends": dt.date(2026, 11, 11),
    "settles": dt.date(2026, 11, 18),
}


@pytest.fixture(autouse=True)
def english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    dictionary_of_today()
    with translation.override("en"):
        yield


def wish(**fields) -> peak_seasons.Wish:
    given = {"name_zh": "2026年双11", "name_en": "Singles' Day 2026"} | DAYS
    return peak_seasons.Wish(**given | fields)


def keep(people, by="steward", row=None, **fields):
    return peak_seasons.keep(wish(**fields), by=people[by], at=make.AT, row=row)


# --- The rows --------------------------------------------------------------------------------------------------


def test_all_four_days_belong_to_it_and_the_log_says_who_entered_it(people):
    limits = {"SAL_RET_RATE": Limit(None, Decimal("0.09"))}
    row = keep(people, name_en=" Singles'  Day 2026 ", limits=limits, decided_by=people["ceo"])
    assert (row.name_en, row.prepares_on, row.starts_on) == (
        "Singles' Day 2026",
        DAYS["prepares"],
        DAYS["starts"],
    )
    assert (row.ends_on, row.settles_on) == (dt.date(2026, 11, 12), dt.date(2026, 11, 19))
    assert row.limits == {"SAL_RET_RATE": {"low": None, "high": "0.09", "of_change": False}}
    assert (row.decided_by, row.peak.limits) == (people["ceo"], limits)
    said = Activity.objects.get(code="peak_season.entered").params
    assert said == {"name": "Singles' Day 2026", "first": "2026-10-20"}


def test_the_same_again_changes_nothing(people):
    row = keep(people)
    peak_seasons.keep(wish(decided_by=people["steward"]), by=people["ceo"], at=make.AT, row=row)
    row.refresh_from_db()
    assert row.changed_by == people["steward"]
    assert Activity.objects.filter(code__startswith="peak_season.").count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name_zh": " "}, "name_zh"),
        ({"name_en": "x" * 61}, "name_en"),
        ({"starts": None}, "starts"),
        ({"starts": dt.date(2026, 10, 19)}, "starts"),
        ({"ends": dt.date(2026, 11, 8)}, "ends"),
        ({"settles": dt.date(2026, 11, 10)}, "settles"),
        ({"settles": dt.date(2027, 4, 22)}, "settles"),
        ({"name_en": "singles' day 2026"}, "starts"),
        ({"limits": {"NO_SUCH": Limit(None, Decimal(1))}}, "limits"),
        ({"limits": {"SAL_RET_RATE": Limit()}}, "limits"),
        ({"limits": {"SAL_RET_RATE": Limit(Decimal(2), Decimal(1))}}, "limits"),
        ({"limits": {"SAL_NET": Limit(Decimal(2), Decimal(3))}}, "limits"),
    ],
)
def test_what_is_refused(people, fields, field):
    keep(people)
    with pytest.raises(peak_seasons.CannotKeep) as refusal:
        keep(people, **({"name_en": "Another"} | fields))
    assert list(refusal.value.problems) == [field] and PeakSeason.objects.count() == 1


@pytest.mark.parametrize("name", ["sales", "admin", "facilitator", "observer", "logistics"])
def test_only_data_owners_and_executives_decide(people, name):
    row = keep(people, by="ceo")
    for command in (
        lambda: keep(people, by=name, name_en="Prime Day"),
        lambda: keep(people, by="ceo", row=row, decided_by=people[name]),
        lambda: peak_seasons.end(row, by=people[name], at=NOON),
        lambda: peak_seasons.remove(row, by=people[name], at=NOON - dt.timedelta(days=60)),
    ):
        with pytest.raises(peak_seasons.CannotKeep):
            command()
    assert peak_seasons.deciders() == sorted(
        (people["ceo"], people["steward"]), key=lambda one: one.display_name
    )


def test_a_season_that_runs_is_ended_with_yesterday_and_then_stays(people):
    row = peak_seasons.end(keep(people), by=people["ceo"], at=NOON)
    assert (row.ends_on, row.settles_on) == (dt.date(2026, 11, 10), dt.date(2026, 11, 10))
    assert (row.ended_by, row.ended_at, row.peak.phase(dt.date(2026, 11, 9))) == (people["ceo"], NOON, "peak")
    assert row.peak.phase(dt.date(2026, 11, 10)) == ""
    with pytest.raises(peak_seasons.CannotKeep, match="was ended"):
        keep(people, row=row, settles=dt.date(2026, 11, 20))
    with pytest.raises(peak_seasons.CannotKeep, match="was ended"):
        peak_seasons.end(row, by=people["ceo"], at=NOON)


def test_what_is_ended_before_its_peak_never_had_one(people):
    before = dt.datetime(2026, 11, 1, 4, 0, tzinfo=dt.UTC)
    row = peak_seasons.end(keep(people), by=people["ceo"], at=before)
    day = dt.date(2026, 11, 1)
    assert (row.prepares_on, row.starts_on, row.ends_on, row.settles_on) == (DAYS["prepares"], day, day, day)


def test_what_has_begun_is_not_removed_and_what_has_not_is_not_ended(people):
    row, early = keep(people), dt.datetime(2026, 10, 19, 4, 0, tzinfo=dt.UTC)
    with pytest.raises(peak_seasons.CannotKeep, match="has begun"):
        peak_seasons.remove(row, by=people["steward"], at=NOON)
    with pytest.raises(peak_seasons.CannotKeep, match="that runs"):
        peak_seasons.end(row, by=people["steward"], at=early)
    peak_seasons.remove(row, by=people["steward"], at=early)
    peak_seasons.remove(row, by=people["steward"], at=early)
    assert (
        Activity.objects.filter(code="peak_season.removed").count() == 1 and not PeakSeason.objects.exists()
    )


def test_the_database_keeps_its_days_in_order(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.peak_season(people["ceo"], ends_on=dt.date(2026, 11, 9))


# --- Which season, in pure figures -----------------------------------------------------------------------------


def peak(name="a", limits=None, platforms=(), **days) -> Peak:
    ends = DAYS | {"ends": dt.date(2026, 11, 12), "settles": dt.date(2026, 11, 19)} | days
    known = {"X": Limit(None, Decimal("0.5"))} if limits is None else limits
    return Peak(name, name, **ends, platforms=platforms, limits=known)


@pytest.mark.parametrize(
    ("period", "is_judged"),
    [
        ("2026-10", False),  # 12 of 31 days
        ("2026-11", True),
        ("2026-12", False),
        ("2026-W43", True),  # 19 to 25 October: six of seven
        ("2026-W42", False),
        ("2026-W47", False),  # 16 to 22 November: three of seven
        ("2026-11-18", True),
        ("2026-11-19", False),
    ],
)
def test_a_period_with_a_day_of_the_peak_or_half_in_the_season_is_judged_by_it(period, is_judged):
    assert (judging([peak()], Period.parse(period), "X") is not None) is is_judged


def test_of_two_seasons_the_one_with_more_days_of_peak_judges_and_without_a_limit_none():
    other = peak("b", starts=dt.date(2026, 11, 20), ends=dt.date(2026, 11, 30), settles=dt.date(2026, 12, 5))
    month = Period.parse("2026-11")
    assert judging([peak(), other], month, "X").name_en == "b"
    assert judging([peak(), other], month, "Y") is None
    assert running([peak(), other], dt.date(2026, 11, 10)).name_en == "a"
    assert running([peak(), other], dt.date(2026, 12, 5)) is None


def test_a_season_of_a_platform_judges_figures_of_this_platform_alone():
    month, found = Period.parse("2026-11"), [peak(platforms=("amazon", "tmall"))]
    assert judging(found, month, "X") is None
    assert judging(found, month, "X", {"platform": ("amazon",)}) == found[0]
    assert judging(found, month, "X", {"platform": ("amazon", "web")}) is None


def test_limits_of_a_change_stand_on_the_figure_of_the_year_before():
    assert Limit(Decimal("0.2"), None, True).band(Decimal(500)) == Limit(Decimal(600), None)
    assert Limit(Decimal("-0.1"), Decimal("0.5"), True).band(Decimal(200)) == Limit(
        Decimal(180), Decimal(300)
    )
    assert Limit(Decimal("0.2"), None, True).band(None) is None
    assert Limit(Decimal("0.2"), None, True).band(Decimal(0)) is None
    assert Limit(None, Decimal(3)).is_outside(Decimal("3.01")) and not Limit(None, Decimal(3)).is_outside(
        Decimal(3)
    )


# --- Definitions stay as they are --------------------------------------------------------------------------------


def proposed(people, start, at=NOON):
    metric = Metric.objects.get(code="SAL_AOV")
    row = cells(open_version(metric)) | {"formula": "SAL_NET / SAL_ORD"}
    return proposals.propose(
        metric, row, effective_from=start, reason="After refunds", by=people["sales"], at=at
    )


@pytest.mark.parametrize(
    ("start", "day", "waits"),
    [
        ("2026-11-01", 10, True),
        ("2026-11-18", 10, True),
        ("2026-11-19", 10, False),  # takes effect when all is as usual again
        ("2026-11-01", 18, True),
        ("2026-11-01", 19, False),
        ("2026-12-01", 18, False),
    ],
)
def test_no_definition_takes_effect_within_a_season(people, start, day, waits):
    keep(people)
    at = NOON.replace(day=day)
    proposal = proposed(people, dt.date.fromisoformat(start), at)
    problems = proposals.approve_problems(proposal, by=people["steward"], at=at)
    said = "Definitions stay as they are in the peak season Singles' Day 2026, until Wed 18 Nov 2026."
    assert problems == ([said + " An executive can allow it."] if waits else [])
    if waits:
        with pytest.raises(proposals.CannotDecide, match="stay as they are"):
            proposals.approve(proposal, by=people["steward"], at=at)
    else:
        assert proposals.approve(proposal, by=people["steward"], at=at).number == 2


def test_an_executive_allows_it_with_a_reason_and_somebody_else_still_approves(people):
    keep(people)
    proposal = proposed(people, dt.date(2026, 11, 1))
    for name, reason in (("steward", "It is wrong"), ("ceo", " "), ("ceo", "x" * 501)):
        with pytest.raises(proposals.CannotDecide):
            proposals.allow_in_peak(proposal, reason, by=people[name], at=NOON)
    row = proposals.allow_in_peak(proposal, " The formula is wrong ", by=people["ceo"], at=NOON)
    assert (row.peak_reason, row.peak_by, row.peak_at) == ("The formula is wrong", people["ceo"], NOON)
    assert Activity.objects.get(code="dictionary.allowed_in_peak").params == {
        "code": "SAL_AOV",
        "reason": "The formula is wrong",
    }
    assert proposals.approve(row, by=people["steward"], at=NOON).number == 2


def test_without_a_season_there_is_nothing_to_allow(people):
    proposal = proposed(people, dt.date(2026, 11, 1))
    with pytest.raises(proposals.CannotDecide, match="No peak season stands against it."):
        proposals.allow_in_peak(proposal, "Why not", by=people["ceo"], at=NOON)


# --- The pages -------------------------------------------------------------------------------------------------


def form(people, *limits, **fields):
    given = {"name_zh": "2026年双11", "name_en": "Singles' Day 2026", "decided_by": people["ceo"].pk}
    given |= {name: day.isoformat() for name, day in DAYS.items()}
    given |= {"limit-TOTAL_FORMS": len(limits), "limit-INITIAL_FORMS": 0}
    for place, (metric, low, high) in enumerate(limits):
        given |= {f"limit-{place}-metric": metric, f"limit-{place}-low": low, f"limit-{place}-high": high}
    return given | fields


def test_by_page_it_is_entered_changed_and_taken_a_year_further(people, signed_in):
    client = signed_in(people["steward"])
    limits = [("SAL_RET_RATE", "", "9 %"), ("SAL_NET", "20", "1,000"), ("", "", "")]
    assert client.post(URL, form(people, *limits, platforms=["amazon"])).status_code == 302
    row = PeakSeason.objects.get()
    assert row.limits == {
        "SAL_NET": {"low": "0.20", "high": "10.00", "of_change": True},
        "SAL_RET_RATE": {"low": None, "high": "0.09", "of_change": False},
    }
    page = client.get(URL).content.decode()
    assert (
        "at most 9.0\u202f%" in page
        and "from +20.0\u202f% to +1,000.0\u202f% on last year" in page
        and "Amazon" in page
    )
    change = client.get(f"{URL}{row.pk}/").content.decode()
    assert 'value="2026-11-11"' in change and 'value="1000"' in change and 'value="9"' in change
    again = client.get(f"{URL}?again={row.pk}").content.decode()
    assert 'value="2027-11-10"' in again and 'value="20"' in again
    assert client.post(f"{URL}{row.pk}/", form(people, ends="2026-11-12")).status_code == 302
    row.refresh_from_db()
    assert (row.ends_on, row.limits) == (dt.date(2026, 11, 13), {})


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ([("SAL_RET_RATE", "", "many")], "This is no number."),
        ([("SAL_RET_RATE", "", "")], "Give a lowest or a highest figure."),
        ([("", "1", "")], "Say of which metric."),
        ([("SAL_RET_RATE", "9", "8")], "the lowest figure is above the highest."),
    ],
)
def test_what_is_wrong_with_a_limit_is_said_and_the_text_stays(people, signed_in, limits, said):
    answer = signed_in(people["ceo"]).post(URL, form(people, *limits))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert f'value="{limits[0][2]}"' in answer.content.decode() or not limits[0][2]
    assert not PeakSeason.objects.exists()


def test_by_page_one_that_runs_is_ended_and_one_to_come_removed(people, signed_in):
    today, client = timezone.now().date(), signed_in(people["ceo"])
    span = [today + dt.timedelta(days=one) for one in (-10, -2, 5, 9)]
    names = ("prepares_on", "starts_on", "ends_on", "settles_on")
    row = make.peak_season(people["ceo"], **dict(zip(names, span, strict=True)))
    later = [one + dt.timedelta(days=400) for one in span]
    next_one = make.peak_season(people["ceo"], name="Next", **dict(zip(names, later, strict=True)))
    assert "End the season today" in client.get(f"{URL}{row.pk}/").content.decode()
    assert client.post(f"{URL}{row.pk}/remove").url == f"{URL}{row.pk}/"
    assert client.post(f"{URL}{row.pk}/end").url == URL
    row.refresh_from_db()
    assert row.ended_by == people["ceo"] and "was ended" in client.get(f"{URL}{row.pk}/").content.decode()
    assert client.post(f"{URL}{next_one.pk}/remove").url == URL
    assert list(PeakSeason.objects.all()) == [row]


def test_colleagues_read_them_and_partners_do_not_find_them(people, signed_in):
    row = keep(people, limits={"FIN_NM": Limit(Decimal("0.1"), None)})
    page = signed_in(people["sales"]).get(URL).content.decode()
    assert (
        "Data owners and executives decide about peak seasons." in page and "Singles&#x27; Day 2026" in page
    )
    assert "at least 10.0\u202f%" in signed_in(people["ceo"]).get(URL).content.decode()
    assert signed_in(people["sales"]).post(URL, form(people, name_en="Mine")).status_code == 422
    client = signed_in(people["logistics"])
    assert {client.get(URL).status_code, client.get(f"{URL}{row.pk}/").status_code} == {404}
    assert {client.post(f"{URL}{row.pk}/{verb}").status_code for verb in ("end", "remove")} == {404}


def test_the_page_reads_in_chinese(people, signed_in):
    people["ceo"].language = "zh-hans"
    people["ceo"].save()
    keep(people, limits={"SAL_RET_RATE": Limit(None, Decimal("0.09"))})
    page = signed_in(people["ceo"]).get(URL).content.decode()
    assert "旺季" in page and "2026年双11" in page and "不高于 9.0%" in page and "大促首日" in page


def test_next_to_the_button_stands_why_not_and_the_executive_gives_the_reason(people, signed_in):
    now = timezone.now()
    days = [now.date() + dt.timedelta(days=one) for one in (-5, -1, 5, 9)]
    names = ("prepares_on", "starts_on", "ends_on", "settles_on")
    make.peak_season(people["ceo"], **dict(zip(names, days, strict=True)))
    row = proposed(people, now.date().replace(day=1), now)
    url = f"/metrics/proposals/{row.pk}/"
    steward = signed_in(people["steward"])
    page = steward.get(url).content.decode()
    assert "Definitions stay as they are" in page and 'aria-describedby="why-not"' in page
    assert "peak_reason" not in page and steward.post(url + "approve").status_code == 422
    assert steward.post(url + "allow", {"peak_reason": "Now"}).status_code == 422
    ceo = signed_in(people["ceo"])
    assert 'name="peak_reason"' in ceo.get(url).content.decode()
    assert ceo.post(url + "allow", {"peak_reason": " "}).status_code == 422
    assert ceo.post(url + "allow", {"peak_reason": "The formula is wrong"}).status_code == 302
    steward = signed_in(people["steward"])
    page = steward.get(url).content.decode()
    assert "Allowed within the peak season by" in page and "aria-disabled" not in page
    assert steward.post(url + "approve").status_code == 302
