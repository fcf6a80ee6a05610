"""What a line of the corpus says, and what a door answered."""

from collections.abc import Callable
from dataclasses import dataclass, field

DOORS = ("form", "command", "API")
TAKEN = ("accepted", "warnings")


@dataclass(frozen=True)
class Expected:
    """The status (accepted, warnings, rejected, unreadable), the codes that are found, some of their places as (code,
    row, column), and what of the answer has to be so besides: `also(answer)` asserts it."""

    status: str
    codes: frozenset = frozenset()
    places: frozenset = frozenset()
    also: Callable | None = field(default=None, repr=False)

    @property
    def in_words(self) -> str:
        return " ".join([self.status, *sorted(self.codes)])


@dataclass(frozen=True)
class NoDoor:
    """This input cannot come in this way; `why` is printed in its place."""

    why: str

    @property
    def in_words(self) -> str:
        return f"no door: {self.why}"


@dataclass
class Answer:
    """What a door said. `status` "refused": at the door, before anything was kept. `number` is the HTTP or exit status.

    `text` is everything that was said, `moved` whether figures may have changed.
    """

    status: str
    number: int
    codes: frozenset
    places: frozenset = frozenset()
    text: str = field(default="", repr=False)

    @property
    def in_words(self) -> str:
        return " ".join([self.status, *sorted(self.codes)])


@dataclass(frozen=True)
class Line:
    """One bad input. `doors` says what to expect at each door; `ask(stage, door)` brings it there."""

    number: str
    name: str
    doors: dict
    ask: Callable = field(repr=False)
    stage: str = "files"
    seconds: float = 5.0

    @property
    def id(self) -> str:
        return f"{self.number}-{self.name}"


def require(line: Line, door: str, answer: Answer) -> None:
    """The answer is the expected one, and no machine talks in it."""
    expected = line.doors[door]
    assert answer.number < 500, answer.number
    assert "Traceback" not in answer.text and "Internal Server Error" not in answer.text
    refused_early = answer.status == "refused" and expected.status not in TAKEN
    assert answer.status == expected.status or refused_early, (answer, expected)
    assert answer.codes == expected.codes, (answer, expected)
    if answer.status != "refused":
        assert answer.places >= expected.places, (sorted(answer.places), sorted(expected.places))
    if expected.also:
        expected.also(answer)
