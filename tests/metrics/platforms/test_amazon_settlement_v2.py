"""Amazon settlement V2: every line is one amount, and the total that the first line states is a control that blocks."""

import datetime as dt
from decimal import Decimal

import pytest

from metrics.intake import Profile, findings_text
from metrics.intake.profile import SHIPPED, ProfileError
from tests.metrics.platforms.handing import checked, delimited, german

JUNE = (dt.date(2026, 6, 1), dt.date(2026, 7, 1))
HEADER = (
    "settlement-id settlement-end-date total-amount currency transaction-type order-id amount-type amount-description "
    "amount posted-date sku quantity-purchased"
).split()
LINES = [("Order", "ItemPrice", "Principal", "129.99"), ("Order", "ItemFees", "Commission", "-19.50"),
         ("Refund", "ItemPrice", "Principal", "-1,045.50"), ("other", "other-transaction", "Current Reserve Amount", "820.44")]  # fmt: skip
TOTAL = Decimal("-114.57")


def file(total=TOTAL, mark="dot", lines=LINES, settlement="28471003921") -> bytes:
    number = (lambda v: f"{v:.2f}") if mark == "dot" else german
    ended = "2026-06-30 23:59:59 UTC"
    rows = [[settlement, ended, number(total), "USD"] + [""] * 8] if total is not None else []
    for kind, group, text, amount in lines:
        value = number(Decimal(amount.replace(",", "")))
        rows.append(
            [settlement, "", "", "USD", kind, "114-1", group, text, value, "2026-06-17 00:00:00 UTC", "", ""]
        )
    return delimited(rows, header=HEADER, mark="\t")


def outcome_of(tmp_path, content, name="s.txt"):
    return checked(tmp_path, name, content, "amazon-settlement-v2", period=JUNE)


@pytest.mark.parametrize("mark", ["dot", "comma"])
def test_a_settlement_that_adds_up_goes_in(tmp_path, mark):
    outcome = outcome_of(tmp_path, file(mark=mark))
    assert (outcome.status, outcome.finding_counts) == ("accepted", {})
    assert outcome.totals["AMZS_TOTAL"] == outcome.totals["AMZS_DECLARED"] == TOTAL


@pytest.mark.parametrize(
    ("content", "stated", "computed", "difference"),
    [
        (file(total=TOTAL + Decimal("0.01")), "-114.56", "-114.57", "0.01"),
        (file(lines=LINES[:-1]), "-114.57", "-935.01", "820.44"),
        (file(lines=[*LINES, LINES[0]]), "-114.57", "15.42", "-129.99"),
        (file(total=Decimal(0)), "0", "-114.57", "114.57"),
    ],
    ids=["total changed", "line missing", "line twice", "total nought"],
)
def test_lines_that_do_not_add_up_to_the_stated_total_are_refused(
    tmp_path, content, stated, computed, difference
):
    outcome = outcome_of(tmp_path, content)
    assert (outcome.status, outcome.finding_counts) == ("rejected", {"CONTROL_BROKEN": 1})
    assert not len(outcome.facts)
    [found] = outcome.findings
    told = {name: Decimal(found.params[name]) for name in ("stated", "computed", "difference")}
    assert told == {
        "stated": Decimal(stated),
        "computed": Decimal(computed),
        "difference": Decimal(difference),
    }
    assert "disagree" in findings_text.text(found, "en")[0] and "不一致" in findings_text.text(found, "zh")[0]


def test_a_file_without_the_line_of_the_total_is_not_held_against_nought(tmp_path):
    assert outcome_of(tmp_path, file(total=None)).finding_counts == {}


def test_any_profile_may_declare_a_control_that_blocks_or_warns():
    text = (SHIPPED / "amazon-settlement-v2.yaml").read_text(encoding="utf-8")
    assert [one.blocks for one in Profile.parse(text).controls] == [True]
    assert [one.blocks for one in Profile.parse(text.replace("fail: block", "fail: warn")).controls] == [
        False
    ]
    with pytest.raises(ProfileError, match="fail"):
        Profile.parse(text.replace("fail: block", "fail: never"))
    with pytest.raises(ProfileError, match="when"):
        Profile.parse(text.replace("when: summaries", "when: nobody"))
