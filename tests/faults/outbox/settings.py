"""The settings of an installation, plus the kinds that this test tells."""

from reviewhub.settings import *  # noqa: F403
from reviewhub.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.outbox"]
