"""Figures by API: the same document as `manage.py reading --json`, and who may read which."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from metrics import freezing, snapshots
from metrics.models import Metric, MetricVersion, Sight
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales


@pytest.fixture(autouse=True)
def _figures(people):
    dictionary_of_today()
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    year_of_sales(14)


def command(*arguments) -> dict:
    out = StringIO()
    call_command("reading", *arguments, "--json", "--language", "en", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("code", "query", "arguments"),
    [
        ("SAL_NET", {}, []),
        ("sal_net", {"by": "platform,country"}, ["--by", "platform,country"]),
        ("SAL_NET", {"compare": "py,pp,target"}, ["--compare", "py,pp,target"]),
        ("SAL_AOV", {"grain": "week", "status": "certified"}, ["--grain", "week", "--status", "certified"]),
        ("SAL_GROSS", {"where": ["country=DE", "platform=amazon"]}, ["--where", "country=DE", "platform=amazon"]),
        ("SAL_GROSS", {"by": ["country", "platform"]}, ["--by", "country", "--by", "platform"]),
    ],
)  # fmt: skip
def test_the_answer_is_the_document_of_the_command(program, code, query, arguments):
    answer = program("sales", "readings:read").get(f"/readings/{code}", period="2026-10", **query)
    assert answer.status_code == 200, answer.said
    assert answer.said == command(code, "--period", "2026-10", *arguments)


@pytest.mark.parametrize(
    ("code", "query", "status", "found"),
    [
        ("SAL_NETT", {}, 404, "UNKNOWN_METRIC"),
        ("SAL_NET", {"period": "soon"}, 422, "/period"),
        ("SAL_NET", {"period": "\0"}, 422, "/period"),
        ("SAL_NET", {"period": "9" * 150}, 422, "/period"),
        ("SAL_NET", {"grain": "minute"}, 422, "/grain"),
        ("SAL_NET", {"status": "rumour"}, 422, "/status"),
        ("SAL_NET", {"where": "country"}, 422, "/where"),
        ("SAL_NET", {"where": "planet=Mars"}, 422, "UNKNOWN_DIMENSION"),
        ("SAL_NET", {"compare": "yesterday"}, 422, "UNKNOWN_COMPARISON"),
    ],
)
def test_a_question_without_an_answer_says_why(program, code, query, status, found):
    answer = program("steward").get(f"/readings/{code}", **{"period": "2026-10"} | query)
    assert answer.status_code == status, answer.said
    places = {one["pointer"] for one in answer.said["errors"]} | {
        one["code"] for one in answer.said["errors"]
    }
    assert found in places, answer.said


def test_a_period_has_to_be_named(program):
    answer = program("sales").get("/readings/SAL_NET")
    assert [(one["pointer"], one["where"]) for one in answer.said["errors"]] == [("/period", "query")]


def test_a_partner_and_a_token_of_another_department_find_no_metric(program, machine):
    for other in (program("logistics"), machine(make.department("TEC"))):
        assert other.get("/readings/SAL_NET", period="2026-10").status_code == 404
    own = machine(make.department("SAL"))
    assert own.get("/readings/SAL_NET", period="2026-10").said["value"] == "7980.00"


def test_a_secret_metric_is_not_there(program):
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.SECRET)
    assert program("marketing").get("/readings/SAL_NET", period="2026-10").status_code == 404


def test_drafts_are_read_only_by_those_who_may_see_them(program):
    from metrics.models import Submission  # noqa: PLC0415 - one test needs it

    Submission.objects.update(state="draft", certified_at=None)
    answers = {
        name: program(name).get("/readings/SAL_NET", period="2026-10").said["value"]
        for name in ("sales", "steward", "marketing")
    }
    assert answers == {"sales": "7980.00", "steward": "7980.00", "marketing": None}


# --- As it was frozen -------------------------------------------------------------------------------------------


@pytest.fixture
def review(people):
    found = make.review()
    make.freeze(found, people)
    return found


def test_a_frozen_figure_is_that_of_the_snapshot_with_its_fingerprint_and_definition(program, review):
    asked = {"period": "2026-10", "compare": "py"}
    was = program("sales").get("/readings/SAL_NET", **asked, review=review.code).said
    MetricVersion.objects.filter(metric__code="SAL_NET").update(effective_to="2026-09-01")
    figures(
        [("SAL_GROSS", "2026-10-01", 1), ("SAL_ORD", "2026-10-01", 1)],
        period="2026-10",
        number=2,
        zero=["SAL_DISC", "SAL_REF"],
    )
    found = program("sales").get("/readings/SAL_NET", **asked, review=review.code).said
    assert (found["value"], found["version"]) == ("7980.00", 1)
    assert found["passport"]["snapshot"] == snapshots.latest(review).fingerprint
    assert (
        found == was == command("SAL_NET", "--period", "2026-10", "--compare", "py", "--review", review.code)
    )
    now = program("sales").get("/readings/SAL_GROSS", period="2026-10").said
    assert (now["value"], now["passport"]["snapshot"]) == ("1.00", None)


@pytest.mark.parametrize("code", ["2026-09", "nothing", "\0", "2026-10' OR 1=1"])
def test_what_is_not_frozen_is_not_answered_as_frozen(program, code):
    make.review()
    answer = program("sales").get("/readings/SAL_NET", period="2026-10", review=code)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.said["errors"]] == [
        ("/review", "REVIEW_NOT_FROZEN")
    ]


def test_people_who_read_frozen_figures_are_noted_and_machines_are_not(program, machine, people, review):
    asked = {"period": "2026-10", "review": review.code}
    assert machine(make.department("SAL")).get("/readings/SAL_NET", **asked).status_code == 200
    assert program("sales").get("/readings/SAL_NETT", **asked).status_code == 404
    assert not Sight.objects.exists()
    program("sales").get("/readings/SAL_NET", **asked)
    assert [(row.user, row.number) for row in Sight.objects.all()] == [(people["sales"], 1)]


def test_a_review_names_the_snapshot_that_stands_and_who_signed(program, people, review):
    said = program("sales", "reviews:read").get(f"/reviews/{review.code}").said["snapshot"]
    assert (said["number"], said["previous"], said["reason"]) == (1, "", "")
    assert said["fingerprint"] == snapshots.latest(review).fingerprint
    assert {one["department"] for one in said["signatures"]} == {"FIN", "TEC"}
    freezing.restate(review, "A refund was booked twice", by=people["steward"], at=make.AT)
    figures([("SAL_GROSS", "2026-10-01", 1)], period="2026-10", number=2, zero=["SAL_DISC", "SAL_REF"])
    make.freeze(review, people)
    again = program("sales", "reviews:read").get(f"/reviews/{review.code}").said["snapshot"]
    assert (again["number"], again["previous"]) == (2, said["fingerprint"])
    assert again["reason"] == "A refund was booked twice" and again["fingerprint"] != said["fingerprint"]
