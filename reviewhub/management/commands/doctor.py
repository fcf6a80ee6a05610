"""Examine an installation and say in both languages what to mend."""

import json

from django.core.management.base import BaseCommand
from django.utils import timezone

from reviewhub import __version__
from reviewhub.health import checks

SIGNS = {checks.FINE: "✓", checks.NOTE: "·", checks.MEND: "✗"}


class Command(BaseCommand):
    help = "Examine settings, database, background work, mail, disk and backups. Exit status 1: something to mend."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json", help="one document for machines")

    def handle(self, *, as_json, **options):
        found = checks.findings(at=timezone.now())
        broken = [finding for finding in found if finding.level == checks.MEND]
        if as_json:
            self.stdout.write(json.dumps(document(found, broken), ensure_ascii=False, indent=1))
        else:
            self.tell(found, broken)
        if broken:
            raise SystemExit(1)

    def tell(self, found, broken):
        for finding in found:
            for line, language in enumerate(checks.LANGUAGES):
                said = " ".join(part for part in finding.said(language) if part)
                self.stdout.write(f"{SIGNS[finding.level] if not line else ' '} {said}")
        self.stdout.write(
            f"\n{len(broken)} 项要处理 · {len(broken)} to mend" if broken else "\n一切正常 · All is well"
        )


def document(found, broken) -> dict:
    return {
        "status": "mend" if broken else "fine",
        "version": __version__,
        "findings": [
            {
                "code": each.code,
                "level": each.level,
                **{
                    language: dict(zip(("text", "advice"), each.said(language), strict=True))
                    for language in checks.LANGUAGES
                },
            }
            for each in found
        ],
    }
