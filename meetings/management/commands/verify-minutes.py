"""`manage.py verify-minutes [REVIEW]`: whether every published version of minutes gives its fingerprint."""

import json
import sys

from django.core.management.base import BaseCommand

from meetings import minutes
from meetings.models import MinutesVersion
from reviewhub.ui.commands import AnswersInJson

REFUSED = 1


class Command(AnswersInJson, BaseCommand):
    help = "Work the fingerprint of published minutes out anew. Exit status 1: one is wrong or missing."

    def add_arguments(self, parser):
        parser.add_argument("review", nargs="?", default="", metavar="REVIEW")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, review, as_json, **options):
        rows = MinutesVersion.objects.select_related("meeting__review").order_by("meeting", "number")
        rows = list(rows.filter(meeting__review__code=review) if review else rows)
        told, wanted = [], {}
        for row in rows:
            wanted[row.meeting_id] = wanted.get(row.meeting_id, 0) + 1
            told.append(
                {
                    "review": row.meeting.review.code,
                    "number": row.number,
                    "fingerprint": row.fingerprint,
                    "valid": minutes.stands(row) and row.number == wanted[row.meeting_id],
                }
            )
        valid = all(one["valid"] for one in told)
        if as_json:
            self.stdout.write(json.dumps({"valid": valid, "versions": told}))
        else:
            for one in told:
                sign = "ok" if one["valid"] else "CHANGED"
                self.stdout.write(f"{one['review']} {one['number']} {one['fingerprint']} {sign}")
        if not valid:
            sys.exit(REFUSED)
