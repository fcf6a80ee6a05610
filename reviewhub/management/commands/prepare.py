"""Bring a production installation up to date before its processes start: database, translations, static files."""

import os

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from metrics import dictionary
from reviewhub import translations
from reviewhub.people import invitations
from reviewhub.people.models import User


class Command(BaseCommand):
    help = "Migrate the database, compile the translations and collect the static files."

    def handle(self, **options):
        translations.compile_all(settings.LOCALE_PATHS[0])
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        if os.environ.get("REVIEWHUB_DEMO", "0") == "1" and not User.objects.exists():
            call_command("demo", stdout=self.stdout)
            call_command("demo", freeze=True, stdout=self.stdout)
        dictionary.ensure(at=timezone.now())
        call_command("collectstatic", interactive=False, verbosity=0)
        if not User.objects.exists():
            made = invitations.invite_first(at=timezone.now())
            self.stdout.write(
                f"Become the administrator by this link, which works once, for three days:\n{made.link}"
            )
        self.stdout.write("Ready.")
