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
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
