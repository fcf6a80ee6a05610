"""Bring a production installation up to date before its processes start: database, translations, static files."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from metrics import dictionary
from reviewhub import translations


class Command(BaseCommand):
    help = "Migrate the database, compile the translations and collect the static files."

    def handle(self, **options):
        translations.compile_all(settings.LOCALE_PATHS[0])
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        dictionary.ensure(at=timezone.now())
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("Ready.")
