"""The hub of the live screens: one per process and event loop, whatever the number of viewers.

A line of the log wakes it (from this process, through Redis, or by looking at the database); it reads the
meeting once, makes one frame for each audience and hands it to every viewer who may still watch. A viewer
holds only the newest frame: it is the full state, so a slow reader misses nothing and costs nothing.
"""

import asyncio
import contextlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import redis.asyncio
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from meetings import framing, waking, watching
from meetings.framing import event

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


class Hub:
    """All viewers of this process. Its methods run in its event loop; `wake` may be called from anywhere."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.viewers: dict[int, set[Viewer]] = {}
        self.sent: dict[int, int] = {}  # meeting → number of the last line that was shown
        self.woken: set[int] = set()
        self.alarm = asyncio.Event()
        self.worker = ThreadPoolExecutor(1, "meeting-hub")  # one database connection for all streams
        self.framer = framing.Framer()
        self.waiting: list[tuple[Viewer, asyncio.Future]] = []
        self.knock = asyncio.Event()
        self.redis_listens = False
        self.tasks = [self.loop.create_task(self._for_ever(job)) for job in self._jobs()]
        waking.LISTENERS.add(self.wake)

    def _jobs(self):
        jobs = [self._admit, self._show, self._look, self._beat]
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
            answer = self.loop.create_future()
            self.waiting.append((viewer, answer))
            self.knock.set()
            status, frame, seq = await answer
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

    async def _admit(self):
        """Whoever came while others were looked at is looked at next, all together."""
        await self.knock.wait()
        self.knock.clear()
        waiting, self.waiting = self.waiting, []
        try:
            answers = await self._work(self.framer.admitted, [viewer for viewer, _answer in waiting])
        except Exception as trouble:
            answers = [trouble] * len(waiting)
        for (_viewer, answer), told in zip(waiting, answers, strict=True):
            if answer.done():  # the reader went away
                continue
            if isinstance(told, Exception):
                answer.set_exception(told)
            else:
                answer.set_result(told)

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
        seq, frames = await self._work(self.framer.frames, meeting_id, viewers, self._keys())
        self.sent[meeting_id] = max(seq, self.sent.get(meeting_id, 0))
        self._hand_out(viewers, "state", frames)

    async def _look(self):
        """The database is asked what Redis did not say: one query for all meetings that are watched."""
        await asyncio.sleep(LOOK_BESIDE_REDIS_S if self.redis_listens else LOOK_S)
        if not self.viewers:
            return
        for meeting_id, seq in await self._work(framing.numbers, list(self.viewers)):
            if seq != self.sent.get(meeting_id, seq):
                self._woken(meeting_id)

    async def _beat(self):
        await asyncio.sleep(HEARTBEAT_S)
        viewers = {viewer for each in self.viewers.values() for viewer in each}
        if not viewers:
            return
        beats = await self._work(self.framer.beats, list(self.viewers), viewers, self._keys())
        self._hand_out(viewers, "beat", beats)
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

    def _keys(self) -> set[str]:
        return {viewer.session_key for each in self.viewers.values() for viewer in each}

    async def _work(self, job, *arguments):
        """In the thread that asks the database."""
        return await self.loop.run_in_executor(self.worker, _patiently, job, *arguments)


def _patiently(job, *arguments):
    """The connection stays open between calls; one that the database closed is opened anew, once."""
    try:
        return job(*arguments)
    except (OperationalError, InterfaceError):
        connection.close()
        return job(*arguments)
