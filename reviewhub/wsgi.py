"""WSGI entry: the pages, behind gunicorn threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")

application = get_wsgi_application()
