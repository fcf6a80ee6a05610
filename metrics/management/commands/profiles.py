"""`manage.py profiles`: the import profiles of this installation (interfaces, Numbers)."""

import json

from django.core.management.base import BaseCommand

from metrics import known_profiles
from reviewhub.ui.commands import AnswersInJson


class Command(AnswersInJson, BaseCommand):
    help = "List the import profiles: shipped ones, and those that users saved."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--search", default="", metavar="TEXT", help="name or title, pinyin or initials")

    def handle(self, *, as_json, search, **options):
        found = [described(known) for known in known_profiles.everything() if known.answers(search)]
        if as_json:
            self.stdout.write(json.dumps({"profiles": found}))
            return
        for one in found:
            self.stdout.write(
                f"{one['name']:<28}{one['source']:<9}{one['department']:<12}{one['title']['en']}"
            )


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
        "digest": profile.digest,
    }
