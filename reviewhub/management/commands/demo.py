"""The demo company: a deterministic seller with 26 months of sales, people, reviews, minutes and tasks."""

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

    def handle(self, *, reset, scale, **options):
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
            company.create(at=timezone.now())
        self.stdout.write(f"Demo company ready in {time.monotonic() - began:.1f} s.")
