"""The dictionary: what is shipped comes back letter by letter, and a definition changes only by a new version."""

import csv
import datetime as dt
import io

import pytest
from django.db import transaction

from metrics import dictionary, dictionary_csv, dictionary_rows
from metrics.dictionary_csv import METRIC_COLUMNS, RULE_COLUMNS
from metrics.models import Alias, Metric, MetricVersion, Rule, RuleVersion
from reviewhub.people.models import Activity, PartnerShare
from tests.metrics import dictionary_copy

pytestmark = pytest.mark.django_db
JULY = dt.date(2026, 7, 1)
TODAY = dt.date(2026, 11, 22)


def table(text: str | bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig") if isinstance(text, bytes) else text)))


@pytest.fixture
def filled(at):
    dictionary.bootstrap(at=at)


@pytest.fixture
def aov(filled):
    return Metric.objects.get(code="SAL_AOV")


def codes(problems):
    return [problem.code for problem in problems]


# --- Filling ---------------------------------------------------------------------------------------------------


def test_the_shipped_dictionary_comes_back_cell_by_cell(filled):
    shipped = table(dictionary.shipped("metrics"))
    exported = table(dictionary_csv.written(dictionary_rows.rows(TODAY)))
    assert len(shipped) == len(exported) == 211
    assert list(exported[0]) == list(shipped[0]) == list(METRIC_COLUMNS)
    assert len(METRIC_COLUMNS) == 43
    for before, after in zip(shipped, exported, strict=True):
        for column in METRIC_COLUMNS:
            assert after[column] == before[column], (before["code"], column)


def test_the_shipped_rules_come_back_cell_by_cell(filled):
    shipped = table(dictionary.shipped("rules"))
    exported = table(dictionary_csv.written(dictionary_rows.rule_rows(TODAY), RULE_COLUMNS))
    assert len(shipped) == 53
    assert exported == shipped


def test_starter_and_needed_metrics_are_on_and_extended_ones_off(filled):
    on = Metric.objects.enabled()
    assert on.filter(pack="starter").count() == 101
    assert on.filter(pack="dependency").count() == 40
    assert on.filter(pack="extended").count() == 0
    assert Metric.objects.count() == 211


def test_version_one_holds_from_the_first_day(filled):
    version = MetricVersion.objects.get(metric__code="SAL_AOV")
    assert (version.number, version.effective_from, version.effective_to) == (1, dt.date(2000, 1, 1), None)
    assert version.dimensions == ["platform", "store", "region"]
    assert version.owner_dept.code == "SAL"
    assert version.maturity_days is None
    assert Rule.objects.get(code="ID03").versions.get().metrics == ["SAL_ORD", "SAL_AOV", "SAL_GMV"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kdj", ["SAL_AOV", "SAL_AOV_SHIP"]),
        ("KEDANJIA", ["SAL_AOV", "SAL_AOV_SHIP"]),
        ("客单价", ["SAL_AOV", "SAL_AOV_SHIP"]),
        ("ATV", ["SAL_AOV"]),
        ("笔单价", ["SAL_AOV"]),
        ("bdj", ["SAL_AOV"]),
        ("average order value (", ["SAL_AOV"]),
        ("sal_asp", ["SAL_ASP"]),
        ("ＡＯＶ", ["SAL_AOV", "SAL_AOV_SHIP"]),
        ("复购", ["MKT_REPEAT"]),
        ("100%_", []),
    ],
)
def test_a_metric_is_found_by_name_other_name_code_pinyin_and_initials(filled, typed, found):
    assert [metric.code for metric in Metric.objects.matching(typed)] == found


def test_every_starter_metric_has_other_names(filled):
    assert not Metric.objects.filter(pack="starter", aliases=None).exists()
    assert Alias.objects.count() == len(dictionary.pairs("aliases"))


def test_confidentiality_follows_what_a_figure_tells(filled):
    held = dict(Metric.objects.values_list("code", "confidentiality"))
    assert {held[code] for code in ("FIN_NP", "FIN_CFO", "FIN_ASSET", "FIN_GM", "SC_PPV")} == {2}
    assert {held[code] for code in ("SAL_NET", "MKT_CAC", "FIN_BUD_RATE", "SC_LOG_COST")} == {1}
    assert {held[code] for code in ("SC_OTD", "SC_DLV_DAYS", "SAL_RET_LOG", "SC_EXC")} == {0}
    assert set(held.values()) == {0, 1, 2}


def test_a_partner_reads_shared_definitions_and_what_it_reports_itself(filled, people):
    shown = set(Metric.objects.visible_to(people["logistics"]).values_list("code", flat=True))
    assert {"SC_OTD", "SAL_RET_LOG", "SC_FL_COST"} <= shown
    assert not shown & {"SAL_NET", "SC_LOG_RATE", "FIN_NP"}
    assert PartnerShare.objects.count() == 8
    assert Metric.objects.visible_to(people["observer"]).count() == 211
    rules = {version.rule.code for version in RuleVersion.objects.visible_to(people["logistics"])}
    assert rules == {"ID45", "ID46", "ID47", "ID51"}


def test_filling_twice_is_refused_and_changes_nothing(filled, at):
    with pytest.raises(dictionary.CannotBootstrap) as refused:
        dictionary.bootstrap(at=at)
    assert codes(refused.value.problems) == ["not_empty"]
    assert Metric.objects.count() == 211


def test_filling_is_recorded(filled, at):
    line = Activity.objects.get(code="dictionary.bootstrapped")
    assert (line.at, line.actor, line.params) == (at, None, {"metrics": 211})


def shipped_with(**cells) -> bytes:
    """The shipped file with cells of SAL_AOV replaced."""
    rows = table(dictionary.shipped("metrics"))
    for row in rows:
        if row["code"] == "SAL_AOV":
            row |= cells
    return dictionary_csv.written(rows).encode()


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"tier": "top"}, ("not_a_choice", 16, "tier", "top")),
        ({"name_en": ""}, ("cell_empty", 16, "name_en", "")),
        ({"decimals": "two"}, ("not_a_number", 16, "decimals", "two")),
        ({"decimals": "٢"}, ("not_a_number", 16, "decimals", "٢")),
        ({"maturity_days": "9999"}, ("not_a_number", 16, "maturity_days", "9999")),
        ({"dimensions": "platform, store"}, ("not_a_list", 16, "dimensions", "platform, store")),
        ({"name_zh": "客单价\u0000"}, ("control_character", 16, "name_zh", "客单价\u0000")),
        ({"unit": " CCY"}, ("outer_space", 16, "unit", " CCY")),
        ({"name_en": "x" * 121}, ("cell_too_long", 16, "name_en", "x" * 80)),
        ({"formula": ""}, ("formula_missing", 16, "formula", "")),
        ({"formula": "SAL_GMV / SAL_NOTHING"}, ("metric_unknown", 16, "formula", "SAL_NOTHING")),
        ({"formula": "SAL_GMV / (SAL_ORD"}, ("FORMULA_SYNTAX", 16, "formula", "")),
        ({"formula": "__import__('os')"}, ("FORMULA_SYNTAX", 16, "formula", "__import__")),
        ({"formula": "SAL_GMV SAL_ORD"}, ("FORMULA_SYNTAX", 16, "formula", "")),
        ({"formula": "SAL_GMV / * SAL_ORD"}, ("FORMULA_SYNTAX", 16, "formula", "")),
        ({"formula": "SAL_GMV) / SAL_ORD"}, ("FORMULA_SYNTAX", 16, "formula", "")),
        ({"formula": "SAL_GMV ** 2"}, ("FORMULA_SYNTAX", 16, "formula", "BinOp")),
        ({"identities": "ID03,ID99"}, ("rule_unknown", 16, "identities", "ID99")),
        ({"owner_dept": "XXX"}, ("department_unknown", 16, "owner_dept", "XXX")),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column_and_nothing_is_filled(at, cells, fault):
    with pytest.raises(dictionary.CannotBootstrap) as refused:
        dictionary.bootstrap(at=at, metrics=shipped_with(**cells))
    problem = refused.value.problems[0]
    assert (problem.code, problem.row, problem.column, problem.value) == fault
    assert not Metric.objects.exists() and not Rule.objects.exists()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", ["file_empty"]),
        ("编码".encode("gb18030"), ["not_utf8"]),
        (b'code,tier\n"SAL', ["not_csv"]),
        (",".join(METRIC_COLUMNS).encode(), ["no_rows"]),
        (",".join([*METRIC_COLUMNS, "extra"]).encode(), ["column_unknown"]),
        (",".join(METRIC_COLUMNS[1:]).encode(), ["column_missing"]),
        (",".join([*METRIC_COLUMNS, "code"]).encode(), ["column_twice"]),
        ((",".join(METRIC_COLUMNS) + "\nSAL_AOV,core\n").encode(), ["cell_count"]),
        (b"x" * (4 * 2**20 + 1), ["file_too_large"]),
    ],
)
def test_a_file_that_is_no_dictionary_is_refused_in_words(data, found):
    rows, faults = dictionary_csv.read(data)
    assert codes(faults) == found
    assert not rows


def test_a_byte_order_mark_and_windows_line_ends_are_read(at):
    text = dictionary.shipped("metrics").replace(b"\n", b"\r\n")
    assert dictionary.bootstrap(at=at, metrics=b"\xef\xbb\xbf" + text) == 211
    assert dictionary_csv.written(dictionary_rows.rows(TODAY)).encode() == dictionary.shipped("metrics")


def test_a_code_that_stands_twice_is_named():
    line = dictionary.shipped("metrics").decode().splitlines()[1]
    _, faults = dictionary_csv.read("\n".join([",".join(METRIC_COLUMNS), line, line]).encode())
    assert [(fault.code, fault.row, fault.value) for fault in faults] == [("CODE_DUPLICATE", 3, "SAL_GROSS")]


# --- A new version ---------------------------------------------------------------------------------------------


def test_a_new_version_closes_the_former_and_leaves_it_as_it_was(aov, people, at):
    steward = people["steward"]
    changes = {"name_en": "AOV", "incl_shipping": "Y", "formula": "(SAL_GMV + SAL_SHIPREV) / SAL_ORD"}
    version = dictionary.amend(
        aov, changes, effective_from=JULY, by=steward, at=at, reason="Shipping is part of the basket."
    )
    first = aov.versions.get(number=1)
    assert (version.number, version.effective_from, version.effective_to) == (2, JULY, None)
    assert (first.effective_to, first.incl_shipping, first.formula) == (JULY, "N", "SAL_GMV / SAL_ORD")
    assert (version.incl_shipping, version.created_by, version.created_at) == ("Y", steward, at)
    assert version.dimensions == first.dimensions and version.owner_dept == first.owner_dept
    assert MetricVersion.objects.effective(dt.date(2026, 6, 30)).get(metric=aov) == first
    assert MetricVersion.objects.effective(JULY).get(metric=aov) == version


def test_a_new_version_is_recorded_with_before_and_after(aov, people, at):
    dictionary.amend(
        aov, {"tolerance": "0.2%"}, effective_from=JULY, by=people["steward"], at=at, reason="Ruling 27"
    )
    line = Activity.objects.get(code="dictionary.amended")
    assert line.params == {"code": "SAL_AOV", "number": 2, "from": "2026-07-01"}
    assert (line.before, line.after) == ({"tolerance": "0.1%"}, {"tolerance": "0.2%"})
    assert (line.actor, line.department.code, line.at) == (people["steward"], "SAL", at)


def test_a_new_name_is_found_at_once(aov, people, at):
    dictionary.amend(
        aov, {"name_zh": "篮子价值"}, effective_from=JULY, by=people["steward"], at=at, reason="Clearer"
    )
    assert [metric.code for metric in Metric.objects.matching("lzjz")] == ["SAL_AOV"]


@pytest.mark.parametrize(
    ("changes", "effective_from", "reason", "found"),
    [
        ({}, JULY, "why", ["nothing_changes"]),
        ({"tolerance": "0.1%"}, JULY, "why", ["nothing_changes"]),
        ({"tolerance": "1%"}, JULY, " ", ["reason_missing"]),
        ({"tolerance": "1%"}, JULY, "x" * 501, ["reason_too_long"]),
        ({"tolerance": "1%"}, dt.date(2000, 1, 1), "why", ["not_later"]),
        ({"pack": "extended"}, JULY, "why", ["column_fixed"]),
        ({"colour": "red"}, JULY, "why", ["column_fixed"]),
        ({"grain": "hour"}, JULY, "why", ["not_a_choice"]),
        ({"formula": "SAL_GMV /"}, JULY, "why", ["FORMULA_SYNTAX"]),
        ({"steward_dept": "ABC"}, JULY, "why", ["department_unknown"]),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(aov, people, at, changes, effective_from, reason, found):
    with pytest.raises(dictionary.CannotAmend) as refused:
        dictionary.amend(
            aov, changes, effective_from=effective_from, by=people["steward"], at=at, reason=reason
        )
    assert codes(refused.value.problems) == found
    assert aov.versions.count() == 1


def test_only_those_who_govern_the_dictionary_change_it(aov, people, at):
    for name in ("sales", "ceo", "admin", "logistics", "observer"):
        problems = dictionary.problems_of_amending(
            aov, {"tolerance": "1%"}, effective_from=JULY, by=people[name], reason="why"
        )
        assert codes(problems) == ["not_allowed"], name


def test_a_version_cannot_be_saved_again(aov):
    version = aov.versions.get()
    version.formula = "SAL_NET / SAL_ORD"
    with pytest.raises(TypeError, match="immutable"):
        version.save()


def test_the_export_of_a_day_holds_the_versions_of_that_day(aov, at):
    dictionary.amend(aov, {"tolerance": "1%"}, effective_from=JULY, by=None, at=at, reason="why")
    held = {on: {row["code"]: row for row in dictionary_rows.rows(on)} for on in (dt.date(2026, 6, 30), JULY)}
    assert [held[on]["SAL_AOV"]["tolerance"] for on in held] == ["0.1%", "1%"]
    assert all(len(rows) == 211 for rows in held.values())


def test_a_changed_file_is_compared_cell_by_cell(filled):
    rows = table(shipped_with(name_en="Basket"))
    rows = [row for row in rows if row["code"] != "EXE_BUD48"]
    rows.append(rows[0] | {"code": "SAL_NOVEL", "name_en": "Novel"})
    _rows, found, faults = dictionary_rows.compared(dictionary_csv.written(rows).encode(), on=TODAY)
    assert not faults
    assert [(d.row, d.code, d.column, d.before, d.after) for d in found] == [
        (16, "SAL_AOV", "name_en", "Average order value (ex-shipping)", "Basket"),
        (212, "SAL_NOVEL", "", "", "Novel"),
        (0, "EXE_BUD48", "", "Budget published within 48 h", ""),
    ]


def test_the_copy_that_other_tests_stand_on_is_what_the_product_fills(db):
    def rows() -> dict[str, list]:
        found = {
            model._meta.label: list(model.objects.values()) for model in (*dictionary_copy.FILLED, Activity)
        }
        for label, held in found.items():
            for row in held:
                if label not in ("metrics.Metric", "metrics.Rule"):
                    del row["id"]
        return found

    def filled_by(fill) -> dict[str, list]:
        with transaction.atomic():
            fill()
            found = rows()
            transaction.set_rollback(True)
        return found

    dictionary_copy._kept.clear()
    first, copy = filled_by(dictionary_copy.fill), filled_by(dictionary_copy.fill)
    assert first == copy
    aliases = len(dictionary.pairs("aliases"))
    assert [len(held) for held in copy.values()] == [211, 53, 211, 53, aliases, 8, 1]
