"""The names a profile knows its columns by: exact texts, and texts with a place for a currency or a number. Pure.

`Amount spent ({currency})` is found in "Amount spent (USD)" and says USD; `{days} Day Total Sales` says 14.
"""

import re
import unicodedata

from metrics.intake.profile_parts import Column

INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
PLACES = {"currency": r"(?P<currency>[a-z]{3}(?![a-z])|[^\s()\d]{1,5})", "days": r"(?P<days>[0-9]{1,3})"}
_PLACE = re.compile(r"\\\{(currency|days)\\\}")


def folded(header: str) -> str:
    """Case, width, blanks, dashes and invisible characters do not tell headers apart."""
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", header)).casefold()
    return re.sub(r"[\s_]+", " ", DASHES.sub("-", text).replace("’", "'")).strip()


class HeaderNames:
    """Which column a header means, and what it says besides."""

    def __init__(self, columns: dict[str, Column]):
        self.plain: dict[str, str] = {}
        self.patterns: list[tuple[re.Pattern, str]] = []
        for name, column in columns.items():
            for text in (name, *column.headers):
                if "{" in text:
                    self.patterns.append((_pattern(text), name))
                else:
                    self.plain[folded(text)] = name

    def find(self, header: str) -> tuple[str | None, dict[str, str]]:
        """(name of the column or None, what stands at the places of its header)."""
        key = folded(header)
        if (name := self.plain.get(key)) is not None:
            return name, {}
        for pattern, name in self.patterns:
            if match := pattern.fullmatch(key):
                return name, match.groupdict()
        return None, {}

    def name_of(self, header: str) -> str | None:
        return self.find(header)[0]


def said_in(rows, texts: tuple[str, ...]) -> dict[str, str]:
    """What stands at the places of `texts` in the first cell of `rows` that holds one of them."""
    patterns = [_pattern(text) for text in texts]
    for cells in rows:
        for cell in cells:
            for pattern in patterns:
                if match := pattern.search(folded(cell)):
                    return {name: value.strip(".,;:") for name, value in match.groupdict().items()}
    return {}


def _pattern(header: str) -> re.Pattern:
    return re.compile(_PLACE.sub(lambda match: PLACES[match[1]], re.escape(folded(header))))
