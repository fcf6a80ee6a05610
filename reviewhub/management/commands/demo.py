"""The demo company: a deterministic seller with 26 months of every table, people, reviews, minutes and tasks."""

import json
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from metrics.models import Observation, RollUp, Summary
from reviewhub.people.models import Company, User


def tidy() -> None:
    """PostgreSQL knows only after a vacuum which pages it may read from the index alone."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Observation, RollUp, Summary):
                cursor.execute(f'VACUUM ANALYZE "{model._meta.db_table}"')


class Command(BaseCommand):
    help = "Fill an empty database with the demo company; --reset empties a demo database first."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", action="store_true", help="empty the database first (a demo database only)"
        )
        parser.add_argument(
            "--scale",
            choices=["small", "large"],
            default="small",
            help="large: ten million fact rows with the same totals, for benchmarks",
        )
        parser.add_argument(
            "--conflicts",
            type=int,
            metavar="SEED",
            help="plant conflicts between the departments' tables (none, one or two, as the seed says)",
        )
        parser.add_argument(
            "--freeze",
            action="store_true",
            help="freeze the held review of a demo company that is loaded, and restate it once",
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="say what was planted as JSON"
        )

    def telling(self, as_json: bool, rows: int):
        """Progress on the error stream of a long run; a short one needs none."""
        if not rows or as_json:
            return lambda line: None
        began = time.monotonic()
        return lambda line: self.stderr.write(f"{time.monotonic() - began:6.0f} s  {line}")

    def freeze(self):
        from reviewhub.demo import freezes  # noqa: PLC0415 - brings pandas

        if not Company.objects.filter(is_demo=True).exists():
            raise CommandError("This is not a demo database.")
        found = freezes.create()
        self.stdout.write(f"Frozen under {found}." if found else "Nothing waits to be frozen.")

    def handle(self, *, reset, scale, conflicts, as_json, freeze=False, **options):
        if freeze:
            return self.freeze()
        from reviewhub.demo import company  # noqa: PLC0415 - brings pandas, half a second no other command needs
        from reviewhub.demo import scale as scaling  # noqa: PLC0415

        began = time.monotonic()
        if User.objects.exists():
            if not reset:
                raise CommandError(
                    "The database is not empty. `manage.py demo --reset` replaces a demo company."
                )
            if not Company.objects.filter(is_demo=True).exists():
                raise CommandError("This is not a demo database; --reset would destroy real data.")
            connection.close()
            call_command("flush", interactive=False, verbosity=0)
        with transaction.atomic():
            rows = scaling.ROWS if scale == "large" else 0
            planted = company.create(
                at=timezone.now(), seed=conflicts, rows=rows, tell=self.telling(as_json, rows)
            )
        if rows:
            tidy()
        seconds = time.monotonic() - began
        if as_json or conflicts is not None:
            told = {
                "seed": conflicts,
                "conflicts": [one.document() for one in planted],
                "seconds": round(seconds, 1),
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return None
        self.stdout.write(f"Demo company ready in {seconds:.1f} s.")
        return None
