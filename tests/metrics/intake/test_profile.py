"""Profiles say what they mean or are refused with the place; their fingerprint ignores layout."""

import pytest

from metrics.intake import Profile, ProfileError
from tests.metrics.intake.case import TEST_PROFILE

DEPARTMENTS = ("sales", "marketing", "SCM", "supply-chain", "logistics", "finance", "technology")


@pytest.mark.parametrize("name", Profile.shipped())
def test_a_shipped_profile_is_complete_in_both_languages(name):
    profile = Profile.load(name)
    assert profile.name == name and profile.title_en and profile.title_zh
    assert profile.department in DEPARTMENTS
    assert profile.metrics and profile.grain in ("day", "week", "month")
    for one in profile.own_metrics.values():
        assert one.name_en and one.name_zh and one.text_en and one.text_zh
    for texts in [*profile.reasons.values(), *profile.count_labels.values()]:
        assert texts["en"] and texts["zh"]
    for rule in profile.rules:
        assert rule.text_en and rule.text_zh


def test_the_fingerprint_changes_with_the_meaning_only():
    same = Profile.parse("# a comment\n" + TEST_PROFILE.replace("version: 1", "version:   1"))
    other = Profile.parse(TEST_PROFILE.replace("version: 1", "version: 2"))
    assert same.digest == Profile.parse(TEST_PROFILE).digest != other.digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("metrics:\n  SAL_GROSS: {sum: gmv}", "metrics: {}", "at least one metric"),
        ("sum: gmv", "sum: gmw", "unknown name 'gmw'"),
        ("sum: gmv", "sum: platform", "a number is expected"),
        ("sum: gmv", "sum: __import__('os')", "unknown function"),
        ("type: month", "type: moon", "columns.month.type"),
        ("key: [month,", "key: [moth,", "no column is called 'moth'"),
        ("Asia/Shanghai", "Asia/Shangai", "no time zone"),
        ("grain: month", "grain: moment", "grain"),
        ("day: month", "day: platform", "day"),
        ("min: 0,", "mim: 0,", "mim"),
        ("version: 1", "version: one", "version"),
        ("{constant: CNY}", "{constant: CNY, column: platform}", "currency"),
        ("profile: test-monthly", "", "profile"),
        ("columns:", "columnz:", "columns"),
        ("{sum: gmv}", "{sum: gmv, distinct: sku}", "exactly one"),
        ("type: decimal, min: 0", "type: decimal, decimals: 12, min: 0", "decimals"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_place(old, new, told):
    assert old in TEST_PROFILE
    with pytest.raises(ProfileError, match=told.replace("(", r"\(")):
        Profile.parse(TEST_PROFILE.replace(old, new))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "- 1",
        "a: &x 1\nb: *x",
        "a: !!python/object/apply:os.system [id]",
        "x" * 70_000,
        "a: \0",
        "2026-13-45",
    ],
)
def test_text_that_is_no_profile_is_a_profile_error(text):
    with pytest.raises(ProfileError):
        Profile.parse(text)


@pytest.mark.parametrize(
    "text", ["[" * 60_000, "{a: " * 15_000, "".join(f"{' ' * n}a:\n" for n in range(300))]
)
def test_a_profile_nested_without_end_is_refused_at_once(text):
    with pytest.raises(ProfileError, match="nested too deeply"):
        Profile.parse(text)
