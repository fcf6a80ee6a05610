"""What the checks of a review say, in the reader's words: grouped, those that need somebody first."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy

from metrics import dictionary_checks
from metrics.checks import incidents
from metrics.checks.results import FAILED, NOT_APPLICABLE, PASSED, STATES, WARNING, Check
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.models import CheckIncident, CheckWaiver, Review, RuleVersion
from metrics.reasons import Why, dimension_word
from reviewhub.people.models import User
from reviewhub.people.permissions import may

GROUPS = {
    "complete": gettext_lazy("Complete"),
    "range": gettext_lazy("Possible values"),
    "sum": gettext_lazy("Parts and totals"),
    "identity": gettext_lazy("Between figures"),
    "between": gettext_lazy("Between departments"),
    "trend": gettext_lazy("Against their own history"),
}
# Our states → the marks of the pages.
MARKS = {PASSED: "pass", WARNING: "warn", FAILED: "fail", NOT_APPLICABLE: "na", "waived": "waived"}


@dataclass(frozen=True)
class Place:
    """Where it does not hold, in words, and both sides as numbers."""

    where: str
    left: Decimal | None
    right: Decimal | None


@dataclass(frozen=True)
class Line:
    """One check as a line of the page."""

    check: Check
    title: str
    note: str
    why: str
    places: list[Place]
    decimals: int
    waiver: CheckWaiver | None
    incident: CheckIncident | None = None
    hands: list[User] = field(default_factory=list)
    may_close: bool = False

    @property
    def state(self) -> str:
        is_open = self.check.state in (FAILED, WARNING)
        return "waived" if self.waiver and is_open else self.check.state

    @property
    def mark(self) -> str:
        return MARKS[self.state]

    @property
    def is_placed(self) -> bool:
        """Whether it says more than that it does not hold in the period as a whole."""
        return any(place.left is not None or " · " in place.where for place in self.places) or self.broken > 1

    @property
    def broken(self) -> int:
        return self.check.asked - self.check.held


@dataclass(frozen=True)
class Group:
    """The checks of one kind: `open` ones first need somebody, the others only say that they were asked."""

    code: str
    label: str
    open: list[Line]
    passed: list[Line]
    idle: list[Line]

    @property
    def asked(self) -> int:
        return len(self.open) + len(self.passed)

    @property
    def failing(self) -> int:
        return sum(line.state == FAILED for line in self.open)


class CheckWords:
    """Words for the checks of one review: names, messages and members are read once."""

    def __init__(self, review, *, by: User):
        self.by, self.is_open = by, review.state == Review.State.OPEN
        self.incidents, self.hands = incidents.standing(review), {}
        self.definitions = Definitions.on(review.period_start)
        self.messages = {
            one.rule.code: one.message
            for one in RuleVersion.objects.effective(review.period_start).select_related("rule")
        }
        self.members = Members.of(("platform", "region", "country", "category", "channel", "segment"))
        self.waivers = {one.code: one for one in review.check_waivers.select_related("waived_by")}
        self.stop = "：" if (get_language() or "").startswith("zh") else ": "

    def name(self, code: str) -> str:
        return self.definitions[code].name if code in self.definitions else code

    def groups(self, checks: list[Check]) -> list[Group]:
        mendable = [
            one for one in checks if one.state in (FAILED, WARNING) and incidents.may_hand(one, by=self.by)
        ]
        self.hands = incidents.candidates(mendable) if mendable and self.is_open else {}
        lines = [self.line(check) for check in checks]
        lines.sort(key=lambda line: (STATES.index(line.check.state), line.waiver is not None))
        found = []
        for code, label in GROUPS.items():
            mine = [line for line in lines if line.check.group == code]
            found.append(
                Group(
                    code,
                    str(label),
                    [line for line in mine if line.check.state in (FAILED, WARNING)],
                    [line for line in mine if line.check.state == PASSED],
                    [line for line in mine if line.check.state == NOT_APPLICABLE],
                )
            )
        return [group for group in found if group.open or group.passed or group.idle]

    def line(self, check: Check) -> Line:
        first = check.metrics[0] if check.metrics else ""
        incident = self.incidents.get(check.code)
        return Line(
            check,
            self.title(check),
            check.text if check.group in ("identity", "between") else "",
            self.why(check),
            [
                Place(
                    self.where(one.period, one.key),
                    one.left and Decimal(one.left),
                    one.right and Decimal(one.right),
                )
                for one in check.places
            ],
            self.definitions[first].places if first in self.definitions else 2,
            self.waivers.get(check.code),
            incident,
            self.hands.get(check.code, []),
            bool(incident and (incident.assignee == self.by or may(self.by, "figure.certify"))),
        )

    def title(self, check: Check) -> str:
        if check.group in ("identity", "between"):
            if check.state in (FAILED, WARNING):
                return self.messages.get(check.code, check.text)
            return " · ".join(self.name(code) for code in check.metrics) or check.code
        sentence = next(iter(dictionary_checks.sentences(check.text)), check.text)
        return f"{self.name(check.metrics[0])}{self.stop}{sentence}"

    def why(self, check: Check) -> str:
        if not check.why:
            return ""
        why = Why(check.why["code"], check.why["params"])
        names = {code: self.name(code) for code in (check.why["params"].get("metric"),) if code}
        return why.worded(names)

    def where(self, period: str, key: dict) -> str:
        parts = [
            f"{dimension_word(dimension)} {self.members.name(dimension, code)}"
            for dimension, code in key.items()
        ]
        return " · ".join([period, *parts])
