"""A block with the notes to its points: numbered where the points are, in its table and below it."""

from dataclasses import dataclass, replace

from metrics import marks, point_notes
from metrics.models import PointNote
from metrics.web.blocks import Block


@dataclass(frozen=True)
class Shown:
    """One note with the number of its point, as this reader sees it."""

    number: int
    point: str
    note: PointNote
    is_own: bool


def noted(block: Block, notes: list[PointNote], reader) -> tuple[Block, list[Shown]]:
    """The block with a numbered marker on every point and row that has notes, and these notes in order."""
    points = {row[0].raw: row[0].text for row in block.rows}
    known = [(point_notes.period_of(one).text, one) for one in notes]
    known = [(key, one) for key, one in known if key in points]
    numbers = {key: at for at, key in enumerate(dict.fromkeys(key for key, _one in known), start=1)}
    if not numbers:
        return block, []
    rows = [[replace(row[0], mark=numbers.get(row[0].raw, 0)), *row[1:]] for row in block.rows]
    figure = marks.marked(block.figure, {points[key]: str(number) for key, number in numbers.items()})
    shown = [Shown(numbers[key], points[key], one, one.written_by_id == reader.pk) for key, one in known]
    return replace(block, rows=rows, figure=figure), shown
