"""Single lines of a large file are found by their ends alone, and only where every line is a row."""

from decimal import Decimal

import numpy as np
import pytest

from metrics.intake import Profile, check, picked_lines
from metrics.intake.picked_lines import NotLines, picked
from tests.metrics.intake.test_same_keys import PROFILE

HEAD = b"Date,Order,Line,Gross"


def lines(tmp_path, data: bytes, wanted: list[int], start: int = 0, most: int = 1_000) -> list[bytes]:
    path = tmp_path / "lines"
    path.write_bytes(data)
    return list(picked(path, start, np.array(wanted), most))


@pytest.mark.parametrize("chunk", [1, 3, 7, 1_000])
def test_lines_are_counted_from_the_given_byte_whatever_the_size_of_a_reading(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(picked_lines, "CHUNK", chunk)
    data = b"head\r\n" + b"a\n\nccc\r\ndd\nlast"
    assert b"".join(lines(tmp_path, data, [0, 2, 4], start=6)) == b"a\nccc\r\nlast\n"
    assert b"".join(lines(tmp_path, data, [1, 3, 9], start=6)) == b"\ndd\n"


def test_lines_are_handed_out_before_they_are_many(tmp_path, monkeypatch):
    monkeypatch.setattr(picked_lines, "CHUNK", 1)
    assert lines(tmp_path, b"aa\nbb\ncc\ndd\n", [0, 1, 2, 3], most=6) == [b"aa\nbb\n", b"cc\ndd\n"]


def test_a_carriage_return_alone_is_no_line_end_to_count_on(tmp_path):
    with pytest.raises(NotLines):
        lines(tmp_path, b"a\rb\nc\n", [1])


@pytest.mark.parametrize(
    ("between", "repeats"),
    [
        ([], [(5, 2), (6, 3)]),
        # A blank line, a line too long and one too short are rows of the spreadsheet all the same.
        ([b"", b"2026-03-01,X,1,2,3,4", b"2026-03-01,X"], [(8, 2), (9, 3)]),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("quoted", [False, True])
def test_repeated_keys_are_the_same_by_lines_and_by_reading_all(tmp_path, end, between, repeats, quoted):
    first = b'2026-03-01,"A-1",1,5' if quoted else b"2026-03-01,A-1,1,5"
    rows = [first, b"2026-03-01,A-2,1,5", b"2026-03-01,A-3,1,5", *between]
    path = tmp_path / "upload"
    path.write_bytes(end.join([HEAD, *rows, b"2026-03-01,A-1,1,6", b"2026-03-01,A-2,1,7"]))
    outcome = check(path, "table.csv", Profile.parse(PROFILE), period=None)
    found = [(one.row, one.params["first"]) for one in outcome.findings if one.code == "KEY_DUPLICATE"]
    assert found == repeats


def test_a_file_without_quotes_is_not_read_a_second_time(tmp_path, monkeypatch):
    from metrics.intake.delimited import DelimitedRows  # noqa: PLC0415

    read, blocks = [], DelimitedRows.blocks
    monkeypatch.setattr(DelimitedRows, "blocks", lambda *given: read.append(1) or blocks(*given))
    path = tmp_path / "upload"
    path.write_bytes(b"\n".join([HEAD, b"2026-03-01,A-1,1,5", b"2026-03-01,A-1,1,6"]))
    outcome = check(path, "table.csv", Profile.parse(PROFILE), period=None)
    assert (read, outcome.finding_counts) == ([1], {"KEY_DUPLICATE": 1})


@pytest.mark.parametrize("odd", ["1.2.3", "1-2", "--1", "-", ".", "1.", ".5", "-.5", "..", "1.-", "-1.2.3"])
def test_one_crooked_number_among_plain_ones_is_the_only_one_looked_at(tmp_path, odd):
    path = tmp_path / "upload"
    rows = [f"2026-03-01,A-{number},1,{number}.25" for number in range(50)]
    path.write_text("\n".join([HEAD.decode(), *rows, f"2026-03-01,B,1,{odd}"]))
    outcome = check(path, "table.csv", Profile.parse(PROFILE), period=None)
    alone = check_one(tmp_path, odd)
    assert [(one.code, one.row) for one in outcome.findings] == [(code, 52) for code in alone[0]]
    if not alone[0]:
        assert outcome.totals["SAL_GROSS"] == alone[1] + Decimal("1237.5")


def check_one(tmp_path, odd: str) -> tuple[list[str], Decimal]:
    """(codes, total) of the one cell in a file of its own."""
    path = tmp_path / "alone"
    path.write_text("\n".join([HEAD.decode(), f"2026-03-01,B,1,{odd}"]))
    outcome = check(path, "table.csv", Profile.parse(PROFILE), period=None)
    return [one.code for one in outcome.findings], outcome.totals.get("SAL_GROSS", 0)
