"""Once a file cannot be used its rows are still judged and counted, but nothing is added up any more."""

import pytest

from metrics.intake import Profile, check
from metrics.intake.cells import CellSums, DistinctValues
from metrics.intake.parts import TopSums
from metrics.intake.samples import Medians, Repeats
from metrics.intake.tally import Tally

PROFILE = """
profile: kinds
version: 1
title: {en: Kinds, zh: 种类}
department: sales
grain: day
columns:
  date: {type: date, headers: [Date]}
  order: {type: code, headers: [Order]}
  gross: {type: decimal, blank: true, headers: [Gross]}
  freight: {type: decimal, blank: true, headers: [Freight]}
  pieces: {type: integer, blank: true, headers: [Pieces]}
day: date
currency: {constant: CNY}
exclude:
  - {when: gross == 0, reason: free, value: freight, text: {en: Free of charge, zh: 免费}}
metrics:
  SAL_GROSS: {sum: gross}
  SAL_SHIPREV: {sum: freight, once: order}
  SAL_ORD: {distinct: order, unit: count, where: pieces > 1}
  CS_FRT: {sum: gross * pieces, of: pieces}
  SAL_TOP20_SHARE: {top: gross, share: 0.2}
  OWN_MEDIAN: {median: gross, per: month}
  OWN_REPEATED: {repeated: true}
  OWN_ROWS: {rows: pieces > 1}
definitions:
  OWN_MEDIAN: {name: {en: Median, zh: 中位数}}
  OWN_REPEATED: {name: {en: Repeated, zh: 重复}, unit: 条}
  OWN_ROWS: {name: {en: Rows, zh: 行}, unit: 条}
counts:
  lines: {rows: "True", text: {en: Lines, zh: 行}}
  orders: {distinct: order, text: {en: Orders, zh: 订单}}
"""
ROWS = [
    "2026-03-01,A,5,1,2",
    "2026-03-01,A,,1,1",
    "2026-03-02,B,7,3,",
    "2026-03-02,C,,,",
    "2026-03-02,D,0,4,3",
    "2026-03-03,E,,9,1",
]
ADDING = (CellSums, DistinctValues, TopSums, Medians, Repeats)


def outcome_of(tmp_path, rows):
    path = tmp_path / "upload"
    path.write_text("\n".join(["Date,Order,Gross,Freight,Pieces", *rows, ""]))
    return check(path, "table.csv", Profile.parse(PROFILE), period=None)


def told(outcome) -> dict:
    return {
        name: getattr(outcome, name)
        for name in (
            "findings",
            "finding_counts",
            "rows_read",
            "rows_used",
            "rows_excluded",
            "excluded_value",
        )
    } | {"counts": outcome.counts}


@pytest.mark.parametrize(
    "bad", ["2026-03-01,F,x,1,1", "2026-02-30,F,1,1,1", "2026-03-01,,,,7", "2026-03-01,A,,2,1"]
)
def test_a_file_that_cannot_be_used_is_counted_as_if_it_were_added_up(tmp_path, monkeypatch, bad):
    without = outcome_of(tmp_path, [*ROWS, bad, ROWS[0]])
    add = Tally.add
    monkeypatch.setattr(Tally, "add", lambda *given, sums: add(*given))
    everything = outcome_of(tmp_path, [*ROWS, bad, ROWS[0]])
    assert told(without) == told(everything)
    assert (without.status, without.rows_read, len(without.facts)) == ("rejected", 8, 0)


def test_nothing_is_added_up_behind_an_error(tmp_path, monkeypatch):
    whole = outcome_of(tmp_path, ROWS)
    assert whole.status == "accepted" and set(whole.facts["metric"]) >= {
        "SAL_GROSS",
        "OWN_MEDIAN",
        "OWN_ROWS",
    }
    for one in ADDING:
        monkeypatch.setattr(one, "add", lambda *given: pytest.fail("added up"))
    # Only what is shown as a count is counted on.
    profile = PROFILE.replace("  orders: {distinct: order, text: {en: Orders, zh: 订单}}\n", "")
    monkeypatch.setattr(f"{__name__}.PROFILE", profile)
    assert outcome_of(tmp_path, [*ROWS, "2026-03-01,F,x,1,1"]).finding_counts == {"NUMBER_FORMAT": 1}


def test_a_column_that_stays_empty_is_nothing_and_a_written_zero_too(tmp_path):
    found = outcome_of(tmp_path, ["2026-03-01,A,5,,", "2026-03-02,B,7,,"]).totals
    assert (found["SAL_GROSS"], found["SAL_SHIPREV"], found["SAL_ORD"]) == (12, 0, 0)


def test_a_file_without_an_optional_column_brings_no_figure_of_it(tmp_path):
    path = tmp_path / "upload"
    header = "date,store,country,category,gross,discount,refund,shipping,units,currency"
    path.write_text(f"{header}\n2026-10-01,amazon,DE,kitchen,100.00,,,,2,EUR\n")
    found = check(path, "sales.csv", Profile.load("sales-daily"), period=None).totals
    assert found == {"SAL_GROSS": 100, "SAL_DISC": 0, "SAL_REF": 0, "SAL_SHIPREV": 0, "SAL_UNITS": 2}
    path.write_text(f"{header},tax\n2026-10-01,amazon,DE,kitchen,100.00,,,,2,EUR,\n")
    assert check(path, "sales.csv", Profile.load("sales-daily"), period=None).totals == found | {"SAL_TAX": 0}
