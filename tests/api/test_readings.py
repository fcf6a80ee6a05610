"""Figures by API: the same document as `manage.py reading --json`, and who may read which."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from metrics.models import Metric
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, year_of_sales


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
