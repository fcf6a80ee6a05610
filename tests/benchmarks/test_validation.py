"""The benchmark's file under the product's check: the same cells as a plain csv + re loop finds."""

import pytest

from benchmarks.validation import files, product, reference
from metrics.intake.value_lists import CURRENCIES


@pytest.mark.parametrize("bad", [False, True])
def test_the_check_lists_exactly_the_cells_that_a_row_loop_finds(tmp_path, bad):
    path = tmp_path / "lines.csv"
    planted = files.write(path, 10_000, bad)
    found = product.cells(product.check(path)())
    truth = reference.row_loop(path, set(CURRENCIES))
    assert planted == (42 if bad else 0)
    # Every planted cell is among them; a negative quantity also breaks the rule about the discount.
    assert len(set(truth)) >= planted
    assert reference.digest(found) == reference.digest(truth)


def test_a_clean_file_is_added_up_to_the_cent(tmp_path):
    path = tmp_path / "lines.csv"
    files.write(path, 10_000, bad=False)
    outcome = product.check(path)()
    assert outcome.status == "accepted"
    assert outcome.totals == reference.totals(path)
