#!/usr/bin/env python
"""Command line of ReviewHub."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 - the message below needs it here
    except ImportError as error:
        raise SystemExit(
            "Django is not installed here: use `make run`, or .venv/bin/python manage.py …"
        ) from error
    from django.conf import settings  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        assert settings.INSTALLED_APPS
    except (ImproperlyConfigured, ValueError, OSError) as error:
        # One line for whoever set a variable wrongly, instead of the way through our code.
        raise SystemExit(f"The settings cannot be used: {error}") from None
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
