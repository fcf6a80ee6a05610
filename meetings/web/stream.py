"""The stream of a live meeting: a small ASGI application in front of the pages, without their threads."""

import asyncio
import re
import weakref

from django.conf import settings
from django.http import parse_cookie

from meetings.live import Hub
from reviewhub.ui import headers

STREAM = re.compile(r"/meetings/([0-9]{1,18})/stream")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    *headers.PAIRS,
]
RETRY = b"retry: 2000\n\n"

hubs: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = weakref.WeakKeyDictionary()


def with_streams(pages):
    """The ASGI application that answers streams itself and hands everything else to `pages`."""

    async def application(scope, receive, send):
        found = STREAM.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found:
            await stream(scope, receive, send, int(found[1]))
        elif scope["type"] == "lifespan":
            await life(receive, send)
        else:
            await pages(scope, receive, send)

    return application


async def stream(scope, receive, send, meeting_id: int) -> None:
    """Full states as they happen: 401 without a session, 404 for strangers, 429 beyond three of a session."""
    if scope["method"] != "GET":
        return await refused(send, 405)
    loop = asyncio.get_running_loop()
    hub = hubs.get(loop) or hubs.setdefault(loop, Hub())
    session_key = session_of(scope)
    status, viewer = await hub.join(session_key, meeting_id) if session_key else (401, None)
    if viewer is None:
        return await refused(send, status)
    gone = loop.create_task(disconnected(receive, viewer))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": RETRY, "more_body": True})
        is_last = False
        while not (is_last or gone.done()):
            await viewer.news.wait()
            is_last = bool(viewer.bye)
            await send({"type": "http.response.body", "body": viewer.take(), "more_body": not is_last})
    except OSError:  # the reader went away while being written to
        pass
    finally:
        gone.cancel()
        hub.leave(viewer)


async def life(receive, send) -> None:
    """The server starts and stops; the hubs of this process stop with it."""
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    for hub in list(hubs.values()):
        await hub.close()
    await send({"type": "lifespan.shutdown.complete"})


async def disconnected(receive, viewer) -> None:
    """Returns when the reader went away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.news.set()


def session_of(scope) -> str:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")[:64]


async def refused(send, status: int) -> None:
    said = [*HEADERS[1:], (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": said})
    await send({"type": "http.response.body", "body": b""})
