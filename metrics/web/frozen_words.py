"""Frozen figures on a page: under which fingerprint it stands, and what restatements changed, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from metrics import frozen_months
from metrics.definitions import Definitions
from metrics.figure_words import in_words
from metrics.models import Snapshot


@dataclass(frozen=True)
class Mark:
    """A figure that was restated: what it was, what it is, and why."""

    name: str
    old: str
    new: str
    reason: str
    snapshot: Snapshot


def marks(snapshot: Snapshot | None, codes: Iterable[str], definitions: Definitions) -> dict[str, Mark]:
    """Metric → what restatements of `snapshot` say of it; `codes` are those that the reader may read."""
    if snapshot is None:
        return {}
    language = get_language() or "en"
    found = frozen_months.restated(snapshot, set(codes) & definitions.keys())
    return {
        code: Mark(
            definitions[code].name,
            in_words(one.old, definitions[code], language),
            in_words(one.new, definitions[code], language),
            one.snapshot.reason,
            one.snapshot,
        )
        for code, one in found.items()
    }
