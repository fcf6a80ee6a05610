"""Bodies that are no JSON, or JSON that nobody should send (B112, B113)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewhub.api import json_body
from tests import make

BROKEN = {
    "no json": (b"{", "NO_JSON"),
    "not utf-8": (b'{"a": "\xff"}', "NO_JSON"),
    "not a number": (b'{"a": NaN}', "NO_NUMBER"),
    "infinite": (b'{"a": -Infinity}', "NO_NUMBER"),
    "a key twice": (b'{"a": 1, "a": 2}', "KEY_TWICE"),
    "deep": (b"[" * 100_000 + b"]" * 100_000, "TOO_DEEP"),
    "deep objects": (b'{"a":' * 30 + b"1" + b"}" * 30, "TOO_DEEP"),
    "5,000 digits": (b'{"a": ' + b"9" * 5_000 + b"}", "NO_NUMBER"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_json_is_refused_by_name(name):
    body, code = BROKEN[name]
    with pytest.raises(json_body.BadJson) as refusal:
        json_body.parsed(body)
    assert refusal.value.code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(), st.lists, max_leaves=20
    )
)
def test_what_is_json_is_read_as_it_stands(value):
    assert json_body.parsed(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(body):
    try:
        json_body.parsed(body)
    except json_body.BadJson as refusal:
        assert refusal.code in ("NO_JSON", "NO_NUMBER", "KEY_TWICE", "TOO_DEEP")


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_the_api_answers_with_a_problem(program, name):
    body, code = BROKEN[name]
    version = make.submission()
    answer = program("sales").post(f"/submissions/{version.pk}/hand-in", body)
    assert (answer.status_code, answer.said["code"]) == (400, code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"accept_warnings": "perhaps"}', "/accept_warnings"),
        (b'{"accept_warnings": null}', "/accept_warnings"),
        (b'{"accept_warnings": 1e999}', "/accept_warnings"),
        (b'{"accept_warnings": true, "force": true}', "/force"),
        (b"[]", ""),
        (b"null", ""),
        (b'"\\ud800"', ""),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_its_pointer(program, body, pointer):
    version = make.submission()
    answer = program("sales").post(f"/submissions/{version.pk}/hand-in", body)
    assert answer.status_code == 422 and [one["pointer"] for one in answer.said["errors"]] == [pointer]


@pytest.mark.django_db
def test_a_body_of_megabytes_is_too_large(program):
    version = make.submission()
    body = json.dumps({"accept_warnings": "x" * 4_000_000}).encode()
    answer = program("sales").post(f"/submissions/{version.pk}/hand-in", body)
    assert (answer.status_code, answer.said["code"]) == (413, "TOO_LARGE")
