"""What can be proven of a record: its signature, and that the figures it names are those that both sides signed."""

import re
from dataclasses import dataclass

from meetings import record_signing
from meetings.record_signing import Verdict
from metrics.canonical import fingerprint
from metrics.models import Snapshot

NAMED = re.compile(
    rb'<meta name="reviewhub-review" content="([\w.-]{1,20})">'
    rb'<meta name="reviewhub-fingerprint" content="([0-9a-f]{64})">'
)
# The snapshot that a record names stands, was restated since, does not give its fingerprint any more, or is unknown.
STANDS, RESTATED, ALTERED, UNKNOWN = "stands", "restated", "altered", "unknown"


@dataclass(frozen=True)
class Proof:
    """`review`, `fingerprint` and `snapshot` are "" where the signature proves nothing."""

    verdict: Verdict
    review: str = ""
    fingerprint: str = ""
    snapshot: str = ""

    @property
    def is_valid(self) -> bool:
        return self.verdict.is_valid and self.snapshot != ALTERED


def of(content: bytes, *, key: str = "") -> Proof:
    verdict = record_signing.verdict(content, key=key)
    found = NAMED.search(content) if verdict.is_valid else None
    if found is None:
        return Proof(verdict)
    review, digest = (one.decode() for one in found.groups())
    return Proof(verdict, review, digest, standing(review, digest))


def standing(review: str, digest: str) -> str:
    """What became of the snapshot with this fingerprint, worked out anew from the document that was signed."""
    rows = list(Snapshot.objects.filter(review__code=review).order_by("number"))
    named = next((row for row in rows if row.fingerprint == digest), None)
    if named is None:
        return UNKNOWN
    if fingerprint(named.content) != digest:
        return ALTERED
    return STANDS if named == rows[-1] else RESTATED
