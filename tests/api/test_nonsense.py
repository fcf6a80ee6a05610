"""Nonsense in every parameter of every operation: refused or answered as promised, never broken (B098, B112–B115)."""

import itertools
import uuid

import pytest

from metrics.models import Metric
from reviewhub.people.models import Confidentiality
from tests import make
from tests.api import caller
from tests.metrics.figures import dictionary_of_today, year_of_sales

pytestmark = pytest.mark.django_db
TEXTS = [
    "", "a\0b", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "令牌" * 60, "' OR 1=1 --", "%",
    "../../etc/passwd", "-1", "1e999", "NaN", str(2**63), "null", "0001-01", "9999-12-31", "2026-W54", "a" * 8000,
]  # fmt: skip
BODIES = [None, True, -1, 2**70, 1.5, [], {}, "a\0b", "9999-12-31", "x" * 400, ["x"], {"a": {"b": []}}]


def operations(*methods):
    for path, found in caller.document()["paths"].items():
        for method, operation in found.items():
            if method in methods:
                yield path.removeprefix("/api/v1"), method, operation


@pytest.fixture
def everything(people):
    """One thing of each kind, and a program that may do whatever a program may."""
    dictionary_of_today()
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    year_of_sales(2)
    make.rhythm()
    make.review()
    action = make.action(owner=people["sales"])
    version = make.submission(period="2025-01")
    program = caller.Program(caller.made(people["sales"])[1])
    program.known = {"submissions": version.pk, "actions": action.pk, "imports": uuid.uuid4()}
    return program


def filled(path: str, program) -> str:
    """The address of a thing that is there."""
    kind = path.split("/")[1]
    known = {"readings": "SAL_NET", "dictionary": "SAL_AOV", "reviews": "2026-10"} | program.known
    return path.replace("{pk}", str(known.get(kind, 1))).replace("{code}", str(known.get(kind, "x")))


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch):
    monkeypatch.setattr("reviewhub.api.door.take_turn", lambda caller, at: None)


def test_every_query_parameter_takes_any_text(everything):
    for path, _method, operation in operations("get"):
        at = filled(path, everything)
        required = {"period": "2026-10"} if path.startswith("/readings") else {}
        for parameter in operation["parameters"]:
            for text in TEXTS if parameter["in"] == "query" else ():
                answer = everything.get(at, **required | {parameter["name"]: text})
                assert answer.status_code in (200, 404, 422), (at, parameter["name"], text, answer.said)


def test_periods_at_the_ends_of_the_calendar_are_answered(everything):
    periods = ("0001", "0001-01", "0001-W01", "0001-01-01", "9999", "9999-12", "9999-12-31", "9999-W52")
    for period, grain, compare in itertools.product(periods, ("", "week", "year"), ("", "py,pp,target")):
        answer = everything.get("/readings/SAL_NET", period=period, grain=grain, compare=compare)
        assert answer.status_code in (200, 422), (period, grain, compare, answer.said)


def test_every_body_is_refused_or_carried_out(everything):
    for path, method, operation in operations("post", "patch"):
        content = operation["requestBody"]["content"]
        if "application/json" not in content:
            continue
        schema = content["application/json"]["schema"]
        name = schema.get("$ref", "").rpartition("/")[2]
        fields = caller.document()["components"]["schemas"][name]["properties"]
        for value in BODIES:
            answers = [everything.post(filled(path, everything), value, method=method)]
            for field in fields:
                given = {"status": "doing"} | {field: value} if "status" in fields else {field: value}
                answers.append(everything.post(filled(path, everything), given, method=method))
            for answer in answers:
                assert answer.status_code in (200, 400, 403, 404, 409, 413, 422), (path, value, answer.said)


def test_every_form_field_takes_any_text(everything):
    from tests.api.test_submissions import form  # noqa: PLC0415 - a helper of other tests

    for field in (
        "department",
        "period",
        "profile",
        "sheet",
        "encoding",
        "decimal",
        "date_order",
        "settings",
    ):
        for text in TEXTS:
            answer = everything.post("/submissions", form=form(**{field: text}))
            assert answer.status_code in (202, 409, 422), (field, text, answer.said)
