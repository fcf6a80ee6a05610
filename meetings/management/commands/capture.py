"""`manage.py capture "/a @Li …"`: what a line typed in a meeting would become."""

import json
import sys
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from meetings import capture
from reviewhub.ui.commands import AnswersInJson

UNUSABLE = 2


class Command(AnswersInJson, BaseCommand):
    help = "Read one line of a meeting: its type, owner, date, links and what is missing. Nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("line", nargs="+", help='for example "/a @Li 完成德国站上线 #KR2 ^2026-12-05"')
        parser.add_argument("--today", type=date.fromisoformat, help="the day that relative dates count from")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args, line, today, **options):
        captured = capture.parse(" ".join(line), today or timezone.localdate())
        shown = capture.as_json(captured)
        if options["json"]:
            self.stdout.write(json.dumps(shown))
        else:
            for name, value in shown.items():
                if value not in (None, "", []):
                    self.stdout.write(f"{name:<14} {_plain(value)}")
        if not captured.text:
            sys.exit(UNUSABLE)


def _plain(value):
    if isinstance(value, dict):
        return " ".join(str(each) for each in value.values() if each is not None)
    return ", ".join(value) if isinstance(value, list) else value
