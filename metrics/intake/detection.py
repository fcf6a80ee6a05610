"""Which profile a file fits best, by its headers. Pure but for the file named."""

import fnmatch
import tempfile
from collections.abc import Iterable
from pathlib import Path

from metrics.intake import opening
from metrics.intake.findings import FileRefused
from metrics.intake.handin import fit_of
from metrics.intake.limits import Limits
from metrics.intake.names import display_name
from metrics.intake.profile import Profile

ENOUGH = 0.6
# A table beside the main one tells a hand-in too, if it has this many columns; the main table goes before it.
TELLING, OTHER = 4, 0.99


def detect(
    path: Path, file_name: str, profiles: Iterable[Profile | str], limits: Limits | None = None
) -> str | None:
    """The name of the profile that finds most of its columns in the first rows, or None. A profile needs all but a
    few of its required columns; between equals the name of the file and of its sheet decide, then the one that leaves
    fewest headers unexplained."""
    known = [Profile.load(one) if isinstance(one, str) else one for one in profiles]
    expected = tuple(dict.fromkeys(name for one in known for name in one.shape.encodings))
    with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
        try:
            tables = opening.first_rows(Path(path), file_name, limits or Limits(), Path(scratch), expected)
        except FileRefused:
            return None
    best = max(
        ((_fit(table, profile, file_name), profile.name) for profile in known for table in tables),
        default=((0.0, 0, 0), ""),
    )
    return best[1] if best[0][0] >= ENOUGH else None


def nearest_profile(rows, profiles: Iterable[Profile]) -> str:
    """The profile whose number of columns fits rows that have no header."""
    width = max((len(cells) for cells in rows), default=0)
    return min(profiles, key=lambda one: abs(len(one.columns) - width)).name if width else ""


def _fit(table, profile: Profile, file_name: str) -> tuple[float, int, int]:
    """(share of the required columns, whether names fit, columns found less headers unexplained): how well a table fits
    the profile's main table, or slightly less well another table of its hand-in."""
    shape, name = profile.shape, table.name.casefold()
    if shape.members and name and name not in [one.casefold() for one in shape.members]:
        return 0.0, 0, 0
    if shape.above and not _stands_above(table.rows, shape):
        return 0.0, 0, 0
    named = _name_fits(file_name, shape.names) + (bool(name) and table.name == shape.sheet)
    telling = [one for one in profile.parts.values() if len(one.columns) >= TELLING]
    others = [(share * OTHER, found) for share, found in (fit_of(table.rows, one) for one in telling)]
    share, found = max(fit_of(table.rows, profile), *others, (0.0, 0))
    return share, named, found


def _stands_above(rows, shape) -> bool:
    """Whether a line at the top begins as the profile says."""
    first = [cell for cells in rows[: shape.header_rows] for cell in cells[:1]]
    return any(cell.strip().startswith(shape.above) for cell in first)


def _name_fits(file_name: str, patterns) -> bool:
    name = (display_name(file_name) or "").casefold()
    return any(fnmatch.fnmatchcase(name, pattern.casefold()) for pattern in patterns)
