"""B084–B093: formulas and codes that must not get in, through the form and the command, on the database of this run.

Each is answered with its code and its words, and every table is as it was. B090 (no number, with the reason) and B094
(certified numbers stay) are in test_readings and test_proposals.
"""

import csv
import io
import json
import time
from dataclasses import dataclass, field

import pytest
from django.core.management import CommandError, call_command

from metrics import dictionary, dictionary_rows
from metrics.dictionary_csv import written
from metrics.dictionary_rows import cells, shipped
from metrics.models import Metric
from metrics.proposal_checks import names_of, open_version
from tests.metrics import uploads
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


@dataclass(frozen=True)
class Case:
    """Cells of SAL_AOV (or of `code`, a new metric like it) and what they are refused with."""

    name: str
    expected: str
    words: str
    code: str = "SAL_AOV"
    cells: dict = field(default_factory=dict)
    others: tuple = ()  # further rows of the file
    position: int | None = None
    column: str = "formula"


def formula(name, text, expected, words, **more):
    return Case(name, expected, words, cells={"formula": text}, **more)


UNKNOWN = "is no metric and no function"
CASES = [
    formula("B084", "__import__('os').system('id')", "FORMULA_SYNTAX", UNKNOWN, position=0),
    formula("B085", "@pd.io.common.os.getpid()", "FORMULA_SYNTAX", "a sign is missing", position=0),
    formula("B086", "().__class__.__base__.__subclasses__()", "FORMULA_SYNTAX", UNKNOWN, position=0),
    formula("B087 power", "9**9**9", "FORMULA_SYNTAX", "no part of the formula language", position=0),
    formula("B087 caret", "2^99999", "FORMULA_SYNTAX", "no part of the formula language", position=0),
    formula("B088 nested", "(" * 10_000 + "1" + ")" * 10_000, "FORMULA_TOO_LARGE", "too large"),
    formula("B088 deep", "(" * 90 + "SAL_GMV" + "+1)" * 90, "FORMULA_TOO_LARGE", "too large"),
    formula("B088 1 MB", "SAL_GMV + " * 104_000 + "1", "FORMULA_TOO_LARGE", "too large"),
    formula("B089 itself", "SAL_AOV * 2", "FORMULA_CYCLE", "SAL_AOV → SAL_AOV"),
    formula("B089 round", "SAL_YOY", "FORMULA_CYCLE", "→ SAL_NET → ", code="SAL_GMV"),
    formula("B091 added", "SAL_GMV + SAL_ORD", "UNIT_MISMATCH", "CCY + 单"),
    formula("B091 given", "SAL_GMV", "UNIT_MISMATCH", "CCY = CCY/单"),
    formula("B091 inside", "MAX(SAL_GMV, SAL_ORD) / SAL_ORD", "UNIT_MISMATCH", "CCY , 单"),
    formula("B092", "(SAL_USD + SAL_GMV) / SAL_ORD", "CURRENCY_MIX", "USD + CCY"),
    formula("unknown metric", "SAL_NOTHING / SAL_ORD", "metric_unknown", "SAL_NOTHING"),
    Case("B093 reserved", "CODE_RESERVED", "a word of the formula language", code="SUM", column="code"),
    Case("B093 name", "CODE_DUPLICATE", "is taken (SAL_NET)", cells={"name_en": "Net sales"}, column="name_en"),
    Case("B093 alias", "CODE_DUPLICATE", "is taken (SAL_NET)", cells={"name_zh": "销售净额"}, column="name_zh"),
]  # fmt: skip


@pytest.fixture
def filled(people, at):
    dictionary_of_today()
    gross = Metric.objects.get(code="SAL_GROSS")
    row = cells(open_version(gross)) | {"code": "SAL_USD", "name_zh": "美元销售", "name_en": "Sales in USD"}
    dictionary.first_version(row | {"unit": "USD"}, effective_from=at.date(), by=None, at=at, reason="Test")
    return people


def row_of(case) -> dict[str, str]:
    """The whole row that the case proposes."""
    known = Metric.objects.filter(code=case.code).first()
    base = cells(open_version(known or Metric.objects.get(code="SAL_AOV")))
    fresh = {} if known else {"code": case.code, "name_zh": "新的", "name_en": "Fresh"}
    return base | fresh | case.cells


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_form_refuses_it_beside_its_field(filled, signed_in, case):
    client, row = signed_in(filled["sales"]), row_of(case)
    is_new = not Metric.objects.filter(code=case.code).exists()
    names = [] if is_new else names_of(Metric.objects.get(code=case.code))
    sent = row | {"dimensions": row["dimensions"].split(","), "aliases": ", ".join(names)}
    sent |= {"effective_from": "2026-12", "reason": "Why"}
    address = "/metrics/propose/" if is_new else f"/metrics/{case.code}/propose"
    before, started = uploads.digest(), time.perf_counter()
    answer = client.post(address, sent, headers=EN)
    assert time.perf_counter() - started < 10
    assert answer.status_code == 422
    page = answer.content.decode().replace("&gt;", ">")
    start = page.index(f'for="id_{case.column}"')
    assert case.words in page[start : page.index("</div>", start)]
    assert uploads.digest() == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_refuses_it_with_its_code(filled, case, tmp_path, capsys, at):
    row, file = row_of(case), tmp_path / "m.csv"
    rows = [one for one in dictionary_rows.rows(at.date()) if one["code"] != case.code]
    file.write_text(written([*rows, row]), encoding="utf-8")
    before, status = uploads.digest(), 0
    try:
        call_command("dictionary", "import", str(file), "--by", "sales", "--json", "--language", "en")
    except SystemExit as left:
        status = left.code
    document = json.loads(capsys.readouterr().out)
    assert status == 2
    found = {(one["code"], one["column"], one.get("position")) for one in document["problems"]}
    position = (
        case.position
        if case.position is not None
        else next(
            (place for code, column, place in found if (code, column) == (case.expected, case.column)), None
        )
    )
    assert (case.expected, case.column, position) in found
    assert any(case.words in one["message"] for one in document["problems"])
    assert uploads.digest() == before


def test_two_rows_of_one_file_that_go_round_are_refused(filled, tmp_path, capsys):
    """B089: a = b + 1, b = a − 1."""
    rows = list(csv.DictReader(io.StringIO(shipped("metrics").decode())))
    like = next(row for row in rows if row["code"] == "SAL_AOV")
    rows.append(like | {"code": "X_A", "name_zh": "甲一", "name_en": "One of two", "formula": "X_B + 1"})
    rows.append(like | {"code": "X_B", "name_zh": "乙二", "name_en": "Two of two", "formula": "X_A - 1"})
    file = tmp_path / "m.csv"
    file.write_text(written(rows), encoding="utf-8")
    before = uploads.digest()
    with pytest.raises(SystemExit):
        call_command("dictionary", "import", str(file), "--json")
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(one["code"], one["value"]) for one in problems] == [("FORMULA_CYCLE", "X_A → X_B → X_A")]
    assert uploads.digest() == before


@pytest.mark.parametrize(
    ("length", "expected"), [(50, None), (51, "FORMULA_TOO_LARGE"), (600, "FORMULA_TOO_LARGE")]
)
def test_a_chain_is_as_long_as_fifty(filled, tmp_path, length, expected):
    rows = list(csv.DictReader(io.StringIO(shipped("metrics").decode())))
    like = next(row for row in rows if row["code"] == "SAL_AOV")
    for number in range(1, length + 1):
        text = "SAL_GROSS / SAL_ORD" if number == length else f"X_{number + 1}"
        names = {"name_zh": f"链{number}", "name_en": f"Chain {number}"}
        rows.append(like | names | {"code": f"X_{number}", "formula": text})
    file = tmp_path / "m.csv"
    file.write_text(written(rows), encoding="utf-8")
    try:
        call_command("dictionary", "import", str(file), "--language", "en")
        assert expected is None
    except CommandError as refused:
        assert expected and "too large" in str(refused)


def test_a_code_that_stands_twice_in_a_file_is_refused(filled, tmp_path, capsys):
    lines = shipped("metrics").decode().splitlines()
    (tmp_path / "m.csv").write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("dictionary", "import", str(tmp_path / "m.csv"), "--json")
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "CODE_DUPLICATE"
