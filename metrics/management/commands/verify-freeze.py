"""`manage.py verify-freeze`: work the fingerprints of frozen figures out again and say what differs."""

import json
import sys

from django.core.management.base import BaseCommand

from metrics import snapshots
from metrics.models import Snapshot
from reviewhub.ui.commands import AnswersInJson

DIFFERS, UNUSABLE = 1, 2


class Command(AnswersInJson, BaseCommand):
    help = (
        "Work out the fingerprints of frozen figures (of REVIEW, or of all) from what is stored."
        " Exit status 1: one differs."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "review", nargs="?", default="", metavar="REVIEW", help="its code, such as 2026-10"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, review, as_json, **options):
        rows = Snapshot.objects.select_related("review").order_by("review__period_start", "number")
        rows = rows.filter(review__code=review) if review else rows
        found = [document(row) for row in rows]
        if review and not found:
            self.tell(
                {"status": "unusable", "snapshots": [], "problem": f"no frozen review {review}"}, as_json
            )
            sys.exit(UNUSABLE)
        differs = any(one["differences"] for one in found)
        self.tell({"status": "differs" if differs else "fine", "snapshots": found}, as_json)
        if differs:
            sys.exit(DIFFERS)

    def tell(self, said: dict, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for one in said["snapshots"]:
            mark = "✗" if one["differences"] else "✓"
            self.stdout.write(f"{mark} {one['review']} {one['number']} {one['fingerprint']}")
            for difference in one["differences"]:
                kept, stored = difference["kept"][:12] or "–", difference["stored"][:12] or "–"
                self.stdout.write(f"    {difference['part']} {difference['name']}: {kept} → {stored}")
        self.stdout.write(said.get("problem") or said["status"])


def document(row: Snapshot) -> dict:
    return {
        "review": row.review.code,
        "number": row.number,
        "fingerprint": row.fingerprint,
        "differences": [
            {"part": one.part, "name": one.name, "kept": one.kept, "stored": one.found}
            for one in snapshots.differences(row)
        ],
    }
