"""`manage.py verify-record FILE`: whether a record is just as it was signed, and what became of its figures."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import translation

from meetings import record_proof, record_words
from metrics.management.commands.submit import LANGUAGES, clean, shell_language
from reviewhub.ui.commands import AnswersInJson

REFUSED, UNUSABLE = 1, 2


class Command(AnswersInJson, BaseCommand):
    help = (
        "Say whether FILE is a record just as it was signed. Exit status 1: it is not; 2: it cannot be read."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--key", default="", help="the public key to trust instead of this installation's"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--language", choices=LANGUAGES, default=shell_language())

    def handle(self, *, file, key, as_json, language, **options):
        with translation.override(language):
            try:
                found = record_proof.of(Path(file).read_bytes(), key=key)
            except OSError as error:
                self.tell({"status": "unusable", "valid": False, "why": clean(str(error))}, as_json)
                sys.exit(UNUSABLE)
            why = [record_words.said(found.verdict), record_words.snapshot_said(found)]
            said = {
                "status": found.verdict.status,
                "valid": found.is_valid,
                "why": " ".join(filter(None, why)),
            }
            named = ("review", "fingerprint", "snapshot")
            said |= {"key": found.verdict.key} | {name: getattr(found, name) or None for name in named}
            self.tell(said, as_json)
            if not found.is_valid:
                sys.exit(REFUSED)

    def tell(self, said: dict, as_json: bool) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False) if as_json else said["why"])
