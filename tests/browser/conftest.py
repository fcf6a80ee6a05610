"""Whole stories in a real Chromium against the real server."""

import os

import pytest
from playwright.sync_api import expect

from tests import chromium

# A machine that runs other tests besides needs longer than the five seconds of Playwright.
expect.set_options(timeout=15_000)

# What must not happen on any page: a broken policy, a script that stumbles.
WATCH = """
window.broken = [];
addEventListener("securitypolicyviolation", (e) => broken.push(`${e.violatedDirective} ${e.blockedURI}`));
addEventListener("error", (e) => broken.push(String(e.message)));
addEventListener("unhandledrejection", (e) => broken.push(String(e.reason)));
"""


@pytest.fixture(scope="session")
def browser_type_launch_args():
    found = chromium.executable()
    return {"args": chromium.FLAGS} | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session", autouse=True)
def playwright_beside_django():
    """Playwright's loop runs in this thread; Django would refuse every query beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def enter(browser, server):
    """`enter(user)` is a browser of that person, in English unless told."""
    from tests.server import session_of  # noqa: PLC0415 - pure tests run without Django

    contexts = []

    def opened(user, language="en", **options):
        context = browser.new_context(base_url=server.url, **options)
        context.set_default_timeout(10_000)
        context.add_init_script(WATCH)
        cookies = {"sessionid": session_of(user), "reviewhub_language": language}
        context.add_cookies([{"name": k, "value": v, "url": server.url} for k, v in cookies.items()])
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()
