"""Lines typed in the room, and what they become."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import capture
from meetings.due import due_on

MONDAY = date(2026, 10, 12)
PEOPLE = {
    "zhao": ["赵敏", "Zhao Min", "zm"],
    "li": ["李伟", "Li Wei", "lw"],
    "lin": ["林静", "Lin Jing", "lj"],
    "LOG": ["LOG", "物流"],
}


def read(line, **known):
    return capture.parse(line, MONDAY, **known)


def test_an_action_with_owner_key_result_and_date_lacks_nothing():
    assert capture.as_json(read("/action @Li 完成德国站上线 #KR2 ^2026-12-05")) == {
        "type": "action", "text": "完成德国站上线", "owner_text": "Li", "owners": [], "mentions": ["Li"],
        "collaborators": [], "links": ["KR2"], "unknown_links": [], "due_text": "2026-12-05",
        "due_on": "2026-12-05", "priority": None, "money": None, "missing": [],
    }  # fmt: skip


def test_a_joint_action_with_collaborator_metric_and_priority():
    line = read("/a @zw 尾程换承运商试点 &LOG #SC_OTD ^+14d !1")
    assert (line.owner_text, line.collaborators, line.links) == ("zw", ("LOG",), ("SC_OTD",))
    assert (line.due_on, line.priority, line.missing) == (date(2026, 10, 26), 1, ())


def test_an_action_says_what_it_still_needs():
    assert read("/a 完成德国站上线").missing == ("owner", "due_on", "link")
    assert read("/a @Li 完成 ^12-05").missing == ("link",)
    assert read("/d 涨价").missing == ()
    assert read("/a").missing == ("text", "owner", "due_on", "link")


def test_a_decision_without_budget_effect_says_so():
    line = read("/d 德国站提价3% $+0")
    assert (line.type, line.text) == ("decision", "德国站提价3%")
    assert line.money.amount == "0" and line.money.is_nothing


def test_a_decision_may_carry_a_budget_line():
    line = read("/d 增投TikTok德国 $+200000CNY:MKT/TikTok-DE")
    assert line.money == capture.Money("200000", "CNY", "MKT", "TikTok-DE")


@pytest.mark.parametrize(
    ("typed", "money"),
    [
        ("$-1,250.50eur", capture.Money("-1250.50", "EUR")),
        ("$300", capture.Money("300")),
        ("$20万CNY：MKT", capture.Money("200000", "CNY", "MKT")),
        ("$1.5万", capture.Money("15000")),
        ("$0.001亿", capture.Money("100000")),
    ],
)
def test_amounts_in_the_forms_people_type(typed, money):
    assert read(f"/d x {typed}").money == money


@pytest.mark.parametrize("typed", ["$", "$abc", "$+", "$1,00", "$" + "9" * 30, "!4", "@", "#", "&", "^"])
def test_what_is_no_token_stays_in_the_text(typed):
    line = read(f"/d x {typed}")
    assert line.text == f"x {typed}"
    assert (line.money, line.priority, line.mentions, line.links) == (None, None, (), ())


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("/d x", "decision"), ("/决策 x", "decision"), ("/行动 x", "action"), ("/Issue x", "issue"),
        ("/问题 x", "issue"), ("/p 明年换ERP", "park"), ("/停车 x", "park"), ("/c x", "conflict"),
        ("/冲突 x", "conflict"), ("/q x", "data"), ("/口径 x", "data"), ("/r x", "risk"), ("/风险 x", "risk"),
        ("/k x", "kudos"), ("/表扬 x", "kudos"), ("/v x", "vote"), ("/投票 x", "vote"), ("/n x", "note"),
        ("/记录 x", "note"), ("/ x", "note"), ("x", "note"), ("/whatever x", "note"),
    ],
)  # fmt: skip
def test_the_type_in_both_languages(line, kind):
    assert read(line).type == kind


def test_full_width_signs_and_the_comma_of_a_chinese_keyboard_count():
    line = read("／ａ　＠李伟　完成德国站上线　＃KR2　＾12-05　！１")
    assert (line.type, line.text, line.owner_text) == ("action", "完成德国站上线", "李伟")
    assert (line.links, line.due_on, line.priority) == (("KR2",), date(2026, 12, 5), 1)
    assert read("、决策 涨价").type == "decision"
    assert read("､d 涨价").type == "decision"


def test_chinese_prose_keeps_its_punctuation():
    assert read("/n 先涨价，再促销！（下周）").text == "先涨价，再促销！（下周）"


def test_an_unknown_type_is_a_note_that_loses_no_word():
    assert read("/德国站 提价").text == "德国站 提价"


def test_a_token_ends_at_punctuation():
    line = read("/a @Li，完成上线 #KR2。")
    assert (line.owner_text, line.text, line.links) == ("Li", "完成上线", ("KR2",))


def test_the_first_mention_owns_and_the_others_are_kept():
    line = read("/c 对“准时”口径不一 @LOG @SAL @LOG")
    assert (line.owner_text, line.mentions) == ("LOG", ("LOG", "SAL"))


def test_people_are_found_by_name_beginning_and_initials_likeliest_first():
    assert read("/a @Li x", people=PEOPLE).owners == ("li", "lin")
    assert read("/a @LJ x", people=PEOPLE).owners == ("lin",)
    assert read("/a @李伟 x", people=PEOPLE).owners == ("li",)
    assert read("/a @物流 x", people=PEOPLE).owners == ("LOG",)
    assert read("/a @nobody x", people=PEOPLE).owners == ()


def test_a_known_chinese_name_needs_no_space_behind_it():
    line = read("/a @李伟完成上线，快 ^周五", people=PEOPLE)
    assert (line.owner_text, line.owners, line.text) == ("李伟", ("li",), "完成上线，快")


def test_links_take_the_spelling_of_the_known_codes():
    line = read("/a x #mkt_cvr #KR9", codes=["MKT_CVR"])
    assert (line.links, line.unknown_links) == (("MKT_CVR",), ("KR9",))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-12-05", date(2026, 12, 5)),
        ("12-05", date(2026, 12, 5)),
        ("10-12", MONDAY),
        ("10-11", date(2027, 10, 11)),
        ("2-29", date(2028, 2, 29)),
        ("+0d", MONDAY),
        ("+14d", date(2026, 10, 26)),
        ("+2w", date(2026, 10, 26)),
        ("+2周", date(2026, 10, 26)),
        ("周一", date(2026, 10, 19)),
        ("周五", date(2026, 10, 16)),
        ("星期日", date(2026, 10, 18)),
        ("Sun", date(2026, 10, 18)),
        ("wed", date(2026, 10, 14)),
        ("月底", date(2026, 10, 31)),
        ("EOM", date(2026, 10, 31)),
        ("季末", date(2026, 12, 31)),
        ("eoq", date(2026, 12, 31)),
        ("checkin", date(2026, 10, 21)),
        ("2026-02-30", None),
        ("13-01", None),
        ("+99999d", None),
        ("someday", None),
    ],
)
def test_due_dates_as_people_type_them(typed, expected):
    assert due_on(typed, today=MONDAY, checkin_on=date(2026, 10, 21)) == expected


def test_a_date_that_means_nothing_is_missing_and_stays_in_the_text():
    line = read("/a @Li x #KR2 ^2026-02-30")
    assert (line.due_on, line.text, line.missing) == (None, "x ^2026-02-30", ("due_on",))


def test_the_check_in_without_a_known_date_is_remembered():
    line = read("/a @Li x #KR2 ^checkin")
    assert (line.due_text, line.due_on, line.text, line.missing) == ("checkin", None, "x", ("due_on",))


def test_the_same_thing_said_twice_is_noticed():
    first = read("/a @Li 完成德国站上线")
    assert capture.alike(first, read("/a @li 完成德国站的上线"))
    assert not capture.alike(first, read("/a @Zhao 完成德国站上线"))
    assert not capture.alike(first, read("/a @Li 尾程换承运商试点"))


@given(st.text(max_size=200), st.sampled_from(["", "/a ", "、d ", "/a @李伟", "$", "^", "/a ^+"]))
def test_no_line_fails(line, opener):
    read_line = read(opener + line, people=PEOPLE, codes=["KR2"])
    assert read_line.type in capture.TYPES
    assert "\x00" not in read_line.text


@pytest.mark.parametrize(
    "typed", ["//d raise the price 3 %", "/、d raise the price 3 %", "、/d raise the price 3 %"]
)
def test_the_stroke_that_opened_the_box_and_the_typed_one_are_one(typed):
    read = capture.parse(typed, MONDAY)
    assert (read.type, read.text) == ("decision", "raise the price 3 %")
