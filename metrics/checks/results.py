"""Pure. What a check says: its state, where it does not hold, or why it was not asked. Plain data, kept as JSON."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal

PASSED, WARNING, FAILED, NOT_APPLICABLE = "passed", "warning", "failed", "na"
# Order in which people want to read them.
STATES = (FAILED, WARNING, NOT_APPLICABLE, PASSED)
MOST_PLACES = 50


@dataclass(frozen=True)
class Place:
    """Where it does not hold: the period, the members of the slice, both sides (exact decimals as text)."""

    period: str
    key: dict
    left: str | None = None
    right: str | None = None


@dataclass
class Check:
    """One check of a period. `asked` places had figures, `held` of them agree; `missing` had none.

    It is passed only where something was asked; with nothing to ask it is not applicable, and `why` says so.
    """

    code: str
    group: str
    severity: str
    metrics: list[str]
    departments: list[str] = field(default_factory=list)
    text: str = ""  # the condition or expression as the dictionary writes it
    asked: int = 0
    held: int = 0
    missing: int = 0
    on_fail: str = ""
    places: list[Place] = field(default_factory=list)
    why: dict | None = None

    @property
    def state(self) -> str:
        if not self.asked:
            return NOT_APPLICABLE
        if self.held == self.asked:
            return PASSED
        return WARNING if self.severity == "warn" or self.on_fail == "reconcile" else FAILED

    def count(self, holds: bool, period: str, key: dict, left=None, right=None) -> None:
        """One more place was asked."""
        self.asked += 1
        self.held += holds
        if not holds and len(self.places) < MOST_PLACES:
            self.places.append(Place(period, key, _text(left), _text(right)))

    def lacks(self, why) -> None:
        """One more place had no figures; the first reason is kept."""
        self.missing += 1
        if self.why is None and why is not None:
            self.why = {"code": why.code, "params": why.params}

    def document(self) -> dict:
        return asdict(self)

    @classmethod
    def of(cls, document: dict) -> "Check":
        return cls(**document | {"places": [Place(**one) for one in document["places"]]})


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")
