"""`manage.py profiles`: the import profiles of this installation (interfaces, Numbers)."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from metrics import known_profiles, tidy_templates
from reviewhub.ui.commands import AnswersInJson


class Command(AnswersInJson, BaseCommand):
    help = "List the import profiles; `profiles template NAME FILE` writes the workbook of a tidy template."

    def add_arguments(self, parser):
        parser.add_argument("action", nargs="?", choices=["list", "template"], default="list")
        parser.add_argument("name", nargs="?", default="", metavar="NAME", help="sales-daily or sales_daily")
        parser.add_argument("file", nargs="?", default="", metavar="FILE", help="where the workbook goes")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--search", default="", metavar="TEXT", help="name or title, pinyin or initials")

    def handle(self, *, action, name, file, as_json, search, **options):
        if action == "template":
            self.template(name, file)
            return
        found = [described(known) for known in known_profiles.everything() if known.answers(search)]
        if as_json:
            self.stdout.write(json.dumps({"profiles": found}))
            return
        for one in found:
            self.stdout.write(
                f"{one['name']:<28}{one['source']:<9}{one['department']:<12}{one['title']['en']}"
            )

    def template(self, name: str, file: str) -> None:
        known = ", ".join(one.table for one in tidy_templates.everything())
        try:
            template = tidy_templates.named(name)
        except tidy_templates.UnknownTemplate:
            raise CommandError(f"no template is called {name!r}; there are {known}", returncode=2) from None
        target = Path(file or tidy_templates.file_name(template))
        try:
            target.write_bytes(tidy_templates.file_of(template))
        except OSError as error:
            raise CommandError(f"{target}: {error.strerror or error}", returncode=2) from None
        self.stdout.write(f"{template.table} → {target}")


def described(known: known_profiles.KnownProfile) -> dict:
    """One profile as the document lists it."""
    profile, department = known.profile, known.department()
    return {
        "name": known.name,
        "source": known.source,
        "version": known.number,
        "title": {"en": profile.title_en, "zh": profile.title_zh},
        "department": department.slug if department else profile.department,
        "grain": profile.grain,
        "metrics": profile.metrics,
        "dimensions": profile.dimensions,
        "settings": sorted(profile.settings),
        "parts": [
            {"name": name, "title": {"en": one.title_en, "zh": one.title_zh}, "required": one.required}
            for name, one in profile.parts.items()
        ],
        "template": profile.is_template,
        "digest": profile.digest,
    }
