"""Pure. The conditions that the dictionary sets a metric: `required; min(0); complete(day,platform)`.

The language is that of the dictionary's column `validation` (experience §5.2).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

CONDITION = re.compile(r"([a-z_][a-z0-9_]*)(?:\(([^()]*)\))?")
# Severity of a condition unless `warn` stands in it.
WARNINGS = {"outlier", "jump", "max_other", "source_date_within"}
# How far the normal distribution's standard deviation lies from the median absolute deviation (Iglewicz and Hoaglin).
MAD_FACTOR = Decimal("0.6745")
LEAST_HISTORY = 5


class BadCondition(ValueError):
    """Not a condition of the language; the text is the argument."""


@dataclass(frozen=True)
class Condition:
    """One condition: its name, its arguments as written without `warn`, and what a breach is worth."""

    name: str
    arguments: tuple[str, ...] = ()
    severity: str = "error"

    @property
    def text(self) -> str:
        return f"{self.name}({','.join(self.arguments)})" if self.arguments else self.name

    def number(self, place: int = 0) -> Decimal:
        """An argument as a number: `0.15`, `20pp` (0.2), `z3.5` (3.5), `8w` (8)."""
        text = self.arguments[place].strip()
        found = re.fullmatch(r"z?(-?\d+(?:\.\d+)?)(pp|w|d|%)?", text)
        if not found:
            raise BadCondition(text)
        return Decimal(found[1]) / 100 if found[2] in ("pp", "%") else Decimal(found[1])


def parse(text: str) -> list[Condition]:
    """The conditions in `text`, in order. Raises BadCondition."""
    return [_condition(part.strip()) for part in text.split(";") if part.strip()]


def _condition(text: str) -> Condition:
    found = CONDITION.fullmatch(text)
    if not found:
        raise BadCondition(text)
    name = found[1]
    given = tuple(part.strip() for part in (found[2] or "").split(",") if part.strip())
    is_warning = "warn" in given or name in WARNINGS
    return Condition(name, tuple(part for part in given if part != "warn"), "warn" if is_warning else "error")


def distance(value: Decimal, history: list[Decimal]) -> Decimal | None:
    """The robust z of `value` against `history`: 0.6745 · (x − median) / MAD (Iglewicz and Hoaglin 1993).

    None where the history is shorter than five or does not vary: then nothing can be called unusual.
    """
    if len(history) < LEAST_HISTORY:
        return None
    middle = median(history)
    spread = median(abs(one - middle) for one in history)
    return MAD_FACTOR * (value - middle) / spread if spread else None
