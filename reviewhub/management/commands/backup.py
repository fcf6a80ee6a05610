"""Write database and uploaded files into one archive while everything runs."""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from reviewhub.backups import making
from reviewhub.backups.archive import CannotBackUp


class Command(BaseCommand):
    help = "Write database and uploaded files into the new archive FILE; a folder gets a dated name; - is a pipe."

    def add_arguments(self, parser):
        parser.add_argument("file", help="path of the new archive, a folder, or - for standard output")

    def handle(self, *, file, **options):
        at, began = timezone.now(), time.monotonic()
        target = None if file == "-" else Path(file)
        if target is None and sys.stdout.isatty():
            raise CommandError("Standard output is a terminal: send it through a pipe.", returncode=2)
        if target and target.is_dir():
            target /= f"reviewhub-{at:%Y%m%d-%H%M%S}.tar.gz"
        try:
            manifest = making.backup(target, at=at)
        except (CannotBackUp, DatabaseError, connection.Database.Error, OSError, ValueError) as error:
            raise CommandError(str(error).strip()) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        said = f"{rows} rows in {len(manifest['tables'])} tables and {manifest['files']} files"
        where = f"{target}, {target.stat().st_size / 2**20:.1f} MiB" if target else "the pipe"
        self.stderr.write(f"Backup of {said}: {where}, {time.monotonic() - began:.1f} s.")
