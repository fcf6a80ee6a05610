"""How finely an import profile hands in, read from its text alone: pages need no more of a profile than this."""

import re
from functools import cache
from pathlib import Path

from metrics.models import SavedProfile

SHIPPED = Path(__file__).parent / "profiles"
GRAIN = re.compile(r"^grain:\s*[\"']?(\w+)", re.MULTILINE)


def grain(name: str) -> str:
    """day, week or month; "" where nobody knows the profile. A saved profile costs a query."""
    text = _shipped().get(name)
    if text is None:
        text = SavedProfile.objects.filter(name=name).order_by("number").values_list("spec", flat=True).last()
    return "" if text is None else _written(text)


@cache
def _shipped() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.yaml")}


def _written(text: str) -> str:
    found = GRAIN.search(text)
    return found[1] if found else "day"
