"""The corpus: every line in the order of its number, and the table of it that docs/bad-inputs.md shows."""

from itertools import groupby
from pathlib import Path

from tests.metrics.corpus import definitions, figures_stay, files
from tests.metrics.corpus.lines import DOORS, Line, NoDoor
from tests.metrics.corpus.words import WORDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "bad-inputs.md"
LINES: list[Line] = sorted(
    [*files.LINES, *definitions.LINES, *figures_stay.LINES], key=lambda line: (line.number, line.stage)
)
HEAD = """\
# Bad inputs, and what becomes of them

Made by `python -m tests.corpus_report --write`; a test holds it to the corpus (`tests/metrics/corpus`). The numbers are
those of the robustness specification, 4.1–4.5; sizes are settings.

Each line is brought to the upload form, to `manage.py submit`, and to the HTTP API (definitions: proposal form and
`manage.py dictionary import`), on PostgreSQL and on SQLite. Every answer has to say exactly these codes, at the row and
column that the corpus names; no answer is an HTTP 500; and a digest of every table before and after shows that nothing
was half stored: what is refused changes nothing. `python -m tests.corpus_report` runs it on both databases and prints
what came of each line.

A result that holds for all doors stands once. **rejected**: some cells have to be mended. **unreadable**: the file
itself has to be replaced. **warnings**: stored, and handed in only by somebody who says that they were read. No scanner
for malware is built in (B027).

"""
RUNS = """
## The last whole run

23 November 2026, two shared cores; seeds are given at run time, and the same seed makes the same files. The corpus took
173 s of processor time for both databases.

| What | SQLite | PostgreSQL |
|---|---|---|
| `python -m tests.corpus_report` | 465 answers, 0 wrong | 465 answers, 0 wrong |
| HTTP 500, half stored | 0, 0 | 0, 0 |
| `tests.mutate --seed 7`: refused, unreadable, rejected, in, in with warnings | 49, 66, 34, 50, 1 | 22, 35, 14, 28, 1 |
| `python -m tests.twenty_five --seed 611,1207,88123` | 3 of 3 certified at the second upload | 3 of 3 |
"""


def rendered() -> str:
    """The page."""
    counts = {door: sum(not isinstance(line.doors[door], NoDoor) for line in LINES) for door in DOORS}
    told = ", ".join(f"{door} {count}" for door, count in counts.items())
    out = [HEAD, f"{len(LINES)} lines: {told}.\n\n", "| # | Input | Line | Result |\n|---|---|---|---|\n"]
    for number, lines in groupby(LINES, key=lambda line: line.number):
        for place, line in enumerate(lines):
            words = WORDS[number].replace("|", "\\|") if not place else ""
            out.append(f"| {number if not place else ''} | {words} | `{line.name}` | {result(line)} |\n")
    return "".join([*out, RUNS])


def result(line: Line) -> str:
    by_result: dict[str, list[str]] = {}
    for door in DOORS:
        by_result.setdefault(marked(line.doors[door].in_words), []).append(door)
    if len(by_result) == 1:
        return next(iter(by_result))
    return "; ".join(f"{', '.join(doors)}: {words}" for words, doors in by_result.items())


def marked(words: str) -> str:
    """Codes as code."""
    return " ".join(f"`{one}`" if "_" in one else one for one in words.split())
