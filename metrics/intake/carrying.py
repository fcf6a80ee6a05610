"""Fills blank cells with what stands above them, as long as the rows belong together. Pure.

An order that is printed on several lines often has its status and currency on the first line only; merged cells
of a workbook look the same.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class Carrier:
    """Fills one column; remembers the last value over blocks."""

    def __init__(self):
        self.key, self.value = "", ""

    def fill(self, cells: pa.StringArray, keys: pa.StringArray) -> pa.StringArray:
        """`cells` with every blank one filled from the row above if both rows have the same key."""
        if not len(cells):
            return cells
        joined_cells = pa.concat_arrays([pa.array([self.value], pa.string()), cells])
        joined_keys = pa.concat_arrays([pa.array([self.key], pa.string()), keys])
        coded = joined_keys.dictionary_encode().indices.to_numpy()
        begins = np.r_[True, coded[1:] != coded[:-1]]
        filled = ~pc.equal(pc.utf8_trim_whitespace(joined_cells), "").to_numpy(zero_copy_only=False)
        rows = np.arange(len(joined_cells))
        source = np.maximum.accumulate(np.where(filled | begins, rows, 0))
        result = joined_cells.take(pa.array(source))
        self.key, self.value = joined_keys[-1].as_py(), result[-1].as_py()
        return result.slice(1)
