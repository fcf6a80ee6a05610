"""What hangs together in the dictionary: the metrics a formula reads, who reads this one, and the rules about it."""

import re
from dataclasses import dataclass

from django.db.models import Q

from metrics.dictionary_csv import EVERY_COLUMN, mentioned
from metrics.dictionary_rows import cells, pairs
from metrics.models import MetricVersion, RuleVersion

SPEAKING = ("formula", "numerator", "denominator", "validation")


@dataclass(frozen=True)
class Piece:
    """A stretch of a formula; `version` where it is the code of a metric that the reader may open."""

    text: str
    version: MetricVersion | None = None


@dataclass(frozen=True)
class Change:
    """One column that differs between two versions."""

    column: str
    before: str
    after: str


class Neighbours:
    """The metrics that this one mentions, that mention it, or that people mix it up with, as one reader may see
    them on one date. Two queries, whatever the size of the dictionary."""

    def __init__(self, version: MetricVersion, *, user, on):
        self.version, self.code = version, version.metric.code
        self.confused = [b if a == self.code else a for a, b in pairs("confused") if self.code in (a, b)]
        spoken = {field: getattr(version, field) for field in SPEAKING}
        self.rules = rules_about(version, user=user, on=on)
        named = set(self.confused)
        said = (version.conflict, version.reconcile, *(rule.expression for rule in self.rules))
        for text in (*spoken.values(), *said):
            named |= set(mentioned(text))
        speaks_of_it = Q()
        for field in SPEAKING:
            speaks_of_it |= Q(**{f"{field}__contains": self.code})
        held = MetricVersion.objects.visible_to(user).effective(on).select_related("metric")
        found = held.filter(speaks_of_it | Q(metric__code__in=named)).order_by("metric__position")
        self.known = {neighbour.metric.code: neighbour for neighbour in found}

    def pieces(self, text: str) -> list[Piece]:
        """`text` cut so that every code that may be opened stands alone."""
        cut = re.split(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b", text)
        return [Piece(part, self.known.get(part) if part != self.code else None) for part in cut if part]

    def used(self) -> list[MetricVersion]:
        """The metrics that its formula reads, in their order there."""
        said = " ".join((self.version.formula, self.version.numerator, self.version.denominator))
        return [self.known[code] for code in mentioned(said) if code in self.known and code != self.code]

    def users(self) -> list[MetricVersion]:
        """The metrics whose formula or checks mention it."""
        return [
            other
            for code, other in self.known.items()
            if code != self.code and any(self.code in mentioned(getattr(other, field)) for field in SPEAKING)
        ]

    def mixed_up(self) -> list[MetricVersion]:
        return [self.known[code] for code in self.confused if code in self.known]


def rules_about(version: MetricVersion, *, user, on) -> list[RuleVersion]:
    """The rules that the metric lists and those whose expression names it."""
    held = (
        RuleVersion.objects.visible_to(user).effective(on).select_related("rule").order_by("rule__position")
    )
    code = version.metric.code
    return [rule for rule in held if rule.rule.code in version.identities or code in rule.metrics]


def changes(before: MetricVersion, after: MetricVersion) -> list[Change]:
    """What differs between two versions, column by column."""
    old, new = cells(before), cells(after)
    return [Change(column, old[column], new[column]) for column in EVERY_COLUMN if old[column] != new[column]]
