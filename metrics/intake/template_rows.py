"""The rows of a template that are no data: the codes below the header, and examples that were left in. Pure."""

import numpy as np
import pyarrow.compute as pc

from metrics.intake.template import REMARK

EXAMPLE_MARKS = ("示例", "example")


def template_rows(places: dict[str, int], block, count: int) -> np.ndarray:
    """Which rows are the template's own: the row of codes below the header, and examples that were left in."""
    marked = np.zeros(count, dtype=bool)
    if REMARK not in places:
        return marked
    texts = block.coded(REMARK)
    shown = [word.strip().casefold().startswith(EXAMPLE_MARKS) for word in texts.dictionary.to_pylist()]
    if any(shown):
        marked |= np.array(shown)[texts.indices.to_numpy()]
    codes = np.ones(count, dtype=bool)
    for name in places:
        if not codes.any():
            break
        here = pc.equal(pc.utf8_trim_whitespace(block.cells[name]), name)
        codes &= here.to_numpy(zero_copy_only=False)
    return marked | codes
