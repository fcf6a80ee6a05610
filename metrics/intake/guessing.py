"""What the columns of an unknown table may be: where its header stands, what its cells look like, which name is near.

Pure. A guess is remembered from an earlier file, a synonym (pinyin included), or merely similar; it is shown as what
it is and never used unseen.
"""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from metrics.intake.currencies import currency_of, sign_of
from metrics.intake.decimal_marks import COMMA_DECIMAL, POINT_DECIMAL, UNCLEAR
from metrics.intake.header_names import folded
from metrics.intake.headers import LIKE_DATA
from metrics.intake.numbers import CURRENCY

SIMILAR = 87
SIMILAR_HAN = 80  # 国家名 for 国家, 销售总额 for 销售额: in a short word one sign more weighs a lot
TURNS_MEANING = frozenset("净毛未不非无率比均累退取拒环同")  # 净销售额 is not 销售额
SAMPLE = 20
DATE = re.compile(
    r"(?:[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{8}).*"
)
WORDED = re.compile(
    r"[0-9]{1,2}[- ][^\W\d_]{3,9}[- ,]+[0-9]{2,4}.*|[^\W\d_]{3,9}[- .][0-9]{1,2},?[- ][0-9]{2,4}.*"
)
TWO_WAYS = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/][0-9]{2,4}.*")
NUMBER = re.compile(r"[-+(]?[0-9][0-9.,'’ \u00a0\u202f]*%?\)?")


@dataclass(frozen=True)
class Seen:
    """One column of the table: its header, what most of its cells look like ("day", "number", "text"), some cells."""

    place: int
    header: str
    looks: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    target: str
    how: str  # "remembered", "synonym", "similar" or "looks" (the only column of dates)


def header_row(rows) -> int:
    """The first of the fullest rows that hold texts instead of data; 0 where there is none."""
    best, best_score = 0, 0
    for number, cells in enumerate(rows[:30]):
        filled = [cell.strip() for cell in cells if cell.strip()]
        words = [cell for cell in filled if not LIKE_DATA.fullmatch(cell) and len(cell) <= 80]
        score = len(set(words)) - 2 * (len(filled) - len(words))
        if score > best_score:
            best, best_score = number, score
    return best


def seen(rows, header: int) -> list[Seen]:
    """The columns with a header, with what stands below it."""
    behind = [cells for cells in rows[header + 1 :] if any(cell.strip() for cell in cells)]
    found = []
    for place, text in enumerate(rows[header]):
        cells = [cells[place].strip() for cells in behind if place < len(cells)]
        if text.strip():
            found.append(Seen(place, text.strip(), _looks([c for c in cells if c]), tuple(cells[:SAMPLE])))
    return found


def _looks(cells) -> str:
    if not cells:
        return "text"
    if _most(cells, lambda cell: DATE.fullmatch(cell) or WORDED.fullmatch(cell)):
        return "day"
    bare = [CURRENCY.sub("", cell.replace("￥", "¥"), count=1).strip() for cell in cells]
    return "number" if _most(bare, NUMBER.fullmatch) else "text"


def _most(cells, test) -> bool:
    return sum(1 for cell in cells if test(cell)) >= 0.8 * len(cells)


def is_two_ways(cells) -> bool:
    """Whether every date among the cells can be read with the day or the month first."""
    pairs = [match for cell in cells if (match := TWO_WAYS.fullmatch(cell))]
    return bool(pairs) and all(int(match[1]) <= 12 and int(match[2]) <= 12 for match in pairs)


def decimal_of(cells) -> str:
    """The decimal mark that the cells prove; "" without proof, "?" where a cell may be read in two ways."""
    bare = [CURRENCY.sub("", cell.replace("￥", "¥"), count=1).strip() for cell in cells]
    commas = sum(1 for cell in bare if COMMA_DECIMAL.fullmatch(cell) and not UNCLEAR.fullmatch(cell))
    points = sum(1 for cell in bare if POINT_DECIMAL.fullmatch(cell) and not UNCLEAR.fullmatch(cell))
    if commas or points:
        return "," if commas > points else "."
    return "?" if any(UNCLEAR.fullmatch(cell) for cell in bare) else ""


def guesses(columns: list[Seen], remembered: dict, synonyms: dict, kinds: dict) -> dict[int, Guess]:
    """Place → guess, each target once, the surest first. `remembered` and `synonyms` map folded names to targets,
    `kinds` says what the cells of a target look like."""
    ways = (
        ("remembered", lambda header: remembered.get(header)),
        ("synonym", lambda header: synonyms.get(header)),
        ("similar", lambda header: _similar(header, synonyms)),
    )
    found: dict[int, Guess] = {}
    for how, ask in ways:
        for column in columns:
            target = None if column.place in found else ask(folded(column.header))
            taken = {guess.target for guess in found.values()}
            if target and target not in taken and kinds.get(target, "text") in ("text", column.looks):
                found[column.place] = Guess(target, how)
    days = [column.place for column in columns if column.looks == "day"]
    if len(days) == 1 and days[0] not in found and "day" in kinds:
        found[days[0]] = Guess("day", "looks")
    return found


def currency_beside(cells) -> str:
    """The currency whose sign stands beside the amounts; "" where they show none, or several."""
    codes = {currency_of(sign_of(cell)) for cell in cells if cell} - {""}
    return codes.pop() if len(codes) == 1 else ""


def _similar(header: str, synonyms: dict) -> str | None:
    if len(header) < 3:
        return None
    enough = SIMILAR if header.isascii() else SIMILAR_HAN
    for name, _score, _at in process.extract(header, list(synonyms), scorer=fuzz.ratio, score_cutoff=enough):
        if not TURNS_MEANING & (set(header) ^ set(name)):
            return synonyms[name]
    return None
