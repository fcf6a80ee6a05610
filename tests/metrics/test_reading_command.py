"""`manage.py reading`: one JSON document or lines for people, and the exit status (interfaces, Numbers)."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.metrics.figures import dictionary_of_today, year_of_sales


@pytest.fixture(autouse=True)
def _figures(db):
    dictionary_of_today()
    year_of_sales(14)


def run(*arguments):
    """(exit status, standard output)."""
    out = StringIO()
    try:
        call_command("reading", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def told(*arguments):
    status, out = run(*arguments, "--json")
    return status, json.loads(out)


def test_json_is_one_document():
    status, document = told(
        "SAL_NET", "--period", "2026-10", "--by", "platform,country", "--compare", "py,pp,target"
    )
    assert status == 0 and document["value"] == "7980.00"
    assert set(document) == {
        "metric", "version", "unit", "period", "status", "value", "exact", "why", "why_code", "coverage", "rows",
        "compare", "passport", "rates", "exchanged", "ripens_on",
    }  # fmt: skip
    assert list(document["compare"]) == ["py", "pp", "target"]
    assert document["compare"]["py"] == {
        "value": "5928.00", "change": "2052.00", "change_pct": "0.3462", "comparable": True, "why": None,
        "why_code": None,
    }  # fmt: skip
    assert document["compare"]["target"]["comparable"] is False
    assert [row["key"] for row in document["rows"]][0] == {"platform": "amazon", "country": "Germany"}


def test_lines_for_people_are_the_default():
    status, out = run("SAL_AOV", "--period", "2026-10", "--compare", "py", "--grain", "week")
    assert status == 0 and "Average order value" in out and "2026-W42" in out and "last" not in out
    assert "客单价" in run("SAL_AOV", "--period", "2026-10", "--language", "zh-hans")[1]


def test_members_are_given_as_the_interface_says():
    forms = (
        ["--where", "country=DE"],
        ["--where", "country=Germany", "country=France", "platform=amazon"],
        ["--where", "country=德国", "--where", "platform=amazon"],
    )
    values = [told("SAL_GROSS", "--period", "2026-10", *form)[1]["value"] for form in forms]
    assert values == ["5800.00", "3000.00", "3000.00"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["SAL_NETT", "--period", "2026-10"], 2, "UNKNOWN_METRIC_NEAR"),
        (["SAL_NET", "--period", "2026-13"], 2, "UNUSABLE"),
        (["SAL_NET", "--period", ""], 2, "UNUSABLE"),
        (["SAL_NET", "--period", "0001"], 0, None),
        (["SAL_NET", "--period", "9999"], 2, "UNUSABLE"),
        (["SAL_NET", "--period", "2026-10", "--by", "moon"], 2, "UNKNOWN_DIMENSION"),
        (["SAL_NET", "--period", "2026-10", "--where", "country"], 2, "UNUSABLE"),
        (["SAL_NET", "--period", "2026-10", "--where", "country=Gremany"], 2, "UNKNOWN_MEMBER_NEAR"),
        (["SAL_NET", "--period", "2026-10", "--compare", "moon"], 2, "UNKNOWN_COMPARISON"),
        (["SAL_NET", "--period", "2000-01-01..2026-12-31", "--grain", "day"], 2, "TOO_FINE"),
        (["SAL_ORD", "--period", "2026-10", "--by", "category"], 1, "NOT_ADDITIVE"),
        (["SAL_NET", "--period", "1999-10"], 0, None),
        (["\udcff\0SAL", "--period", "\udcff"], 2, "UNUSABLE"),
    ],
)
def test_bad_questions_are_answered_never_a_traceback(arguments, status, code):
    found, document = told(*arguments)
    assert found == status
    assert (document["problems"][0]["code"] if code else document["why_code"]) == (code or "NO_DATA")
    found, out = run(*arguments)
    assert found == status and out.strip() and "Traceback" not in out


def test_argparse_refuses_the_rest_with_two():
    for arguments in (["SAL_NET"], ["SAL_NET", "--period", "2026", "--grain", "eon"]):
        with pytest.raises(CommandError):
            call_command("reading", *arguments)


@pytest.mark.parametrize(
    "code", ["SAL_YOY", "SAL_POP", "SC_DIO", "FIN_CCC", "REC_GAP", "SAL_PLAT_YOY", "MKT_CAC_PAID"]
)
def test_every_kind_of_formula_is_answered(code):
    for period in ("2026-10", "2026", "2026-W42", "2026-10-05"):
        status, document = (
            told(code, "--period", period, "--by", "platform")
            if code == "SAL_PLAT_YOY"
            else told(code, "--period", period, "--compare", "py,pp")
        )
        assert status == 0 and (document["value"] is not None or document["why_code"])
