"""What a token looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewhub.api import keys


@pytest.mark.parametrize(("kind", "prefix"), [("personal", "rhp_"), ("machine", "rhm_")])
def test_a_token_tells_its_kind_and_proves_itself(kind, prefix):
    made = {keys.new(kind) for _each in range(50)}
    assert len(made) == 50
    assert all(one.startswith(prefix) and len(one) == 53 and keys.is_one(one) for one in made)


def test_one_wrong_letter_is_noticed_without_asking_anybody():
    text = keys.new("personal")
    for place in range(4, len(text)):
        other = "a" if text[place] != "a" else "b"
        assert not keys.is_one(text[:place] + other + text[place + 1 :])


@given(st.text())
def test_no_text_is_a_token_by_chance(text):
    assert not keys.is_one(text)


def test_a_list_names_a_token_without_giving_it_away():
    text = keys.new("machine")
    assert keys.hint(text) == f"rhm_…{text[-4:]}" and len(keys.digest(text)) == 64
