"""Trust where people look: the page of a metric, its table, the passport, the desk, the checklist; and the badge."""

import datetime as dt
import re
from dataclasses import asdict

import pytest

from metrics import badges
from metrics.models import Badge, MetricVersion, Trust
from metrics.trust import Evidence
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
DAY = dt.timedelta(days=1)
COUNTED = Evidence(
    kept=5, judged=6, passed=16, warned=2, waived=1, failed=1, changed=1, frozen=4, open=1, compared=3, age=63,
    has_data=True,
)  # fmt: skip


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def part(answer, name: str) -> str:
    """The text of the section with this id."""
    page = answer.content.decode()
    start = page.index(f'id="{name}"')
    return " ".join(re.sub(r"<[^>]+>", " ", page[start : page.index("</section>", start)]).split())


@pytest.fixture
def review(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()
    return make.review()


@pytest.fixture
def version(review):
    return kept(review, "SAL_NET", 76, COUNTED)


def kept(review, code, score, found) -> MetricVersion:
    row = MetricVersion.objects.select_related("metric", "owner_dept").get(
        metric__code=code, effective_to=None
    )
    Trust.objects.create(
        review=review, metric=row.metric, score=score, evidence=asdict(found), judged_at=make.AT
    )
    return row


def test_the_page_of_a_metric_shows_each_part_with_its_number(version, people, signed_in):
    said = part(signed_in(people["sales"]).get("/metrics/SAL_NET/"), "trust")
    assert "76 of 100" in said and "with care" in said
    for line in (
        "Handed in on time 5 of the last 6 reviews 20.8 / 25",
        "Checks that hold 16 of 20 checks, 2 warnings count half, 1 waived counts half 21.9 / 25",
        "Not restated 3 of 4 frozen reviews unchanged 15.0 / 20",
        "Differences settled 2 of 3 comparisons with another side 13.3 / 20",
        "Certified lately 63 days ago 5.1 / 10",
        "As of October 2026 review.",
        "Not certified",
    ):
        assert line in said


def test_the_history_stands_review_by_review(version, people, signed_in):
    before = make.review("2026-09", meeting_at=make.AT - 30 * DAY, title_en="September 2026 review")
    kept(before, "SAL_NET", 91, COUNTED)
    said = part(signed_in(people["sales"]).get("/metrics/SAL_NET/"), "trust")
    assert re.search(r"October 2026 review 76 .* September 2026 review 91", said)


def test_what_was_never_judged_says_so(review, people, signed_in):
    said = part(signed_in(people["sales"]).get("/metrics/SAL_ORD/"), "trust")
    assert "– of 100" in said and "not enough to judge" in said


def test_a_badge_goes_through_the_pages_of_its_metric(version, people, signed_in):
    address = "/metrics/SAL_NET/badge/"
    client = signed_in(people["sales"])
    refused = client.post(address + "ask", {"sentence": " "}, headers=EN)
    assert refused.status_code == 422 and "Say in a sentence what you checked." in words(refused)
    assert client.post(address + "ask", {"sentence": "Looked at the source"}).status_code == 302
    assert client.post(address + "give").status_code == 422
    owner = signed_in(people["steward"])
    page = part(owner.get("/metrics/SAL_NET/"), "trust")
    assert "asks for the badge" in page and "Looked at the source" in page and "Certify until" in page
    answer = owner.post(address + "give", follow=True)
    last = badges.last_of(Badge.objects.get())
    assert f"Certified until {last:%a} {last.day} {last:%b} {last.year}" in part(answer, "trust")
    refused = owner.post(address + "end", {"reason": ""}, headers=EN)
    assert refused.status_code == 422 and "Say why in one sentence." in words(refused)
    assert owner.post(address + "end", {"reason": "Wrong source"}).status_code == 302
    assert "Not certified" in part(owner.get("/metrics/SAL_NET/"), "trust")


def test_below_the_bound_the_button_says_why(review, people, signed_in):
    row = kept(review, "SAL_NET", 40, COUNTED)
    badges.ask(row, "Looked", by=people["sales"], at=make.AT)
    answer = signed_in(people["steward"]).get("/metrics/SAL_NET/")
    assert "Its score is 40; from 65 on it can be certified." in part(answer, "trust")
    assert 'aria-disabled="true" aria-describedby="give-why"' in answer.content.decode()


def test_the_table_has_the_lowest_first_the_formula_and_the_badges(
    version, review, people, signed_in, pages_at
):
    kept(review, "SAL_ORD", 40, COUNTED)
    kept(review, "SAL_AOV", None, Evidence(kept=1, judged=1))
    badges.ask(version, "Looked", by=people["sales"], at=make.AT)
    badges.give(version, by=people["steward"], at=make.AT)
    answer = signed_in(people["steward"]).get("/trust/")
    assert re.findall(r"<a href=\"/metrics/(\w+)/#trust\">", answer.content.decode()) == [
        "SAL_ORD",
        "SAL_NET",
        "SAL_AOV",
    ]
    assert "Certified until Thu 31 Dec 2026" in part(answer, "scores")
    assert "score = 100 × Σ (weight × share) / Σ weight" in words(answer)
    assert "Handed in on time 25" in words(answer) and "From 85: deserved. From 65: with care" in words(
        answer
    )
    assert signed_in(people["steward"]).get("/trust/?review=1999-01").status_code == 404


def test_kinds_of_file_are_for_their_department(version, review, people, signed_in):
    for code, score in (("SAL", 70), ("MKT", 50)):
        Trust.objects.create(
            review=review,
            department=make.department(code),
            profile="sales-daily",
            score=score,
            evidence=asdict(COUNTED),
            judged_at=make.AT,
        )
    said = part(signed_in(people["sales"]).get("/trust/?of=files"), "scores")
    assert "sales-daily" in said and "70" in said and "Marketing" not in said
    said = part(signed_in(people["steward"]).get("/trust/?of=files"), "scores")
    assert "70" in said and "Marketing" in said
    assert "Nothing was judged yet." in words(signed_in(people["ceo"]).get("/trust/?of=files"))


def test_a_partner_sees_no_trust_and_no_badge(version, people, signed_in):
    make.department("LOG").shares.create(kind="metric", code="SAL_NET", granted_at=make.AT)
    client = signed_in(people["logistics"])
    answer = client.get("/metrics/SAL_NET/")
    assert answer.status_code == 200 and 'id="trust"' not in answer.content.decode()
    assert client.get("/trust/").status_code == 404
    for verb in ("ask", "give", "end"):
        assert client.post(f"/metrics/SAL_NET/badge/{verb}").status_code == 404


def test_the_passport_says_score_and_badge(version, people, signed_in):
    figures([("SAL_GROSS", "2026-10-03", 100)], zero=["SAL_DISC", "SAL_REF"])
    answer = signed_in(people["sales"]).get("/metrics/SAL_NET/passport/?month=2026-10")
    assert "Trust 76 of 100 Not certified" in words(answer)
    answer = signed_in(people["sales"]).get("/metrics/SAL_NET/passport/?month=2026-08")
    assert "Trust not judged yet Not certified" in words(answer)


def test_the_desk_says_how_far_either_side_is_trusted(version, review, people, signed_in):
    figures([("SAL_GROSS", "2026-10-03", 1000)], zero=["SAL_DISC", "SAL_REF", "SAL_SHIPREV"])
    more = ["REC_FX", "REC_CUTOFF", "REC_RETEST", "REC_OTHER"]
    figures([("FIN_REV", "2026-10-31", 700)], code="FIN", profile="pnl", zero=more)
    kept(review, "FIN_REV", 88, COUNTED)
    said = words(
        signed_in(people["steward"]).get(f"/reconciliation/?review={review.code}&conflict=ID69-2026-10")
    )
    assert "SAL_NET v1 trust 76" in said and "FIN_REV v1 trust 88" in said


def test_the_checklist_says_how_far_its_files_are_trusted(review, people, signed_in, pages_at):
    figures([("SAL_GROSS", "2026-10-03", 1000)], zero=["SAL_DISC", "SAL_REF"])
    Trust.objects.create(
        review=review,
        department=make.department("SAL"),
        profile="sales-daily",
        score=70,
        evidence=asdict(COUNTED),
        judged_at=make.AT,
    )
    assert "trust 70" in words(signed_in(people["sales"]).get("/submissions/?department=sales"))


def test_a_page_takes_as_many_queries_for_many_reviews_as_for_one(version, people, signed_in, queries):
    client = signed_in(people["sales"])
    client.get("/metrics/SAL_NET/")
    one = queries(lambda: client.get("/metrics/SAL_NET/"))
    for month in range(3, 9):
        before = make.review(f"2026-0{month}", meeting_at=make.AT - (12 - month) * 30 * DAY)
        kept(before, "SAL_NET", 90, COUNTED)
    assert queries(lambda: client.get("/metrics/SAL_NET/")) == one
