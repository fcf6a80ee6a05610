"""The dictionary in the browser: found as one types, in both languages, shown only to those who may know it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import dictionary
from metrics.models import Alias, Metric, MetricVersion
from reviewhub.people.models import PartnerShare
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(at):
    dictionary_of_today()


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def listed(answer) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/metrics/([A-Z0-9_]+)/"', answer.content.decode())


def part(html: str, name: str) -> str:
    """The element with this id, as it stands in a page (sections nest)."""
    start = html.index(f'<section id="{name}"')
    depth = 0
    for tag in re.finditer(r"<(/?)section\b", html[start:]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return html[start : start + tag.end()] + ">"
    raise AssertionError(name)


def htmx(target):
    return {"HX-Request": "true", "HX-Target": f"section#{target}"}


# --- The list --------------------------------------------------------------------------------------------------


def test_the_list_holds_every_metric_by_section(filled, people, signed_in):
    answer = signed_in(people["sales"]).get("/metrics/")
    assert len(listed(answer)) == 211
    titles = re.findall(r'<h2 id="section-(\w+)"', answer.content.decode())
    assert titles == ["sales", "marketing", "supply_chain", "finance", "bridge", "tech", "governance"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=kdj", ["SAL_AOV", "SAL_AOV_SHIP"]),
        ("q=kdj&pack=starter", ["SAL_AOV"]),
        ("q=%E5%AE%A2%E5%8D%95%E4%BB%B7&tier=support", ["SAL_AOV_SHIP"]),
        ("section=bridge&tier=headline", ["REC_GAP"]),
        ("section=governance&pack=starter", ["EXE_ACT_OT", "EXE_KR_ATT"]),
        ("department=logistics&q=dt", ["SC_FL_SHARE"]),
        ("q=%00kdj%00", ["SAL_AOV", "SAL_AOV_SHIP"]),
    ],
)
def test_filters_stand_in_the_address(filled, people, signed_in, query, found):
    if "logistics" in query:
        found = [
            metric.code
            for metric in Metric.objects.matching("dt").filter(versions__owner_dept__code="LOG").distinct()
        ]
    assert listed(signed_in(people["sales"]).get(f"/metrics/?{query}")) == found


def test_an_unknown_filter_is_ignored(filled, people, signed_in):
    assert len(listed(signed_in(people["sales"]).get("/metrics/?tier=huge&section=<b>"))) == 211


def test_the_list_speaks_both_languages(filled, people, signed_in):
    client = signed_in(people["sales"])
    english = words(client.get("/metrics/?q=kdj", headers={"accept-language": "en"}))
    assert "Average order value (ex-shipping)" in english and "客单价(不含运费)" in english
    assert "2 metrics" in english
    chinese = words(client.get("/metrics/?q=kdj", headers={"accept-language": "zh-CN"}))
    assert "2 个指标" in chinese and "Average order value (ex-shipping)" in chinese


def test_the_other_name_in_which_the_words_stand_is_shown(filled, people, signed_in):
    answer = signed_in(people["sales"]).get("/metrics/?q=ATV", headers={"accept-language": "en"})
    assert listed(answer) == ["SAL_AOV"]
    assert "also ATV" in words(answer)


def test_a_search_without_answer_offers_one_way_on(filled, people, signed_in):
    answer = signed_in(people["sales"]).get("/metrics/?q=zzzzz", headers={"accept-language": "en"})
    page = part(answer.content.decode(), "metrics")
    assert "No metric answers to this." in page
    assert re.findall(r'<a class="btn btn-primary" href="([^"]+)"', page) == ["/metrics/"]


@pytest.mark.parametrize("query", ["", "?q=kdj", "?q=zzzzz"])
def test_the_fragment_equals_that_part_of_the_page(filled, people, signed_in, query):
    client = signed_in(people["sales"])
    page = client.get(f"/metrics/{query}").content.decode()
    fragment = client.get(f"/metrics/{query}", headers=htmx("metrics")).content.decode()
    assert fragment.strip() == part(page, "metrics")


def grown(count):
    """`count` metrics with aliases, all like SAL_AOV."""
    like = MetricVersion.objects.get(metric__code="SAL_AOV")
    taken = {field.attname: getattr(like, field.attname) for field in like._meta.fields}
    made = Metric.objects.bulk_create(
        Metric(code=f"X_{number}", pack="starter", is_enabled=True, search="x kdj", position=9)
        for number in range(count)
    )
    MetricVersion.objects.bulk_create(
        MetricVersion(**(taken | {"id": None, "metric_id": metric.pk, "formula": "SAL_AOV / SAL_ORD"}))
        for metric in made
    )
    Alias.objects.bulk_create(
        Alias(metric=metric, text=f"kdj {metric.code}", search="kdj") for metric in made
    )


@pytest.mark.parametrize(
    "address", ["/metrics/", "/metrics/?q=kdj", "/metrics/SAL_AOV/", "/metrics/SAL_ORD/"]
)
def test_the_same_number_of_queries_for_3_and_200_metrics(filled, people, signed_in, address):
    client = signed_in(people["sales"])
    Metric.objects.exclude(code__in=["SAL_AOV", "SAL_ORD", "SAL_GMV"]).delete()
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    grown(200)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 19


# --- Who sees what ---------------------------------------------------------------------------------------------


def test_a_partner_sees_shared_metrics_only(filled, people, signed_in):
    client = signed_in(people["logistics"])
    shown = listed(client.get("/metrics/"))
    assert "SC_OTD" in shown and "SC_FL_COST" in shown
    assert not {"SAL_NET", "FIN_NP", "SC_LOG_RATE"} & set(shown)
    assert client.get("/metrics/SC_OTD/").status_code == 200
    assert client.get("/metrics/SAL_NET/").status_code == 404
    assert listed(client.get("/metrics/?q=SAL_NET")) == []


def test_a_partners_page_links_only_to_what_it_may_open(filled, people, signed_in):
    page = signed_in(people["logistics"]).get("/metrics/SAL_RET_LOG/").content.decode()
    linked = set(re.findall(r'href="/metrics/([A-Z0-9_]+)/"', page))
    shown = set(Metric.objects.visible_to(people["logistics"]).values_list("code", flat=True))
    assert linked <= shown
    assert "/departments/sales" not in page


def test_a_partner_with_nothing_shared_is_told_so(filled, people, signed_in):
    PartnerShare.objects.all().delete()
    Metric.objects.update(confidentiality=1)
    answer = signed_in(people["logistics"]).get("/metrics/", headers={"accept-language": "en"})
    assert "Nothing of the dictionary is shared with you yet." in words(answer)


def test_a_stranger_is_sent_to_sign_in_and_an_unknown_code_is_404(filled, client, people, signed_in):
    assert client.get("/metrics/").status_code == 302
    assert client.get("/metrics/SAL_AOV/").status_code == 302
    assert signed_in(people["sales"]).get("/metrics/NO_SUCH/").status_code == 404


# --- One metric ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["%00", "SAL_GMV%00", "%F0%9F%92%A9", "a%20b", "x" * 5000])
def test_a_code_that_cannot_be_one_is_404(filled, people, signed_in, code):
    assert signed_in(people["sales"]).get(f"/metrics/{code}/").status_code == 404


def test_the_page_of_a_metric_says_what_counts(filled, people, signed_in):
    page = words(signed_in(people["sales"]).get("/metrics/SAL_AOV/", headers={"accept-language": "en"}))
    for text in (
        "Average order value (ex-shipping)", "客单价(不含运费)", "= SAL_GMV / SAL_ORD",
        "GMV / orders: after discount, excluding shipping and tax, before refunds.",
        "Shipping not included", "Tax not included", "Refunds are not deducted", "Local day of the marketplace",
        "Month average, locked at the freeze", "Ratio of the sums, never a mean of ratios",
        "Must be there for every period", "Not below 0", "ID03 SAL_ORD * SAL_AOV == SAL_GMV",
        "Orders x AOV does not equal GMV (does AOV include shipping?)", "platform × month · tolerance 0.1%",
        "Typical quarrel With or without shipping", "Standing ruling Ex-shipping by default, SAL_AOV_SHIP",
        "Owner Sales", "Steward Finance", "Computed from other metrics", "ATV", "Average selling price SAL_ASP",
        "platform · store · region", "Version 1, holds from",
    ):  # fmt: skip
        assert text in page, text


def test_the_page_of_a_metric_reads_in_chinese(filled, people, signed_in):
    page = words(signed_in(people["sales"]).get("/metrics/SAL_AOV/", headers={"accept-language": "zh-CN"}))
    for text in (
        "运费 不含",
        "先汇总后相除，不取比率的平均",
        "每期必填",
        "不小于 0",
        "平台 × 月 · 容差 0.1%",
        "负责部门 销售部",
    ):
        assert text in page, text


def test_codes_in_formulas_rules_and_rulings_are_links(filled, people, signed_in):
    page = signed_in(people["sales"]).get("/metrics/SAL_AOV/").content.decode()
    for code in ("SAL_GMV", "SAL_ORD", "SAL_AOV_SHIP", "SAL_ASP"):
        assert f'href="/metrics/{code}/"' in page
    assert 'href="/metrics/SAL_AOV/"' not in page


def test_a_metric_names_those_that_use_it(filled, people, signed_in):
    page = (
        signed_in(people["sales"])
        .get("/metrics/SAL_ORD/", headers={"accept-language": "en"})
        .content.decode()
    )
    used_by = page[page.index("Used by") :]
    users = re.findall(r'href="/metrics/([A-Z0-9_]+)/"', used_by)
    assert users == [
        "SAL_AOV", "SAL_AOV_SHIP", "SAL_UPT", "SAL_REG_ORD", "SAL_ODR", "SAL_DISPUTE", "SAL_NEW_CVR", "MKT_NEWCUST",
        "MKT_AD_ORD", "CS_CONTACT_RATE", "TEC_SITE_CVR",
    ]  # fmt: skip


def amended(people, at, number=2):
    for month, tolerance in zip(range(7, 7 + number - 1), ("0.2%", "0.3%"), strict=False):
        dictionary.amend(
            Metric.objects.get(code="SAL_AOV"),
            {"tolerance": tolerance},
            effective_from=dt.date(2026, month, 1),
            by=people["steward"],
            at=at,
            reason=f"Ruling {month}",
        )


def test_two_versions_are_compared_column_by_column(filled, people, signed_in, at):
    amended(people, at, 3)
    client = signed_in(people["sales"])
    page = words(client.get("/metrics/SAL_AOV/", headers={"accept-language": "en"}))
    assert "Tolerance − before: 0.2% + after: 0.3%" in page
    assert "Ruling 8" in page and "Starting dictionary" in page
    page = words(client.get("/metrics/SAL_AOV/?from=3&to=1", headers={"accept-language": "en"}))
    assert "Tolerance − before: 0.1% + after: 0.3%" in page
    page = words(client.get("/metrics/SAL_AOV/?from=1&to=9", headers={"accept-language": "en"}))
    assert "Tolerance − before: 0.2% + after: 0.3%" in page


def test_the_comparison_equals_that_part_of_the_page(filled, people, signed_in, at):
    amended(people, at, 3)
    client = signed_in(people["sales"])
    page = client.get("/metrics/SAL_AOV/?from=1&to=3").content.decode()
    fragment = client.get("/metrics/SAL_AOV/?from=1&to=3", headers=htmx("versions")).content.decode()
    assert fragment.strip() == part(page, "versions")


def test_every_page_of_the_dictionary_opens(filled, people, signed_in):
    client = signed_in(people["steward"])
    for code in Metric.objects.values_list("code", flat=True):
        assert client.get(f"/metrics/{code}/").status_code == 200, code
