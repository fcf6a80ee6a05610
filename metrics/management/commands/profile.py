"""`manage.py profile export|import NAME FILE`: import profiles as YAML files (interfaces, Numbers)."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from metrics import known_profiles
from reviewhub.ui.commands import AnswersInJson

MOST_BYTES = 256 * 1024


class Command(AnswersInJson, BaseCommand):
    help = "Write an import profile to FILE, or save FILE as the newest version of NAME. “-” is the standard stream."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=("export", "import"))
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, action, name, file, **options):
        with translation.override("en"):
            try:
                self.export(name, file) if action == "export" else self.take(name, file)
            except known_profiles.UnknownProfile:
                raise CommandError(f"no import profile is called {name!r}", returncode=2) from None
            except known_profiles.CannotSave as refusal:
                raise CommandError("\n".join(refusal.problems), returncode=1) from None
            except UnicodeDecodeError:
                raise CommandError(f"{file} is not a text file in UTF-8", returncode=2) from None
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror or error}", returncode=2) from None

    def export(self, name: str, file: str) -> None:
        spec = known_profiles.named(name).spec
        if file == "-":
            self.stdout.write(spec, ending="")
        else:
            Path(file).write_text(spec, encoding="utf-8")
            self.stdout.write(f"{name} → {file}")

    def take(self, name: str, file: str) -> None:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise CommandError(f"{file} is larger than {MOST_BYTES} bytes", returncode=2)
        saved = known_profiles.save(name, raw.decode("utf-8-sig"), by=None, at=timezone.now())
        self.stdout.write(f"{saved.name} version {saved.number} saved")
