"""The corpus of bad inputs for files (B001–B083): how each is made, and what has to be said about it.

`CASES` is used by the tests of the intake engine, and by those of the upload form, the API and the command on both
databases. A case that holds several files has several entries with the same id. `findings` are the codes expected,
`places` some of them as (code, row, column letter).
"""

from tests.metrics.intake.case import Case
from tests.metrics.intake.cases_cells import CELL_CASES
from tests.metrics.intake.cases_containers import CONTAINER_CASES
from tests.metrics.intake.cases_shape import SHAPE_CASES

CASES: list[Case] = [*CONTAINER_CASES, *SHAPE_CASES, *CELL_CASES]
__all__ = ["CASES", "Case"]
