"""Bad definitions by proposal form and `dictionary import` (B084–B089, B091–B093)."""

import csv
import io
import json
import time
from dataclasses import dataclass, field
from functools import partial

from django.core.management import call_command

from metrics.dictionary_csv import written
from metrics.dictionary_rows import cells, shipped
from metrics.models import Metric, Proposal
from metrics.proposal_checks import names_of, open_version
from tests.metrics.corpus.lines import Answer, Expected, Line, NoDoor

API = NoDoor("programs read the dictionary, they do not write it")
ONE_AT_A_TIME = NoDoor("the form proposes one metric at a time")


@dataclass(frozen=True)
class Wrong:
    """Cells of SAL_AOV (or of `code`, a new metric like it), and what they are refused with."""

    number: str
    name: str
    expected: str
    words: str
    code: str = "SAL_AOV"
    cells: dict = field(default_factory=dict)
    position: int | None = None
    column: str = "formula"
    besides: str = ""  # what the file is told too


def formula(number, name, text, expected, words, **more):
    return Wrong(number, name, expected, words, cells={"formula": text}, **more)


UNKNOWN = "is no metric and no function"
NOT_IN_IT = "no part of the formula language"
CASES = [
    formula("B084", "import", "__import__('os').system('id')", "FORMULA_SYNTAX", UNKNOWN, position=0),
    formula("B085", "at", "@pd.io.common.os.getpid()", "FORMULA_SYNTAX", "a sign is missing", position=0),
    formula("B086", "subclasses", "().__class__.__base__.__subclasses__()", "FORMULA_SYNTAX", UNKNOWN, position=0),
    formula("B087", "power", "9**9**9", "FORMULA_SYNTAX", NOT_IN_IT, position=0),
    formula("B087", "caret", "2^99999", "FORMULA_SYNTAX", NOT_IN_IT, position=0),
    formula("B088", "nested", "(" * 10_000 + "1" + ")" * 10_000, "FORMULA_TOO_LARGE", "too large"),
    formula("B088", "deep", "(" * 90 + "SAL_GMV" + "+1)" * 90, "FORMULA_TOO_LARGE", "too large"),
    formula("B088", "one-megabyte", "SAL_GMV + " * 104_000 + "1", "FORMULA_TOO_LARGE", "too large"),
    formula("B089", "itself", "SAL_AOV * 2", "FORMULA_CYCLE", "SAL_AOV → SAL_AOV"),
    formula("B089", "round", "SAL_YOY", "FORMULA_CYCLE", "→ SAL_NET → ", code="SAL_GMV", besides="UNIT_MISMATCH"),
    formula("B091", "added", "SAL_GMV + SAL_ORD", "UNIT_MISMATCH", "CCY + 单"),
    formula("B091", "given", "SAL_GMV", "UNIT_MISMATCH", "CCY = CCY/单"),
    formula("B091", "inside", "MAX(SAL_GMV, SAL_ORD) / SAL_ORD", "UNIT_MISMATCH", "CCY , 单"),
    formula("B092", "two-currencies", "(SAL_USD + SAL_GMV) / SAL_ORD", "CURRENCY_MIX", "USD + CCY"),
    formula("B093", "unknown-metric", "SAL_NOTHING / SAL_ORD", "metric_unknown", "SAL_NOTHING"),
    Wrong("B093", "reserved", "CODE_RESERVED", "a word of the formula language", code="SUM", column="code"),
    Wrong("B093", "name-taken", "CODE_DUPLICATE", "is taken (SAL_NET)", cells={"name_en": "Net sales"},
          column="name_en"),
    Wrong("B093", "alias-taken", "CODE_DUPLICATE", "is taken (SAL_NET)", cells={"name_zh": "销售净额"},
          column="name_zh"),
]  # fmt: skip


def row_of(wrong: Wrong) -> dict[str, str]:
    """The whole row that is proposed."""
    known = Metric.objects.filter(code=wrong.code).first()
    base = cells(open_version(known or Metric.objects.get(code="SAL_AOV")))
    fresh = {} if known else {"code": wrong.code, "name_zh": "新的", "name_en": "Fresh"}
    return base | fresh | wrong.cells


def form_of(row: dict, code: str) -> tuple[str, dict]:
    """(address, fields) of the proposal form for this row."""
    entry = Metric.objects.filter(code=code).first()
    sent = row | {
        "dimensions": row["dimensions"].split(","),
        "aliases": ", ".join(names_of(entry)) if entry else "",
    }
    sent |= {"effective_from": "2026-12", "reason": "Why"}
    return (f"/metrics/{code}/propose" if entry else "/metrics/propose/"), sent


def by_form(stage, wrong: Wrong) -> Answer:
    """The words stand beside the field; that is how its code is known here."""
    answer = stage.client.post(*form_of(row_of(wrong), wrong.code))
    page = answer.content.decode().replace("&gt;", ">")
    start = page.index(f'for="id_{wrong.column}"')
    is_told = wrong.words in page[start : page.index("</div>", start)]
    found = frozenset([wrong.expected] if is_told else ["nothing said"])
    place = frozenset([(wrong.expected, 0, wrong.column)])
    return Answer("refused", answer.status_code, found, place, page)


def imported(stage, rows) -> tuple[int, dict]:
    """(exit status, document) of `manage.py dictionary import` for these rows."""
    file, out, status = stage.folder / "m.csv", io.StringIO(), 0
    file.write_text(written(rows), encoding="utf-8")
    try:
        call_command(
            "dictionary", "import", str(file), "--by", "sales", "--json", "--language", "en", stdout=out
        )
    except SystemExit as left:
        status = left.code
    return status, json.loads(out.getvalue())


def by_command(stage, wrong: Wrong) -> Answer:
    entries = Metric.objects.exclude(code=wrong.code).order_by("pk")
    rows = [*(cells(open_version(entry)) for entry in entries), row_of(wrong)]
    status, document = imported(stage, rows)
    found = document["problems"]
    assert any(wrong.words in one["message"] for one in found)
    assert wrong.position is None or wrong.position in {one.get("position") for one in found}
    return refused(status, document)


def refused(status: int, document: dict) -> Answer:
    found = document.get("problems", [])
    told = frozenset(one["code"] for one in found)
    at = frozenset((one["code"], one["row"] or 0, one["column"] or "") for one in found)
    return Answer("unreadable" if found else "accepted", status, told, at, json.dumps(document))


def ask(wrong: Wrong, stage, door: str) -> Answer:
    return {"form": by_form, "command": by_command}[door](stage, wrong)


def line_of(wrong: Wrong) -> Line:
    codes = frozenset([wrong.expected])
    row = (
        2 + 211 + 1
    )  # behind the header and every other metric of the dictionary; a new one stands one row later
    row -= wrong.code in ("SAL_AOV", "SAL_GMV")
    command = Expected(
        "unreadable", codes | set(wrong.besides.split()), frozenset([(wrong.expected, row, wrong.column)])
    )
    form = Expected("unreadable", codes, frozenset([(wrong.expected, 0, wrong.column)]))
    doors = {"form": form, "command": command, "API": API}
    return Line(wrong.number, wrong.name, doors, partial(ask, wrong), "definitions", seconds=10)


# --- Several metrics at once --------------------------------------------------------------------------------


def shipped_rows() -> tuple[list[dict], dict]:
    rows = list(csv.DictReader(io.StringIO(shipped("metrics").decode())))
    return rows, next(row for row in rows if row["code"] == "SAL_AOV")


def round_of_two(stage, door) -> Answer:
    """a = b + 1, b = a − 1."""
    rows, like = shipped_rows()
    rows.append(like | {"code": "X_A", "name_zh": "甲一", "name_en": "One of two", "formula": "X_B + 1"})
    rows.append(like | {"code": "X_B", "name_zh": "乙二", "name_en": "Two of two", "formula": "X_A - 1"})
    status, document = imported(stage, rows)
    assert [one["value"] for one in document["problems"]] == ["X_A → X_B → X_A"]
    return refused(status, document)


def chain(length: int, stage, door) -> Answer:
    rows, like = shipped_rows()
    for number in range(1, length + 1):
        text = "SAL_GROSS / SAL_ORD" if number == length else f"X_{number + 1}"
        names = {"name_zh": f"链{number}", "name_en": f"Chain {number}"}
        rows.append(like | names | {"code": f"X_{number}", "formula": text})
    began = time.process_time()
    status, document = imported(stage, rows)
    assert time.process_time() - began < 10
    if not document.get("problems"):
        assert Proposal.objects.waiting().count() == length
    return refused(status, document)


def code_twice(stage, door) -> Answer:
    rows, like = shipped_rows()
    return refused(*imported(stage, [*rows, like]))


def together(number, name, asked, *expected) -> Line:
    return Line(
        number,
        name,
        {"form": ONE_AT_A_TIME, "command": Expected(*expected), "API": API},
        asked,
        "definitions",
        15,
    )


TOO_LARGE = ("unreadable", frozenset(["FORMULA_TOO_LARGE"]))
LINES = [
    *map(line_of, CASES),
    together("B089", "two-that-go-round", round_of_two, "unreadable", frozenset(["FORMULA_CYCLE"])),
    together("B089", "chain-of-50", partial(chain, 50), "accepted"),
    together("B089", "chain-of-51", partial(chain, 51), *TOO_LARGE),
    together("B089", "chain-of-600", partial(chain, 600), *TOO_LARGE),
    together("B093", "code-twice-in-a-file", code_twice, "unreadable", frozenset(["CODE_DUPLICATE"])),
]
