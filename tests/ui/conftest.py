"""Chromium for the looks of pages."""

import os

import pytest

from tests import chromium


@pytest.fixture(scope="session")
def browser_type_launch_args():
    found = chromium.executable()
    return {"args": chromium.FLAGS} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session", autouse=True)
def playwright_beside_django():
    """Playwright's loop runs in this thread; Django would refuse every query beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
