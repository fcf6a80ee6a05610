"""The hub of the live screens: one per process and event loop, whatever the number of viewers.

A line of the log wakes it (from this process, through Redis, or by looking at the database); it reads the
meeting once, makes one frame for each audience and hands it to every viewer who may still watch. A viewer
holds only the newest frame: it is the full state, so a slow reader misses nothing and costs nothing.
"""

import asyncio
import contextlib
import datetime as dt
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import orjson
import redis.asyncio
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from meetings import logbook, screens, waking, watching
from meetings.models import Meeting

HEARTBEAT_S = 15
LOOK_S = 0.25  # without Redis
LOOK_BESIDE_REDIS_S = 2.0
LONGEST_WATCH_S = 30 * 60
STREAMS_OF_A_SESSION = 3
RETRY_REDIS_S = 2.0

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Viewer:
    """One open stream. `bye` says why it must close; `news` is set when there is something to send."""

    session_key: str
    meeting_id: int
    audience: int
    since: float = field(default_factory=time.monotonic)
    frames: dict[str, bytes] = field(default_factory=dict)
    bye: str = ""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self) -> bytes:
        """What waits to be sent."""
        self.news.clear()
        frames, self.frames = self.frames, {}
        return b"".join(frames.values())

    def give(self, name: str, frame: bytes) -> None:
        self.frames[name] = frame
        self.news.set()

    def send_away(self, reason: str) -> None:
        self.bye = reason
        self.give("bye", event("bye", {"reason": reason}))


def event(name: str, data: dict) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(data) + b"\n\n"


class Hub:
    """All viewers of this process. Its methods run in its event loop; `wake` may be called from anywhere."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.viewers: dict[int, set[Viewer]] = {}
        self.sent: dict[int, int] = {}  # meeting → number of the last line that was shown
        self.woken: set[int] = set()
        self.alarm = asyncio.Event()
        self.worker = ThreadPoolExecutor(1, "meeting-hub")  # one database connection for all streams
        self.doorkeeper = watching.Doorkeeper()
        self.redis_listens = False
        self.tasks = [self.loop.create_task(self._for_ever(job)) for job in self._jobs()]
        waking.LISTENERS.add(self.wake)

    def _jobs(self):
        jobs = [self._show, self._look, self._beat]
        return [*jobs, self._listen] if settings.REDIS_URL else jobs

    def wake(self, meeting_id: int) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closing
            self.loop.call_soon_threadsafe(self._woken, meeting_id)

    def _woken(self, meeting_id):
        if meeting_id in self.viewers:
            self.woken.add(meeting_id)
            self.alarm.set()

    async def join(self, session_key: str, meeting_id: int) -> tuple[int, Viewer | None]:
        """A viewer with the present state as the first frame; else the HTTP status that refuses it."""
        if (
            sum(v.session_key == session_key for each in self.viewers.values() for v in each)
            >= STREAMS_OF_A_SESSION
        ):
            return 429, None
        viewer = Viewer(session_key, meeting_id, watching.EVERYBODY)
        self.viewers.setdefault(meeting_id, set()).add(viewer)
        try:
            status, frame, seq = await self._work(self._admitted, viewer)
        except BaseException:
            self.leave(viewer)
            raise
        if status != 200:
            self.leave(viewer)
            return status, None
        self.sent.setdefault(meeting_id, seq)
        if "state" not in viewer.frames:  # a newer one may have come in between
            viewer.give("state", frame)
        return 200, viewer

    def leave(self, viewer: Viewer) -> None:
        there = self.viewers.get(viewer.meeting_id, set())
        there.discard(viewer)
        if not there:
            self.viewers.pop(viewer.meeting_id, None)
            self.sent.pop(viewer.meeting_id, None)

    async def close(self) -> None:
        waking.LISTENERS.discard(self.wake)
        for viewer in [viewer for each in self.viewers.values() for viewer in each]:
            viewer.send_away("restart")
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.loop.run_in_executor(self.worker, lambda: connection.close())  # the worker thread's own
        self.worker.shutdown()

    # --- Jobs that run for ever ---------------------------------------------------------------------------

    async def _for_ever(self, job):
        while True:
            try:
                await job()
            except Exception:
                logger.exception("the hub of the live screens stumbled")
                await asyncio.sleep(RETRY_REDIS_S)

    async def _show(self):
        await self.alarm.wait()
        self.alarm.clear()
        woken, self.woken = self.woken, set()
        for meeting_id in woken:
            await self._refresh(meeting_id)

    async def _refresh(self, meeting_id):
        viewers = set(self.viewers.get(meeting_id, ()))
        if not viewers:
            return
        seq, frames = await self._work(self._frames, meeting_id, viewers)
        self.sent[meeting_id] = max(seq, self.sent.get(meeting_id, 0))
        self._hand_out(viewers, "state", frames)

    async def _look(self):
        """The database is asked what Redis did not say: one query for all meetings that are watched."""
        await asyncio.sleep(LOOK_BESIDE_REDIS_S if self.redis_listens else LOOK_S)
        if not self.viewers:
            return
        for meeting_id, seq in await self._work(self._numbers, list(self.viewers)):
            if seq != self.sent.get(meeting_id, seq):
                self._woken(meeting_id)

    async def _beat(self):
        await asyncio.sleep(HEARTBEAT_S)
        viewers = {viewer for each in self.viewers.values() for viewer in each}
        if not viewers:
            return
        at, verdicts = await self._work(self._verdicts, viewers)
        beat = event("beat", {"server_now": at.isoformat(timespec="milliseconds")})
        self._hand_out(viewers, "beat", {viewer: beat for viewer in verdicts})
        for viewer in viewers:
            if not viewer.bye and time.monotonic() - viewer.since > LONGEST_WATCH_S:
                viewer.send_away("renew")

    async def _listen(self):
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, health_check_interval=10)
        try:
            async with client.pubsub() as ear:
                await ear.subscribe(waking.CHANNEL)
                self.redis_listens = True
                async for message in ear.listen():
                    if message["type"] == "message":
                        self._woken(int(message["data"].partition(b":")[0]))
        except redis.RedisError as trouble:
            logger.warning("the live screens look at the database: %s", trouble)
            await asyncio.sleep(RETRY_REDIS_S)
        finally:
            self.redis_listens = False
            await client.aclose()

    def _hand_out(self, viewers, name, frames):
        for viewer in viewers:
            if viewer in frames:
                viewer.give(name, frames[viewer])
            elif not viewer.bye:
                viewer.send_away("signed_out")

    # --- In the worker thread: everything that asks the database --------------------------------------------

    async def _work(self, job, *arguments):
        return await self.loop.run_in_executor(self.worker, _patiently, job, *arguments)

    def _admitted(self, viewer):
        at = logbook.instant()
        reader = self.doorkeeper.signed_in(self._keys() | {viewer.session_key}, at=at).get(viewer.session_key)
        if reader is None:
            return 401, b"", 0
        if not watching.may_watch(viewer.meeting_id, reader):
            return 404, b"", 0
        viewer.audience = watching.audience(reader)
        shown = screens.standing(Meeting.objects.select_related("facilitator").get(pk=viewer.meeting_id))
        return 200, self._frame(shown, reader, at), shown.meeting.seq

    def _keys(self):
        return {viewer.session_key for each in list(self.viewers.values()) for viewer in list(each)}

    def _frames(self, meeting_id, viewers) -> tuple[int, dict[Viewer, bytes]]:
        """The number of the last line, and the frame of every viewer who may still watch."""
        shown = screens.standing(Meeting.objects.select_related("facilitator").get(pk=meeting_id))
        at, readers = self._verdicts(viewers)
        frames = {}
        for viewer, reader in readers.items():
            if viewer.audience not in frames:
                frames[viewer.audience] = self._frame(shown, reader, at)
        return shown.meeting.seq, {viewer: frames[viewer.audience] for viewer in readers}

    def _frame(self, shown, reader, at):
        captures = screens.visible_captures(shown.meeting, reader)
        return event("state", screens.document(shown, captures, reader=reader, at=at))

    def _verdicts(self, viewers) -> tuple[dt.datetime, dict]:
        """Viewer → person, for those who are signed in, in the same audience, and may see the meeting."""
        at = logbook.instant()
        signed_in = self.doorkeeper.signed_in(self._keys(), at=at)
        allowed, answers = {}, {}
        for viewer in viewers:
            reader = signed_in.get(viewer.session_key)
            if reader is None or watching.audience(reader) != viewer.audience:
                continue
            question = viewer.meeting_id, viewer.audience
            if question not in answers:
                answers[question] = watching.may_watch(viewer.meeting_id, reader)
            if answers[question]:
                allowed[viewer] = reader
        return at, allowed

    def _numbers(self, meeting_ids):
        return list(Meeting.objects.filter(pk__in=meeting_ids).values_list("pk", "seq"))


def _patiently(job, *arguments):
    """The connection stays open between calls; one that the database closed is opened anew, once."""
    try:
        return job(*arguments)
    except (OperationalError, InterfaceError):
        connection.close()
        return job(*arguments)
