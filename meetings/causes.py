"""Problems that two departments solve together: votes, money at stake, timeboxes and causes, read from the log. Pure.

A problem is named by a key (meetings.solving). Money is a whole amount in the company's currency; times are seconds.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

VOTED, WEIGHED, TAKEN, BETWEEN, STEPPED, FILLED, CLEARED, CLOSED = (
    "issue.voted", "issue.weighed", "issue.taken", "issue.between", "issue.stepped", "branch.filled",
    "branch.cleared", "issue.closed",
)  # fmt: skip
KINDS = (VOTED, WEIGHED, TAKEN, BETWEEN, STEPPED, FILLED, CLEARED, CLOSED)
STEPS = ("identify", "discuss", "solve")
VOTES_EACH = 3
MOST = 3  # problems that share the block
MOST_CAUSES = 3  # in one branch
# What says only that somebody is to blame: with a department's name alone it names no cause.
BLAME = (
    "部门", "团队", "同事", "的问题", "的责任", "的原因", "的错", "不行", "不力", "问题", "责任", "原因", "都是",
    "就是", "因为", "由于", "全是", "的", "是", "错",
)  # fmt: skip
BLAME_WORDS = (
    "the fault problem problems because of s is are was it its all only again team teams department dept people guys"
).split()


@dataclass(frozen=True)
class Cause:
    """What one side found: in words, and with a number that shows it."""

    text: str
    number: str


@dataclass
class Work:
    """A problem that was taken up. `from_s`: how much of the block had gone by then."""

    key: str
    box_s: int
    from_s: int
    step: str = STEPS[0]
    between: tuple[str, ...] = ()
    causes: dict[str, list[Cause]] = field(default_factory=dict)
    cause: str = ""

    @property
    def is_closed(self) -> bool:
        return bool(self.cause)

    def empty_branches(self) -> list[str]:
        """Departments that have named no cause yet."""
        return [code for code in self.between if not self.causes.get(code)]


@dataclass
class Board:
    """All problems of a block as the log has them. `now`: key of the one that is worked on."""

    votes: dict[str, set[int]] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    works: dict[str, Work] = field(default_factory=dict)
    now: str | None = None

    @property
    def work(self) -> Work | None:
        return self.works.get(self.now)

    def voted(self, person: int) -> list[str]:
        """What `person` gave a vote to."""
        return [key for key, people in self.votes.items() if person in people]


def read(lines: Iterable) -> Board:
    """The board that a log (type, payload, actor_id; oldest first, voided lines left out) adds up to."""
    board = Board()
    for line in lines:
        if line.type in STEP_OF:
            STEP_OF[line.type](board, line.payload, line.actor_id)
    return board


def _voted(board, given, person):
    people = board.votes.setdefault(given["issue"], set())
    (people.add if given["is_on"] else people.discard)(person)


def _weighed(board, given, _person):
    board.amounts[given["issue"]] = given["amount"]


def _taken(board, given, _person):
    key = board.now = given["issue"]
    work = board.works.setdefault(key, Work(key, 0, 0, between=tuple(given["between"])))
    work.box_s, work.from_s, work.cause = given["box_s"], given["from_s"], ""


def _between(board, given, _person):
    board.work.between = tuple(given["between"])


def _stepped(board, given, _person):
    board.work.step = given["step"]


def _filled(board, given, _person):
    board.work.causes.setdefault(given["department"], []).append(Cause(given["text"], given["number"]))


def _cleared(board, given, _person):
    board.work.causes[given["department"]].pop()


def _closed(board, given, _person):
    board.work.cause, board.now = given["cause"], None


STEP_OF = {
    VOTED: _voted,
    WEIGHED: _weighed,
    TAKEN: _taken,
    BETWEEN: _between,
    STEPPED: _stepped,
    FILLED: _filled,
    CLEARED: _cleared,
    CLOSED: _closed,
}


def ranked(amounts: dict[str, int | None], board: Board) -> list[str]:
    """Keys by votes × money, the largest first; where the money is unknown behind those, by votes.

    `amounts`: key → money at stake as it was written down, in the order in which the problems were raised.
    """
    money = {key: board.amounts.get(key, amount) for key, amount in amounts.items()}
    votes = {key: len(board.votes.get(key, ())) for key in amounts}
    return sorted(amounts, key=lambda key: (-votes[key] * (money[key] or 0), -votes[key], -(money[key] or 0)))


def box_s(left_s: int, problems: int) -> int:
    """The timebox of the next of `problems` that share `left_s`: whole minutes, the last takes what is left.

    40 minutes for three are 13, 13 and 14.
    """
    if problems <= 1:
        return max(0, left_s)
    share = max(0, left_s) // problems
    return share // 60 * 60 or share


def blames(text: str, names: Iterable[str]) -> bool:
    """Whether `text` says no more than that a department (known by `names`) is to blame."""
    rest, found = unicodedata.normalize("NFKC", text).casefold(), False
    for name in sorted({name.casefold() for name in names if name}, key=len, reverse=True):
        pattern = rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)
        rest, count = re.subn(pattern, " ", rest)
        found = found or bool(count)
    for word in BLAME:
        rest = rest.replace(word, " ")
    words = [word for word in re.findall(r"\w+", rest) if word not in BLAME_WORDS]
    return found and not words
