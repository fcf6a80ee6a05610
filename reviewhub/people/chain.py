"""The chain of the activity log: each line holds the SHA-256 of its content and of the line before it.

Lines are chained after the commit of what wrote them, in a transaction of its own. A lock that is held from the
first line to the end of a long import would make everybody else wait, and deadlock with the rows that they hold.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from django.db import transaction

from reviewhub.people.models import Activity, ActivityChain

AT_ONCE = 500


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place of the chain: `changed`, `missing`, or the `end` is not where it was."""

    position: int
    kind: str
    line: int | None = None


@dataclass(frozen=True)
class Verdict:
    """`lines` were read, `waiting` were written but not chained yet; `digest` is that of the last line."""

    lines: int
    waiting: int
    digest: str
    faults: list[Fault]


def content(line: Activity, position: int) -> bytes:
    """The line as bytes that are the same on every machine and database."""
    said = [
        *(position, line.pk, line.at.astimezone(dt.UTC).isoformat(), line.actor_id, line.code, line.params),
        *(line.subject_type, line.subject_id, line.department_id, line.confidentiality),
        *(line.before, line.after),
    ]
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(line: Activity, position: int, previous: str) -> str:
    return hashlib.sha256(previous.encode() + content(line, position)).hexdigest()


def extend() -> int:
    """Chain every committed line that waits, in the order of their numbers; how many there were."""
    waiting = Activity.objects.filter(position=None).order_by("id")
    if not waiting.exists():  # another line of the same transaction took this one along
        return 0
    with transaction.atomic():
        end = _locked_end()
        lines = list(waiting)
        for line in lines:
            end.length += 1
            end.digest = digest(line, end.length, end.digest)
            Activity.objects.filter(pk=line.pk).update(position=end.length, digest=end.digest)
        end.save(update_fields=["length", "digest"])
    return len(lines)


def _locked_end() -> ActivityChain:
    ends = ActivityChain.objects.select_for_update().filter(pk=1)
    if end := ends.first():
        return end
    ActivityChain.objects.get_or_create(pk=1)
    return ends.get()


def verify() -> Verdict:
    """Read the whole chain: a changed line, a missing one, and a cut end are found. Changes nothing."""
    end = ActivityChain.objects.filter(pk=1).first() or ActivityChain(length=0, digest="")
    lines, previous, faults = 0, "", []
    expected = 1
    for line in Activity.objects.exclude(position=None).order_by("position").iterator(AT_ONCE):
        lines += 1
        is_gap = line.position != expected
        if is_gap:
            faults += [Fault(position, "missing") for position in range(expected, line.position)]
        elif line.digest != digest(line, line.position, previous):
            faults.append(Fault(line.position, "changed", line.pk))
        expected, previous = line.position + 1, line.digest
    faults += [Fault(position, "missing") for position in range(expected, end.length + 1)]
    if expected > end.length + 1 or (expected == end.length + 1 and previous != end.digest):
        faults.append(Fault(end.length, "end"))
    return Verdict(lines, Activity.objects.filter(position=None).count(), previous, faults)
