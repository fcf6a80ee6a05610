"""`manage.py verify-activity`: whether the activity log is whole and unchanged."""

import json
import sys

from django.core.management.base import BaseCommand

from reviewhub.people import chain

SAID = {
    "changed": "line {position} was changed",
    "missing": "line {position} is missing",
    "end": "the end of the chain is not the one that was kept",
}


class Command(BaseCommand):
    help = "Read the activity log and say whether a line was changed or is missing; exit status 1 if so."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, json: bool, **options):
        found = chain.verify()
        self.stdout.write(document(found) if json else sentence(found))
        if found.faults:
            sys.exit(1)


def document(found: chain.Verdict) -> str:
    faults = [
        {"position": fault.position, "problem": fault.kind, "line": fault.line} for fault in found.faults
    ]
    status = "broken" if faults else "ok"
    said = {"status": status, "lines": found.lines, "waiting": found.waiting, "digest": found.digest}
    return json.dumps(said | {"faults": faults})


def sentence(found: chain.Verdict) -> str:
    if not found.faults:
        return f"{found.lines} lines, none changed, none missing. Last digest: {found.digest or '–'}"
    listed = [SAID[fault.kind].format(position=fault.position) for fault in found.faults[:20]]
    return "The activity log was tampered with: " + "; ".join(listed) + "."
