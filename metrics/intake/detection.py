"""Which profile a file fits best, by its headers. Pure but for the file named."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from metrics.intake import opening
from metrics.intake.findings import FileRefused
from metrics.intake.handin import fit_of
from metrics.intake.limits import Limits
from metrics.intake.profile import Profile

ENOUGH = 0.6
# A table beside the main one tells a hand-in too, if it has this many columns; the main table goes before it.
TELLING, OTHER = 4, 0.99


def detect(
    path: Path, file_name: str, profiles: Iterable[Profile | str], limits: Limits | None = None
) -> str | None:
    """The name of the profile that finds most of its columns in the first rows, or None. A profile needs all but a
    few of its required columns; between equals the one that leaves fewest headers unexplained is taken."""
    known = [Profile.load(one) if isinstance(one, str) else one for one in profiles]
    with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
        try:
            tables = opening.first_rows(Path(path), file_name, limits or Limits(), Path(scratch))
        except FileRefused:
            return None
    best = max(
        ((_fit(rows, profile), profile.name) for profile in known for rows in tables), default=((0.0, 0), "")
    )
    return best[1] if best[0][0] >= ENOUGH else None


def nearest_profile(rows, profiles: Iterable[Profile]) -> str:
    """The profile whose number of columns fits rows that have no header."""
    width = max((len(cells) for cells in rows), default=0)
    return min(profiles, key=lambda one: abs(len(one.columns) - width)).name if width else ""


def _fit(rows, profile: Profile) -> tuple[float, int]:
    """How well the rows fit the profile's main table, or slightly less well another table of its hand-in."""
    telling = [one for one in profile.parts.values() if len(one.columns) >= TELLING]
    others = (fit_of(rows, one) for one in telling)
    return max(fit_of(rows, profile), *((share * OTHER, found) for share, found in others), (0.0, 0))
