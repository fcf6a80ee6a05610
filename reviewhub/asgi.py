"""ASGI entry: live streams, and pages for the embedded server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")

pages = get_asgi_application()

from meetings.web.stream import with_streams  # noqa: E402 - needs the apps that the line above loads
from reviewhub.settled import settle  # noqa: E402

application = with_streams(pages)
settle()
