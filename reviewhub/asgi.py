"""ASGI entry: pages for the embedded server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")

application = get_asgi_application()
