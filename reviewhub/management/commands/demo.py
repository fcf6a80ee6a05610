"""The demo company: a deterministic seller with 26 months of every table, people, reviews, minutes and tasks."""

import json
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from reviewhub.people.models import Company, User


class Command(BaseCommand):
    help = "Fill an empty database with the demo company; --reset empties a demo database first."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", action="store_true", help="empty the database first (a demo database only)"
        )
        parser.add_argument("--scale", choices=["small"], default="small")
        parser.add_argument(
            "--conflicts",
            type=int,
            metavar="SEED",
            help="plant conflicts between the departments' tables (none, one or two, as the seed says)",
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="say what was planted as JSON"
        )

    def handle(self, *, reset, scale, conflicts, as_json, **options):
        from reviewhub.demo import company  # noqa: PLC0415 - brings pandas, half a second no other command needs

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
            planted = company.create(at=timezone.now(), seed=conflicts)
        seconds = time.monotonic() - began
        if as_json or conflicts is not None:
            told = {
                "seed": conflicts,
                "conflicts": [one.document() for one in planted],
                "seconds": round(seconds, 1),
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(f"Demo company ready in {seconds:.1f} s.")
