"""Put a backup in the place of this installation."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reviewhub.backups import restoring
from reviewhub.backups.archive import CannotRestore


class Command(BaseCommand):
    help = "Verify the archive FILE and put it in the place of this installation; all or nothing."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--yes", action="store_true", help="replace an installation that has people")

    def handle(self, *, file, yes, **options):
        began, path = time.monotonic(), Path(file)
        try:
            manifest = restoring.examine(path)
            if not restoring.is_empty() and not yes:
                raise CannotRestore(
                    "This installation has people. `restore FILE --yes` replaces everything in it."
                )
            said = restoring.restore(path, manifest, at=timezone.now())
        except CannotRestore as error:
            raise CommandError(str(error)) from error
        for name, table in sorted(manifest["tables"].items()):
            if table["rows"]:
                self.stdout.write(f"{table['rows']:>9}  {name}")
        self.stdout.write(f"{manifest['files']:>9}  files")
        self.stdout.write(
            f"Restored the state of {manifest['made_at']} (version {manifest['version']}) "
            f"in {time.monotonic() - began:.1f} s. {said['sessions']} sessions were ended."
        )
        if said["held"]:
            self.stdout.write(
                f"{said['held']} messages may have gone out before; they wait for an administrator."
            )
