"""WSGI entry: the pages, behind gunicorn threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")

application = get_wsgi_application()

from reviewhub.settled import settle  # noqa: E402 - needs the apps that the line above loads

settle()
