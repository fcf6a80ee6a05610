"""Pure. How often decisions brought what they were meant to: kept, of those that were judged and not unclear."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

KEPT, REVERSED, NO_EFFECT, UNCLEAR = "kept", "reversed", "none", "unclear"
COUNTED = (KEPT, REVERSED, NO_EFFECT)


@dataclass(frozen=True)
class Hits:
    """`kept` of `judged`; `unclear` ones stand beside and count in neither."""

    kept: int = 0
    judged: int = 0
    unclear: int = 0

    @property
    def rate(self) -> Fraction | None:
        """None where nothing was judged."""
        return Fraction(self.kept, self.judged) if self.judged else None


def of(outcomes: Iterable[str]) -> Hits:
    """Of outcomes as codes; "" for what nobody judged yet."""
    found = list(outcomes)
    judged = [one for one in found if one in COUNTED]
    return Hits(judged.count(KEPT), len(judged), found.count(UNCLEAR))
