"""`manage.py dictionary`: one document, fixed exit codes, never a traceback."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from metrics import dictionary, dictionary_csv
from metrics.models import Metric, Proposal
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(at):
    dictionary_of_today()


@pytest.fixture
def run(capsys):
    """`run("list", "--json")` gives exit code, standard output and what would be said on standard error."""

    def command(*arguments):
        status, refusal = 0, ""
        try:
            call_command("dictionary", *arguments)
        except SystemExit as left:
            status = left.code
        except CommandError as refused:
            status, refusal = refused.returncode, str(refused)
        return status, capsys.readouterr().out, refusal

    return command


def test_list_names_every_metric_once(filled, run):
    status, out, _ = run("list", "--json")
    entries = json.loads(out)["metrics"]
    assert (status, len(entries), len({entry["code"] for entry in entries})) == (0, 211, 211)
    assert entries[14] == {
        "code": "SAL_AOV", "name_zh": "客单价(不含运费)", "name_en": "Average order value (ex-shipping)",
        "section": "sales", "unit": "CCY/单", "tier": "headline", "pack": "starter", "enabled": True, "version": 1,
        "owner_dept": "SAL",
    }  # fmt: skip


def test_list_searches_by_initials(filled, run):
    assert run("list", "--search", "kdj")[1].split("\n")[:2] == [
        "SAL_AOV             客单价(不含运费) / Average order value (ex-shipping)",
        "SAL_AOV_SHIP      - 客单价(含运费) / AOV incl. shipping",
    ]


def test_show_gives_every_column_and_what_belongs_to_it(filled, run):
    status, out, _ = run("show", "sal_aov", "--json", "--language", "en")
    document = json.loads(out)
    assert status == 0
    assert (document["formula"], document["version"], document["effective_from"]) == (
        "SAL_GMV / SAL_ORD", 1, "2000-01-01"
    )  # fmt: skip
    assert "ATV" in document["aliases"]
    assert document["checks"] == [
        "Must be there for every period", "Not below 0", "Exchange rates are locked for the cycle"
    ]  # fmt: skip
    assert [rule["code"] for rule in document["rules"]] == ["ID03"]
    assert document["versions"] == [
        {"version": 1, "effective_from": "2000-01-01", "effective_to": None, "reason": ""}
    ]


def test_an_unknown_metric_is_answered_with_the_nearest(filled, run):
    assert run("show", "aov", "--language", "en") == (
        2, "", "There is no metric aov. Did you mean SAL_AOV, SAL_AOV_SHIP?"
    )  # fmt: skip
    status, out, _ = run("show", "xyz", "--json", "--language", "en")
    assert (status, json.loads(out)) == (
        2, {"status": "unusable", "problems": [{"message": "There is no metric xyz."}]}
    )  # fmt: skip


def test_export_writes_the_shipped_file_again(filled, run, tmp_path):
    status, out, _ = run("export", str(tmp_path / "m.csv"), "--rules", str(tmp_path / "r.csv"), "--json")
    assert (status, json.loads(out)["metrics"]) == (0, 211)
    assert (tmp_path / "m.csv").read_bytes() == dictionary.shipped("metrics")
    with open(tmp_path / "r.csv", encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 53


def test_export_goes_to_standard_output(filled, run):
    assert run("export", "-")[1].encode() == dictionary.shipped("metrics")


def test_an_empty_dictionary_is_filled_from_a_file(run, tmp_path):
    (tmp_path / "m.csv").write_bytes(dictionary.shipped("metrics"))
    status, out, _ = run("import", str(tmp_path / "m.csv"), "--bootstrap", "--json")
    assert (status, json.loads(out)) == (0, {"status": "filled", "metrics": 211})
    assert Metric.objects.count() == 211


def test_an_empty_dictionary_asks_for_bootstrap(run, tmp_path):
    (tmp_path / "m.csv").write_bytes(dictionary.shipped("metrics"))
    status, _, refusal = run("import", str(tmp_path / "m.csv"), "--language", "en")
    assert (status, refusal) == (1, "The dictionary is empty: fill it with --bootstrap.")
    assert not Metric.objects.exists()


def test_a_filled_dictionary_is_not_bootstrapped_again(filled, run, tmp_path):
    (tmp_path / "m.csv").write_bytes(dictionary.shipped("metrics"))
    status, out, _ = run("import", str(tmp_path / "m.csv"), "--bootstrap", "--json")
    assert (status, json.loads(out)["problems"][0]["code"]) == (1, "not_empty")


def changed_file(folder, old=b"SAL_GMV / SAL_ORD,app", new=b"SAL_NET / SAL_ORD,app"):
    (folder / "m.csv").write_bytes(dictionary.shipped("metrics").replace(old, new))
    return str(folder / "m.csv")


def test_importing_over_a_filled_dictionary_proposes_what_differs(filled, people, run, tmp_path):
    file = changed_file(tmp_path)
    status, out, _ = run("import", file, "--by", "sales", "--from", "2026-12", "--json")
    document = json.loads(out)
    made = Proposal.objects.get()
    assert (status, document["status"], document["missing"]) == (0, "proposed", [])
    assert document["proposals"] == [
        {
            "id": made.pk, "code": "SAL_AOV", "effective_from": "2026-12-01",
            "changes": {"formula": "SAL_NET / SAL_ORD"}, "status": "new",
        }
    ]  # fmt: skip
    assert document["differences"][0]["before"] == "SAL_GMV / SAL_ORD"
    assert (made.proposed_by, made.reason) == (people["sales"], "m.csv")
    assert Metric.objects.get(code="SAL_AOV").versions.get().formula == "SAL_GMV / SAL_ORD"


def test_the_same_file_again_proposes_nothing_twice(filled, run, tmp_path):
    file = changed_file(tmp_path)
    run("import", file, "--from", "2026-12")
    status, out, _ = run("import", file, "--from", "2026-12", "--json")
    assert (status, [one["status"] for one in json.loads(out)["proposals"]]) == (0, ["waiting"])
    assert Proposal.objects.count() == 1


def test_the_words_of_an_import_name_every_cell(filled, run, tmp_path):
    out = run("import", changed_file(tmp_path), "--language", "en")[1]
    assert out.strip().split("\n") == [
        f"Proposal {Proposal.objects.get().pk}: SAL_AOV",
        "row 16: SAL_AOV, formula: “SAL_GMV / SAL_ORD” becomes “SAL_NET / SAL_ORD”",
    ]


def test_two_new_metrics_of_one_file_may_name_each_other(filled, run, tmp_path):
    rows = list(csv.DictReader(dictionary.shipped("metrics").decode("utf-8").splitlines()))
    aov = next(row for row in rows if row["code"] == "SAL_AOV")
    rows.append(aov | {"code": "X_ONE", "name_zh": "一号", "name_en": "One", "formula": "X_TWO * 2"})
    rows.append(aov | {"code": "X_TWO", "name_zh": "二号", "name_en": "Two", "formula": "SAL_NET / SAL_ORD"})
    (tmp_path / "m.csv").write_text(dictionary_csv.written(rows), encoding="utf-8")
    status, out, _ = run("import", str(tmp_path / "m.csv"), "--json")
    assert (status, [one["code"] for one in json.loads(out)["proposals"]]) == (0, ["X_ONE", "X_TWO"])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["--by", "observer"], 1), (["--by", "nobody"], 2), (["--from", "soon"], 2), (["--from", "2000"], 1)],
)
def test_an_import_that_cannot_be_proposed_is_refused(filled, people, run, tmp_path, arguments, status):
    assert run("import", changed_file(tmp_path), *arguments)[0] == status
    assert not Proposal.objects.exists()


def test_the_windows_travel_when_they_are_asked_for(filled, run, tmp_path):
    file = str(tmp_path / "m.csv")
    run("export", file, "--windows")
    rows = {row["code"]: row for row in csv.DictReader(open(file, encoding="utf-8", newline=""))}
    assert (rows["MKT_ATTR_SALES"]["attribution_days"], rows["MKT_NEWCUST"]["new_customer_days"]) == (
        "7",
        "0",
    )
    assert json.loads(run("import", file, "--json")[1])["status"] == "same"


def test_importing_the_same_file_says_so(filled, run, tmp_path):
    (tmp_path / "m.csv").write_bytes(dictionary.shipped("metrics"))
    assert run("import", str(tmp_path / "m.csv"), "--json")[:2] == (
        0,
        '{"status": "same", "proposals": []}\n',
    )


def test_a_bad_file_is_reported_by_row_and_column(run, tmp_path):
    bad = dictionary.shipped("metrics").replace(b"SAL_AOV,headline", b"SAL_AOV,huge")
    (tmp_path / "m.csv").write_bytes(bad)
    status, out, _ = run("import", str(tmp_path / "m.csv"), "--bootstrap", "--json", "--language", "en")
    assert (status, json.loads(out)["problems"]) == (
        2,
        [
            {
                "code": "not_a_choice", "row": 16, "column": "tier", "value": "huge",
                "message": "“tier” does not know “huge”. Possible: core, headline, support.",
            }
        ],
    )  # fmt: skip
    refusal = run("import", str(tmp_path / "m.csv"), "--bootstrap", "--language", "en")[2]
    assert refusal == "row 16: “tier” does not know “huge”. Possible: core, headline, support."


@pytest.mark.parametrize(
    "verb", [["export", "/nowhere/m.csv"], ["import", "/nowhere/m.csv"], ["import", "/"]]
)
def test_a_file_that_cannot_be_opened_is_unusable_input(filled, run, verb):
    status, _, refusal = run(*verb)
    assert status == 2
    assert refusal.startswith(verb[1])


@pytest.mark.parametrize("typed", ["\udcff", "a\0b", "", "x" * 10_000])
def test_an_argument_that_is_no_text_finds_nothing(filled, run, typed):
    assert run("show", typed, "--json")[0] == 2
    assert run("list", "--search", typed, "--json")[0] == 0
