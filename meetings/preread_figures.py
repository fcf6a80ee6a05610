"""The figures of a pre-read: headlines of the period as they were frozen, and which of them are no noise."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from meetings.preread_sections import BY_CODE, SECTIONS
from metrics import sentences, sources
from metrics.board_figures import BoardFigures, Measured
from metrics.boards import spec
from metrics.compared import Compared
from metrics.control_limits import Judged
from metrics.definitions import Definition
from metrics.models import Snapshot
from metrics.periods import Period
from metrics.reasons import CannotRead
from metrics.sentences import Said
from reviewhub.people.models import User


@dataclass(frozen=True)
class Headline:
    """One figure of the period with last year's and the target; what it is worth: certified or provisional."""

    definition: Definition
    value: Decimal | None
    currency: str
    status: str
    year: Compared
    target: Compared | None
    why: object = None


@dataclass(frozen=True)
class Signal:
    """A headline that its control chart does not take for noise, with its owner's sentence (None: nobody wrote one)."""

    headline: Headline
    judged: Judged
    said: Said | None


def over(period: Period) -> list[Period]:
    """What a headline reads: two years of months for its limits; of another period itself and the year before."""
    return spec.a_year(period) if period.grain == "month" else [period, period.year_before()]


def page(codes: tuple[str, ...]) -> spec.Board:
    blocks = tuple(spec.BlockSpec(one, "six-twelve", (one,), (spec.Need((one,), over),)) for one in codes)
    return spec.Board("pre-read", "", (spec.Section("pre-read", "", blocks),))


class FrozenFigures:
    """What `reader` may read of the headlines of a snapshot: one load, a fixed number of queries."""

    def __init__(self, snapshot: Snapshot, period: Period, reader: User):
        codes = tuple(dict.fromkeys(code for one in SECTIONS for code in one.metrics))
        self.snapshot, self.period = snapshot, period
        known = sources.standing(None, None, snapshot=snapshot)
        self.read = BoardFigures(page(codes), period, known=known, user=reader, on=None, snapshot=snapshot)

    @property
    def definitions(self) -> dict[str, Definition]:
        return self.read.definitions

    def headlines(self, section: str) -> list[Headline]:
        return [self.known[code] for code in BY_CODE[section].metrics if code in self.known]

    def signals(self, section: str) -> list[Signal]:
        """The exceptions among them, in the order of the section."""
        return [
            Signal(one, self.judged[one.definition.code], self.said.get(one.definition.code))
            for one in self.headlines(section)
            if one.definition.code in self.judged
        ]

    @cached_property
    def known(self) -> dict[str, Headline]:
        """Of which there is something to say: this year or last."""
        codes = self.read.open_codes & self.definitions.keys()
        found = {code: self._headline(code) for code in sorted(codes)}
        return {code: one for code, one in found.items() if one is not None}

    @cached_property
    def judged(self) -> dict[str, Judged]:
        """What its control chart says of each, but of changes: the figure that changed stands out itself."""
        if self.period.grain != "month":
            return {}
        found = self.read.exceptions
        return {code: one for code, one in found.items() if not self._is_change(code)}

    def _is_change(self, code: str) -> bool:
        return any({"PY", "PP"} & set(shift) for shift in self.read.definitions.shifts(code))

    @cached_property
    def said(self) -> dict[str, Said]:
        return sentences.standing(sorted(self.judged), self.period) if self.judged else {}

    def _headline(self, code: str) -> Headline | None:
        try:
            one: Measured = self.read.measured(code, self.period)
        except CannotRead:
            return None
        if one.value is None and one.py.value is None:
            return None
        definition, figure = self.definitions[code], one.figure
        return Headline(definition, one.value, figure.currency, one.status, one.py, one.target, figure.why)
