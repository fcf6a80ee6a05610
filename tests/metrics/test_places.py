"""Places in a file as people write them."""

import pytest

from metrics.places import BadPlace, Place, parse


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("D7", Place("", 7, "D")),
        (" ab12 ", Place("", 12, "AB")),
        ("row 12", Place("", 12)),
        ("第12行", Place("", 12)),
        ("12", Place("", 12)),
        ("F", Place("", None, "F")),
        ("column f", Place("", None, "F")),
        ("F列", Place("", None, "F")),
        ("Sheet2!D7", Place("Sheet2", 7, "D")),
        ("'My sheet'!row 3", Place("My sheet", 3)),
        ("七月!", Place("七月")),
        ("", Place()),
    ],
)
def test_a_place_is_read(text, place):
    assert parse(text) == place


@pytest.mark.parametrize("text", ["D0", "row", "D7:D9", "the total", "!D7", "7D", "x" * 61 + "!D7", "ABCD1"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(BadPlace):
        parse(text)
