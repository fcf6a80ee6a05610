"""Whole columns are read at once and give, cell by cell, what each cell gives by itself."""

from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.intake.block import blank_rows
from metrics.intake.columns import Days, Exact, Words
from metrics.intake.duplicates import RowKeys
from metrics.intake.numbers import read_number, read_numbers
from metrics.intake.profile_parts import Column, NumberForm
from metrics.intake.text_bytes import TextBytes
from metrics.intake.texts import MANY, TextReader
from metrics.intake.total_words import total_words

FORMS = [
    NumberForm(decimals=2, digits=14),
    NumberForm(decimals=0, digits=3),
    NumberForm(decimals=4, digits=14, exponents=True),
]
NUMBERS = st.text("0123456789.-+e ,", max_size=9)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=200, deadline=None)
@given(cells=st.lists(NUMBERS, max_size=12))
def test_a_column_of_numbers_is_read_as_its_cells_are(form, cells):
    # A slice, as blocks have it: its memory holds the cells of another one too.
    read = read_numbers(pa.array(["1-2", "3", *cells, "4"], pa.string()).slice(2, len(cells)), form, ".", {})
    known = np.ones(len(cells), dtype=bool) if read.exact.known is None else read.exact.known
    codes = {row: code for row, code, _ in read.failures}
    for row, text in enumerate(cells):
        alone = read_number(text, form, ".")
        if text == "":
            assert not known[row] and row not in codes
            continue
        assert (int(read.exact.units[row]) if known[row] else None) == alone.units
        assert codes.get(row, "") == alone.code


def test_one_bad_number_among_many_leaves_the_others_as_they_are():
    cells = [f"{number}.{number % 100:02d}" for number in range(5_000)]
    cells[4_321] = "12.345"
    read = read_numbers(pa.array(cells).slice(10), NumberForm(decimals=2), ".", {})
    assert [(row, code) for row, code, _ in read.failures] == [(4_311, "NUMBER_PRECISION")]
    assert read.exact.units[:2].tolist() == [1_010, 1_111]
    assert read.exact.units[-1] == 499_999


ODD = [
    "",
    " x",
    "x ",
    "#N/A",
    "'007",
    '="12"',
    "1E5",
    "1e+12",
    "3-Jan",
    "Mar-24",
    "a\tb",
    "né",
    "\u200bx",
    "x" * 300,
]


@pytest.mark.parametrize("kind", ["code", "text"])
def test_many_distinct_texts_are_judged_as_one_by_one(kind):
    column = Column("order", ("order",), "text", kind)
    texts = [f"PO{number}-{number % 7}e" for number in range(3 * MANY)] + ODD
    Random(7).shuffle(texts)
    reader = TextReader(column, None, 200, 32_767)
    words, failures = reader.read(pa.array(texts).dictionary_encode())
    judged = [reader._judged(text) for text in texts]
    assert [words.at(row) for row in range(len(texts))] == [word for word, _, _ in judged]
    assert sorted(failures, key=lambda one: one[0]) == [
        (row, code, params) for row, (_, code, params) in enumerate(judged) if code
    ]


def test_words_for_a_total_are_found_among_thousands():
    texts = [f"TL{number}" for number in range(5_000)]
    for place, word in ((17, " Total "), (99, "合计："), (4_000, "GRAND TOTAL"), (4_001, "Totally")):
        texts[place] = word
    assert np.flatnonzero(total_words(pa.array(texts))).tolist() == [17, 99, 4_000]


@given(texts=st.lists(st.text(max_size=20), max_size=30))
def test_equal_texts_have_equal_fingerprints_and_others_do_not(texts):
    array = pa.array([one.encode("utf-8", "replace").decode() for one in texts], pa.string())
    prints = TextBytes(array).prints().tolist()
    assert len(set(prints)) == len(set(array.to_pylist()))
    assert TextBytes(array.slice(1)).prints().tolist() == prints[1:]
    assert [TextBytes(array.slice(place, 1)).prints()[0] for place in range(len(array))] == prints


@given(
    rows=st.lists(
        st.lists(
            st.sampled_from(["", " ", "\u3000", "\u00a0\t", "x", " x", "é", "0"]), min_size=3, max_size=3
        )
    )
)
def test_rows_are_blank_where_every_cell_is(rows):
    columns = [pa.array(["x", *(row[place] for row in rows)], pa.string()).slice(1) for place in range(3)]
    blank = [not "".join(row).strip() for row in rows]
    assert blank_rows(columns, len(rows)).tolist() == blank


def test_keys_of_several_columns_repeat_only_where_every_column_does():
    rows = np.arange(2, 8)
    columns = {
        "order": Words(np.array([0, 1, 0, 1, 0, 2]), ["A", "B", ""]),
        "day": Days(np.array([5, 5, 5, 6, 5, 5], dtype=np.int32), np.ones(6, bool)),
        "line": Exact(np.array([1, 1, 1, 1, 2, 1]), 0),
    }
    keys = RowKeys(("order", "day", "line"))
    keys.add(columns, rows, np.ones(6, bool))
    keys.add(columns, rows + 10, np.array([False, True, False, False, False, False]))
    assert keys.repeated(10) == (2, [(4, 2), (13, 3)])
    assert keys.repeated(1) == (2, [(4, 2)])
