"""Findings as sentences: whole ones, whichever of their parameters are known."""

import pytest

from metrics.intake import Profile, check, text
from tests.metrics.intake.test_bad_inputs import HALF_EMPTY

PROFILE = """
profile: ranges
version: 1
title: {en: Ranges, zh: 范围}
department: sales
grain: month
columns:
  month: {type: month, headers: [month]}
  amount: {type: decimal, headers: [amount]%s}
day: month
currency: {constant: CNY}
metrics: {SAL_GROSS: {sum: amount}}
"""
RANGES = [
    (", min: 0", "-5", "-5 is too small; the least that is allowed is 0.", "-5 太小，允许的最小值是 0。"),
    (", max: 10", "12", "12 is too large; the most that is allowed is 10.", "12 太大，允许的最大值是 10。"),
    (", min: 0, max: 10", "12", "12 is outside the allowed range (0 to 10).", "12 超出允许范围（0 至 10）。"),
]


@pytest.mark.parametrize(("bounds", "typed", "english", "chinese"), RANGES, ids=["min", "max", "both"])
def test_a_value_outside_its_range_is_told_with_the_bounds_that_there_are(
    tmp_path, bounds, typed, english, chinese
):
    path = tmp_path / "upload"
    path.write_text(f"month,amount\n2026-03,{typed}\n")
    outcome = check(path, "table.csv", Profile.parse(PROFILE % bounds), period=None)
    [finding] = outcome.findings
    assert (finding.code, finding.row, finding.column) == ("OUT_OF_RANGE", 2, "B")
    assert [text(finding, language)[0] for language in ("en", "zh-hans")] == [english, chinese]


def test_the_search_for_half_empty_sentences_finds_them():
    for broken in (
        "outside the range (0 to )",
        "“” is not a number",
        "超出允许范围（0 至 ）。",
        "缺少以下列：。",
        "Missing: .",
    ):
        assert HALF_EMPTY.search(broken), broken
